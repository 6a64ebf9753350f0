// Operators' acts that change no record, written down all the same; and that refusing does not fill the store.
#include "gateway/admin/operator_act.h"

#include "gateway/admin/refused_calls.h"
#include "gateway/admin/roles.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class OperatorActs : public DeskTest {
 protected:
  OperatorActs() : refused_(*store_, *clock_) {}
  std::vector<OperatorRecord> Acts(const std::string& id) const {
    return *store_->RecordHistory(kOperatorActKind, id, {});
  }
  std::vector<std::string> Lines(const OperatorRecord& act) const { return *ActLines(act.body); }
  void Refuse(const std::string& certificate, const std::string& author, int times) {
    const Status why = Status::Permanent("admin.role"_reason, "PutWindow needs the role operator");
    for (int i = 0; i < times; ++i) refused_.Count(certificate, author, "PutWindow", why);
  }
  static int Times(const std::string& what, const std::string& in) {
    int times = 0;
    for (size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) ++times;
    return times;
  }
  RefusedCalls refused_;
};

TEST_F(OperatorActs, EachIsAVersionInTheAuditChainWithItsAuthor) {
  ASSERT_TRUE(RecordAct(*store_, {"export_buffer", "acme", "after acceptance 0", "anna", "moves", clock_->Now()}).ok());
  ASSERT_TRUE(RecordAct(*store_, {"export_buffer", "acme", "after acceptance 7", "ben", "", clock_->Now()}).ok());
  const auto acts = Acts("export_buffer/acme");
  ASSERT_THAT(acts, SizeIs(2));
  EXPECT_EQ(acts[0].author, "anna");
  EXPECT_EQ(acts[0].reason, "moves");
  EXPECT_THAT(Lines(acts[0]), ElementsAre("what: export_buffer", "about: acme", "detail: after acceptance 0"));
  EXPECT_EQ(acts[1].author, "ben");
  const auto chain = *store_->AuditFrom(1, 10);
  ASSERT_THAT(chain, SizeIs(2));
  EXPECT_EQ(chain[1].id, "export_buffer/acme");
  EXPECT_EQ(chain[1].author, "ben");
}

TEST_F(OperatorActs, TextsAreCutAndWhatTheStoreDoesNotTakeIsSaid) {
  ASSERT_TRUE(RecordAct(*store_, {"backup_store", std::string(1000, 'n'), std::string(1000, 'd'), "anna",
                                  std::string(1000, 'r'), clock_->Now()})
                  .ok());
  const auto acts = Acts("backup_store/" + std::string(128, 'n'));
  ASSERT_THAT(acts, SizeIs(1));
  EXPECT_EQ(acts[0].reason.size(), 500u);
  EXPECT_LT(acts[0].body.size(), 700u);
  store_->Crash();
  EXPECT_FALSE(RecordAct(*store_, {"backup_store", "x", "", "anna", "", clock_->Now()}).ok());
}

TEST_F(OperatorActs, AResolvedMessageHasOneAndARefusedDecisionNone) {
  const std::string id = AcceptFake(*store_, {}, *MakeDigester(), clock_->Now()).value();
  admin::v1::ResolveMessageRequest request;
  request.set_gateway_mtdiep(id);
  request.set_decision("forget");
  EXPECT_FALSE(desk_->Resolve(request, "anna").ok());
  EXPECT_THAT(Acts("resolve_message/" + id), IsEmpty());
  request.set_decision("resend");
  request.set_reason("asked the authority");
  EXPECT_TRUE(desk_->Resolve(request, "anna").ok());
  const auto acts = Acts("resolve_message/" + id);
  ASSERT_THAT(acts, SizeIs(1));
  EXPECT_EQ(acts[0].reason, "asked the authority");
  EXPECT_EQ(Lines(acts[0]).back(), "detail: resend");
}

TEST_F(OperatorActs, AFloodOfRefusedCallsIsCountedUpAndFillsNoStore) {
  Refuse("c1", "anna", 1);
  EXPECT_EQ(Acts("refused_call/c1").back().author, "anna");
  EXPECT_EQ(Lines(Acts("refused_call/c1").back()).back(), "detail: PutWindow: admin.role; call 1 in this hour");
  Refuse("c1", "anna", 1998);
  EXPECT_THAT(Acts("refused_call/c1"), SizeIs(4)) << "the 1st, 10th, 100th, 1000th";
  EXPECT_EQ(Lines(Acts("refused_call/c1").back()).back(), "detail: PutWindow: admin.role; call 1000 in this hour");
  Refuse("c2", "", 1);
  EXPECT_EQ(Acts("refused_call/c2").back().author, "c2") << "nobody's name";
  clock_->AdvanceBy(minutes(60));
  Refuse("c1", "anna", 1);
  EXPECT_THAT(Acts("refused_call/c1"), SizeIs(5)) << "another hour";
}

TEST_F(OperatorActs, ACrowdOfCertificatesIsCountedAsOne) {
  for (size_t i = 0; i < RefusedCalls::kMostCertificates + 100; ++i) Refuse("c" + std::to_string(i), "", 1);
  EXPECT_THAT(Acts("refused_call/c" + std::to_string(RefusedCalls::kMostCertificates - 1)), SizeIs(1));
  EXPECT_THAT(Acts("refused_call/c" + std::to_string(RefusedCalls::kMostCertificates)), IsEmpty());
  EXPECT_THAT(Acts("refused_call/others"), SizeIs(3));
}

TEST_F(OperatorActs, AStoreThatTakesNothingStopsNoRefusalAndSaysSo) {
  store_->Crash();
  testing::internal::CaptureStderr();
  Refuse("c1", "anna", 10);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(Times("admin.refused", said), 2) << "the 1st and the 10th\n" << said;
  EXPECT_EQ(Times("admin.act_not_recorded", said), 2) << said;
  EXPECT_THAT(said, HasSubstr("store."));
}

// A service nobody has given roles, and one that has them.
TEST(Roles, AMethodWithoutOneIsNobodys) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("forgotten.proto");
  file.set_syntax("proto3");
  file.add_message_type()->set_name("Nothing");
  auto& service = *file.add_service();
  service.set_name("Forgotten");
  auto& method = *service.add_method();
  method.set_name("Anything");
  method.set_input_type(".Nothing");
  method.set_output_type(".Nothing");
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  const OperatorRole none = RoleFor(*built->service(0)->method(0));
  EXPECT_EQ(none, admin::v1::OPERATOR_ROLE_UNSPECIFIED);
  for (const OperatorRole held : {admin::v1::OPERATOR_ROLE_UNSPECIFIED, admin::v1::VIEWER, admin::v1::APPROVER})
    EXPECT_FALSE(May(held, none)) << ToString(held);
}

TEST(Roles, EachMayWhatThoseBelowItMay) {
  EXPECT_TRUE(May(admin::v1::VIEWER, admin::v1::VIEWER));
  EXPECT_FALSE(May(admin::v1::VIEWER, admin::v1::OPERATOR));
  EXPECT_TRUE(May(admin::v1::OPERATOR, admin::v1::VIEWER));
  EXPECT_FALSE(May(admin::v1::OPERATOR, admin::v1::APPROVER));
  EXPECT_TRUE(May(admin::v1::APPROVER, admin::v1::OPERATOR));
  EXPECT_EQ(ParseOperatorRole("approver"), admin::v1::APPROVER);
  EXPECT_EQ(ParseOperatorRole("none"), std::nullopt);
}

}  // namespace
}  // namespace tvan
