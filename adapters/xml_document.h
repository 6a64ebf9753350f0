#pragma once
// The XML port: one safe parse, then read-only views. Nodes are looked up by path and name, never by "first tag".
// Limits stand here, in one place (CONVENTIONS 16). A document is immutable after parsing and may be read from any
// thread; nodes are borrowed from their document.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/wrapping.h"

namespace tvan {

struct XmlLimits {
  size_t max_bytes = 2 * 1024 * 1024;  // one message (QĐ 1271)
  int max_depth = 64;                  // of elements
  int max_attributes = 64;             // per element, namespace declarations included
  size_t max_name = 256;               // bytes of an element or attribute name
  size_t max_attribute_value = 8192;   // bytes
  size_t max_nodes = 400'000;          // elements and text nodes of one document
};

class XmlNode;

// What a document is refused for (permanent): xml.empty, xml.too_large, xml.encoding (not UTF-8, or declared
// otherwise), xml.doctype, xml.processing_instruction, xml.xinclude, xml.not_well_formed, xml.namespace (not
// namespace-well-formed), xml.too_deep, xml.too_many_attributes, xml.name_too_long, xml.value_too_long,
// xml.too_many_nodes. Nothing is fetched, nothing expanded; refusal comes before growth.
class XmlDocument {
 public:
  virtual ~XmlDocument() = default;
  virtual XmlNode root() const = 0;
  // The bytes that were parsed, byte-order mark excluded; ranges of nodes refer to these.
  virtual std::string_view bytes() const = 0;
  // libxml2's xmlDocPtr, for adapters/signature only.
  virtual void* native() const = 0;
};

// An element. Copyable, may be empty (operator bool).
class XmlNode {
 public:
  XmlNode() = default;
  XmlNode(const XmlDocument* document, void* native) : document_(document), native_(native) {}
  explicit operator bool() const { return native_ != nullptr; }
  friend bool operator==(const XmlNode& a, const XmlNode& b) { return a.native_ == b.native_; }

  std::string_view name() const;           // local name
  std::string_view namespace_uri() const;  // empty: none
  XmlNode parent() const;
  XmlNode first_child() const;   // first child element
  XmlNode next_sibling() const;  // next sibling element
  // The same; `*stray` becomes true when text other than white space was stepped over.
  XmlNode first_child(bool* stray) const;
  XmlNode next_sibling(bool* stray) const;
  XmlNode Child(std::string_view name) const;  // first child element of that name in no namespace
  XmlNode Child(std::string_view name, std::string_view namespace_uri) const;
  std::vector<XmlNode> Children(std::string_view name) const;  // all of them, in order, in no namespace
  size_t CountChildren(std::string_view name) const;
  XmlNode Descend(std::initializer_list<std::string_view> path) const;  // Child by Child; empty when one is missing
  std::string Text() const;  // all its own text and CDATA, across comments; child elements' text left out
  // The same without a copy where it is one piece, which it nearly always is; else it is put together in `*pieces`.
  std::string_view TextView(std::string* pieces) const;
  bool has_child_elements() const;
  std::optional<std::string> Attribute(std::string_view name) const;  // in no namespace
  ByteRange range() const;      // from '<' of the start tag to '>' of the end tag in bytes()
  ByteRange start_tag() const;  // from '<' to '>' of the start tag
  // "/TDiep/DLieu/HDon[2]"; an index only where siblings share the name. For people: at most about 1 KB ("…" stands
  // for steps left out) and bounded in cost ("[900+]": the 900th or later), whatever the document.
  std::string path() const;
  const XmlDocument* document() const { return document_; }
  void* native() const { return native_; }  // libxml2's xmlNodePtr, for adapters/signature only

 private:
  const XmlDocument* document_ = nullptr;
  void* native_ = nullptr;
};

class XmlParser {
 public:
  virtual ~XmlParser() = default;
  // `bytes` may start with a UTF-8 byte-order mark, which is no part of the document. The document keeps its own copy
  // unless `bytes` is handed over. Thread-safe.
  virtual Result<std::unique_ptr<XmlDocument>> Parse(std::string bytes) const = 0;
  // The same, but children of the root at a path of `hollow` ("TDiep/DLieu", names as written) may come without what
  // stands inside them: it was held to every limit, but whether it is well-formed nobody looked. bytes() and ranges are
  // those of the whole document.
  virtual Result<std::unique_ptr<XmlDocument>> ParseOutline(std::string bytes,
                                                            std::initializer_list<std::string_view> hollow) const {
    static_cast<void>(hollow);
    return Parse(std::move(bytes));
  }
};

std::unique_ptr<XmlParser> MakeXmlParser(const XmlLimits& limits);  // adapters/xml

}  // namespace tvan
