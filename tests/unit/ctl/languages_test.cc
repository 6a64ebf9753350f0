// What tvanctl book, proposal and account say to people, in the language that they ask for; what is typed as it stands
// (kinds, fields) is the same in both.
#include <google/protobuf/text_format.h>

#include "ops/ctl/book_text.h"
#include "tests/unit/ctl/ctl_run.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

template <class Message>
Message Read(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

template <class Message>
std::string Shown(const std::string& lang, const Message& message) {
  Tool tool;
  tool.lang = lang;
  testing::internal::CaptureStdout();
  Show(tool, message);
  return testing::internal::GetCapturedStdout();
}

constexpr const char* kItem =
    "provider_contract { provider: 'acme' status: CONTRACT_STATUS_ACTIVE } version: 3 deleted: true author: 'Lan' "
    "reason: 'signed' changed_at { seconds: 1795276800 }";

TEST(Languages, ARecordOfTheBook) {
  const auto item = Read<admin::ContractItem>(kItem);
  EXPECT_THAT(Shown("en", item),
              HasSubstr("provider_contract acme, version 3 (deleted), by Lan at 2026-11-21T23:00:00+07:00: signed\n"));
  EXPECT_THAT(
      Shown("vi", item),
      HasSubstr("provider_contract acme, phiên bản 3 (đã xóa), bởi Lan lúc 2026-11-21T23:00:00+07:00: signed\n"));
  EXPECT_THAT(Shown("vi", item), HasSubstr("status = active")) << "as it is typed";
}

TEST(Languages, AVerdict) {
  const auto answer = Read<admin::ExplainContractResponse>(
      "intake { kind: HOLD owner: 'management' findings { rule_id: 'contract.x' severity: SEVERITY_WARNING text_en: "
      "'short' text_vi: 'ngắn' } deciders { kind: MANDATE id: 'acme/1' version: 2 } }");
  EXPECT_THAT(Shown("en", answer),
              AllOf(HasSubstr("intake: hold; owner: management\n"), HasSubstr("  warning contract.x: short\n"),
                    HasSubstr("  by mandate acme/1 version 2, entered ")));
  EXPECT_THAT(Shown("vi", answer), AllOf(HasSubstr("tiếp nhận: giữ lại; phụ trách: ban lãnh đạo\n"),
                                         HasSubstr("  cảnh báo contract.x: ngắn\n"),
                                         HasSubstr("  theo mandate acme/1 phiên bản 2, nhập lúc ")));
}

TEST(Languages, ASimulationAndAnImport) {
  const auto simulated = Read<admin::SimulateContractsResponse>(
      "refused_total: 1 refused { provider: 'acme' before { kind: ALLOW } after { kind: REFUSE } } touched_total: 2 "
      "buffered_looked_at: 9");
  EXPECT_THAT(Shown("en", simulated), AllOf(HasSubstr("acme (every taxpayer): allow → refuse"),
                                            HasSubstr("2 of 9 buffered messages would be held")));
  EXPECT_THAT(Shown("vi", simulated), AllOf(HasSubstr("acme (mọi người nộp thuế): cho phép → từ chối"),
                                            HasSubstr("2 trên 9 thông điệp đang chờ sẽ bị giữ lại")));
  const auto imported = Read<admin::ImportContractsResponse>("created: 1 updated: 2 unchanged: 3");
  EXPECT_EQ(Shown("en", imported), "1 created, 2 updated, 3 unchanged; dry run: nothing was entered\n");
  EXPECT_EQ(Shown("vi", imported), "1 tạo mới, 2 cập nhật, 3 không đổi; chạy thử: chưa nhập gì\n");
}

TEST(Languages, WhatEndsSoon) {
  const auto forecast = Read<admin::ForecastExpiryResponse>(
      "mandates: 7 endings { what: SERVER_CERTIFICATE name: 'certificate line' days: 7 window: 'night' }");
  EXPECT_THAT(Shown("en", forecast),
              AllOf(HasSubstr("within days"), HasSubstr("our certificate"), HasSubstr("7 mandates end\n")));
  EXPECT_THAT(Shown("vi", forecast), AllOf(HasSubstr("trong số ngày"), HasSubstr("chứng thư của ta"),
                                           HasSubstr("7 ủy quyền hết hạn\n"), Not(HasSubstr("within"))));
}

TEST(Languages, Proposals) {
  const std::vector<admin::Proposal> proposals = {
      Read<admin::Proposal>("id: 'p1' state: APPROVED author: 'Lan' decided_by: 'Minh'")};
  EXPECT_THAT(Shown("en", proposals), AllOf(HasSubstr("proposal"), HasSubstr("decided by"), HasSubstr("approved")));
  EXPECT_THAT(Shown("vi", proposals), AllOf(HasSubstr("đề xuất"), HasSubstr("người quyết định"), HasSubstr("đã duyệt"),
                                            Not(HasSubstr("approved"))));
}

// A provider's own account, as some gateway answers it.
class Relay : public v1::RelayService::Service {
  grpc::Status GetAccount(grpc::ServerContext*, const v1::GetAccountRequest*,
                          v1::GetAccountResponse* account) override {
    *account = Read<v1::GetAccountResponse>(
        "provider: 'acme' name: 'Acme' status: 'suspended' mandates: 4 quota { per_day: 10 left_today: 3 used_today: 7 "
        "} certificates { sha256: 'ab' revoked: true } notes { rule_id: 'contract.ends_soon' text_en: 'soon' text_vi: "
        "'sắp' }");
    return grpc::Status::OK;
  }
};

TEST(Languages, AnAccount) {
  Relay relay;
  CtlRun run{AddAccountCommand, {&relay}};
  EXPECT_EQ(run({"account"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("acme (Acme): suspended, not in force"), HasSubstr("taxpayers: 4\n"),
                             HasSubstr("messages today: 7 (3 of 10 left)\n"), HasSubstr("calls a second: no limit\n"),
                             HasSubstr("revoked"), HasSubstr("contract.ends_soon: soon\n")));
  run.lang = "vi";
  EXPECT_EQ(run({"account"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("acme (Acme): tạm ngưng, không có hiệu lực"),
                             HasSubstr("số người nộp thuế: 4\n"), HasSubstr("thông điệp hôm nay: 7 (còn 3 trên 10)\n"),
                             HasSubstr("số lần gọi mỗi giây: không giới hạn\n"), HasSubstr("đã thu hồi"),
                             HasSubstr("contract.ends_soon: sắp\n")));
}

}  // namespace
}  // namespace tvan::ctl
