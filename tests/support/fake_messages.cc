#include "tests/support/fake_messages.h"

#include <algorithm>

namespace tvan {
namespace {

class Snapshot final : public ContractSnapshot {
 public:
  explicit Snapshot(FakeContracts::Decision decision) : decision_(std::move(decision)) {
    contract_.tax_codes = {TaxCode::Trusted("0109999999")};
  }
  const ProviderContract* FindByCertificate(const std::string&) const override { return nullptr; }
  const ProviderContract* Find(const ProviderId&) const override { return &contract_; }
  std::optional<Fault> JudgeCertificate(const std::string&, Time) const override { return std::nullopt; }
  std::vector<const ProviderContract*> Contracts() const override { return {}; }
  std::optional<Mandate> FindMandate(const ProviderId&, const TaxCode&) const override { return std::nullopt; }
  std::optional<Taxpayer> FindTaxpayer(const TaxCode&) const override { return std::nullopt; }
  std::optional<Agreement> FindAgreement() const override { return std::nullopt; }
  std::vector<TaxCode> DelegatesOf(const ProviderId&, const TaxCode&, int, Time) const override { return {}; }
  std::vector<std::string> SignersOf(const ProviderId&, const TaxCode&, Time) const override { return {}; }
  ContractVerdict DecideProvider(const ProviderId&, Time) const override { return Allowed(); }
  ContractVerdict Decide(const ContractQuestion& asked) const override {
    ContractVerdict verdict = Allowed();
    if (decision_.refuse) verdict.faults = decision_.refuse(asked.provider, asked.mst, asked.message_type, asked.at);
    if (!verdict.faults.empty()) verdict.kind = ContractVerdict::Kind::kRefuse;
    return verdict;
  }
  ContractVerdict DecideRelease(const ContractQuestion& asked, Time) const override {
    ContractVerdict verdict = Decide(asked);
    std::erase_if(verdict.faults,
                  [](const Fault& fault) { return fault.rule.text().substr(0, 17) == "contract.provider"; });
    verdict.kind = verdict.faults.empty() ? ContractVerdict::Kind::kAllow : ContractVerdict::Kind::kHold;
    verdict.of_agreement = std::any_of(verdict.faults.begin(), verdict.faults.end(), [](const Fault& fault) {
      return fault.rule.text().substr(0, 18) == "contract.agreement";
    });
    verdict.version = decision_.version;
    return verdict;
  }
  Time EndsAt(const ContractQuestion&) const override { return kForever; }
  uint64_t CountMandates(const ProviderId&) const override { return 0; }
  ContractSizes sizes() const override { return {}; }
  std::vector<Listed> List(ContractKind, const std::string&, size_t) const override { return {}; }
  std::optional<Listed> Get(ContractKind, const std::string&) const override { return std::nullopt; }
  std::shared_ptr<const ContractSnapshot> With(const std::vector<ContractItem>&, Time,
                                               std::vector<ItemFault>&) const override {
    return std::make_shared<const Snapshot>(decision_);
  }
  std::vector<ProviderId> ProvidersOf(const TaxCode& mst, Time at) const override {
    return decision_.providers ? decision_.providers(mst, at) : std::vector<ProviderId>{};
  }

 private:
  static ContractVerdict Allowed() {
    ContractVerdict verdict;
    verdict.kind = ContractVerdict::Kind::kAllow;
    verdict.version = "fake@1";
    return verdict;
  }
  const FakeContracts::Decision decision_;
  ProviderContract contract_;
};

}  // namespace

InvoiceKey FakeInvoice(const std::string& mst, const std::string& shdon) {
  return {TaxCode::Trusted(mst), "1", "K26TAA", shdon};
}

NewMessage MakeFakeMessage(const FakeMessage& spec, const Digester& digester, Time accepted_at) {
  NewMessage m;
  const std::string mtdiep = "0109999999" + spec.provider + spec.id;
  m.key = {ProviderId::Trusted(spec.provider), spec.bare ? SubmitIdKind::kClientReference : SubmitIdKind::kMTDiep,
           spec.bare ? "ref-" + spec.id : mtdiep};
  m.provider_mtdiep = spec.bare ? "" : mtdiep;
  m.provider_mngui = "0109999999";
  const std::string dlieu = "<DLieu>" + spec.provider + "/" + spec.id + std::string(spec.padding, '.') + "</DLieu>";
  const std::string bytes = "<TDiep>" + dlieu + "</TDiep>";
  m.payload = std::make_shared<const std::string>(bytes);
  m.digest = digester.Sha256Of(bytes);
  m.cls = spec.cls;
  m.mltdiep = spec.type;
  m.same_day = spec.same_day;
  m.mst = TaxCode::Trusted(spec.mst);
  m.plan.payload = {7, static_cast<uint32_t>(dlieu.size())};
  m.plan.pban = "2.1.0";
  m.plan.mltdiep = spec.type;
  m.plan.mst = spec.mst;
  m.plan.sluong = "1";
  m.gateway_id = DeriveMessageId(digester, kFakeKey, TaxCode::Trusted(kFakeOurMst), m.key, m.digest);
  const HopHeader header{std::string("V") + kFakeOurMst, "TCT", m.gateway_id.value(), ""};
  m.sent_digest = digester.Sha256Of(RenderWrapped(m.plan, bytes, header));
  for (const std::string& shdon : spec.claims) m.claims.push_back(FakeInvoice(spec.mst, shdon));
  for (const std::string& shdon : spec.refers) m.refers.push_back(FakeInvoice(spec.mst, shdon));
  m.accepted_at = accepted_at;
  return m;
}

MessageId AcceptFake(MemoryStore& store, const FakeMessage& spec, const Digester& digester, Time at) {
  NewMessage message = MakeFakeMessage(spec, digester, at);
  const MessageId id = message.gateway_id;
  bool accepted = false;
  store.Accept(std::move(message), [&accepted](Result<AcceptAnswer> answer) {
    accepted = answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted;
  });
  store.Flush();
  TVAN_CHECK(accepted);
  return id;
}

FakeContracts::FakeContracts() { Set({}); }

void FakeContracts::Set(Decision decision) {
  auto snapshot = std::make_shared<const Snapshot>(std::move(decision));
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(snapshot);
}

std::shared_ptr<const ContractSnapshot> FakeContracts::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

MessageView ViewOf(const Store& store, const MessageId& id) {
  FindBy by;
  by.gateway_id = id;
  Result<Found> found = store.Find(by);
  TVAN_CHECK(found.ok() && found->messages.size() == 1);
  return std::move(found->messages.front());
}

Stage StageOf(const Store& store, const MessageId& id) { return ViewOf(store, id).meta.stage; }

std::string LogOf(const Store& store, const MessageId& id) {
  std::string text;
  for (const Event& e : ViewOf(store, id).events) text += (text.empty() ? "" : " ") + std::string(ToString(e.kind));
  return text;
}

}  // namespace tvan
