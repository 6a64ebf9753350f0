// Wrapping: what is verified is what will be sent, byte for byte the submitted payload.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/validate/wrap_plan.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

SigningWorld& W() { return SigningWorld::Get(); }
std::string Between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t start = text.find(from), end = text.rfind(to) + to.size();
  return text.substr(start, end - start);
}
std::string Signed(MessageSpec spec, const XmlSigner& signer) {
  spec.signing_time = W().now;
  return MakeTDiep(spec, &signer);
}

TEST(Wrapping, PutsThePayloadBytesIntoANewMessageOfOurs) {
  const std::string bytes = Signed(Spec203(2), *W().seller);
  const auto outcome = W().Run(bytes);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  const std::string& sent = outcome.checked.sent_bytes;
  EXPECT_EQ(sent,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0309478306</MNGui>"
            "<MNNhan>TCT</MNNhan><MLTDiep>203</MLTDiep><MTDiep>" +
                W().gateway_id().value() + "</MTDiep><MTDTChieu/><MST>0101234567</MST><SLuong>2</SLuong></TTChung>" +
                Between(bytes, "<DLieu>", "</DLieu>") + "</TDiep>");
  EXPECT_EQ(RenderWrapped(outcome.checked.plan, outcome.read.message->outline->bytes(),
                          {"V0309478306", "TCT", W().gateway_id().value(), ""}),
            sent)
      << "what is sent later is what was verified";
}

TEST(Wrapping, KeepsThePackageSignatureAndTheAttributesOfThePayload) {
  MessageSpec spec = Spec206(2);
  spec.dlieu_attributes = " Id=\"Goi\"  ghi='1'";
  const std::string bytes = Signed(spec, *W().seller);
  const auto outcome = W().Run(bytes);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr(Between(bytes, "<DLieu Id=\"Goi\"  ghi='1'>", "</CKSNNT>")));
}

TEST(Wrapping, RedeclaresNamespacesAndXmlAttributesOfTheRootAndNothingElse) {
  MessageSpec spec = Spec206(1);
  spec.root_attributes =
      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" Id=\"go>c\"\n  xmlns:xsd='urn:a'\txml:lang = \"vi\" "
      "xmlns=\"\" xsi:schemaLocation=\"a b\"";
  const auto outcome = W().RunSigned(spec);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_EQ(outcome.checked.plan.root_attributes,
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd='urn:a' xml:lang = \"vi\" xmlns=\"\"");
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr("<TDiep" + outcome.checked.plan.root_attributes + "><TTChung>"));
}

TEST(Wrapping, CopiesAttributesFromAnyStartTag) {
  EXPECT_EQ(CopiedAttributes("<TDiep>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep/>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep a='xmlns:b=\"c\"'>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep xmlnsx='1' xml:space='preserve'\n>"), " xml:space='preserve'");
  EXPECT_EQ(CopiedAttributes("<TDiep xmlns:a=\"it's\"/>"), " xmlns:a=\"it's\"");
}

TEST(Wrapping, LeavesOutByteOrderMarkDeclarationAndCommentsAroundTheParts) {
  MessageSpec spec = Spec203(1);
  spec.declaration = "\xEF\xBB\xBF<?xml version='1.0'?><!-- a -->";
  const auto outcome = W().RunSigned(spec);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung>"));
  EXPECT_EQ(outcome.read.message->outline->bytes().substr(0, 5), "<?xml");
}

TEST(Wrapping, ABareInvoiceGetsItsEnvelope) {
  const std::string hdon = MakeBareHDon(InvoiceSpec(), W().seller.get(), W().now);
  const auto outcome = W().Run({"<?xml version=\"1.0\"?>" + hdon, 203, "ref-1"}, W().context());
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr("<SLuong>1</SLuong></TTChung><DLieu>" + hdon + "</DLieu></TDiep>"));
  EXPECT_EQ(outcome.checked.mst.value(), "0101234567");
  EXPECT_EQ(outcome.checked.plan.form, WrappingPlan::Form::kBareHDon);
}

TEST(Wrapping, AMessageThatWouldGrowBeyondTheLimitIsRefused) {
  MessageSpec spec = Spec203(1);
  spec.mngui = "0109999999";
  spec.mtdiep = "x";
  const std::string small = Signed(spec, *W().seller);
  XmlLimits limits;
  limits.max_bytes = small.size() + 1;  // wrapped it is longer
  const auto tight = MakeXmlParser(limits);
  const auto roomy = MakeXmlParser(LimitsOfRendered(limits));
  const auto check = [&](const XmlParser& rendered) {
    const auto validator = Validator::Make({500, &rendered, TestProfiles()}, *tight, *W().verifier, *W().digester);
    const auto read = validator->Read({small, 0, {}});
    EXPECT_TRUE(read.message);
    return validator->Check(*read.message, W().context());
  };
  const auto refused = check(*tight), room = check(*roomy);
  ASSERT_EQ(refused.findings.size(), 1u);
  EXPECT_EQ(refused.findings[0].rule.text(), "envelope.wrapped_refused");
  EXPECT_THAT(room.findings, IsEmpty());
  EXPECT_GT(room.sent_bytes.size(), limits.max_bytes);
}

TEST(Wrapping, AddressesTheAuthorityByItsConfiguredCode) {
  CheckContext context = W().context();
  context.authority_code = "TCT2";
  const auto outcome = W().RunSigned(Spec203(1), context);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr("<MNNhan>TCT2</MNNhan>"));
}

TEST(Wrapping, TheHeaderThatWouldGoUpIsCheckedStrictly) {
  const auto run = [](auto change) {
    MessageSpec spec = Spec203(1);
    CheckContext context = W().context();
    change(spec, context);
    return W().RunSigned(spec, context);
  };
  EXPECT_THAT(run([](auto&, auto&) {}).errors(), IsEmpty());
  const std::string hex(32, 'A');
  const auto branch = run([&](auto& spec, auto& context) {
    spec.mnnhan = "V0309478306-001";
    context.our_mst = TaxCode::Trusted("0309478306-001");
    context.gateway_id = MessageId::Trusted("V0309478306001" + hex);
  });
  EXPECT_THAT(branch.errors(), IsEmpty());
  const auto refused_at = [&](auto change) {
    const auto outcome = run(change);
    EXPECT_THAT(outcome.errors(), ElementsAre("envelope.authority_header"));
    const Finding* finding = outcome.Find("envelope.authority_header");
    return finding == nullptr ? std::string() : finding->path;
  };
  EXPECT_EQ(refused_at([](auto& spec, auto&) { spec.sluong = "01"; }), "/TDiep/TTChung/SLuong");
  EXPECT_EQ(refused_at([](auto&, auto& c) { c.authority_code = ""; }), "/TDiep/TTChung/MNNhan");
  EXPECT_EQ(refused_at([&](auto&, auto& c) { c.gateway_id = MessageId::Trusted("V0309478307" + hex); }),
            "/TDiep/TTChung/MTDiep");
  EXPECT_EQ(refused_at([](auto&, auto& c) { c.gateway_id = MessageId::Trusted("V0309478306-1"); }),
            "/TDiep/TTChung/MTDiep");
  const auto person = run([&](auto& spec, auto& c) {
    spec.mnnhan = "V030947830612";
    c.our_mst = TaxCode::Trusted("030947830612");
    c.gateway_id = MessageId::Trusted("V030947830612" + hex);
  });
  ASSERT_NE(person.Find("envelope.authority_header"), nullptr);
  EXPECT_EQ(person.Find("envelope.authority_header")->path, "/TDiep/TTChung/MNGui");
}

// A parser that finds no memory from the `good`-th parse on.
class Exhausted final : public XmlParser {
 public:
  explicit Exhausted(int good) : good_(good) {}
  Result<std::unique_ptr<XmlDocument>> Parse(std::string bytes) const override {
    if (good_-- > 0) return W().parser->Parse(std::move(bytes));
    return Status::Transient("xml.memory"_reason, "no memory");
  }

 private:
  mutable int good_;
};

TEST(Wrapping, WantOfMemoryIsNoVerdict) {
  const std::string bytes = Signed(Spec203(1), *W().seller);
  for (const int good : {0, 1, 2}) {
    const Exhausted parser(good);
    const auto validator = Validator::Make({.profiles = TestProfiles()}, parser, *W().verifier, *W().digester);
    const auto read = validator->Read({bytes, 0, {}});
    EXPECT_EQ(read.failure.ok(), good > 0) << good;
    EXPECT_THAT(read.findings, IsEmpty());
    if (!read.message) continue;
    const auto checked = validator->Check(*read.message, W().context());
    EXPECT_EQ(checked.failure.is_transient(), good == 1) << good;
    EXPECT_FALSE(HasError(checked.findings)) << good;
  }
}

// The stock program says of what will be sent what we say.
int Xmlsec1(const std::string& bytes, const std::string& signature_path) {
  const std::string file = W().folder + "/sent.xml";
  std::ofstream(file, std::ios::binary) << bytes;
  const std::string command =
      "xmlsec1 --verify --enabled-reference-uris same-doc --enabled-key-data x509 --trusted-pem " + W().trust_file +
      " --X509-skip-strict-checks --id-attr:Id DLieu --id-attr:Id DLHDon --id-attr:Id DLTBao --id-attr:Id Object"
      " --node-xpath \"" +
      signature_path + "\" " + file + " >/dev/null 2>&1";
  return std::system(command.c_str());
}

TEST(Wrapping, WhatWillBeSentVerifiesWithTheStockProgram) {
  if (std::system("xmlsec1 --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "xmlsec1 is not installed";
  const std::string in_package = "/TDiep/CKSNNT/*[local-name()='Signature']";
  MessageSpec package = Spec206(2);
  package.root_attributes =
      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:t=\"urn:t\" xml:lang=\"vi\"";
  const auto outcome = W().RunSigned(package);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_EQ(Xmlsec1(outcome.checked.sent_bytes, in_package), 0);
  EXPECT_NE(Xmlsec1(Replaced(outcome.checked.sent_bytes, " xmlns:t=\"urn:t\"", ""), in_package), 0)
      << "without the sender's declarations it would not";
  const auto invoices = W().RunSigned(Spec203(2));
  ASSERT_THAT(invoices.errors(), IsEmpty());
  for (const char* n : {"1", "2"})
    EXPECT_EQ(Xmlsec1(invoices.checked.sent_bytes,
                      std::string("/TDiep/DLieu/HDon[") + n + "]/DSCKS/NBan/*[local-name()='Signature']"),
              0);
}

}  // namespace
}  // namespace tvan
