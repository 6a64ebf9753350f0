// The pages that people read, held against the schema.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "config/loader.h"
#include "config/walker.h"
#include "tests/unit/config/config_world.h"

namespace tvan {
namespace {

std::string ReadSource(const std::string& path) {
  std::ifstream in(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/" + path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

void Visit(const google::protobuf::Descriptor& type,
           const std::function<void(const google::protobuf::FieldDescriptor&)>& visit) {
  for (int i = 0; i < type.field_count(); ++i) {
    visit(*type.field(i));
    if (config::IsSection(*type.field(i))) Visit(*type.field(i)->message_type(), visit);
  }
}

TEST(Reference, IsWhatTheProgramPrints) {
  EXPECT_EQ(ReadSource("config/REFERENCE.md"), ConfigReference())
      << "run: tvan-gateway --print-config-reference > config/REFERENCE.md";
}

TEST(Schema, SaysOneSentenceAboutEveryField) {
  Visit(*config::v1::Config::descriptor(),
        [](const auto& field) { EXPECT_FALSE(config::RuleOf(field).help().empty()) << field.full_name(); });
}

TEST(Schema, HasEitherADefaultOrARequirementForEveryNumberAndDuration) {
  Visit(*config::v1::Config::descriptor(), [](const auto& field) {
    if (config::IsSection(field) || field.cpp_type() == field.CPPTYPE_STRING) return;
    const auto& rule = config::RuleOf(field);
    EXPECT_TRUE(rule.required() || !rule.default_value().empty()) << field.full_name();
    EXPECT_TRUE(field.cpp_type() == field.CPPTYPE_BOOL || !rule.bounds().empty()) << field.full_name();
  });
}

TEST(Example, IsComplete) {
  ConfigWorld world;
  std::filesystem::create_directory(world.File("pki"));
  const std::string yaml = ReadSource("config/examples/gateway.yaml");
  const std::regex file(R"(pki/[a-z-]+\.(pem|key))");
  for (auto it = std::sregex_iterator(yaml.begin(), yaml.end(), file); it != std::sregex_iterator(); ++it) {
    std::ofstream(world.File(it->str())) << "x";
    std::filesystem::permissions(world.File(it->str()), std::filesystem::perms(0600));
  }
  const ConfigReport report = world.Parse(yaml);
  EXPECT_EQ(report.Text(), "");
}

}  // namespace
}  // namespace tvan
