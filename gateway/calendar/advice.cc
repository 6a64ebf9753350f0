#include "gateway/calendar/advice.h"

#include <map>

namespace tvan {
namespace {

struct ClassAdvice {
  Words normal, near, stopped, catching_up;  // open; draining; closed, verifying, down; ramping
};

const Words kKeepWaiting{" Không lập lại, không gửi lại hóa đơn đã có biên nhận.",
                         " Do not issue or submit again what has a receipt."};

// NĐ 123/2020, art. 20: the code comes from the authority; until then there is no invoice for the buyer.
const ClassAdvice kCoded{
    {"Hóa đơn có mã: gửi như thường lệ; giao hóa đơn cho người mua khi đã có mã của cơ quan thuế.",
     "Coded invoices: submit as usual; the buyer gets the invoice once the authority's code has come."},
    {"Hóa đơn có mã: hóa đơn cần giao ngay nên lập và gửi sớm; hóa đơn gửi muộn có thể chưa được cấp mã trước giờ "
     "dừng.",
     "Coded invoices: issue early what the buyer needs at once; what comes late may get its code only after the stop."},
    {"Hóa đơn có mã: vẫn lập và ký được, nhưng chưa giao cho người mua cho đến khi có mã của cơ quan thuế; hãy báo "
     "người "
     "mua là hóa đơn sẽ được gửi sau.",
     "Coded invoices: they can be issued and signed, but the buyer may not get the invoice until the authority's code "
     "has come; tell buyers that it will follow."},
    {"Hóa đơn có mã: mã được trả về dần; giao hóa đơn cho người mua khi có mã.",
     "Coded invoices: codes come back by and by; hand each invoice over when its code is there."}};

// NĐ 123/2020, art. 23: data are held back while the portal cannot take them; two working days after it is well again.
const ClassAdvice kUncoded{
    {"Hóa đơn không mã: gửi dữ liệu cùng lúc với việc gửi hóa đơn cho người mua, chậm nhất trong ngày.",
     "Uncoded invoices: submit the data when the buyer gets the invoice, the same day at the latest."},
    {"Hóa đơn không mã: vẫn giao hóa đơn cho người mua; dữ liệu chưa kịp chuyển trước giờ dừng sẽ được giữ lại và "
     "chuyển "
     "sau.",
     "Uncoded invoices: the buyer gets the invoice as usual; data that do not leave before the stop are held and sent "
     "after it."},
    {"Hóa đơn không mã: vẫn giao hóa đơn cho người mua; dữ liệu phải được giữ lại và chuyển trong 02 ngày làm việc kể "
     "từ "
     "khi cơ quan thuế thông báo hệ thống hoạt động bình thường; khi cơ quan thuế đã thông báo tạm dừng thì không bị "
     "coi là chậm.",
     "Uncoded invoices: the buyer gets the invoice as usual; holding the data back is a duty, and within 2 working "
     "days "
     "after the authority's notice that all is well again it is not late, if the authority announced the stop."},
    {"Hóa đơn không mã: dữ liệu đã giữ đang được chuyển, trong hạn 02 ngày làm việc kể từ thông báo hoạt động bình "
     "thường.",
     "Uncoded invoices: what was held is being sent, within the 2 working days after the end notice."}};

// Coded already when sold; the data are due the same day (NĐ 123/2020, TT 78/2021).
const ClassAdvice kCashRegister{
    {"Máy tính tiền: bán hàng bình thường; dữ liệu chuyển trong ngày.",
     "Cash registers: go on selling; the data are due the same day."},
    {"Máy tính tiền: tiếp tục bán hàng; gửi dữ liệu đã có trước giờ dừng để kịp trong ngày.",
     "Cash registers: go on selling; submit what you have before the stop, the data are due the same day."},
    {"Máy tính tiền: cứ tiếp tục bán hàng và giao hóa đơn (mã đã có sẵn trên hóa đơn); dữ liệu có hạn trong ngày và "
     "được "
     "chuyển ngay khi hệ thống hoạt động trở lại.",
     "Cash registers: go on selling and handing invoices over (the code is on them already); the data are due the same "
     "day and leave as soon as the line is back."},
    {"Máy tính tiền: bán hàng bình thường; dữ liệu có hạn trong ngày được ưu tiên chuyển trước.",
     "Cash registers: go on selling; data that are due the same day leave first."}};

// NĐ 123/2020, art. 19: answered within a working day.
const ClassAdvice kErrorNotice{
    {"Thông báo sai sót (04/SS-HĐĐT): gửi như thường lệ; cơ quan thuế trả lời trong 01 ngày làm việc.",
     "Notices of errors (04/SS-HĐĐT): submit as usual; the authority answers within 1 working day."},
    {"Thông báo sai sót (04/SS-HĐĐT): gửi muộn có thể chỉ được trả lời sau giờ dừng.",
     "Notices of errors (04/SS-HĐĐT): what comes late may be answered only after the stop."},
    {"Thông báo sai sót (04/SS-HĐĐT): chưa có trả lời cho đến khi hệ thống hoạt động trở lại; hóa đơn thay thế, điều "
     "chỉnh "
     "liên quan được chuyển sau thông báo.",
     "Notices of errors (04/SS-HĐĐT): no answer comes until the line is back; the replacement or adjustment that "
     "belongs "
     "to it follows after it."},
    {"Thông báo sai sót (04/SS-HĐĐT): đang được chuyển, trước các hóa đơn thay thế, điều chỉnh liên quan.",
     "Notices of errors (04/SS-HĐĐT): they are being sent, before the replacements and adjustments that belong to "
     "them."}};

// NĐ 123/2020, art. 15: answered within a working day.
const ClassAdvice kRegistration{
    {"Đăng ký sử dụng hóa đơn (01/ĐKTĐ-HĐĐT): gửi như thường lệ; cơ quan thuế trả lời trong 01 ngày làm việc.",
     "Registrations (01/ĐKTĐ-HĐĐT): submit as usual; the authority answers within 1 working day."},
    {"Đăng ký sử dụng hóa đơn (01/ĐKTĐ-HĐĐT): gửi muộn có thể chỉ được trả lời sau giờ dừng.",
     "Registrations (01/ĐKTĐ-HĐĐT): what comes late may be answered only after the stop."},
    {"Đăng ký sử dụng hóa đơn (01/ĐKTĐ-HĐĐT): chưa được chấp nhận cho đến khi hệ thống hoạt động trở lại; chưa áp dụng "
     "nội dung đăng ký mới.",
     "Registrations (01/ĐKTĐ-HĐĐT): none is accepted until the line is back; do not act on the new registration yet."},
    {"Đăng ký sử dụng hóa đơn (01/ĐKTĐ-HĐĐT): đang được chuyển; chờ trả lời trước khi áp dụng nội dung mới.",
     "Registrations (01/ĐKTĐ-HĐĐT): they are being sent; wait for the answer before acting on them."}};

// NĐ 123/2020, art. 22.3 a.1: with the VAT return; petrol the same day.
const ClassAdvice kSummary{
    {"Bảng tổng hợp: gửi cùng thời hạn tờ khai thuế GTGT; xăng dầu gửi trong ngày.",
     "Summary tables: due with the VAT return; petrol the same day."},
    {"Bảng tổng hợp: bảng sắp đến hạn (tờ khai GTGT; xăng dầu trong ngày) nên gửi sớm, phần còn lại có thể gửi sau giờ "
     "dừng.",
     "Summary tables: submit early what is due soon (VAT return; petrol the same day); the rest can wait for the end "
     "of "
     "the stop."},
    {"Bảng tổng hợp: được chuyển khi hệ thống hoạt động trở lại; thời hạn vẫn theo tờ khai thuế GTGT, xăng dầu trong "
     "ngày.",
     "Summary tables: they leave when the line is back; they stay due with the VAT return, petrol the same day."},
    {"Bảng tổng hợp: được chuyển sau các hóa đơn đến hạn trước.",
     "Summary tables: they leave after the invoices that are due earlier."}};

const ClassAdvice* AdviceOf(MessageClass cls) {
  static const std::map<MessageClass, const ClassAdvice*> table = {{MessageClass::kCoded, &kCoded},
                                                                   {MessageClass::kUncoded, &kUncoded},
                                                                   {MessageClass::kCashRegister, &kCashRegister},
                                                                   {MessageClass::kErrorNotice, &kErrorNotice},
                                                                   {MessageClass::kRegistration, &kRegistration},
                                                                   {MessageClass::kSummary, &kSummary}};
  const auto found = table.find(cls);
  return found == table.end() ? nullptr : found->second;
}

const Words& OfPhase(const ClassAdvice& advice, Phase phase) {
  if (!IsSending(phase)) return advice.stopped;
  return phase == Phase::kDraining ? advice.near : phase == Phase::kRamping ? advice.catching_up : advice.normal;
}

Words SayPhase(Phase phase) {
  switch (phase) {
    case Phase::kDraining:
      return {"Sắp đến giờ tạm dừng đường truyền tới cơ quan thuế.",
              "A stop of the line to the tax authority is near."};
    case Phase::kClosed:
      return {"Đường truyền tới cơ quan thuế đang tạm dừng.", "The line to the tax authority is stopped."};
    case Phase::kVerifying:
      return {"T-VAN đang kiểm tra kết nối tới cơ quan thuế, chưa chuyển dữ liệu.",
              "The connection to the tax authority is being checked; no data are sent yet."};
    case Phase::kRamping:
      return {
          "Đường truyền tới cơ quan thuế đã hoạt động trở lại, dữ liệu tồn đang được chuyển dần; kết quả có thể về "
          "chậm hơn thường lệ.",
          "The line to the tax authority is back and the backlog is being sent by and by; results may take longer "
          "than usual."};
    case Phase::kDown:
      return {"Đường truyền tới cơ quan thuế đang gián đoạn ngoài kế hoạch.",
              "The line to the tax authority is down, unannounced."};
    case Phase::kOpen:
      break;
  }
  return {"Đường truyền tới cơ quan thuế hoạt động bình thường.", "The line to the tax authority works normally."};
}

Words SayIntake(Phase phase, IntakeMode mode) {
  if (IsSending(phase)) return {};
  if (mode == IntakeMode::kRefuseNew)
    return {
        " T-VAN tạm thời không nhận thông điệp mới của loại này: hãy lưu tại phần mềm của quý đơn vị và gửi khi "
        "đường truyền hoạt động trở lại.",
        " New messages of this class are not taken meanwhile: keep them in your software and submit them when the "
        "line is back."};
  return Words{" T-VAN vẫn nhận, cấp biên nhận, lưu giữ và tự động chuyển khi đường truyền hoạt động trở lại.",
               " New messages are taken, receipted, kept, and sent by themselves when the line is back."} +
         kKeepWaiting;
}

}  // namespace

Words AdviceFor(MessageClass cls, Phase phase, IntakeMode mode) {
  const Words said = SayPhase(phase) + SayIntake(phase, mode);
  const ClassAdvice* advice = AdviceOf(cls);
  return advice == nullptr ? said : said + Words{" ", " "} + OfPhase(*advice, phase);
}

Words AdviceToUsers(MessageClass cls) {
  const ClassAdvice* advice = AdviceOf(cls);
  return advice == nullptr ? Words() : advice->stopped;
}

const std::vector<DefaultMode>& DefaultModes() {
  static const std::vector<DefaultMode> table = {
      {MessageClass::kCoded, IntakeMode::kHold,
       "NĐ 123/2020 art. 20: sellers go back to the system after the repair; no code, not deliverable to the buyer"},
      {MessageClass::kUncoded, IntakeMode::kHold,
       "NĐ 123/2020 art. 23: T-VANs hold uncoded data back; sent within 2 working days after the end notice it is not "
       "late"},
      {MessageClass::kCashRegister, IntakeMode::kHold,
       "NĐ 123/2020, TT 78/2021: coded when sold, the data are due the same day"},
      {MessageClass::kErrorNotice, IntakeMode::kHold,
       "NĐ 123/2020 art. 19.4: answered within 1 working day of its receipt"},
      {MessageClass::kRegistration, IntakeMode::kHold,
       "NĐ 123/2020 art. 15.2: answered within 1 working day of its receipt"},
      {MessageClass::kSummary, IntakeMode::kHold,
       "NĐ 123/2020 art. 22.3 a.1: due with the VAT return, petrol the same day"},
  };
  return table;
}

}  // namespace tvan
