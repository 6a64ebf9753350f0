#pragma once
// The least that verifying a seller's signature can cost on libxml2 and OpenSSL: one parse, C14N of what is signed and
// of SignedInfo, SHA-256, one RSA verify with the key at hand. No policy, no trust, no look at ids: a floor, not an
// engine.

#include <memory>
#include <string_view>

namespace tvan::bench {

class Floor {
 public:
  Floor();
  ~Floor();
  // True: digests and signature value are right. Types 200 and 203 with one invoice, RSA keys. One thread.
  bool Verify(std::string_view message);

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace tvan::bench
