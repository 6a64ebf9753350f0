#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/valid.h>

#include <cstring>
#include <mutex>
#include <utility>

#include "adapters/xml/libxml.h"
#include "adapters/xml/outline.h"
#include "adapters/xml/scan.h"
#include "adapters/xml/spare_nodes.h"
#include "adapters/xml_document.h"

namespace tvan {
namespace {

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

struct FreeDoc {
  void operator()(xmlDoc* doc) const { FreeDocument(doc); }
};
struct FreeContext {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};
using Doc = std::unique_ptr<xmlDoc, FreeDoc>;

class LibxmlDocument final : public XmlDocument {
 public:
  LibxmlDocument(std::string storage, size_t skip) : storage_(std::move(storage)), skip_(skip) {}
  XmlNode root() const override { return {this, xmlDocGetRootElement(doc_.get())}; }
  std::string_view bytes() const override { return std::string_view(storage_).substr(skip_); }
  void* native() const override { return doc_.get(); }

  std::string storage_;
  size_t skip_;                     // bytes of the byte-order mark
  std::vector<ElementSpan> spans_;  // node->_private points in here
  Doc doc_;
};

// What the SAX handlers know while one document is parsed.
struct ParseState {
  LibxmlDocument* document = nullptr;
  size_t next = 0;  // the span of the next element
  Status refusal;
  int line = 0;  // of the first error
  int code = 0;
  size_t namespace_errors = 0;
};
constexpr size_t kMaxNamespaceErrors = 16;

ParseState* StateOf(void* context) { return static_cast<ParseState*>(static_cast<xmlParserCtxt*>(context)->_private); }

void Refuse(void* context, Status why) {
  ParseState* state = StateOf(context);
  if (state->refusal.ok()) state->refusal = std::move(why);
  xmlStopParser(static_cast<xmlParserCtxt*>(context));
}

void OnInternalSubset(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Refuse(context, Status::Permanent("xml.doctype"_reason, "a document type declaration is not taken"));
}

void OnProcessingInstruction(void* context, const xmlChar*, const xmlChar*) {
  Refuse(context, Status::Permanent("xml.processing_instruction"_reason, "processing instructions are not taken"));
}

bool IsXInclude(const xmlChar* uri) {
  return View(uri) == "http://www.w3.org/2001/XInclude" || View(uri) == "http://www.w3.org/2003/XInclude";
}

bool Equals(std::string_view raw, const xmlChar* text) {
  for (const char c : raw)
    if (static_cast<xmlChar>(c) != *text++) return false;
  return *text == '\0';
}

bool NameIs(std::string_view raw, const xmlChar* prefix, const xmlChar* local) {
  if (prefix == nullptr) return Equals(raw, local);
  const size_t colon = raw.find(':');
  return colon != std::string_view::npos && Equals(raw.substr(0, colon), prefix) &&
         Equals(raw.substr(colon + 1), local);
}

// Ids are registered while the document is built, so that verifying later changes nothing in it. Of a double id the
// first stays; the signature policy refuses such documents before any engine looks.
void RegisterIds(xmlDocPtr doc, xmlNodePtr element) {
  for (xmlAttrPtr a = element->properties; a != nullptr; a = a->next) {
    const std::string_view name = View(a->name);
    if (name != "Id" && name != "ID" && name != "id") continue;
    if (a->atype == XML_ATTRIBUTE_ID || a->children == nullptr || a->children->content == nullptr) continue;
    xmlAddID(nullptr, doc, a->children->content, a);
  }
}

void OnStartElement(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri, int namespaces,
                    const xmlChar** declared, int attributes, int defaulted, const xmlChar** values) {
  ParseState* state = StateOf(context);
  bool xinclude = IsXInclude(uri);
  for (int i = 0; i < namespaces; ++i) xinclude = xinclude || IsXInclude(declared[2 * i + 1]);
  if (xinclude) return Refuse(context, Status::Permanent("xml.xinclude"_reason, "XInclude is not taken"));
  auto& spans = state->document->spans_;
  if (state->next >= spans.size() ||
      !NameIs(state->document->bytes().substr(spans[state->next].start + 1, spans[state->next].name_size), prefix,
              local)) {
    return Refuse(context, Status::Permanent("xml.not_well_formed"_reason, "the document's structure is ambiguous"));
  }
  xmlSAX2StartElementNs(context, local, prefix, uri, namespaces, declared, attributes, defaulted, values);
  auto* parser = static_cast<xmlParserCtxt*>(context);
  if (parser->node == nullptr) return;  // out of memory: libxml2 ends the parse itself
  parser->node->_private = &spans[state->next++];
  RegisterIds(parser->myDoc, parser->node);
}

// Errors are kept by number and line; their texts would quote the document. After a fatal one the verdict is known, and
// of those of namespaces a few are enough: the parse ends, since libxml2 writes a text for each, 700 bytes for a
// reference of four. xmlStopParser is not for here: it frees the input that the caller of this still reads.
void OnError(void* context, xmlErrorPtr error) {
  ParseState* state = StateOf(context);
  auto* parser = static_cast<xmlParserCtxt*>(context);
  if (parser->wellFormed == 0 || (parser->nsWellFormed == 0 && ++state->namespace_errors > kMaxNamespaceErrors)) {
    parser->disableSAX = 1;
    parser->instate = XML_PARSER_EOF;
  }
  if (state->code != 0 || error->level < XML_ERR_ERROR) return;
  state->code = error->code;
  state->line = error->line;
}

xmlSAXHandler MakeHandler() {
  xmlSAXHandler sax;
  std::memset(&sax, 0, sizeof sax);
  xmlSAXVersion(&sax, 2);
  sax.startElementNs = OnStartElement;
  sax.internalSubset = OnInternalSubset;
  sax.externalSubset = nullptr;
  sax.processingInstruction = OnProcessingInstruction;
  sax.warning = nullptr;
  sax.error = nullptr;
  sax.fatalError = nullptr;
  sax.serror = OnError;
  return sax;
}

Status Verdict(const xmlParserCtxt& context, const ParseState& state, bool have_document) {
  if (!state.refusal.ok()) return state.refusal;
  const std::string where =
      " (line " + std::to_string(state.line) + ", libxml2 error " + std::to_string(state.code) + ")";
  if (context.wellFormed == 0 || !have_document) {
    return Status::Permanent("xml.not_well_formed"_reason, "the document is not well-formed XML" + where);
  }
  if (context.nsWellFormed == 0) {
    return Status::Permanent("xml.namespace"_reason, "the document is not namespace-well-formed" + where);
  }
  if (state.next != state.document->spans_.size()) {
    return Status::Permanent("xml.not_well_formed"_reason, "the document's structure is ambiguous");
  }
  return {};
}

// Above this libxml2 gives up by itself, on the whole (look-up limit) and on one text node, unless told otherwise. What
// else that option lifts (depth, names, attributes) the scan has bounded already, and there are no entities.
constexpr size_t kLibxmlOwnLimit = 10'000'000;

// The scan has seen that the bytes are UTF-8 and that nothing else is declared: libxml2 need not convert them.
constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT;

// `text`: the document's bytes, or its outline; its elements are those of the document's spans.
Status Build(LibxmlDocument* document, std::string_view text, size_t max_bytes) {
  static const xmlSAXHandler kHandler = MakeHandler();
  std::unique_ptr<xmlParserCtxt, FreeContext> context(xmlNewParserCtxt());
  if (context == nullptr) return Status::Transient("xml.memory"_reason, "no memory for the parser");
  ParseState state;
  state.document = document;
  *context->sax = kHandler;
  context->_private = &state;
  Doc doc(ReadDocument(context.get(), text, kOptions | (max_bytes > kLibxmlOwnLimit ? XML_PARSE_HUGE : 0)));
  Status verdict = Verdict(*context, state, doc != nullptr);
  if (verdict.ok()) document->doc_ = std::move(doc);
  return verdict;
}

class LibxmlParser final : public XmlParser {
 public:
  explicit LibxmlParser(const XmlLimits& limits) : limits_(limits) {}

  Result<std::unique_ptr<XmlDocument>> Parse(std::string bytes) const override {
    auto document = Scan(std::move(bytes));
    if (!document.ok()) return document.status();
    if (Status s = Build(document->get(), (*document)->bytes(), limits_.max_bytes); !s.ok()) return s;
    return std::unique_ptr<XmlDocument>(std::move(*document));
  }

  Result<std::unique_ptr<XmlDocument>> ParseOutline(std::string bytes,
                                                    std::initializer_list<std::string_view> hollow) const override {
    auto document = Scan(std::move(bytes));
    if (!document.ok()) return document.status();
    Outline outline = OutlineOf((*document)->bytes(), (*document)->spans_, hollow);
    (*document)->spans_ = std::move(outline.spans);
    if (Status s = Build(document->get(), outline.text, limits_.max_bytes); !s.ok()) return s;
    return std::unique_ptr<XmlDocument>(std::move(*document));
  }

 private:
  Result<std::unique_ptr<LibxmlDocument>> Scan(std::string bytes) const {
    const size_t skip = std::string_view(bytes).substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
    auto document = std::make_unique<LibxmlDocument>(std::move(bytes), skip);
    auto spans = ScanXml(document->bytes(), limits_);
    if (!spans.ok()) return spans.status();
    document->spans_ = std::move(spans).value();
    return document;
  }

  XmlLimits limits_;
};

}  // namespace

std::unique_ptr<XmlParser> MakeXmlParser(const XmlLimits& limits) {
  StartLibxml();
  return std::make_unique<LibxmlParser>(limits);
}

}  // namespace tvan
