#include "gateway/calendar/contact_sheet.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"
#include "gateway/core/plain_text.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kName = 1, kTitle = 2, kEmail = 3, kMobile = 4, kSentAt = 5, kSentHow = 6, kSentBy = 7 };
constexpr size_t kLongestField = 100, kLongestHow = 200;

Status Invalid(const std::string& why) { return Status::Permanent("calendar.invalid"_reason, why); }

bool IsEmail(const std::string& text) {
  const size_t at = text.find('@');
  return at != std::string::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == std::string::npos &&
         text.find(' ') == std::string::npos;
}

bool IsMobile(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto good = [](char c) { return (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == '-'; };
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return std::all_of(text.begin(), text.end(), good) && digits >= 9 && digits <= 15;
}

Status CheckContact(const Contact& contact) {
  for (const std::string* field : {&contact.name, &contact.title, &contact.email, &contact.mobile})
    if (!IsPlainText(*field, kLongestField))
      return Invalid("name, title, email and mobile are all needed, each of 1 to 100 bytes on one line");
  if (!IsEmail(contact.email)) return Invalid("email: " + contact.email + " is no address");
  if (!IsMobile(contact.mobile)) return Invalid("mobile: 9 to 15 digits, with + before them");
  return {};
}

std::string Encode(const ContactSheet& sheet) {
  TaggedWriter out;
  out.Bytes(kName, sheet.contact.name).Bytes(kTitle, sheet.contact.title);
  out.Bytes(kEmail, sheet.contact.email).Bytes(kMobile, sheet.contact.mobile);
  if (sheet.sent_at)
    out.Signed(kSentAt, sheet.sent_at->us).Bytes(kSentHow, sheet.sent_how).Bytes(kSentBy, sheet.sent_by);
  return out.Take();
}

void Take(const TaggedField& field, ContactSheet& sheet) {
  switch (field.tag) {
    case kName:
      sheet.contact.name = field.String();
      break;
    case kTitle:
      sheet.contact.title = field.String();
      break;
    case kEmail:
      sheet.contact.email = field.String();
      break;
    case kMobile:
      sheet.contact.mobile = field.String();
      break;
    case kSentAt:
      sheet.sent_at = Time{field.Signed()};
      break;
    case kSentHow:
      sheet.sent_how = field.String();
      break;
    case kSentBy:
      sheet.sent_by = field.String();
      break;
    default:
      break;
  }
}

Result<std::optional<ContactSheet>> Newest(const Store& store, const std::string& id) {
  const auto history = store.RecordHistory(kContactSheetKind, id, {.limit = 1});
  if (!history) return history.status();
  if (history->empty()) return std::optional<ContactSheet>();
  auto sheet = DecodeContactSheet(history->back());
  if (!sheet) return sheet.status();
  return std::optional(*std::move(sheet));
}

// A word that was said of another contact says nothing of this one.
void SettleSent(ContactSheet& sheet, const std::optional<ContactSheet>& before, const std::string& author) {
  const bool as_before = before && before->sent_at && sheet.sent_at == before->sent_at;
  if (as_before && !(sheet.contact == before->contact)) {
    sheet.sent_at.reset();
    sheet.sent_how.clear();
  }
  sheet.sent_by = !sheet.sent_at ? "" : as_before ? before->sent_by : author;
}

}  // namespace

Time ContactDue(const Window& occurrence, Span before) { return LocalMidnight(occurrence.start) - before; }

ContactState StateOf(const Window& occurrence, const ContactSheet& sheet, Time now, Span before) {
  if (sheet.sent_at) return ContactState::kSent;
  if (occurrence.kind != WindowKind::kAuthority) return ContactState::kNotNeeded;
  if (now >= ContactDue(occurrence, before)) return ContactState::kOverdue;
  return sheet.contact.empty() ? ContactState::kMissing : ContactState::kReady;
}

Status CheckContactSheet(const ContactSheet& sheet, Time now) {
  if (Status good = CheckContact(sheet.contact); !good.ok()) return good;
  if (!sheet.sent_at) return {};
  if (*sheet.sent_at > now) return Invalid("sent_at lies in the future: say so when it was sent");
  if (!IsPlainText(sheet.sent_how, kLongestHow))
    return Invalid("sent_how: in 1 to 200 bytes on one line, how it was sent");
  return {};
}

Result<ContactSheet> DecodeContactSheet(const OperatorRecord& record) {
  ContactSheet sheet;
  sheet.window = record.id;
  sheet.version = record.version;
  const Status read = ReadTagged(record.body, [&sheet](const TaggedField& field) { Take(field, sheet); });
  if (read.ok()) return sheet;
  return Status::Permanent("calendar.damaged"_reason, "contact sheet '" + record.id + "': " + read.message());
}

Result<ContactSheet> FindContactSheet(const Store& store, const Window& occurrence) {
  for (const std::string& id : {occurrence.id, occurrence.id.substr(0, occurrence.id.find('/'))}) {
    auto sheet = Newest(store, id);
    if (!sheet) return sheet.status();
    if (*sheet) return **std::move(sheet);
  }
  ContactSheet sheet;
  sheet.window = occurrence.id;
  sheet.contact = occurrence.ours;
  return sheet;
}

Result<ContactSheet> PutContactSheet(Store& store, ContactSheet sheet, const std::string& author, Time now,
                                     std::optional<uint64_t> expected_version) {
  if (Status good = CheckContactSheet(sheet, now); !good.ok()) return good;
  const auto before = Newest(store, sheet.window);
  if (!before) return before.status();
  SettleSent(sheet, *before, author);
  OperatorRecord record{.kind = kContactSheetKind, .id = sheet.window};
  record.changed_at = now;
  record.author = author;
  record.body = Encode(sheet);
  const auto stored = store.PutRecord(std::move(record), expected_version.value_or(*before ? (*before)->version : 0));
  if (!stored) return stored.status();
  sheet.version = stored->version;
  return sheet;
}

}  // namespace tvan
