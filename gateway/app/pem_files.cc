#include "gateway/app/pem_files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace tvan {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return Status::Permanent("app.file"_reason, "cannot read " + path + ": " + std::strerror(errno));
  return text;
}

std::vector<std::string> SplitPem(const std::string& text) {
  const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  std::vector<std::string> certificates;
  size_t from = text.find(begin);
  while (from != std::string::npos) {
    const size_t to = text.find(end, from);
    if (to == std::string::npos) break;
    certificates.push_back(text.substr(from, to + end.size() - from) + "\n");
    from = text.find(begin, to);
  }
  return certificates;
}

}  // namespace tvan
