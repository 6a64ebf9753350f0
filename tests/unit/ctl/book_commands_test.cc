// tvanctl book, proposal: against the operators' desk of contracts. What is exported is imported as the same; files
// with faults are named row by row, and nothing of them is entered.
#include <fstream>

#include "config/book_file.h"
#include "tests/unit/admin/contract_world.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/ctl/ctl_run.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace api = admin::v1;

grpc::Status Answer(const Status& status) {
  if (status.ok()) return {};
  const bool none = status.reason() == "admin.not_found"_reason;
  return {none ? grpc::StatusCode::NOT_FOUND : grpc::StatusCode::FAILED_PRECONDITION,
          std::string(status.reason().text()) + ": " + status.message()};
}

// The desk behind gRPC, called by one operator.
class Book : public api::ContractService::Service {
 public:
  explicit Book(ContractDesk& desk) : desk_(desk) {}
  Caller by = {"Lan", std::string(64, '1')};

#define TVAN_BOOK(Rpc, Request, Response, call)                                                           \
  grpc::Status Rpc(grpc::ServerContext*, const api::Request* request, api::Response* response) override { \
    return Answer(call);                                                                                  \
  }
  TVAN_BOOK(CreateContractItem, CreateContractItemRequest, ContractChange, desk_.Create(*request, by, *response))
  TVAN_BOOK(UpdateContractItem, UpdateContractItemRequest, ContractChange, desk_.Update(*request, by, *response))
  TVAN_BOOK(GetContractItem, GetContractItemRequest, ContractItem, desk_.Get(*request, *response))
  TVAN_BOOK(ListContractItems, ListContractItemsRequest, ListContractItemsResponse, desk_.List(*request, *response))
  TVAN_BOOK(GetContractHistory, GetContractHistoryRequest, GetContractHistoryResponse,
            desk_.History(*request, *response))
  TVAN_BOOK(DiffContracts, DiffContractsRequest, DiffContractsResponse, desk_.Diff(*request, *response))
  TVAN_BOOK(ExplainContract, ExplainContractRequest, ExplainContractResponse, desk_.Explain(*request, *response))
  TVAN_BOOK(SimulateContracts, SimulateContractsRequest, SimulateContractsResponse, desk_.Simulate(*request, *response))
  TVAN_BOOK(ForecastExpiry, ForecastExpiryRequest, ForecastExpiryResponse, desk_.Forecast(*request, *response))
  TVAN_BOOK(ListProposals, ListProposalsRequest, ListProposalsResponse, desk_.Proposals(*request, *response))
  TVAN_BOOK(ListProposalItems, ListProposalItemsRequest, ListProposalItemsResponse,
            desk_.ProposalItems(*request, *response))
  TVAN_BOOK(ApproveProposal, ApproveProposalRequest, Proposal, desk_.Approve(*request, by, *response))
  TVAN_BOOK(RejectProposal, RejectProposalRequest, Proposal, desk_.Reject(*request, by, *response))
#undef TVAN_BOOK
  grpc::Status ImportContracts(grpc::ServerContext* context, grpc::ServerReader<api::ImportContractsRequest>* reader,
                               api::ImportContractsResponse* response) override {
    return Answer(desk_.Import([&](api::ImportContractsRequest& request) { return reader->Read(&request); },
                               [context] { return context->IsCancelled(); }, by, *response));
  }
  grpc::Status ExportContracts(grpc::ServerContext*, const api::ExportContractsRequest* request,
                               grpc::ServerWriter<api::ContractItem>* writer) override {
    return Answer(desk_.Export(*request, by, [writer](const api::ContractItem& item) { return writer->Write(item); }));
  }

 private:
  ContractDesk& desk_;
};

void AddBoth(CLI::App& app, Tool& tool) {
  AddBookCommands(app, tool);
  AddProposalCommands(app, tool);
}

// The clock of these tests stands at 2026-11-21T10:00+07:00.
class BookCommands : public ContractDeskTest {
 protected:
  explicit BookCommands(ContractChanges::Options options = {}) : ContractDeskTest(options) {}
  void Fill() {
    ASSERT_EQ(run({"book", "create", "provider_contract", "acme", "name=Acme", "tax_codes=0109999999", "status=active",
                   "from=2026-01-01", "to=2027-01-01", "certificates=" + std::string(64, 'a'), "quotas.per_day=1000",
                   "contacts=night|An\\, Nguyễn|an@acme.vn|0900", "--reason", "signed"}),
              kOk)
        << run.error;
    for (const char* mst : {"0101234567", "0101234568"})
      ASSERT_EQ(run({"book", "create", "mandate", std::string("acme/") + mst, "status=active", "from=2026-01-01",
                     "message_types=203,300", "--reason", "signed"}),
                kOk)
          << run.error;
    ASSERT_EQ(run({"book", "create", "taxpayer", "0101234567", "statuses=00@2026-01-01", "--reason", "asked"}), kOk)
        << run.error;
  }
  std::string File(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name), std::ios::binary) << text;
    return folder_.File(name);
  }
  // The line of a CSV file that names a taxpayer, with one text changed.
  static std::string RowOf(const std::string& csv, const std::string& mst, const std::string& what,
                           const std::string& by) {
    const size_t at = csv.rfind("\r\n", csv.find(mst)) + 2;
    std::string row = csv.substr(at, csv.find("\r\n", at) + 2 - at);
    return row.replace(row.find(what), what.size(), by);
  }
  TempFolder folder_;
  Book book_{*desk_};
  CtlRun run{AddBoth, {&book_}};
};

TEST_F(BookCommands, CreateSetGetAndHistory) {
  Fill();
  EXPECT_EQ(
      run({"book", "set", "provider_contract", "acme", "status=suspended", "quotas.per_day=5", "--reason", "late"}),
      kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("provider_contract acme, version 2, by Lan"), HasSubstr("status = suspended"),
                             HasSubstr("quotas.per_day = 5"), HasSubstr("name = Acme")));
  EXPECT_EQ(run({"book", "get", "provider_contract", "acme"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("contacts = night|An\\, Nguyễn|an@acme.vn|0900"));
  EXPECT_EQ(run({"book", "history", "provider_contract", "acme"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("version 2, by Lan"), HasSubstr("quotas.per_day: 1000 → 5"),
                             HasSubstr("version 1, by Lan")));
  EXPECT_EQ(run({"book", "get", "provider_contract", "nobody"}), kNegative);
  EXPECT_EQ(run({"book", "set", "provider_contract", "acme", "--reason", "x"}), kUsage);
  EXPECT_EQ(run({"book", "set", "provider_contract", "acme", "color=red", "--reason", "x"}), kUsage);
  EXPECT_THAT(run.error, HasSubstr("color: no such field"));
}

TEST_F(BookCommands, AChangeFromAnOldVersionIsRefused) {
  Fill();
  EXPECT_EQ(run({"book", "set", "mandate", "acme/0101234567", "message_types=203", "--version", "1", "--reason", "x"}),
            kOk);
  EXPECT_NE(run({"book", "set", "mandate", "acme/0101234567", "message_types=300", "--version", "1", "--reason", "x"}),
            kOk);
  EXPECT_EQ(run({"book", "get", "mandate", "acme/0101234567"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("message_types = 203\n"));
}

TEST_F(BookCommands, ListsWhatIsAskedFor) {
  Fill();
  EXPECT_EQ(run({"book", "list", "mandate"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("0101234567"), HasSubstr("0101234568"), HasSubstr("203,300")));
  EXPECT_EQ(run({"book", "list", "mandate", "--mst", "0101234568"}), kOk);
  EXPECT_THAT(run.out, Not(HasSubstr("0101234567")));
  EXPECT_EQ(run({"book", "list", "mandate"}, true), kOk);
  EXPECT_THAT(run.out, HasSubstr("\"mandate\":{\"provider\":\"acme\""));
}

TEST_F(BookCommands, ExplainSaysWhyAndItsExitCodeWhether) {
  Fill();
  EXPECT_EQ(run({"book", "explain", "--provider", "acme", "--mst", "0101234567", "--type", "203"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("intake: allow"), HasSubstr("by provider_contract acme version 1"),
                             HasSubstr("by mandate acme/0101234567 version 1")));
  EXPECT_EQ(run({"book", "explain", "--provider", "acme", "--mst", "0101234567", "--type", "206"}), kNegative);
  EXPECT_THAT(run.out, AllOf(HasSubstr("intake: refuse"), HasSubstr("contract.type_not_in_mandate")));
  EXPECT_EQ(
      run({"book", "explain", "--provider", "acme", "--mst", "0101234567", "--type", "203", "--at", "2027-01-01"}),
      kNegative);
  EXPECT_THAT(run.out, HasSubstr("contract.provider_expired"));
}

TEST_F(BookCommands, WhatIsExportedAsYamlIsImportedAsTheSame) {
  Fill();
  EXPECT_EQ(run({"book", "export"}), kOk);
  const std::string file = File("book.yaml", run.out);
  EXPECT_TRUE(ParseBook(run.out, "x").report.ok()) << ParseBook(run.out, "x").report.Text();
  EXPECT_EQ(run({"book", "import", file, "--reason", "again"}), kOk) << run.error;
  EXPECT_THAT(run.out, HasSubstr("0 created, 0 updated, 4 unchanged"));
}

TEST_F(BookCommands, MandatesGoThroughCsv) {
  Fill();
  EXPECT_EQ(run({"book", "export", "--kind", "mandate", "--format", "csv"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("provider,mst,status"));
  std::string csv = run.out;
  EXPECT_EQ(run({"book", "import", File("m.csv", "\xEF\xBB\xBF" + csv), "--kind", "mandate", "--reason", "again"}), kOk)
      << run.error;
  EXPECT_THAT(run.out, HasSubstr("0 created, 0 updated, 2 unchanged")) << "a byte-order mark is no part of a name";
  std::string more = csv.substr(0, csv.find("\r\n") + 2);
  more += RowOf(csv, "0101234567", "203;300", "203");
  more += RowOf(csv, "0101234568", "0101234568", "0101234569");
  EXPECT_EQ(run({"book", "import", File("m.csv", more), "--kind", "mandate", "--reason", "more", "--dry-run"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("1 created, 1 updated, 0 unchanged; dry run: nothing was entered"));
  EXPECT_EQ(run({"book", "get", "mandate", "acme/0101234569"}), kNegative);
  EXPECT_EQ(run({"book", "import", File("m.csv", more), "--kind", "mandate", "--reason", "more"}), kOk);
  EXPECT_EQ(run({"book", "get", "mandate", "acme/0101234569"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("message_types = 203,300")) << "as it stood in its row";
  std::string lf = more;
  for (size_t at; (at = lf.find('\r')) != std::string::npos;) lf.erase(at, 1);
  lf.pop_back();
  EXPECT_EQ(run({"book", "import", File("m.csv", lf), "--kind", "mandate", "--reason", "more"}), kOk) << run.error;
  EXPECT_THAT(run.out, HasSubstr("2 unchanged")) << "as other programs write lines";
}

TEST_F(BookCommands, FaultsOfAFileAreNamedByRowAndNothingIsEntered) {
  Fill();
  const auto import = [&](const std::string& text) {
    return run({"book", "import", File("m.csv", text), "--kind", "mandate", "--reason", "x"});
  };
  EXPECT_EQ(import("provider,colour\r\nacme,red\r\n"), kUsage);
  EXPECT_THAT(run.error, HasSubstr("column \"colour\" is no field of a mandate"));
  EXPECT_EQ(import(""), kUsage);
  EXPECT_EQ(import("provider,mst,status\r\nacme,0101234569,active\r\n"), kUsage);
  EXPECT_THAT(run.error, HasSubstr("column \"from\" is missing")) << "it would empty what stands in the book";
  ASSERT_EQ(run({"book", "export", "--kind", "mandate", "--format", "csv"}), kOk);
  const std::string csv = run.out, header = csv.substr(0, csv.find("\r\n") + 2);
  EXPECT_EQ(import("mst," + header), kUsage);
  EXPECT_THAT(run.error, HasSubstr("column \"mst\" stands twice"));
  const std::string good = RowOf(csv, "0101234568", "0101234568", "0101234569");
  EXPECT_EQ(import(header + good + RowOf(csv, "0101234568", "active", "asleep") + "acme,0101234571,active\r\n"),
            kUsage);
  EXPECT_THAT(run.error, AllOf(HasSubstr("row 3: status: one of draft"), HasSubstr("row 4: 3 cells, the header has"),
                               HasSubstr("2 rows cannot be read; nothing was sent")));
  EXPECT_EQ(import(header + good + RowOf(csv, "0101234568", "acme", "nobody")), kNegative);
  EXPECT_THAT(run.out, AllOf(HasSubstr("row 3: "), HasSubstr("1 rows cannot be entered; nothing was")));
  EXPECT_EQ(import(header + "acme,\"" + std::string(10'000'000, '1') + "\"\r\n"), kUsage) << "a huge cell";
  EXPECT_EQ(run({"book", "get", "mandate", "acme/0101234569"}), kNegative);
}

TEST_F(BookCommands, FaultsOfAYamlFileAreNamedWithTheirPlace) {
  const std::string file = File("b.yaml", "records:\n  - kind: mandat\n    id: a/b\n");
  EXPECT_EQ(run({"book", "import", file, "--reason", "x"}), kUsage);
  EXPECT_THAT(run.error, HasSubstr("b.yaml:2:"));
  EXPECT_EQ(run({"book", "import", File("c.yaml", "records:\n  - {kind: mandate, id: acme}\n"), "--reason", "x"}),
            kUsage);
  EXPECT_THAT(run.error, HasSubstr("row 1: "));
}

TEST_F(BookCommands, SimulateSaysWhoWouldBeRefusedAndChangesNothing) {
  Fill();
  const std::string file = File("s.yaml",
                                "records:\n  - kind: provider_contract\n    id: acme\n    set: [name=Acme, "
                                "tax_codes=0109999999, status=suspended, from=2026-01-01, certificates=" +
                                    std::string(64, 'a') + "]\n");
  EXPECT_EQ(run({"book", "simulate", "--file", file}), kNegative);
  EXPECT_THAT(run.out, AllOf(HasSubstr("acme"), HasSubstr("allow → refuse"), HasSubstr("contract.provider_suspended")));
  EXPECT_EQ(run({"book", "get", "provider_contract", "acme"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("status = active"));
}

TEST_F(BookCommands, ExpiryListsWhatEnds) {
  Fill();
  EXPECT_EQ(run({"book", "expiry", "--days", "60"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("2027-01-01"), HasSubstr("provider_contract acme")));
  EXPECT_EQ(run({"book", "expiry", "--days", "7"}), kOk);
  EXPECT_THAT(run.out, Not(HasSubstr("acme")));
}

class TwoPersons : public BookCommands {
 protected:
  TwoPersons() : BookCommands({.two_to_end = true}) {}
};

TEST_F(TwoPersons, EndingAContractWaitsForSomebodyElse) {
  Fill();
  EXPECT_EQ(run({"book", "set", "provider_contract", "acme", "status=terminated", "--reason", "breach"}), kNegative);
  ASSERT_THAT(run.out, HasSubstr("nothing changed yet: proposal "));
  const size_t at = run.out.find("proposal ") + 9;
  const std::string id = run.out.substr(at, run.out.find(' ', at) - at);
  EXPECT_EQ(run({"proposal", "list"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr(id), HasSubstr("open"), HasSubstr("breach")));
  EXPECT_NE(run({"proposal", "approve", id, "--reason", "mine"}), kOk) << "one's own";
  book_.by = {"Minh", std::string(64, '2')};
  EXPECT_EQ(run({"proposal", "approve", id, "--reason", "seen"}), kOk) << run.error;
  EXPECT_THAT(run.out, AllOf(HasSubstr("approved"), HasSubstr("Minh")));
  EXPECT_EQ(run({"book", "get", "provider_contract", "acme"}), kOk);
  EXPECT_THAT(run.out, HasSubstr("status = terminated"));
  EXPECT_NE(run({"proposal", "reject", id, "--reason", "late"}), kOk) << "it is done";
}

class TwoToImport : public BookCommands {
 protected:
  TwoToImport() : BookCommands({.two_to_import = true}) {}
  // The id of a proposal of so many mandates.
  std::string Proposed(int mandates) {
    Fill();
    std::string yaml = "records:\n";
    for (int i = 0; i < mandates; ++i)
      yaml += "  - kind: mandate\n    id: acme/" + std::to_string(1'000'000'000 + i) +
              "\n    set: [status=active, from=2026-01-01]\n";
    yaml += "  - kind: mandate\n    id: acme/0101234567\n    set: [status=terminated, from=2026-01-01]\n";
    EXPECT_EQ(run({"book", "import", File("m.yaml", yaml), "--reason", "file"}), kNegative) << run.error;
    const size_t at = run.out.find("proposal ") + 9;
    return run.out.substr(at, run.out.find(' ', at) - at);
  }
};

TEST_F(TwoToImport, AnApproverSeesEveryItemBeforeAndAfter) {
  const std::string id = Proposed(1050);  // two pages
  EXPECT_EQ(run({"proposal", "show", id}), kOk) << run.error;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("proposal " + id + " (open), by Lan"), HasSubstr("1050 new, 1 ENDED"),
                    HasSubstr("mandate acme/1000000000: new\n"), HasSubstr("1030 more that end nothing: --all"),
                    HasSubstr("mandate acme/0101234567: ENDS it, from version 1\n"),
                    HasSubstr("  status: CONTRACT_STATUS_ACTIVE → CONTRACT_STATUS_TERMINATED\n")));
  EXPECT_EQ(run({"proposal", "show", id, "--all"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("mandate acme/1000001049: new\n"), Not(HasSubstr("end nothing"))));
  EXPECT_EQ(run({"proposal", "show", id, "--all"}, true), kOk);
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1052) << "the proposal, and a line an item";
  EXPECT_THAT(run.out, AllOf(HasSubstr("\"effect\":\"ENDS\""), HasSubstr("\"counts\":")));
  run.lang = "vi";
  EXPECT_EQ(run({"proposal", "show", id, "--all"}), kOk);
  EXPECT_THAT(run.out, AllOf(HasSubstr("đề xuất " + id), HasSubstr("CHẤM DỨT")));
  EXPECT_EQ(run({"proposal", "show", "p999999"}), kNegative);
}

TEST_F(TwoToImport, AnApproverIsToldWhatChangedSince) {
  const std::string id = Proposed(1);
  EXPECT_EQ(run({"book", "set", "mandate", "acme/0101234567", "message_types=203", "--reason", "asked"}), kOk);
  EXPECT_EQ(run({"proposal", "show", id}), kNegative);
  EXPECT_THAT(run.out, HasSubstr("mandate acme/0101234567: ENDS it, from version 1; now at version 2\n"));
  EXPECT_THAT(run.error, HasSubstr("1 of these records changed since it was made"));
  book_.by = {"Minh", std::string(64, '2')};
  EXPECT_EQ(run({"proposal", "approve", id, "--reason", "seen"}), kNegative);
  EXPECT_EQ(run({"proposal", "show", id}), kOk) << "it is decided";
  EXPECT_THAT(run.out, AllOf(HasSubstr("(failed)"), HasSubstr("decided by Minh"), HasSubstr("at version 2, not 1")));
}

}  // namespace
}  // namespace tvan::ctl
