#include "ops/ctl/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

namespace tvan::ctl {
namespace {

Status Failed(const char* what, const std::string& path) {
  const int error = errno;
  return Status::Permanent("ctl.file"_reason,
                           std::string("cannot ") + what + " " + path + ": " + std::strerror(error == 0 ? EIO : error));
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failed("read", path);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (file.bad() || errno == EISDIR) return Failed("read", path);
  return bytes;
}

Status WriteFile(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new" + std::to_string(::getpid());
  errno = 0;
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0) return Failed("write", path);
  return {};
}

}  // namespace tvan::ctl
