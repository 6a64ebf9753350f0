#pragma once
// A YAML file that is one list under one key. Internal to config.

#include <yaml-cpp/yaml.h>

#include "config/walker.h"

namespace tvan::config {

// The list under `name`, or what is wrong with the file as a whole; at most `most` entries.
inline YAML::Node ListOf(const YAML::Node& root, const std::string& name, size_t most, Walker& walker) {
  const bool map = root.IsMap();
  if (!map) walker.Error(root.Mark(), "", "a section with the key " + name + " is wanted here");
  for (const auto& entry : map ? root : YAML::Node())
    if (!entry.first.IsScalar() || entry.first.Scalar() != name)
      walker.Error(entry.first.Mark(), "", "unknown key: only " + name + " stands here");
  const YAML::Node list = map ? root[name] : YAML::Node();
  if (map && !list.IsSequence()) walker.Error(list.IsDefined() ? list.Mark() : root.Mark(), name, "a list is wanted");
  if (list.size() <= most) return list;
  walker.Error(list.Mark(), name, "at most " + std::to_string(most) + " " + name);
  return {};
}

}  // namespace tvan::config
