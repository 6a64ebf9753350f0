#include "ops/ctl/runbook_steps.h"

#include <algorithm>

#include "gateway/core/time.h"
#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr Span kNearEnd = std::chrono::minutes(30), kJustStopped = std::chrono::minutes(15);

const std::vector<RunbookStep> kSteps = {
    {"1.1", "Nhập thông báo của cơ quan thuế, chưa xác nhận.", "Enter the authority's notice, not confirmed yet.",
     "tvanctl window list"},
    {"1.2", "Đối chiếu với văn bản gốc, xem trước rồi xác nhận thông báo.",
     "Compare it with the notice itself, look at the preview, then confirm it.",
     "tvanctl window verify {unverified} --preview"},
    {"1.3", "Nhắc các nhà cung cấp chưa đọc thông báo.", "Remind the providers that have not read the notice.",
     "tvanctl notice unread"},
    {"2.1", "Cử đầu mối: đủ bốn thông tin.", "Name our contact: all four fields.",
     "tvanctl contact set {window} --name NAME --title TITLE --email EMAIL --mobile MOBILE"},
    {"2.2", "Gửi phiếu đầu mối cho cơ quan thuế trước 17:00 hôm trước, rồi ghi nhận.",
     "Mail the contact sheet before 17:00 of the day before, then record it.", "tvanctl contact export {window}"},
    {"2.3", "Ghi nhận phiếu đầu mối đã được gửi bằng cách nào.", "Record how the contact sheet was sent.",
     "tvanctl contact sent {window} --how \"e-mail\""},
    {"2.4", "Phân công trực cho mọi giờ của đêm.", "Put somebody on call for every hour of the night.",
     "tvanctl oncall set {window} --shift \"NAME,00:00,05:00\""},
    {"3.1", "Gia hạn chứng thư hoặc hợp đồng hết hạn trước khi đêm kết thúc.",
     "Renew what ends before the night is over: certificates, contracts.", "tvanctl night --once"},
    {"3.2", "Theo dõi cho đến khi cả ba số bằng không.", "Watch until the three zeros are zero.",
     "tvanctl drain watch"},
    {"3.3", "Sẽ không kịp: tạm ngừng nhận loại ít gấp nhất, hoặc chấp nhận phần còn lại chờ.",
     "It will fall short: refuse what is least urgent, or let the rest wait.",
     "tvanctl line mode summary refuse_new --reason \"drain before the stop\""},
    {"4.1", "Xem bản chụp lúc dừng: bốn nhóm, có niêm phong.", "Look at the sealed snapshot of the stop: four bins.",
     "tvanctl snapshot list"},
    {"4.2", "Chờ. Mỗi lần đổi ca, ghi bàn giao.", "Wait. Write down each hand-over.",
     "tvanctl incident add {window} --kind handover --text \"…\""},
    {"5.1", "Hỏi cơ quan thuế có kịp giờ không; nếu không, kéo dài.",
     "Ask the authority whether they will be back in time; if not, extend.",
     "tvanctl window extend {window} --by 1h --preview"},
    {"5.2", "Cơ quan thuế xong sớm: kết thúc sớm.", "The authority is back early: end the stop.",
     "tvanctl window end {window} --preview"},
    {"6.1", "Chờ thăm dò xanh; xem vì sao chưa xanh.", "Wait for green probes; look why they are not.",
     "tvanctl line show"},
    {"6.2", "Quá giờ vẫn chưa xanh: gọi cơ quan thuế, kéo dài; hoặc một người vận hành tự mở.",
     "Past its time without green: call the authority, extend; or one operator opens it.",
     "tvanctl line open --break-glass --reason \"…\""},
    {"7.1", "Theo dõi gửi bù tăng dần; đường truyền tự đóng lại nếu lỗi tăng.",
     "Watch the catch-up; the line closes again by itself when errors rise.", "tvanctl drain watch"},
    {"8.1", "Xử lý những gì còn nghi vấn hoặc im lặng.", "See to what is in doubt or silent.", "tvanctl queue"},
    {"8.2", "Nhận lại các loại đã tạm ngừng.", "Take the classes again that were refused.",
     "tvanctl line mode summary hold --reason \"the night is over\""},
    {"8.3", "Đóng sự cố.", "Close the incident.", "tvanctl incident close {incident} --text \"…\""},
    {"8.4", "Ghi kết thúc vào nhật ký của đêm và xuất ra.", "Write the all-clear into the log of the night; export it.",
     "tvanctl incident add {window} --kind decision --text \"all clear\""},
    {"9.1", "Mất đường truyền ngoài kế hoạch: lỗi ở đâu?", "The line is down, unannounced: whose fault is it?",
     "tvanctl line show"},
    {"9.2", "Mở sự cố.", "Open an incident.", "tvanctl incident open \"…\" --fault line"},
};

const RunbookStep& Step(const std::string& number) {
  const auto found =
      std::find_if(kSteps.begin(), kSteps.end(), [&number](const RunbookStep& step) { return step.number == number; });
  return found == kSteps.end() ? kSteps.front() : *found;
}

const admin::Mark* MarkOf(const admin::Night& night, admin::MarkKind kind) {
  for (const admin::Mark& mark : night.marks())
    if (mark.kind() == kind) return &mark;
  return nullptr;
}

Time MarkTime(const admin::Night& night, admin::MarkKind kind) {
  const admin::Mark* mark = MarkOf(night, kind);
  return mark != nullptr && mark->has_at() ? ToTime(mark->at()) : kForever;
}

bool Is(const admin::Night& night, admin::MarkKind kind, admin::MarkState state) {
  const admin::Mark* mark = MarkOf(night, kind);
  return mark != nullptr && mark->state() == state;
}

const char* WhileClosed(const admin::Night& night) {
  const Time now = ToTime(night.now());
  if (MarkTime(night, admin::MARK_KIND_VERIFY) - now <= kNearEnd) return "5.1";
  return now - MarkTime(night, admin::MARK_KIND_STOP) < kJustStopped ? "4.1" : "4.2";
}

// What is to be done in the days before a stop, in the order of the runbook.
const char* WhilePreparing(const admin::Night& night) {
  const admin::ContactState contact = night.contact().state();
  const bool named = night.contact().has_contact();
  if (contact == admin::CONTACT_STATE_OVERDUE) return named ? "2.2" : "2.1";
  if (night.phase() == v1::LINE_PHASE_DRAINING) return night.drain().short_by() > 0 ? "3.3" : "3.2";
  if (night.unverified_size() > 0) return "1.2";
  if (night.unread().unread() > 0) return "1.3";
  if (contact == admin::CONTACT_STATE_MISSING) return "2.1";
  if (contact == admin::CONTACT_STATE_READY) return "2.2";
  if (night.has_on_call() && night.on_call().gaps_size() > 0) return "2.4";
  if (night.endings().rows_size() > 0) return "3.1";
  return "3.2";
}

const char* WhenItIsOver(const admin::Night& night) {
  if (night.counts().in_doubt() + night.counts().silent() > 0) return "8.1";
  if (night.refusing_size() > 0) return "8.2";
  return night.incidents_size() > 0 ? "8.3" : "8.4";
}

const char* NumberOf(const admin::Night& night) {
  switch (night.phase()) {
    case v1::LINE_PHASE_DOWN:
      return night.incidents_size() == 0 ? "9.2" : "9.1";
    case v1::LINE_PHASE_CLOSED:
      return WhileClosed(night);
    case v1::LINE_PHASE_VERIFYING:
      return Is(night, admin::MARK_KIND_NORMAL, admin::MARK_STATE_OVERDUE) ? "6.2" : "6.1";
    case v1::LINE_PHASE_RAMPING:
      return "7.1";
    default:
      break;
  }
  if (!night.has_window()) return night.unverified_size() > 0 ? "1.2" : "1.1";
  return Is(night, admin::MARK_KIND_NORMAL, admin::MARK_STATE_PASSED) ? WhenItIsOver(night) : WhilePreparing(night);
}

void Replace(std::string& text, const std::string& what, const std::string& with) {
  const size_t at = text.find(what);
  if (at != std::string::npos && !with.empty()) text.replace(at, what.size(), with);
}

std::string FilledIn(std::string command, const admin::Night& night) {
  Replace(command, "{window}", night.window().id());
  Replace(command, "{unverified}", night.unverified_size() > 0 ? night.unverified(0) : "");
  Replace(command, "{incident}", night.incidents_size() > 0 ? night.incidents(0).id() : "");
  return command;
}

}  // namespace

const std::vector<RunbookStep>& RunbookSteps() { return kSteps; }

RunbookStep NextStep(const admin::Night& night) {
  RunbookStep step = Step(NumberOf(night));
  step.command = FilledIn(std::move(step.command), night);
  return step;
}

std::string ExtendCommand(const admin::Night& night) {
  return night.has_window() ? FilledIn(Step("5.1").command, night) : "";
}

}  // namespace tvan::ctl
