// The same said in other words, which engines read in their own ways: base64, ids, white space, text where none
// belongs.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

const std::string kHolder = "Công ty Người Bán";

std::string TextOf(const SignedMessage& m, const std::string& element) {
  const size_t at = m.bytes.find("<" + element + ">", m.bytes.find(m.signature)) + element.size() + 2;
  return m.bytes.substr(at, m.bytes.find('<', at) - at);
}

// The last letter before the padding with bits set that stand for nothing.
std::string WithUnusedBits(std::string base64) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const size_t padding = base64.find('=');
  if (padding == std::string::npos) return base64;
  char& last = base64[padding - 1];
  last = letters[letters.find(last) | 1];
  return base64;
}

void AddBase64(const SignedMessage& m, VariantList& list) {
  const Signatory& who = HostileKeys::Get().of(m.key);
  for (const std::string element : {"DigestValue", "SignatureValue"}) {
    const std::string text = TextOf(m, element), bare = text.substr(0, text.find('='));
    const auto put = [&](const std::string& name, const std::string& spelled) {
      const std::string bytes = Swapped(m.bytes, text, spelled);
      list.Either(element + " " + name, element == "DigestValue" ? SignAsItStands(bytes, who) : bytes);
    };
    put("without padding", bare);
    put("with more padding", bare + "====");
    put("with half of its padding", bare + "=");
    put("with unused bits", WithUnusedBits(text));
    put("with more behind its padding", text + "AAAA");
    put("with one letter more", text + "A");
    put("with white space in it", text.substr(0, 7) + " \t\r\n&#13;" + text.substr(7));
    put("with a no-break space in it", text.substr(0, 7) + "\xC2\xA0" + text.substr(7));
    put("with a line separator in it", text.substr(0, 7) + "\xE2\x80\xA8" + text.substr(7));
    put("in the URL's alphabet", SwappedAll(SwappedAll(text, "+", "-"), "/", "_"));
    put("in CDATA", "<![CDATA[" + text + "]]>");
    put("by a character reference", "&#" + std::to_string(text[0]) + ";" + text.substr(1));
    put("with a stray sign", text.substr(0, 7) + "!" + text.substr(7));
    put("split by padding", text.substr(0, 8) + "====" + text.substr(8));
  }
}

void AddIds(const SignedMessage& m, VariantList& list) {
  const std::string own = " Id=\"" + m.data_id + "\"";
  for (const std::string name : {"ID", "id", "xml:id"})
    list.Twin("the id as " + name, Resigned(m, Swapped(m.bytes, own, " " + name + "=\"" + m.data_id + "\"")));
  list.Either("the id in a namespace",
              Resigned(m, Swapped(m.bytes, own, " xmlns:x=\"urn:x\" x:Id=\"" + m.data_id + "\"")));
  for (const std::string id : {"1", "dữ-liệu", "_a.b-c", "-", "..", "Id-0123456789abcdef0123456789abcdef"})
    list.Twin("the id \"" + id + "\"", Resigned(m, Swapped(Swapped(m.bytes, own, " Id=\"" + id + "\""),
                                                           "#" + m.data_id + "\"", "#" + id + "\"")));
  for (const std::string id : {"a b", " a", "a:b", "a'b", "a/b", "a)b", "a%20b"})
    list.Attack(
        "the id \"" + id + "\"",
        Resigned(m, Swapped(Swapped(m.bytes, own, " Id=\"" + id + "\""), "#" + m.data_id + "\"", "#" + id + "\"")),
        "signature.reference_uri");
  list.Attack("no id", Swapped(m.bytes, own, ""), "signature.id_unknown");
}

void AddText(const SignedMessage& m, VariantList& list) {
  for (const std::string element : {"SignedInfo", "Reference", "KeyInfo", "X509Data", "SignatureProperties"})
    list.Either("text in " + element, [&] {
      const size_t end = m.bytes.find('>', m.bytes.find("<" + element, m.bytes.find(m.signature)));
      return Resigned(m, m.bytes.substr(0, end + 1) + "text" + m.bytes.substr(end + 1));
    }());
  list.Either("an Algorithm by character references",
              Resigned(m, Swapped(m.bytes, kSha256Uri, Swapped(kSha256Uri, "h", "&#104;"))));
  list.Either("an Algorithm with white space", Resigned(m, Swapped(m.bytes, kSha256Uri, " " + kSha256Uri)));
  const auto named = [&](const std::string& name) {
    return Resigned(m, Swapped(m.bytes, m.data, Swapped(m.data, kHolder, name)));
  };
  list.Twin("odd characters in a name", named("Công ty &#13;&#9;\"'&gt;&lt;&amp;\r\n ]] &#x1F600;"));
  list.Twin("a comment where a transform keeps them",
            Resigned(m, Swapped(Swapped(m.bytes, m.data, Swapped(m.data, kHolder, kHolder + "<!-- x -->")),
                                ReferencesOf(m)[0], WithTransforms(ReferencesOf(m)[0], {kC14nUri + "#WithComments"}))));
  list.Twin(
      "namespaces of all kinds",
      named(
          "<x:b xmlns:x=\"urn:x\" xmlns=\"urn:y\" b=\"1\" x:a=\"2\"><z xmlns=\"\"><x:z xmlns:x=\"urn:z\"/></z></x:b>"));
  list.Either("a relative namespace in the header", Swapped(m.bytes, "<TTChung", "<TTChung xmlns:x=\"relative\""));
  list.Either("a relative namespace in the data", named("<b xmlns=\"relative\"/>"));
  for (const std::string uri :
       {"mailto:a@b.example", "urn:x?y=1#z", "http://a.example/?q", "http://a.example:80/x", "a:b", "http:relative",
        "//a.example/x", "http://", "urn:", "HTTP://a.example", "http://a#b#c"})
    list.Either("the namespace " + uri + " in the data", named("<b xmlns=\"" + uri + "\"/>"));
}

void AddProlog(const SignedMessage& m, VariantList& list) {
  const std::string declaration = Cut(m.bytes, "<?xml", "?>");
  list.Twin("behind a byte-order mark", "\xEF\xBB\xBF" + m.bytes);
  list.Twin("no declaration", Swapped(m.bytes, declaration, ""));
  list.Twin("a declaration in small letters",
            Swapped(m.bytes, declaration, "<?xml version='1.0' encoding='utf-8' ?>\r\n"));
  list.Twin("comments around all", Swapped(m.bytes, declaration, declaration + "<!-- x -->") + "\n<!-- y -->\n");
}

}  // namespace

void AddSpellings(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "spelling", out);
  AddBase64(m, list);
  AddIds(m, list);
  AddText(m, list);
  AddProlog(m, list);
}

}  // namespace tvan
