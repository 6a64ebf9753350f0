// What tvanctl audit and whoami print: golden files.
#include "ops/ctl/audit_text.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

const NightWords kVietnamese(true), kEnglish(false);

// TVAN_WRITE_GOLDEN=1 writes them anew: look at each before it is kept.
void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = std::string(std::getenv("TVAN_SOURCE_DIR")) + "/tests/unit/ctl/golden/" + name + ".txt";
  if (std::getenv("TVAN_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream in(path, std::ios::binary);
  std::stringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

admin::AuditEntry Contract() {
  admin::AuditEntry entry;
  entry.set_sequence(17);
  entry.mutable_at()->set_seconds(1'795'276'800);
  entry.set_author("anna");
  entry.set_reason("tạm ngưng theo yêu cầu\nof the provider");
  entry.set_kind("provider_contract");
  entry.set_id("acme");
  entry.set_version(3);
  entry.set_before_sha256(std::string(64, '1'));
  entry.set_after_sha256(std::string(64, '2'));
  entry.set_hash(std::string(64, 'a'));
  return entry;
}

admin::AuditEntry Deletion() {
  admin::AuditEntry entry = Contract();
  entry.set_sequence(16);
  entry.set_author("V0109999999ABCDEF");
  entry.set_kind("delegation");
  entry.set_id("0101234567/0107654321");
  entry.set_reason("");
  entry.set_deleted(true);
  return entry;
}

TEST(AuditText, AListHasOneLineAnEntryWhateverStandsInIt) {
  google::protobuf::RepeatedPtrField<admin::AuditEntry> entries;
  EXPECT_EQ(AuditTable(entries, kEnglish), "nothing\n");
  EXPECT_EQ(AuditTable(entries, kVietnamese), "không có gì\n");
  *entries.Add() = Contract();
  *entries.Add() = Deletion();
  entries.Add()->CopyFrom(Contract());
  entries.Mutable(2)->set_reason(std::string(500, 'x'));
  ExpectGolden("audit_list.en", AuditTable(entries, kEnglish));
  ExpectGolden("audit_list.vi", AuditTable(entries, kVietnamese));
}

TEST(AuditText, AnEntryShowsTheRecordBeforeAndAfterIt) {
  admin::GetAuditEntryResponse shown;
  *shown.mutable_entry() = Contract();
  shown.add_before("status: CONTRACT_STATUS_ACTIVE");
  shown.add_after("status: CONTRACT_STATUS_SUSPENDED");
  ExpectGolden("audit_entry.en", AuditEntryText(shown, kEnglish));
  ExpectGolden("audit_entry.vi", AuditEntryText(shown, kVietnamese));
  shown.clear_before();
  shown.clear_after();
  *shown.mutable_entry() = Deletion();
  ExpectGolden("audit_entry_deleted.en", AuditEntryText(shown, kEnglish));
  ExpectGolden("audit_entry_deleted.vi", AuditEntryText(shown, kVietnamese));
}

TEST(AuditText, AVerdictSaysWhatToNoteOrWhereItBreaksInBothLanguages) {
  admin::VerifyAuditResponse::Done done;
  done.set_whole(true);
  done.set_entries(17);
  done.set_head(std::string(64, 'a'));
  done.mutable_began_at()->set_seconds(1'795'276'800);
  ExpectGolden("audit_whole.en", AuditVerdict(done, kEnglish));
  ExpectGolden("audit_whole.vi", AuditVerdict(done, kVietnamese));
  done.set_whole(false);
  done.add_breaks("entry 12 (mandate acme/0101234567): the record is not what was written of it");
  done.add_breaks_vi("mục 12 (mandate acme/0101234567): bản ghi khác với những gì đã ghi về nó");
  ExpectGolden("audit_broken.en", AuditVerdict(done, kEnglish));
  ExpectGolden("audit_broken.vi", AuditVerdict(done, kVietnamese));
  done.clear_breaks_vi();
  EXPECT_EQ(AuditVerdict(done, kVietnamese).find("mục 12"), std::string::npos);
  EXPECT_NE(AuditVerdict(done, kVietnamese).find("entry 12"), std::string::npos) << "rather than nothing";
}

TEST(AuditText, WhoAmINamesTheRole) {
  admin::GetOperatorResponse caller;
  caller.set_name("anna");
  caller.set_certificate("3f");
  caller.set_role(admin::APPROVER);
  EXPECT_EQ(OperatorText(caller, kEnglish), "anna: approver, certificate 3f\n");
  EXPECT_EQ(OperatorText(caller, kVietnamese), "anna: người phê duyệt, chứng thư 3f\n");
}

}  // namespace
}  // namespace tvan::ctl
