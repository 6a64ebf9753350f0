// Verdicts at random times over random histories of all five kinds are those of a naive model.
#include <algorithm>
#include <random>

#include "tests/unit/contract/book_world.h"
#include "tests/unit/contract/naive_book.h"

namespace tvan {
namespace {

constexpr int kWorlds = 250, kChanges = 40, kQuestions = 40;
const char* const kProviders[] = {"acme", "acme-2", "beta"};
const char* const kCodes[] = {"0101234567", "0101234567-001", "010123456789"};
const int kTypes[] = {100, 200, 203, 206, 300, 400};

std::multiset<std::string> SetOf(const std::vector<Fault>& faults) {
  std::multiset<std::string> rules;
  for (const Fault& fault : faults) rules.emplace(fault.rule.text());
  return rules;
}
template <class T>
std::set<std::string> SetOf(const std::vector<T>& values) {
  std::set<std::string> set;
  for (const T& value : values) {
    if constexpr (std::is_same_v<T, std::string>)
      set.insert(value);
    else
      set.insert(value.value());
  }
  EXPECT_EQ(set.size(), values.size()) << "each once";
  return set;
}

// Everything random in one world, from one seed.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int Up(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool Once(int in) { return Up(in) == 0; }
  Time Midnight() { return Day("2026-06-01") + std::chrono::hours(24 * Up(25)); }
  Time Instant() { return Midnight() + std::chrono::hours(Up(24)) + (Once(3) ? kSecond : Span(0)); }
  template <class List>
  auto One(const List& list) {
    return list[static_cast<size_t>(Up(static_cast<int>(std::size(list))))];
  }
  TaxCode Code() { return Mst(One(kCodes)); }
  std::string Cert() { return std::string(64, "0123456789ab"[Up(12)]); }

  template <class Record>
  void Terms(Record& record) {
    std::vector<Time> days;
    for (int i = Up(3) * 2 + 2; i > 0; --i) days.push_back(Midnight());
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    if (days.size() % 2 != 0) days.push_back(Once(2) ? kForever : Day("2026-07-01"));
    record.earlier.clear();
    for (size_t i = 0; i < days.size(); i += 2) record.earlier.push_back({days[i], days[i + 1]});
    if (Once(4)) record.earlier.front().from = Time{};
    record.dates = record.earlier.back();
    record.earlier.pop_back();
    record.status = Once(3) ? static_cast<ContractStatus>(1 + Up(4)) : ContractStatus::kActive;
  }
  std::vector<int> Types() {
    std::vector<int> types;
    if (Once(3))
      for (const int type : kTypes)
        if (Once(2)) types.push_back(type);
    return types;
  }
  BoundCertificate Bound() {
    BoundCertificate bound(Cert());
    if (Once(3)) bound.from = Instant();
    if (Once(3)) bound.to = bound.from + std::chrono::hours(1 + Up(300));
    if (Once(4)) bound.revoked_at = Instant();
    return bound;
  }
  ContractQuestion Question() {
    return {Provider(One(kProviders)), Code(), One(kTypes), One(std::vector<const char*>{"", "1", "12", "3"}),
            Instant()};
  }
  ContractItem Item() {
    switch (Up(6)) {
      case 0:
        return Ours();
      case 1:
        return TheirContract();
      case 2:
        return Facts();
      case 3: {
        Delegation delegation{Code(), Mst("0107777777"), {}, {}, {}, Types()};
        if (Once(2)) delegation.delegate = Mst("0108888888");
        Terms(delegation);
        return delegation;
      }
      default:
        return TheirMandate();
    }
  }

 private:
  Agreement Ours() {
    Agreement agreement;
    Terms(agreement);
    return agreement;
  }
  ProviderContract TheirContract() {
    ProviderContract contract;
    contract.provider = Provider(One(kProviders));
    contract.tax_codes = {Mst("0109999999")};
    Terms(contract);
    contract.message_types = Types();
    if (Once(3)) contract.classes = {MessageClass::kUncoded, MessageClass::kRegistration, MessageClass::kCashRegister};
    for (int i = Up(3); i > 0; --i) contract.certificates.push_back(Bound());
    return contract;
  }
  Mandate TheirMandate() {
    Mandate mandate;
    mandate.provider = Provider(One(kProviders));
    mandate.mst = Code();
    Terms(mandate);
    mandate.message_types = Types();
    if (Once(4)) mandate.delegates = {Mst("0107777777")};
    if (Once(4)) mandate.signer_certificates = {std::string(64, 'c')};
    return mandate;
  }
  StopDecision Decided(Time known_at) {
    StopDecision decision{Once(2), Instant(), One(std::vector<const char*>{"1", "2", "3"}), "s", known_at};
    decision.kind = One(std::vector{StopKind::kUnsaid, StopKind::kUse, StopKind::kUse, StopKind::kEnforcement});
    if (decision.stop && Once(3)) decision.to = decision.from + std::chrono::hours(24 * (1 + Up(60)));
    if (!decision.stop && Once(2)) decision.answers = One(std::vector<const char*>{"1", "2", "3"});
    return decision;
  }
  Taxpayer Facts() {
    Taxpayer taxpayer;
    taxpayer.mst = Code();
    int known = 0;
    const auto know = [&] { return Instant() + Span(++known); };
    for (int i = Up(3); i > 0; --i)
      taxpayer.statuses.push_back({One(std::vector<const char*>{"00", "03", "04"}), Instant(), "s", know()});
    for (int i = Up(6); i > 0; --i) taxpayer.decisions.push_back(Decided(know()));
    for (int i = Up(3); i > 0; --i) {
      Registration registration{!Once(4), Instant(), {}, "", "", "s", know()};
      if (!Once(4)) registration.classes = {One(std::vector{MessageClass::kCoded, MessageClass::kUncoded})};
      if (!Once(4)) registration.kinds = One(std::vector<const char*>{"1", "2", "12"});
      taxpayer.registrations.push_back(registration);
    }
    if (Once(2)) taxpayer.signers = {Bound()};
    return taxpayer;
  }
  std::mt19937 random_;
};

class Verdicts : public BookWorld {
 protected:
  // The same change to both; what the book refuses the model never sees.
  void Change(Dice& dice, NaiveBook& naive, Time now) {
    if (dice.Once(10)) {
      const ContractKind kind = static_cast<ContractKind>(dice.Up(5));
      const auto ids = naive.Ids(kind);
      if (ids.empty()) return;
      const std::string id = *std::next(ids.begin(), dice.Up(static_cast<int>(ids.size())));
      if (book_->Delete(kind, id, {"o", "r", now}).ok()) naive.Delete(kind, id, now);
      return;
    }
    const ContractItem item = dice.Item();
    if (book_->Put(item, {"o", "r", now}).ok()) naive.Put(item, now);
  }
  static void Same(const ContractVerdict& verdict, const NaiveBook::Verdict& expected) {
    EXPECT_EQ(static_cast<int>(verdict.kind), static_cast<int>(expected.kind));
    const bool only_ours = std::all_of(expected.faults.begin(), expected.faults.end(), [](const std::string& rule) {
      return rule.rfind("contract.agreement_", 0) == 0;
    });
    EXPECT_EQ(verdict.of_agreement, verdict.kind == ContractVerdict::Kind::kHold && only_ours);
    EXPECT_EQ(SetOf(verdict.faults), expected.faults);
    EXPECT_EQ(SetOf(verdict.warnings), expected.warnings);
    EXPECT_EQ(verdict.version, expected.version);
    std::string deciders;
    for (const auto& decider : verdict.deciders)
      deciders += (deciders.empty() ? "" : ",") + std::string(RecordKindOf(decider.kind)) + "/" + decider.id + "@" +
                  std::to_string(decider.version);
    EXPECT_EQ(deciders, expected.version);
  }
  void Ask(Dice& dice, const NaiveBook& naive) {
    const auto book = book_->snapshot();
    const ContractQuestion q = dice.Question();
    SCOPED_TRACE(q.provider.value() + " " + q.mst.value() + " " + std::to_string(q.message_type) + " " +
                 FormatTime(q.at));
    Same(book->Decide(q), naive.Decide(q));
    const Time now = dice.Instant();
    Same(book->DecideRelease(q, now), naive.DecideRelease(q, now));
    const std::string sha256 = dice.Cert();
    const auto fault = book->JudgeCertificate(sha256, q.at);
    EXPECT_EQ(fault ? std::string(fault->rule.text()) : "", naive.JudgeCertificate(sha256, q.at));
    const auto* holder = book->FindByCertificate(sha256);
    EXPECT_EQ(holder == nullptr ? "" : holder->provider.value(), naive.HolderOf(sha256));
    EXPECT_EQ(SetOf(book->ProvidersOf(q.mst, q.at)), naive.ProvidersOf(q.mst, q.at));
    EXPECT_EQ(SetOf(book->DelegatesOf(q.provider, q.mst, q.message_type, q.at)),
              naive.DelegatesOf(q.provider, q.mst, q.message_type, q.at));
    EXPECT_EQ(SetOf(book->SignersOf(q.provider, q.mst, q.at)), naive.SignersOf(q.provider, q.mst, q.at));
  }
  // Few are allowed; their end is asked of some.
  void AskEnds(Dice& dice, const NaiveBook& naive) {
    int asked = 0;
    for (int i = 0; i < 100 && asked < 3 && !HasFailure(); ++i) {
      const ContractQuestion q = dice.Question();
      const bool allowed = naive.Decide(q).kind == ContractVerdict::Kind::kAllow;
      if (!allowed && i > 0) continue;
      asked += allowed ? 1 : 0;
      AskEnd(q, naive);
    }
  }
  // Every change of a verdict lies on a second of this month.
  void AskEnd(ContractQuestion q, const NaiveBook& naive) {
    const Time end = book_->snapshot()->EndsAt(q);
    if (naive.Decide(q).kind != ContractVerdict::Kind::kAllow) {
      EXPECT_EQ(end, q.at);
      return;
    }
    const Time last = Day("2026-07-03");
    for (Time t = q.at; t < std::min(end, last); t = t + std::chrono::minutes(30)) {
      q.at = t;
      ASSERT_EQ(static_cast<int>(naive.Decide(q).kind), static_cast<int>(ContractVerdict::Kind::kAllow))
          << FormatTime(t) << " is before " << FormatTime(end);
    }
    if (end == kForever) return;
    q.at = end;
    EXPECT_NE(static_cast<int>(naive.Decide(q).kind), static_cast<int>(ContractVerdict::Kind::kAllow));
  }
  void CompareLists(const NaiveBook& naive) {
    for (int kind = 0; kind < 5; ++kind) {
      std::set<std::string> listed;
      for (const auto& one : book_->snapshot()->List(static_cast<ContractKind>(kind), "", 1000)) {
        const std::string id = IdOf(one.item);
        listed.insert(id);
        EXPECT_EQ(one.version, naive.VersionOf(static_cast<ContractKind>(kind), id));
      }
      EXPECT_EQ(listed, naive.Ids(static_cast<ContractKind>(kind)));
    }
    const ContractSizes sizes = book_->snapshot()->sizes();
    EXPECT_EQ(sizes.contracts, naive.Ids(ContractKind::kProviderContract).size());
    EXPECT_EQ(sizes.mandates, naive.Ids(ContractKind::kMandate).size());
    EXPECT_EQ(sizes.taxpayers, naive.Ids(ContractKind::kTaxpayer).size());
    EXPECT_EQ(sizes.delegations, naive.Ids(ContractKind::kDelegation).size());
    for (const char* provider : kProviders) {
      const auto ids = naive.Ids(ContractKind::kMandate);
      const std::string front = std::string(provider) + "/";
      EXPECT_EQ(static_cast<int64_t>(book_->snapshot()->CountMandates(Provider(provider))),
                std::count_if(ids.begin(), ids.end(), [&](const auto& id) { return id.rfind(front, 0) == 0; }));
    }
  }
};

TEST_F(Verdicts, AreThoseOfANaiveModelAtAnyTimeOverAnyHistory) {
  std::map<int, int> kinds;
  for (unsigned seed = 0; seed < kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE("world " + std::to_string(seed));
    Dice dice(seed);
    rules_.tax_status = static_cast<Gravity>(dice.Up(3));
    rules_.stopped = static_cast<Gravity>(dice.Up(3));
    rules_.unregistered = static_cast<Gravity>(dice.Up(3));
    rules_.tax_status_trusted = std::chrono::hours(24 * dice.Up(40));
    store_ = MakeMemoryStore({}, *clock_);
    Reload();
    NaiveBook naive(rules_);
    std::vector<Time> times;
    for (int i = 0; i < kChanges; ++i) times.push_back(dice.Instant());
    std::sort(times.begin(), times.end());
    for (const Time now : times) Change(dice, naive, now);
    if (dice.Once(2)) Reload();
    for (int i = 0; i < kQuestions && !HasFailure(); ++i) Ask(dice, naive);
    AskEnds(dice, naive);
    CompareLists(naive);
    for (int i = 0; i < 40; ++i)
      ++kinds[static_cast<int>(
          naive.Decide({Provider("acme"), dice.Code(), dice.One(kTypes), "", dice.Instant()}).kind)];
  }
  for (int kind = 0; kind < 3; ++kind) EXPECT_GT(kinds[kind], 50) << "histories that reach verdict " << kind;
}

}  // namespace
}  // namespace tvan
