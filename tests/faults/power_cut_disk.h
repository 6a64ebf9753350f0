#pragma once
// What a disk may hold after a power cut: a model of files and folders that knows what was synced. Bytes that were not
// synced survive by chance: dropped, kept in part, zeroed or replaced by garbage page by page. An entry of a folder
// that was made, renamed or removed since the folder's last sync is there or not, each on its own. Two mercies, because
// RocksDB leans on them: a rename is not durable before the entries that its folder had then (every journal keeps this
// order), and a MANIFEST ends early, at any byte, but in no garbage. Not thread-safe: PowerCutFs guards it.

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>

namespace tvan {

class PowerCutDisk {
 public:
  struct Node {
    std::string bytes;                  // as programs see them
    size_t synced = 0;                  // so many of the first bytes are durable
    std::optional<std::string> before;  // durable bytes, while written over or cut since
    std::string written_back;           // some state since then that the kernel may have written by itself
    bool folder = false;
    std::map<std::string, std::shared_ptr<Node>> entries, durable;  // of a folder
    std::map<std::string, std::set<std::string>> before_rename;     // new name → entries not durable then
  };
  using Random = std::mt19937_64;

  // What lies below `root` is durable; so is `root` itself.
  PowerCutDisk(std::string root, uint64_t seed);

  std::shared_ptr<Node> Create(const std::string& path);  // new or emptied
  std::shared_ptr<Node> Find(const std::string& path) const;
  void Append(Node& node, const char* data, size_t size);
  void Overwrite(Node& node, size_t offset, const char* data, size_t size);
  void Truncate(Node& node, size_t size);
  static void Sync(Node& node);
  void SyncFolder(const std::string& path);
  void MakeFolder(const std::string& path);
  void Remove(const std::string& path);
  void Rename(const std::string& from, const std::string& to);
  void Link(const std::string& from, const std::string& to);

  // One of the states that a power cut now could leave, as the new folder `to`.
  void WriteImage(const std::string& to);

 private:
  struct Place {
    std::shared_ptr<Node> folder;
    std::string name;
  };
  Place PlaceOf(const std::string& path) const;  // folder is null: not below the root
  static std::shared_ptr<Node> Load(const std::string& path);
  bool Chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  size_t UpTo(size_t most) { return std::uniform_int_distribution<size_t>(0, most)(random_); }
  enum class Garbage { kAnywhere, kNone };
  std::string After(const Node& node, Garbage garbage);
  std::string Tail(const std::string& unsynced, size_t begins_at, Garbage garbage);
  std::set<std::string> NewerOf(const Node& folder);
  void WriteFolder(const Node& folder, const std::string& to);

  const std::string root_;
  Random random_;
  std::shared_ptr<Node> top_;
};

}  // namespace tvan
