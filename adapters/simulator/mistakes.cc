// What the script makes the authority find wrong: items refused by name or by seed, whatever they say.
#include <charconv>
#include <set>

#include "adapters/simulator/letter.h"
#include "gateway/core/log.h"

namespace tvan::sim {
namespace {

ItemError Refused(size_t item, const std::string& mloi = "40199") {
  return {item, mloi, "Từ chối theo kịch bản", "Kiểm tra dữ liệu", kNoRow};
}

// refuse_item#3: the third.
size_t NamedItem(const std::string& name, size_t hash) {
  size_t number = 0;
  (void)std::from_chars(name.data() + hash + 1, name.data() + name.size(), number);
  return number - 1;
}

size_t RowsOf(const Item& table) {
  return table.node.Descend({"DLBTHop", "NDBTHDLieu", "DSDLieu"}).CountChildren("DLieu");
}

}  // namespace

// Chosen by the seed; of a message without items, the message.
size_t Authority::SomeItem(const Letter& letter, const char* what) const {
  const size_t count = letter.request.items.size();
  return count == 0 ? kAllItems : static_cast<size_t>(dice_.Fraction(what, letter.mtdiep()) * double(count));
}

void Authority::ScriptItems(Letter& letter, std::vector<ItemError>& errors) {
  std::set<std::string> names;
  for (const auto& [name, rate] : options_.faults)
    if (name.starts_with("refuse_item")) names.insert(name.substr(0, name.find('@')));
  for (const std::string& name : names) {
    const size_t hash = name.find('#');
    const size_t item = hash == std::string::npos ? SomeItem(letter, "refused item") : NamedItem(name, hash);
    const bool there = item == kAllItems || item < letter.request.items.size();
    if (there && Fault(letter, name)) errors.push_back(Refused(item));
  }
  const size_t count = letter.request.items.size();
  if (count < 2 || !Fault(letter, "refuse_some")) return;
  const size_t bad = SomeItem(letter, "bad for sure");
  for (size_t i = 0; i < count; ++i) {
    const bool also = i != (bad + 1) % count && dice_.Fraction("bad " + std::to_string(i), letter.mtdiep()) < 0.5;
    if (i == bad || also) errors.push_back(Refused(i));
  }
}

std::vector<ItemError> Authority::Scripted(Letter& letter) {
  std::vector<ItemError> errors;
  const Request& request = letter.request;
  if (Fault(letter, "refuse_package"))
    errors.push_back(Refused(kAllItems, request.IsAnsweredBy(102) ? "9992" : "40199"));
  ScriptItems(letter, errors);
  if (Fault(letter, "unknown_mloi")) {
    const int unknown = 49000 + int(dice_.Fraction("unknown code", letter.mtdiep()) * 1000);
    errors.push_back(Refused(SomeItem(letter, "item of unknown code"), std::to_string(unknown)));
  }
  if (request.type->items != ItemKind::kSummaries || request.items.empty()) return errors;
  const size_t table = SomeItem(letter, "table of bad row"), rows = RowsOf(request.items[table]);
  if (rows == 0 || !Fault(letter, "refuse_row")) return errors;
  errors.push_back(Refused(table));
  errors.back().row = static_cast<size_t>(dice_.Fraction("bad row", letter.mtdiep()) * double(rows));
  return errors;
}

// Answers that nobody expects any more: to a message that was never sent; a refusal long after the good result.
void Authority::QueueMore(Letter& letter, Known& known, const BusinessResult& result, Time due) {
  if (Fault(letter, "unknown_request")) {
    auto extra = writer_.ForUnknownRequest(letter.request, parts_.clock.Now(), known.turns);
    if (extra) Put(std::make_shared<const Answer>(std::move(*extra)), due, {"unknown_request"}, false);
  }
  if (!result.errors.empty() || !Fault(letter, "second_verdict")) return;
  BusinessResult second;
  second.errors.push_back(Refused(SomeItem(letter, "item of second verdict")));
  second.whole_package = second.errors[0].item == kAllItems;
  if (!second.whole_package && !letter.request.is_package()) second.good = letter.request.items.size() - 1;
  auto later = writer_.Business(letter.request, second, due + options_.late_delay, ++known.turns);
  if (!later) return Log(LogLevel::kError, "sim.sign", {{"status", later.status().ToString()}});
  Put(std::make_shared<const Answer>(std::move(later->back())), due + options_.late_delay, {"second_verdict"}, false);
}

}  // namespace tvan::sim
