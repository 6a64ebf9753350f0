#pragma once
// What the benchmarks of checks and signatures work on: messages of 8 KiB, signed by sellers with throw-away keys, and
// how the gateway is asked about them. Single thread.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/validate/validator.h"

namespace tvan::bench {

inline constexpr size_t kMessageBytes = 8192;
inline const Time kMessageTime = *ParseTime("2026-11-20T10:00:00+07:00");

// A failure ends the program with its message.
template <class T>
T Must(Result<T> result) {
  if (result.ok()) return std::move(*result);
  std::fprintf(stderr, "bench: %s\n", result.status().ToString().c_str());
  std::exit(1);
}

// A CA and the sellers that it certifies, all with the same tax code; files in a temporary folder.
class Sellers {
 public:
  explicit Sellers(PkiKey key);
  ~Sellers();
  Sellers(const Sellers&) = delete;
  Sellers& operator=(const Sellers&) = delete;
  std::unique_ptr<XmlSigner> Make() const;
  TrustOptions trust() const;

 private:
  std::string File(const char* name) const { return folder_ + "/" + name; }
  const PkiKey key_;
  std::string folder_;
  std::unique_ptr<SandboxCa> ca_;
};

// The longest message of its kind that has at most 8 KiB: a 206 grows by invoices, a 203 by goods lines. `number`: of
// its first invoice.
std::string MakeMessage(int type, const XmlSigner& seller, int number = 1);
CheckContext ContextOfMessages();
// The walk over every field, and the rules beyond fields.
bool FieldsAreGood(const XmlDocument& document, int type);
// Read and Check, as intake does.
bool PassesGateway(const Validator& validator, const std::string& message);

}  // namespace tvan::bench
