#include "ops/ctl/book_rows.h"

#include <fstream>
#include <iostream>

#include "config/book_file.h"
#include "gateway/reconcile/csv.h"
#include "ops/ctl/files.h"
#include "ops/ctl/item_fields.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Rows = std::vector<admin::ImportContractsRequest::Row>;

constexpr size_t kMostErrors = 1000, kMostCell = 64 * 1024;
constexpr char kInCell = ';';  // between the values of a list

// What is wrong with rows of a file; nothing is sent while there is any.
class RowErrors {
 public:
  void Add(size_t row, const Status& status) {
    if (++count_ <= kMostErrors) std::cerr << "row " << row << ": " << status.message() << "\n";
  }
  bool any() const { return count_ > 0; }
  int Report() const {
    std::cerr << "tvanctl: " << count_ << " rows cannot be read; nothing was sent\n";
    return kUsage;
  }

 private:
  size_t count_ = 0;
};

Status Refuse(const std::string& what) { return Status::Permanent("ctl.contract_file"_reason, what); }

// The header: paths of fields of this kind, the parts of the id among them.
Status CheckHeader(const std::vector<std::string>& header, admin::ContractKind kind) {
  admin::ContractItem item;
  const std::vector<std::string> known = FieldPaths(InnerOf(kind, item));
  for (const std::string& name : header)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Refuse("column \"" + name.substr(0, 80) + "\" is no field of a " + NameOf(kind));
  // A row is the whole record: a column that is missing would empty what stands in the book.
  for (const std::string& name : known)
    if (std::find(header.begin(), header.end(), name) == header.end())
      return Refuse("column \"" + name + "\" is missing; `book export --kind " + NameOf(kind) +
                    " --format csv` writes them all");
  for (size_t i = 0; i < header.size(); ++i)
    if (std::find(header.begin() + i + 1, header.end(), header[i]) != header.end())
      return Refuse("column \"" + header[i] + "\" stands twice");
  return {};
}

Status TakeRow(const std::vector<std::string>& header, const std::vector<std::string>& cells, admin::ContractKind kind,
               admin::ContractItem& item) {
  if (cells.size() != header.size())
    return Refuse(std::to_string(cells.size()) + " cells, the header has " + std::to_string(header.size()));
  google::protobuf::Message& inner = InnerOf(kind, item);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].size() > kMostCell)
      return Refuse(header[i] + ": a cell of " + std::to_string(cells[i].size()) + " bytes");
    if (Status set = SetField(inner, header[i], cells[i], kInCell); !set.ok()) return set;
  }
  return {};
}

Status ReadCsv(std::istream& file, admin::ContractKind kind, Rows& rows, RowErrors& errors) {
  CsvReader reader(file, CsvReader::Lines::kAny);
  std::vector<std::string> header, cells;
  auto more = reader.Next(header);
  if (!more.ok()) return more.status();
  if (!*more) return Refuse("the file is empty");
  if (!header.empty() && header[0].rfind("\xEF\xBB\xBF", 0) == 0) header[0].erase(0, 3);  // a byte-order mark
  if (Status checked = CheckHeader(header, kind); !checked.ok()) return checked;
  for (size_t row = 2;; ++row) {
    more = reader.Next(cells);
    if (!more.ok()) return more.status();
    if (!*more) return {};
    if (rows.size() >= kMostRecordsOfAFile) return Refuse("more than " + std::to_string(kMostRecordsOfAFile) + " rows");
    auto& one = rows.emplace_back();
    one.set_row(static_cast<uint32_t>(row));
    if (Status taken = TakeRow(header, cells, kind, *one.mutable_item()); !taken.ok()) errors.Add(row, taken);
  }
}

Status TakeEntry(const config::v1::BookEntry& entry, admin::ContractItem& item) {
  const auto kind = KindNamed(entry.kind());
  if (!kind.ok()) return kind.status();
  if (Status id = SetId(*kind, entry.id(), item); !id.ok()) return id;
  for (const std::string& set : entry.set()) {
    const size_t equals = set.find('=');
    if (equals == std::string::npos) return Refuse("\"" + set.substr(0, 80) + "\": FIELD=VALUE expected");
    if (Status done = SetField(InnerOf(*kind, item), set.substr(0, equals), set.substr(equals + 1), kInCell);
        !done.ok())
      return done;
  }
  return {};
}

Status ReadYaml(const std::string& text, const std::string& name, Rows& rows, RowErrors& errors) {
  const BookFile file = ParseBook(text, name);
  std::cerr << file.report.Text();
  if (!file.report.ok()) return Refuse("the file cannot be read");
  for (const auto& entry : file.records) {
    auto& one = rows.emplace_back();
    one.set_row(static_cast<uint32_t>(rows.size()));
    if (Status taken = TakeEntry(entry, *one.mutable_item()); !taken.ok()) errors.Add(rows.size(), taken);
  }
  return {};
}

bool IsYaml(const std::string& name) { return name.size() > 5 && (name.ends_with(".yaml") || name.ends_with(".yml")); }

Status ReadRows(const std::string& name, const std::string& kind_name, Rows& rows, RowErrors& errors) {
  if (IsYaml(name)) {
    const auto text = ReadFile(name);
    return text.ok() ? ReadYaml(*text, name, rows, errors) : text.status();
  }
  const auto kind = KindNamed(kind_name);
  if (!kind.ok()) return Refuse("--kind says what the rows of a CSV file are: " + kind.status().message());
  std::ifstream file(name, std::ios::binary);
  if (!file) return Refuse(name + " cannot be read");
  return ReadCsv(file, *kind, rows, errors);
}

}  // namespace

int ReadBookRows(const std::string& file, const std::string& kind, Rows& rows) {
  RowErrors errors;
  if (Status read = ReadRows(file, kind, rows, errors); !read.ok()) return Report(read);
  return errors.any() ? errors.Report() : kOk;
}

}  // namespace tvan::ctl
