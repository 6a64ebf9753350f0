// What a message says and what an answer says, of any bytes: findings are bounded and have texts, what is stored is
// read back, what is rendered is a document that holds the very payload. Signatures count as valid: fuzz_signature is
// theirs.

#include "gateway/validate/answer.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"
#include "tests/fuzz/counter.h"
#include "tests/fuzz/elements.h"
#include "tests/support/held_signature.h"
#include "tests/support/profiles.h"

namespace tvan::fuzz {
namespace {

Counter answers_understood("answers understood");
Counter answers_with_items("answers with items");
Counter answers_deviating("answers that deviate");
Counter answers_rewrapped("answers put on again");
Counter messages_refused("messages with findings");
Counter messages_at_the_bound("messages with as many findings as are kept");
Counter messages_accepted("messages accepted");

constexpr size_t kMostFindings = FindingList::kLimit + 1;  // one says that others were left out

class EverythingIsValid final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    SignatureCheck check;
    for (const SignatureDemand& demand : demands) {
      SignatureReport report = HeldReport(demand);
      report.signing_time = context.at;
      check.reports.push_back(std::move(report));
    }
    return check;
  }
};

// Everything that judges, made once.
struct World {
  const EverythingIsValid verifier = {};
  const std::unique_ptr<Digester> digester = MakeDigester();
  const std::unique_ptr<XmlParser> rendered = MakeXmlParser(LimitsOfRendered({}));
  const std::unique_ptr<AnswerReader> reader = AnswerReader::Make(Parser(), verifier, TestProfiles());
  const std::unique_ptr<Validator> validator =
      Validator::Make({.rendered = rendered.get(), .profiles = TestProfiles()}, Parser(), verifier, *digester);
  const Time now = *ParseLocal("2026-11-21T10:01:00");

  static const World& Get() {
    static const World world;
    return world;
  }
};

void CheckFindings(const std::vector<Finding>& findings) {
  Require(findings.size() <= kMostFindings, "more findings than the bound");
  for (const Finding& finding : findings)
    Require(!finding.text_vi.empty() && !finding.text_en.empty() && finding.path.size() < 4096,
            "a finding says nothing");
}

// A document, and the payload stands in it byte by byte.
void CheckRendered(const std::string& rendered, std::string_view payload) {
  Require(World::Get().rendered->Parse(rendered).ok(), "what is rendered cannot be read");
  Require(rendered.find(payload) != std::string::npos, "what is rendered does not hold the payload");
}

void CheckAnswer(const std::string& bytes) {
  const World& world = World::Get();
  const ReadAnswer answer = world.reader->Read(bytes, world.now);
  Require(!answer.annotation.empty() || !answer.readable, "an answer without an annotation");
  CheckFindings(answer.parsed.findings);
  const std::string stored = EncodeParsedAnswer(answer.parsed);
  const auto again = DecodeParsedAnswer(stored);
  Require(again.ok() && EncodeParsedAnswer(*again) == stored, "a stored answer is read back as another");
  if (answer.parsed.depth_known) ++answers_understood;
  if (!answer.parsed.items.empty()) ++answers_with_items;
  if (!answer.parsed.deviations.empty()) ++answers_deviating;
  if (answer.parsed.plan.payload.size == 0) return;
  const std::string rendered = RenderWrapped(answer.parsed.plan, bytes, {"V0309478306", "0109999999", "M", "R"});
  CheckRendered(rendered, answer.parsed.plan.payload.In(bytes));
  ++answers_rewrapped;
}

void CheckMessage(const std::string& bytes, int bare_type) {
  const World& world = World::Get();
  const ReadResult read = world.validator->Read({bytes, bare_type, "reference"});
  Require(read.failure.ok(), "a message was not read for want of memory");
  CheckFindings(read.findings);
  Require(read.message.has_value() || HasError(read.findings), "unreadable, and nobody says why");
  if (!read.message) return;
  CheckContext context;
  context.our_mst = *ParseTaxCode("0309478306");
  context.provider_tax_codes = {*ParseTaxCode("0109999999")};
  context.accepted_at = world.now;
  context.gateway_id = *ParseMessageId("V03094783060123456789ABCDEF0123456789ABCDEF");
  const CheckedMessage checked = world.validator->Check(*read.message, context);
  CheckFindings(checked.findings);
  if (checked.findings.size() == kMostFindings) ++messages_at_the_bound;
  if (HasError(read.findings) || HasError(checked.findings)) {
    ++messages_refused;
    return;
  }
  CheckRendered(checked.sent_bytes, checked.plan.payload.In(read.message->outline->bytes()));
  ++messages_accepted;
}

}  // namespace
}  // namespace tvan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tvan::fuzz;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  CheckAnswer(bytes);
  CheckMessage(bytes, bytes.find("<HDon") < 64 ? 200 : 0);
  return 0;
}
