#pragma once
// Bytes as hex and back, for golden records. Pure functions.

#include <cstdint>
#include <string>

namespace tvan {

inline std::string Hex(const std::string& bytes) {
  std::string out;
  for (char c : bytes)
    for (int shift : {4, 0}) out.push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> shift & 15]);
  return out;
}

inline std::string FromHex(const std::string& hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return out;
}

}  // namespace tvan
