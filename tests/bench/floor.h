#pragma once
// The least that verifying a seller's signature can cost on libxml2 and OpenSSL: one parse, C14N of what is signed and
// of SignedInfo, SHA-256, one RSA verify with the key at hand. No policy, no trust, no look at ids: a floor, not an
// engine.

#include <memory>
#include <string_view>

struct _xmlDoc;

namespace tvan::bench {

// How libxml2 canonicalises one element: where it stands, walking the whole document with a question at each node (what
// an engine over node sets does); or from a copy in a document of its own (right only where no namespace but its own is
// in scope).
enum class C14nOf { kInPlace, kCopy };

class Floor {
 public:
  explicit Floor(C14nOf how = C14nOf::kInPlace);
  ~Floor();
  // True: digests and signature value are right. Types 200 and 203 with one invoice, RSA keys. One thread.
  bool Verify(std::string_view message);
  // The same without the parse.
  bool VerifyParsed(_xmlDoc* document);

 private:
  struct Keys;
  const C14nOf how_;
  std::unique_ptr<Keys> keys_;
};

}  // namespace tvan::bench
