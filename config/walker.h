#pragma once
// The one generic walk of a YAML tree along the schema: fills a message, collects every problem with its place.
// Internal to config.

#include <map>
#include <string>

#include <yaml-cpp/yaml.h>

#include "config/loader.h"
#include "tvan/config/v1/options.pb.h"

namespace tvan::config {

class Walker {
 public:
  Walker(ConfigReport& report, std::string folder) : report_(report), folder_(std::move(folder)) {}
  void Walk(const YAML::Node& node, const std::string& path, google::protobuf::Message& message);
  // Where a field stands; of a defaulted one: where its section does.
  YAML::Mark PlaceOf(const std::string& path) const;
  void Error(const YAML::Mark& mark, const std::string& path, const std::string& text);

 private:
  using Field = google::protobuf::FieldDescriptor;
  void CheckKeys(const YAML::Node& node, const std::string& path, const google::protobuf::Descriptor& type);
  void FillField(const YAML::Node& node, const YAML::Mark& section, const std::string& path, const Field& field,
                 google::protobuf::Message& message);
  void WalkList(const YAML::Node& node, const std::string& path, const Field& field,
                google::protobuf::Message& message);
  void FillList(const YAML::Node& node, const std::string& path, const Field& field,
                google::protobuf::Message& message);
  void FillScalar(const YAML::Node& node, const std::string& path, const Field& field,
                  google::protobuf::Message& message);
  void SetNumber(const YAML::Mark& mark, const std::string& path, const std::string& text, const Field& field,
                 google::protobuf::Message& message);
  void SetText(const YAML::Mark& mark, const std::string& path, const std::string& text, const Field& field,
               google::protobuf::Message& message);
  void Warning(const YAML::Mark& mark, const std::string& path, const std::string& text);

  ConfigReport& report_;
  std::string folder_;
  std::map<std::string, YAML::Mark> places_;
};

bool IsDuration(const google::protobuf::FieldDescriptor& field);
bool IsSection(const google::protobuf::FieldDescriptor& field);
const v1::FieldRule& RuleOf(const google::protobuf::FieldDescriptor& field);
const std::string& KeyOf(const google::protobuf::FieldDescriptor& field);  // as written in YAML

}  // namespace tvan::config
