// The schemas that are made of the field tables, by libxml2's validator: it takes what the walk takes in documented
// order, and refuses what a sure row refuses.
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <memory>

#include "gateway/validate/xsd_writer.h"
#include "tests/support/lawful_message.h"
#include "tests/support/profiles.h"

namespace tvan {
namespace {

constexpr uint32_t kMessages = 150;  // of each profile

void Collect(void* faults, const char* format, ...) {
  char text[512];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof(text), format, values);
  va_end(values);
  static_cast<std::string*>(faults)->append(text);
}

class Schema {
 public:
  explicit Schema(const std::string& xsd) : xsd_(xsd) {
    std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
        xmlSchemaNewMemParserCtxt(xsd_.data(), static_cast<int>(xsd_.size())), &xmlSchemaFreeParserCtxt);
    xmlSchemaSetParserErrors(parser.get(), &Collect, &Collect, &faults_);
    schema_.reset(xmlSchemaParse(parser.get()));
  }
  bool ok() const { return schema_ != nullptr; }
  const std::string& faults() const { return faults_; }

  // What is wrong with a document; empty: it is valid.
  std::string FaultsOf(const std::string& xml) const {
    std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "", nullptr, XML_PARSE_NONET), &xmlFreeDoc);
    if (!document) return "not well-formed";
    std::string faults;
    std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(xmlSchemaNewValidCtxt(schema_.get()),
                                                                                   &xmlSchemaFreeValidCtxt);
    xmlSchemaSetValidErrors(context.get(), &Collect, &Collect, &faults);
    if (xmlSchemaValidateDoc(context.get(), document.get()) == 0) return "";
    return faults.empty() ? "invalid" : faults;
  }

 private:
  const std::string xsd_;
  std::string faults_;
  std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema_{nullptr, &xmlSchemaFree};
};

const Profile& ProfileOf(std::string_view id) { return *TestProfiles()->Find(id)->profile; }

class Xsd : public ::testing::TestWithParam<const char*> {
 protected:
  const Profile& profile_ = ProfileOf(GetParam());
  const Schema schema_{WriteXsd(profile_)};
};

TEST_P(Xsd, TakesWhatTheTableAllowsInDocumentedOrder) {
  ASSERT_TRUE(schema_.ok()) << schema_.faults();
  for (uint32_t seed = 1; seed <= kMessages; ++seed) {
    const LawfulMessage message = LawfulMessageMaker(profile_, seed).Make();
    ASSERT_EQ(schema_.FaultsOf(message.Xml()), "") << "seed " << seed << "\n" << message.Xml();
  }
}

TEST_P(Xsd, RefusesABadFormThatASureRowRefuses) {
  uint32_t refused = 0, errors = 0;
  for (uint32_t seed = 1; seed <= kMessages; ++seed) {
    LawfulMessageMaker maker(profile_, seed);
    LawfulMessage message = maker.Make();
    const auto expected = maker.Spoil(message, FaultKind::kBadForm);
    if (!expected || !expected->is_error) continue;
    ++errors;
    refused += schema_.FaultsOf(message.Xml()).empty() ? 0 : 1;
  }
  EXPECT_GE(errors, kMessages / 3);
  EXPECT_GE(refused, errors * 9 / 10) << "of " << errors;  // the rest: a row of another condition would take it
}

TEST_P(Xsd, TakesAPayloadByItself) {
  LawfulMessage message = LawfulMessageMaker(profile_, 1).Make();
  for (const LawfulElement& part : message.tdiep.children)
    if (part.name == "DLieu") {
      EXPECT_EQ(schema_.FaultsOf(XmlOf(part.children.front())), "");
    }
}

INSTANTIATE_TEST_SUITE_P(Profiles, Xsd, ::testing::Values("qd1450", "qd1510", "qd1271"));

TEST(XsdOfQd635, WantsThreeParts) {
  const Schema schema(WriteXsd(ProfileOf("qd635")));
  ASSERT_TRUE(schema.ok()) << schema.faults();
  EXPECT_EQ(schema.FaultsOf("<TDiep><TTChung/><DLieu/><Signature/></TDiep>"), "");
  EXPECT_NE(schema.FaultsOf("<TDiep><TTChung/><Signature/></TDiep>"), "");
  EXPECT_NE(schema.FaultsOf("<TDiep><DLieu/><Signature/></TDiep>"), "");
  EXPECT_NE(schema.FaultsOf("<TDiep><TTChung/><DLieu/></TDiep>"), "");
}

}  // namespace
}  // namespace tvan
