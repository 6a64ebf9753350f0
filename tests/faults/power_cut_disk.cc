#include "tests/faults/power_cut_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tvan {
namespace {

namespace fs = std::filesystem;
constexpr size_t kPage = 4096;

std::string BytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

PowerCutDisk::PowerCutDisk(std::string root, uint64_t seed)
    : root_(fs::path(std::move(root)).lexically_normal()), random_(seed), top_(Load(root_)) {}

std::shared_ptr<PowerCutDisk::Node> PowerCutDisk::Load(const std::string& path) {
  auto node = std::make_shared<Node>();
  node->folder = fs::is_directory(path);
  if (node->folder) {
    for (const auto& entry : fs::directory_iterator(path)) node->entries[entry.path().filename()] = Load(entry.path());
    node->durable = node->entries;
  } else {
    node->bytes = BytesOf(path);
    node->synced = node->bytes.size();
  }
  return node;
}

PowerCutDisk::Place PowerCutDisk::PlaceOf(const std::string& path) const {
  const fs::path normal = fs::path(path).lexically_normal();
  fs::path inside = normal.lexically_relative(root_);
  if (!inside.has_filename()) inside = inside.parent_path();  // a trailing slash
  if (inside.empty() || *inside.begin() == "..") return {};
  Place place{top_, inside.filename()};
  for (const fs::path& part : inside.parent_path()) {
    const auto next = place.folder->entries.find(part);
    if (next == place.folder->entries.end() || !next->second->folder) return {};
    place.folder = next->second;
  }
  return place;
}

std::shared_ptr<PowerCutDisk::Node> PowerCutDisk::Find(const std::string& path) const {
  const Place place = PlaceOf(path);
  if (place.folder == nullptr) return nullptr;
  if (place.name == ".") return place.folder;
  const auto found = place.folder->entries.find(place.name);
  return found == place.folder->entries.end() ? nullptr : found->second;
}

std::shared_ptr<PowerCutDisk::Node> PowerCutDisk::Create(const std::string& path) {
  auto node = std::make_shared<Node>();
  if (const Place place = PlaceOf(path); place.folder != nullptr) place.folder->entries[place.name] = node;
  return node;
}

void PowerCutDisk::Append(Node& node, const char* data, size_t size) { node.bytes.append(data, size); }

void PowerCutDisk::Overwrite(Node& node, size_t offset, const char* data, size_t size) {
  if (!node.before) node.before = node.written_back = node.bytes.substr(0, node.synced);
  node.bytes.resize(std::max(node.bytes.size(), offset + size));
  node.bytes.replace(offset, size, data, size);
  if (Chance(0.3)) node.written_back = node.bytes;
}

void PowerCutDisk::Truncate(Node& node, size_t size) {
  if (size >= node.bytes.size()) return;
  if (size < node.synced && !node.before) node.before = node.written_back = node.bytes.substr(0, node.synced);
  node.bytes.resize(size);
}

void PowerCutDisk::Sync(Node& node) {
  node.synced = node.bytes.size();
  node.before.reset();
}

void PowerCutDisk::SyncFolder(const std::string& path) {
  if (const auto node = Find(path); node != nullptr && node->folder) {
    node->durable = node->entries;
    node->before_rename.clear();
  }
}

void PowerCutDisk::MakeFolder(const std::string& path) {
  const Place place = PlaceOf(path);
  if (place.folder == nullptr || place.name == "." || place.folder->entries.count(place.name) != 0) return;
  auto node = std::make_shared<Node>();
  node->folder = true;
  place.folder->entries[place.name] = node;
}

void PowerCutDisk::Remove(const std::string& path) {
  if (const Place place = PlaceOf(path); place.folder != nullptr) place.folder->entries.erase(place.name);
}

void PowerCutDisk::Rename(const std::string& from, const std::string& to) {
  const auto node = Find(from);
  const Place place = PlaceOf(to);
  if (node == nullptr || place.folder == nullptr) return;
  Remove(from);
  std::set<std::string>& before = place.folder->before_rename[place.name];
  for (const auto& [name, entry] : place.folder->entries) before.insert(name);
  place.folder->entries[place.name] = node;
}

void PowerCutDisk::Link(const std::string& from, const std::string& to) {
  const auto node = Find(from);
  if (const Place place = PlaceOf(to); node != nullptr && place.folder != nullptr)
    place.folder->entries[place.name] = node;
}

// Bytes that were appended and not synced, the first of them at `begins_at` of its file.
std::string PowerCutDisk::Tail(const std::string& unsynced, size_t begins_at, Garbage garbage) {
  const size_t how = UpTo(garbage == Garbage::kNone ? 2 : 4);
  if (how == 0) return {};
  if (how == 1) return unsynced;
  std::string kept = unsynced.substr(0, UpTo(unsynced.size()));
  if (how == 2) return kept;
  // The file's length came first, its pages in any order: what did not come is zero (3) or what lay there before (4).
  for (size_t at = 0; at < kept.size();) {
    const size_t end = std::min(kept.size(), at + kPage - (begins_at + at) % kPage);
    const bool torn = end == kept.size() && how == 4;
    if (torn || Chance(0.5)) {
      const size_t from = torn ? at + UpTo(end - at) : at;
      for (size_t i = from; i < end; ++i) kept[i] = how == 3 ? '\0' : static_cast<char>(random_());
    }
    at = end;
  }
  return kept;
}

std::string PowerCutDisk::After(const Node& node, Garbage garbage) {
  if (!node.before)
    return node.bytes.substr(0, node.synced) + Tail(node.bytes.substr(node.synced), node.synced, garbage);
  const std::string& newer = Chance(0.5) ? node.bytes : node.written_back;
  const size_t how = UpTo(2);
  if (how < 2) return how == 0 ? *node.before : newer;
  std::string torn = newer.substr(0, UpTo(newer.size()));
  if (torn.size() < node.before->size()) torn += node.before->substr(torn.size());
  return torn;
}

// The names of which the newer state survives.
std::set<std::string> PowerCutDisk::NewerOf(const Node& folder) {
  std::set<std::string> newer;
  for (const auto* list : {&folder.entries, &folder.durable})
    for (const auto& [name, node] : *list)
      if (Chance(0.5)) newer.insert(name);
  for (const auto& [name, before] : folder.before_rename)
    if (newer.count(name) != 0)
      for (const std::string& other : before)
        if (folder.entries.count(other) != 0) newer.insert(other);
  return newer;
}

void PowerCutDisk::WriteFolder(const Node& folder, const std::string& to) {
  fs::create_directories(to);
  const std::set<std::string> survive = NewerOf(folder);
  std::set<std::string> names;
  for (const auto* list : {&folder.entries, &folder.durable})
    for (const auto& [name, node] : *list) names.insert(name);
  for (const std::string& name : names) {
    const auto now = folder.entries.find(name), then = folder.durable.find(name);
    std::shared_ptr<Node> newer = now == folder.entries.end() ? nullptr : now->second;
    std::shared_ptr<Node> older = then == folder.durable.end() ? nullptr : then->second;
    const auto& node = newer == older || survive.count(name) != 0 ? newer : older;
    if (node == nullptr) continue;
    const Garbage garbage = name.rfind("MANIFEST", 0) == 0 ? Garbage::kNone : Garbage::kAnywhere;
    if (node->folder)
      WriteFolder(*node, to + "/" + name);
    else
      std::ofstream(to + "/" + name, std::ios::binary) << After(*node, garbage);
  }
}

void PowerCutDisk::WriteImage(const std::string& to) { WriteFolder(*top_, to); }

}  // namespace tvan
