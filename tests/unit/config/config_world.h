#pragma once
// A folder with the files that a complete configuration names, and that configuration as text; for the config tests.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/loader.h"

namespace tvan {

class ConfigWorld {
 public:
  ConfigWorld() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tvan-config-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (const char* name : {"server.pem", "ca.pem", "server.key", "seal.key", "id.key"}) {
      std::ofstream(File(name)) << "x";
      std::filesystem::permissions(File(name), std::filesystem::perms(0600));
    }
  }
  ~ConfigWorld() { std::filesystem::remove_all(folder_); }
  ConfigWorld(const ConfigWorld&) = delete;
  ConfigWorld& operator=(const ConfigWorld&) = delete;

  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }
  ConfigReport Parse(const std::string& yaml) const { return ParseConfig(yaml, "gateway.yaml", folder_); }

  // Complete: every required field and nothing else. One change apart from it are the tests' twins.
  static std::string Good() {
    return "environment: sandbox\n"            // 1
           "gateway: {mst: \"0109999999\"}\n"  // 2
           "store:\n"                          // 3
           "  path: data\n"                    // 4
           "provider_api:\n"                   // 5
           "  listen: 127.0.0.1:0\n"           // 6
           "  certificate: server.pem\n"       // 7
           "  key: server.key\n"               // 8
           "  client_ca: ca.pem\n"             // 9
           "admin_api: {certificate: server.pem, key: server.key, client_ca: ca.pem}\n"
           "seal: {key_file: seal.key}\n"
           "message_id: {key_file: id.key}\n"
           "trust: {sellers: [ca.pem], authority: [ca.pem]}\n"
           "line: {host: localhost, ca: ca.pem, certificate: server.pem, key: server.key}\n"
           "dispatch:\n"              // 15
           "  batch: 16\n"            // 16
           "  backoff_min: 250ms\n";  // 17
  }
  static std::string Replaced(std::string text, const std::string& what, const std::string& by) {
    const size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  }

 private:
  std::string folder_;
};

}  // namespace tvan
