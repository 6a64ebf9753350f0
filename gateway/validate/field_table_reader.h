#pragma once
// The TSV files of a profile's folder, each line by itself: cells to rows, every fault collected. What lines mean
// together (parents, inheritance) is field_table.cc's. Pure. Internal to validate.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/validate/field_table.h"

namespace tvan {

class TableFaults {
 public:
  void Add(const std::string& place, const std::string& what) {
    text_ += (text_.empty() ? "" : "\n") + place + ": " + what;
  }
  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }  // one fault a line

 private:
  std::string text_;
};

struct ObjectRow {
  std::string object;
  FieldRow row;
};
// A row with a fault is among them too when it has a path, so that what stands below it is no fault of its own.
std::vector<ObjectRow> ReadFieldRows(const ProfileSource& source, TableFaults& faults);

struct ProfileHead {
  Profile profile;  // without objects, lineage and digest
  std::string inherits;
};
ProfileHead ReadProfileHead(const ProfileSource& source, TableFaults& faults);

// "TTChung" of "TTChung/SHDon", empty of "TTChung"; "SHDon" of both.
std::string ParentPath(const std::string& path);
std::string LastName(const std::string& path);
std::vector<std::string_view> SplitText(std::string_view text, char separator);  // at least one part

}  // namespace tvan
