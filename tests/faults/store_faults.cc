#include "tests/faults/store_faults.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace tvan {
namespace {

namespace fs = std::filesystem;
constexpr size_t kSize = 8000;

struct Child {
  pid_t pid = -1;
  FILE* out = nullptr;
};

Child Start(const std::vector<std::string>& arguments) {
  const char* bin = std::getenv("TVAN_BINARY_DIR");
  std::vector<std::string> words = {std::string(bin == nullptr ? "." : bin) + "/bin/store_child"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return {pid, ::fdopen(ends[0], "r")};
}

bool NextLine(FILE* in, std::string& line) {
  char buffer[4096];
  if (std::fgets(buffer, sizeof buffer, in) == nullptr) return false;
  line = buffer;
  const bool whole = !line.empty() && line.back() == '\n';
  if (whole) line.pop_back();
  return whole;
}

int End(Child child) {
  std::fclose(child.out);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  return status;
}

}  // namespace

StoreFaults::StoreFaults() {
  std::string pattern = fs::temp_directory_path() / "tvan-faults-XXXXXX";
  root_ = ::mkdtemp(pattern.data());
  fs::permissions(root_, fs::perms(0755));
}

StoreFaults::~StoreFaults() {
  std::error_code error;
  ::umount2((root_ + "/disk").c_str(), MNT_DETACH);  // of a test that ended early
  fs::remove_all(root_, error);
}

Result<std::unique_ptr<Store>> StoreFaults::Open(const std::string& path, bool create) {
  RocksStoreOptions options;
  options.path = path;
  options.create_if_missing = create;
  options.random_bytes = [](size_t size) { return std::string(size, '\x22'); };
  return OpenRocksStore(options, *clock_, *metrics_);
}

std::vector<std::string> StoreFaults::RunChild(const std::vector<std::string>& arguments) {
  Child child = Start(arguments);
  std::vector<std::string> lines;
  for (std::string line; NextLine(child.out, line);) lines.push_back(line);
  const int status = End(child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "store_child ended with " << status;
  if (lines.empty()) lines.emplace_back("(store_child said nothing)");
  return lines;
}

std::vector<int> StoreFaults::AcceptAndKill(const std::string& path, int first, int lines) {
  Child child = Start({"accept", path, std::to_string(first)});
  std::vector<int> acknowledged;
  for (std::string line; NextLine(child.out, line);) {
    EXPECT_EQ(line.find_first_not_of("0123456789"), std::string::npos) << line;
    acknowledged.push_back(std::atoi(line.c_str()));
    if (static_cast<int>(acknowledged.size()) == lines) ::kill(child.pid, SIGKILL);
  }
  const int status = End(child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "store_child was to be killed, not to end with " << status;
  return acknowledged;
}

void StoreFaults::ExpectWhole(Store& store, const std::vector<int>& acknowledged) {
  std::map<int, MessageMeta> stored;
  uint64_t after = 0;
  for (bool more = true; more;) {
    const Listed page = store.List({.after_acceptance = after, .limit = 1000}).value();
    for (const MessageMeta& meta : page.messages) stored[std::atoi(meta.provider_mtdiep.c_str() + 1)] = meta;
    more = page.more;
    after = page.next_after;
  }
  for (int n : acknowledged) EXPECT_EQ(stored.count(n), 1u) << "acknowledged message " << n << " is lost";
  uint64_t queued = 0;
  const Measures measures = store.Measure().value();
  EXPECT_EQ(measures.accepted_total, stored.size());
  for (const QueueDepth& depth : measures.queues) queued += depth.messages;
  EXPECT_EQ(queued, stored.size());
  for (const auto& [n, meta] : stored) {
    const NewMessage sent = FaultMessage(n, kSize);
    auto payload = store.LoadPayload(meta.gateway_id);
    ASSERT_TRUE(payload.ok()) << n;
    EXPECT_EQ(**payload, *sent.payload) << n;
    const Found found = store.Find({.kind = FindBy::Kind::kProviderKey, .provider_key = sent.key}).value();
    ASSERT_EQ(found.messages.size(), 1u) << n;
    EXPECT_EQ(found.messages[0].receipt, sent.receipt);
    EXPECT_EQ(found.messages[0].ack999, sent.ack999);
    EXPECT_EQ(store.Find({.kind = FindBy::Kind::kDigest, .digest = sent.digest})->messages.size(), 1u) << n;
    auto holder = store.ClaimHolder(sent.claims[0]).value();
    ASSERT_TRUE(holder.has_value()) << n;
    EXPECT_EQ(holder->gateway_id, sent.gateway_id);
  }
}

std::string StoreFaults::NewestLog(const std::string& path) {
  std::string newest;
  for (const auto& entry : fs::directory_iterator(path + "/db"))
    if (entry.path().extension() == ".log" && fs::file_size(entry) > 0)
      newest = std::max(newest, entry.path().string());
  return newest;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
}

}  // namespace tvan
