// What is forwarded is what was covered, byte for byte: a verifier that says "valid" is not believed beyond the ranges
// it names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }

// The real verdict, but of the covered ranges only what `keep` leaves.
class Forgetful final : public SignatureVerifier {
 public:
  explicit Forgetful(void (*keep)(std::vector<ByteRange>&)) : keep_(keep) {}
  SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    SignatureCheck check = W().verifier->Verify(document, demands, context);
    for (SignatureReport& report : check.reports) keep_(report.covered);
    return check;
  }

 private:
  void (*const keep_)(std::vector<ByteRange>&);
};

std::vector<std::string> ErrorsWith(void (*keep)(std::vector<ByteRange>&), MessageSpec spec) {
  const Forgetful verifier(keep);
  const auto validator = Validator::Make({.profiles = TestProfiles()}, *W().parser, verifier, *W().digester);
  spec.signing_time = W().now;
  const ReadResult read = validator->Read({MakeTDiep(spec, W().seller.get()), 0, {}});
  std::vector<std::string> errors;
  for (const Finding& finding : validator->Check(*read.message, W().context()).findings)
    if (finding.severity == Severity::kError) errors.emplace_back(finding.rule.text());
  return errors;
}

TEST(Covered, AMessageWhoseForwardedDataNoRangeHoldsIsRefused) {
  for (const MessageSpec& spec : {Spec203(1), Spec206(2), Spec200(), Spec300(1)}) {
    EXPECT_THAT(ErrorsWith([](auto&) {}, spec), IsEmpty()) << spec.type;
    EXPECT_THAT(ErrorsWith([](auto& covered) { covered.clear(); }, spec), testing::Each("signature.not_covered"));
    EXPECT_FALSE(ErrorsWith([](auto& covered) { covered.clear(); }, spec).empty()) << spec.type;
  }
}

TEST(Covered, OneByteLessIsNotCovered) {
  EXPECT_THAT(ErrorsWith([](auto& covered) { covered.front().size -= 1; }, Spec203(1)),
              ElementsAre("signature.not_covered"));
  EXPECT_THAT(ErrorsWith(
                  [](auto& covered) {
                    covered.front() = {covered.front().offset + 1, covered.front().size - 1};
                  },
                  Spec203(1)),
              ElementsAre("signature.not_covered"));
}

}  // namespace
}  // namespace tvan
