// Mutations that keep a document whole: elements moved, doubled, dropped or wrapped, attributes and contents put in,
// algorithms changed. Every fourth time, and where there is no document yet, libFuzzer's own.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <string>

#include "adapters/xml/scan.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace tvan::fuzz {
namespace {

constexpr const char* kAttributes[] = {" xmlns=\"\"",
                                       " xmlns=\"urn:a\"",
                                       " xmlns=\"http://www.w3.org/2000/09/xmldsig#\"",
                                       " xmlns:p=\"urn:p\"",
                                       " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
                                       " xmlns:p='urn:q'",
                                       " p:b=\"1\"",
                                       " b=\"&#9;&#10;&#13;&lt;&gt;&amp;&quot;'\"",
                                       " xml:lang=\"vi\"",
                                       " xml:space=\"preserve\"",
                                       " xml:id=\"data\"",
                                       " Id=\"data\"",
                                       " ID=\"x\"",
                                       " A=\"\" a='\"'"};
constexpr const char* kContents[] = {"<!---->", "<!-- - -->", "<![CDATA[]]>", "<![CDATA[<&>\"]]>",
                                     "&#13;",   "\r\n",       "&gt;",         ">",
                                     "]]&gt;",  "&#x1EA4;",   "\xE1\xBA\xA4", "\t",
                                     " ",       "<a/>",       "<p:a/>",       "<a></a>"};
constexpr const char* kAlgorithms[] = {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                                       "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
                                       "http://www.w3.org/2001/10/xml-exc-c14n#",
                                       "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                                       "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                                       "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
                                       "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                                       "http://www.w3.org/2001/04/xmlenc#sha256",
                                       "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                       "http://www.w3.org/2001/04/xmlenc#sha512"};

class Mutation {
 public:
  Mutation(std::string text, std::vector<ElementSpan> spans, unsigned seed)
      : text_(std::move(text)), spans_(std::move(spans)), random_(seed) {}

  std::string Make() {
    switch (random_() % 8) {
      case 0:
        return Cut(Any());
      case 1:
        return Copy(Any(), Place(Any()));
      case 2:
        return Swap(Any(), Any());
      case 3:
        return Wrap(Any());
      case 4:
        return PutIntoTag(Any());
      case 5:
        return PutAlgorithm();
      default:
        return text_.insert(Place(Any()), Pick(kContents));
    }
  }

 private:
  template <size_t N>
  const char* Pick(const char* const (&list)[N]) {
    return list[random_() % N];
  }
  const ElementSpan& Any() { return spans_[random_() % spans_.size()]; }
  std::string Of(const ElementSpan& span) const { return text_.substr(span.start, span.end - span.start); }
  size_t Place(const ElementSpan& span) {
    if (span.start == spans_.front().start) return span.tag_end == span.end ? span.end : span.tag_end;
    const size_t places[] = {span.start, span.tag_end, span.end};
    return places[random_() % 3];
  }

  std::string Cut(const ElementSpan& span) { return text_.erase(span.start, span.end - span.start); }
  std::string Copy(const ElementSpan& span, size_t to) { return text_.insert(to, Of(span)); }
  std::string Swap(const ElementSpan& a, const ElementSpan& b) {
    if (a.start > b.start) return Swap(b, a);
    if (a.end > b.start) return text_;  // one is in the other
    return text_.substr(0, a.start) + Of(b) + text_.substr(a.end, b.start - a.end) + Of(a) + text_.substr(b.end);
  }
  std::string Wrap(const ElementSpan& span) {
    text_.insert(span.end, "</W>");
    return text_.insert(span.start, std::string("<W") + Pick(kAttributes) + ">");
  }
  std::string PutIntoTag(const ElementSpan& span) {
    return text_.insert(span.start + 1 + span.name_size, Pick(kAttributes));
  }
  std::string PutAlgorithm() {
    constexpr std::string_view kName = "Algorithm=\"";
    size_t at = text_.find(kName, random_() % text_.size());
    if (at == std::string::npos) at = text_.find(kName);
    if (at == std::string::npos) return text_;
    at += kName.size();
    return text_.replace(at, std::min(text_.find('"', at), text_.size()) - at, Pick(kAlgorithms));
  }

  std::string text_;
  const std::vector<ElementSpan> spans_;
  std::minstd_rand random_;
};

}  // namespace
}  // namespace tvan::fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  std::string text(reinterpret_cast<const char*>(data), size);
  auto spans = tvan::ScanXml(text, {});
  if (seed % 4 == 0 || !spans.ok()) return LLVMFuzzerMutate(data, size, max_size);
  const std::string made = tvan::fuzz::Mutation(std::move(text), std::move(*spans), seed).Make();
  if (made.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
