#pragma once
// A smaller document in which a signature verifies exactly as in the whole one. Canonicalisation in libxml2 walks the
// whole document for each Reference, so a package of n signed items would cost n²; here each is verified in its own
// item: the start tags of the item's ancestors as they stand (namespaces and xml:* attributes in scope are theirs), the
// item's bytes, the end tags. Same bytes, same scope, hence the same canonical form. Private to adapters/signature.

#include <memory>

#include "adapters/signature/policy.h"

namespace tvan {

struct Projection {
  std::unique_ptr<XmlDocument> document;  // empty: verify in the whole document
  XmlNode signature;
};

// Bytes that one canonicalisation will walk; known before anything is made.
size_t ProjectedSize(const SignatureShape& shape);

// Projects when the smallest element around the Signature and all its targets is less than half of the document.
Projection ProjectSignature(const SignatureShape& shape, const XmlParser& parser);

}  // namespace tvan
