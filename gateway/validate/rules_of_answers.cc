#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

// Rules of answers of the authority: deviations, said and never refused.
constexpr Rule kRows[] = {
    {"answer.count"_reason, kWarning, "Số lượng {0} của câu trả lời là {1}, đáng lẽ là {2}.",
     "The count of {0} in the answer is {1} where {2} is expected.", "", "protocol §7",
     "liên hệ T-VAN nếu câu trả lời không rõ nghĩa", "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.field"_reason, kInfo, "Trường {0} của câu trả lời không đúng quy định: {1}",
     "Field {0} of the answer is not as the tables have it: {1}", "", "protocol §7",
     "liên hệ T-VAN nếu câu trả lời không rõ nghĩa", "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.header"_reason, kInfo, "Trường {0} của câu trả lời có giá trị {1}, không đúng quy định.",
     "Field {0} of the answer is {1}, which is not its form.", "", "protocol §3",
     "liên hệ T-VAN nếu câu trả lời không rõ nghĩa", "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.ltbao"_reason, kWarning, "LTBao là {0}, chưa rõ nghĩa.", "LTBao is {0}, whose meaning is not known.", "",
     "protocol §7.6", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.ltbao7_unsplit"_reason, kWarning, "Một lý do của LTBao 7 không nêu hóa đơn: {0}.",
     "A reason of LTBao 7 names no invoice: {0}.", "", "protocol §7.6", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.mloi_long"_reason, kInfo, "MLoi {0} dài hơn 5 ký tự.", "MLoi {0} is longer than 5 characters.", "",
     "protocol §9", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.reference"_reason, kWarning, "{0} là {1}, MTDTChieu là {2}.", "{0} is {1}, MTDTChieu is {2}.", "",
     "protocol §3, §7.6", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.text"_reason, kInfo, "Có văn bản nằm ngoài các phần tử của {0}.",
     "There is text beside the elements of {0}.", "", "protocol §7", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.two_branches"_reason, kWarning, "LTBao {0} không khớp với phần {1} của câu trả lời.",
     "LTBao {0} does not fit the branch {1} of the answer.", "", "protocol §7.6",
     "liên hệ T-VAN nếu câu trả lời không rõ nghĩa", "ask the T-VAN if the answer's meaning is not clear"},
    {"answer.unknown_code"_reason, kWarning, "MLoi {0} không có trong danh sách nào.", "MLoi {0} is in no list.", "",
     "protocol §9", "chờ T-VAN xử lý", "wait for the T-VAN"},
    {"invoice.coded_form"_reason, kInfo, "MCCQT {0} không có 34 ký tự.", "MCCQT {0} has not 34 characters.", "",
     "seed 3.13, 3.14; protocol §8", "liên hệ T-VAN nếu câu trả lời không rõ nghĩa",
     "ask the T-VAN if the answer's meaning is not clear"},
};

}  // namespace

std::span<const Rule> RulesOfAnswers() { return kRows; }

}  // namespace tvan
