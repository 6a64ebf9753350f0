#include "gateway/feedback/taxpayer_news.h"

#include <algorithm>
#include <utility>

#include "gateway/core/local_day.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

struct News {
  std::string source;
  Time known_at;
};

constexpr size_t kLongest = 100;  // bytes of a number or id; what is longer is cut, for a stop must not be lost for it

std::string Clean(std::string_view text) {
  std::string clean(CutUtf8(text, kLongest));
  std::erase_if(clean, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  return clean;
}

const std::string& FieldOf(const AnswerItem& item, std::string_view tag) {
  static const std::string kNone;
  for (const AnswerField& field : item.fields)
    if (field.tag == tag) return field.value;
  return kNone;
}

// A date or a date and time; what is written otherwise counts from when we knew.
std::optional<Time> TimeIn(const std::string& text) {
  if (const auto day = ParseDate(text); day.ok()) return *day;
  if (const auto time = ParseTime(text); time.ok()) return *time;
  return std::nullopt;
}

bool IsStatus(const std::string& text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 505. A status with one digit, or of words, is none that we know.
void AddStatus(const AnswerItem& item, const News& news, Taxpayer& out) {
  const std::string& code = FieldOf(item, "TThai");
  if (!IsStatus(code)) return;
  out.statuses.push_back({code, TimeIn(FieldOf(item, "NCNhat")).value_or(news.known_at), news.source, news.known_at});
}

// The first instant after "until": the day, or the second, that is named is the last one.
std::optional<Time> EndIn(const std::string& text) {
  const auto last = TimeIn(text);
  if (!last) return std::nullopt;
  const int32_t day = LocalDay(*last);
  return *last == BeginOfDay(day) ? BeginOfDay(day + 1) : *last + std::chrono::seconds(1);
}

// Who may continue until then may not afterwards.
StopDecision StopsAgain(StopDecision go_on, Time from) {
  go_on.stop = true;
  go_on.from = from;
  if (!go_on.answers.empty()) go_on.number = std::exchange(go_on.answers, "");
  return go_on;
}

// 506: 1 stop, 2 continue, 3 enforcement (it stops too), 4 its end.
void AddDecision(const AnswerItem& item, const News& news, Taxpayer& out) {
  const std::string& said = FieldOf(item, "LTBao");
  if (said != "1" && said != "2" && said != "3" && said != "4") return;
  StopDecision decision;
  decision.stop = said == "1" || said == "3";
  decision.kind = said < "3" ? StopKind::kUse : StopKind::kEnforcement;
  decision.from = TimeIn(FieldOf(item, "NHLTu")).value_or(TimeIn(FieldOf(item, "NTBao")).value_or(news.known_at));
  decision.number = Clean(FieldOf(item, "STBao"));
  if (!decision.stop) decision.answers = Clean(FieldOf(item, "STBLQuan"));
  decision.source = news.source;
  decision.known_at = news.known_at;
  const auto end = EndIn(FieldOf(item, "NHLDen"));
  const bool ends = end && *end > decision.from;
  if (decision.stop && ends) decision.to = *end;
  out.decisions.push_back(decision);
  if (!decision.stop && ends) out.decisions.push_back(StopsAgain(std::move(decision), *end));
}

// 507. Kinds as KHMSHDon numbers them.
void AddRegistration(const AnswerItem& item, const News& news, Taxpayer& out) {
  Registration registration;
  registration.from = TimeIn(FieldOf(item, "NCNhat")).value_or(news.known_at);
  registration.source = news.source;
  registration.known_at = news.known_at;
  const std::string& coded = FieldOf(item, "CMa");
  if (coded == "1") registration.classes = {MessageClass::kCoded, MessageClass::kCashRegister};
  if (coded == "0") registration.classes = {MessageClass::kUncoded};
  constexpr std::pair<const char*, char> kKinds[] = {{"HDGTGT", '1'},     {"HDBHang", '2'}, {"HDBTSCong", '3'},
                                                     {"HDBHDTQGia", '4'}, {"HDKhac", '5'},  {"CTu", '6'}};
  for (const auto& [tag, digit] : kKinds)
    if (FieldOf(item, tag) == "1") registration.kinds += digit;
  if (!registration.classes.empty() || !registration.kinds.empty())
    out.registrations.push_back(std::move(registration));
}

// 103: of the taxpayer's own registration only.
void AddAnswered(const ParsedAnswer& answer, const MessageMeta& request, const News& news, Taxpayer& out) {
  const bool decided = answer.verdict == AnswerVerdict::kAccepted || answer.verdict == AnswerVerdict::kRefused;
  if (!decided || request.mltdiep != 100 || request.mst != out.mst) return;
  Registration registration;
  registration.accepted = answer.verdict == AnswerVerdict::kAccepted;
  registration.from = TimeIn(answer.notice.date).value_or(news.known_at);
  registration.register_range = answer.register_range;
  registration.source = news.source;
  registration.known_at = news.known_at;
  out.registrations.push_back(std::move(registration));
}

bool SaysNothing(const Taxpayer& taxpayer) {
  return taxpayer.statuses.empty() && taxpayer.decisions.empty() && taxpayer.registrations.empty();
}

// A row that names several tax codes shows as an item without fields: then nobody knows of whom which row speaks.
bool IsPlain(const ParsedAnswer& answer) {
  return answer.depth_known && std::none_of(answer.items.begin(), answer.items.end(),
                                            [](const AnswerItem& item) { return item.fields.empty(); });
}

void AddRow(int type, const AnswerItem& item, const News& news, Taxpayer& out) {
  if (type == 505) AddStatus(item, news, out);
  if (type == 506) AddDecision(item, news, out);
  if (type == 507) AddRegistration(item, news, out);
}

std::vector<Taxpayer> OfRows(const ParsedAnswer& answer, const News& news) {
  std::vector<Taxpayer> all;
  if (!IsPlain(answer)) return all;
  for (const AnswerItem& item : answer.items) {
    const auto mst = ParseTaxCode(item.mst);
    if (!mst.ok()) continue;
    Taxpayer taxpayer;
    taxpayer.mst = *mst;
    AddRow(answer.header.mltdiep, item, news, taxpayer);
    if (!SaysNothing(taxpayer)) all.push_back(std::move(taxpayer));
  }
  return all;
}

}  // namespace

std::vector<Taxpayer> NewsOf(const ParsedAnswer& answer, const MessageMeta& request, const std::string& source,
                             Time known_at, const NewsTypes& types) {
  const int type = answer.header.mltdiep;
  const News news{Clean(source), known_at};
  if (type >= 505 && type <= 507) return OfRows(answer, news);
  const auto mst = ParseTaxCode(answer.header.mst);
  if (!mst.ok()) return {};
  Taxpayer taxpayer;
  taxpayer.mst = *mst;
  if (type == 103) AddAnswered(answer, request, news, taxpayer);
  if (const bool stop = types.stop.count(type) > 0; stop || types.go_on.count(type) > 0)
    taxpayer.decisions.push_back(
        {stop, TimeIn(answer.notice.date).value_or(known_at), Clean(answer.notice.number), news.source, known_at});
  if (SaysNothing(taxpayer)) return {};
  return {std::move(taxpayer)};
}

}  // namespace tvan
