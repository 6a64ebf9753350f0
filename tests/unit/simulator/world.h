#pragma once
// A simulated authority without network, its PKI and its transcript, for the tests of what it decides.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/simulator/authority.h"
#include "tests/unit/simulator/messages.h"
#include "tests/unit/simulator/sandbox.h"

namespace tvan::test {

using Json = nlohmann::json;

// Keys are made once for all tests of the program.
struct SharedPki {
  TempFolder folder;
  Pki sellers{folder, "sellers"}, stranger{folder, "stranger"}, authority{folder, "authority"};
  SharedPki() {
    sellers.Issue("seller", PkiUse::kSigner, kMst);
    sellers.Issue("other", PkiUse::kSigner, "0109999999");
    stranger.Issue("forged", PkiUse::kSigner, kMst);
    authority.Issue("tct", PkiUse::kSigner, "", PkiKey::kRsa2048);
  }
  static SharedPki& Get() {
    static SharedPki pki;
    return pki;
  }
};

class SimulatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SharedPki& pki = SharedPki::Get();
    options.answer_delay_min = options.answer_delay_max = std::chrono::seconds(2);
    seller = Signer(pki.sellers, "seller");
    authority_signer = Signer(pki.authority, "tct");
    TrustOptions trust;
    trust.trust_files = {pki.folder.File("sellers.pem")};
    verifier = MakeSignatureVerifier(trust, clock).value();
    trust.trust_files = {pki.folder.File("authority.pem")};
    authority_verifier = MakeSignatureVerifier(trust, clock).value();
  }
  static std::unique_ptr<XmlSigner> Signer(const Pki& pki, const std::string& name) {
    return MakeXmlSigner(pki.Key(name), pki.Certificate(name)).value();
  }
  // After `options` are as the test wants them.
  sim::Authority& Sim() {
    if (!authority) {
      transcript = sim::Transcript::Open(folder.File("transcript"), clock).value();
      const sim::Keeper::Options keep{options.keep_folder, options.keep_max_files, options.keep_max_bytes};
      if (!keep.folder.empty()) keeper = sim::Keeper::Open(keep, *transcript).value();
      sim::Authority::Parts parts{clock, *transcript, *parser, *verifier, *authority_signer, *digester, keeper.get()};
      authority = std::make_unique<sim::Authority>(options, parts);
    }
    return *authority;
  }
  sim::Reply Send(const std::string& bytes, const std::string& transport_id = Id(0)) {
    return Sim().Send({1, clock.Now()}, {{transport_id, bytes}});
  }
  // Everything after `after` that is due by now: the answers' bytes.
  std::vector<std::string> Receive(const std::string& after = "", uint32_t limit = 100) {
    sim::Reply reply = Sim().Receive({1, clock.Now()}, after, limit);
    std::vector<std::string> out;
    if (reply.wire != sim::Wire::kAnswer) return out;
    auto envelope = parser->Parse(reply.body).value();
    XmlNode response = envelope->root().first_child().first_child();
    for (XmlNode n = response.first_child(); n; n = n.next_sibling())
      if (n.name() == "Message") out.push_back(Base64Decode(n.Text()).value());
    return out;
  }
  void Pass(Span span) { clock.MoveTo(clock.Now() + span); }
  std::vector<std::string> AnswersTo(const std::string& bytes) {
    Send(bytes);
    Pass(std::chrono::hours(2));
    return Receive();
  }
  std::vector<Json> Events(const std::string& kind) const {
    std::vector<Json> events;
    std::ifstream in(folder.File("transcript"));
    for (std::string line; std::getline(in, line);)
      if (Json event = Json::parse(line); event["kind"] == kind) events.push_back(event);
    return events;
  }
  std::string LastDisposition(const std::string& kind = "send") const {
    auto events = Events(kind);
    return events.empty() ? "none" : events.back()["disposition"].get<std::string>();
  }
  static std::string Text(const std::string& bytes, std::initializer_list<std::string_view> path) {
    auto document = MakeXmlParser({})->Parse(bytes).value();
    XmlNode node = document->root().Descend(path);
    return node ? node.Text() : "(none)";
  }
  static std::string Type(const std::string& bytes) { return Text(bytes, {"TTChung", "MLTDiep"}); }
  static std::vector<std::string> Types(const std::vector<std::string>& answers) {
    std::vector<std::string> types;
    for (const std::string& answer : answers) types.push_back(Type(answer));
    return types;
  }
  std::string Coded(int n, const std::string& khhdon = "C26TAA") {
    return SignedInvoices(*seller, 200, Id(n), {n}, clock.Now(), khhdon);
  }

  TempFolder folder;
  StillClock clock{At("2026-11-21T22:00:00+07:00")};
  sim::Options options;
  std::unique_ptr<XmlParser> parser = MakeXmlParser({.max_bytes = 64 << 20});
  std::unique_ptr<Digester> digester = MakeDigester();
  std::unique_ptr<XmlSigner> seller, authority_signer;
  std::unique_ptr<SignatureVerifier> verifier, authority_verifier;
  std::unique_ptr<sim::Transcript> transcript;
  std::unique_ptr<sim::Keeper> keeper;
  std::unique_ptr<sim::Authority> authority;
};

}  // namespace tvan::test
