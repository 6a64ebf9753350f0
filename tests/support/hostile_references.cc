// Which nodes a signature names, and how.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

const std::string kXpathUri = "http://www.w3.org/TR/1999/REC-xpath-19991116";

std::string Object(const std::string& id, const std::string& content) {
  return "<Object Id=\"" + id + "\">" + content + "</Object></Signature>";
}

std::string Properties(const std::string& content) {
  return "<SignatureProperties><SignatureProperty Target=\"\">" + content +
         "</SignatureProperty></SignatureProperties>";
}

void AddDropped(const SignedMessage& m, VariantList& list) {
  const auto references = ReferencesOf(m);
  const std::string data = references.front(), time = references.back();
  list.Attack("of the data dropped", Resigned(m, Swapped(m.bytes, data, "")), "signature.not_covered");
  list.Attack("of SigningTime dropped", Resigned(m, Swapped(m.bytes, time, "")), "signature.signing_time_unsigned");
  const std::string to_decoy = Swapped(time, "#" + m.object_id, "#decoy");
  const std::string later = Properties("<SigningTime>2026-11-20T10:00:01</SigningTime>");
  list.Attack("of SigningTime at a decoy with another",
              Resigned(m, Swapped(Swapped(m.bytes, time, to_decoy), "</Signature>", Object("decoy", later))),
              "signature.signing_time_unsigned");
  list.Attack("of SigningTime at a decoy without one",
              Resigned(m, Swapped(Swapped(m.bytes, time, to_decoy), "</Signature>", Object("decoy", Properties("")))),
              "signature.signing_time_unsigned");
  list.Twin("of a second Object beside", Resigned(m, Swapped(Swapped(m.bytes, time, time + to_decoy), "</Signature>",
                                                             Object("decoy", Properties("x")))));
  const std::string manifest = "<Manifest>" + data + "</Manifest>";
  const std::string to_manifest = Swapped(data, "#" + m.data_id, "#manifest");
  list.Attack("of the data in a Manifest",
              Resigned(m, Swapped(Swapped(m.bytes, data, to_manifest), "</Signature>", Object("manifest", manifest))),
              "signature.inside_signature|signature.not_covered");
  list.Attack(
      "of the data in a Manifest beside a good one",
      Resigned(m, Swapped(Swapped(m.bytes, time, to_manifest + time), "</Signature>", Object("manifest", manifest))),
      "signature.inside_signature");
}

void AddExchanged(const SignedMessage& m, VariantList& list) {
  const auto references = ReferencesOf(m);
  const std::string data = references.front(), time = references.back();
  const std::string exchanged = Swapped(Swapped(Swapped(m.bytes, data, "<@@/>"), time, data), "<@@/>", time);
  list.Attack("two exchanged", exchanged, "signature.value");
  list.Twin("two exchanged and signed", Resigned(m, exchanged));
  list.Attack("one repeated", Swapped(m.bytes, data, data + data), "signature.value");
  list.Twin("one repeated and signed", Resigned(m, Swapped(m.bytes, data, data + data)));
  const size_t more = 4 - references.size();
  std::string copies = data;
  for (size_t i = 0; i < more; ++i) copies += data;
  list.Twin("four signed", Resigned(m, Swapped(m.bytes, data, copies)));
  list.Attack("five signed", Resigned(m, Swapped(m.bytes, data, copies + data)), "signature.too_many_references");
  const std::string one = Cut(data, "<DigestValue>", "</DigestValue>"),
                    other = Cut(time, "<DigestValue>", "</DigestValue>");
  list.Attack("digests exchanged", Swapped(Swapped(Swapped(m.bytes, one, "@@"), other, one), "@@", other),
              "signature.digest|signature.value");
  list.Attack("ids exchanged",
              Swapped(Swapped(Swapped(m.bytes, "Id=\"" + m.data_id + "\"", "Id=\"@@\""), "Id=\"" + m.object_id + "\"",
                              "Id=\"" + m.data_id + "\""),
                      "\"@@\"", "\"" + m.object_id + "\""),
              "signature.digest");
}

// Into the Signature itself, beside the good ones.
void AddInto(const SignedMessage& m, VariantList& list) {
  const std::string time = ReferencesOf(m).back();
  const auto also = [&](const std::string& id, const std::string& bytes) {
    return Resigned(m, Swapped(bytes, time, Swapped(time, "#" + m.object_id, "#" + id) + time));
  };
  const std::string rule = "signature.inside_signature";
  list.Attack("to KeyInfo", also("key", Swapped(m.bytes, "<KeyInfo>", "<KeyInfo Id=\"key\">")), rule);
  list.Attack("to SignatureValue", also("value", Swapped(m.bytes, "<SignatureValue>", "<SignatureValue Id=\"value\">")),
              rule);
  list.Attack("to the Signature", also(m.object_id.substr(0, m.object_id.size() - 5), m.bytes), rule);
  list.Attack("to an Object of something else",
              also("other", Swapped(m.bytes, "</Signature>", Object("other", "<x xmlns=\"\"/>"))), rule);
  list.Twin("to SignatureProperties",
            also("properties", Swapped(m.bytes, "<SignatureProperties>", "<SignatureProperties Id=\"properties\">")));
  list.Attack("to the Object, enveloped", Resigned(m, Swapped(m.bytes, time, WithTransforms(time, {kEnvelopedUri}))),
              "signature.enveloped_on_object");
  list.Attack("with a Type nobody knows, in a namespace",
              Resigned(m, Swapped(m.bytes, "<Reference ", "<Reference xmlns:x=\"urn:x\" x:Type=\"y\" ")),
              "signature.format");
  list.Twin("with a Type", Resigned(m, Swapped(m.bytes, "<Reference ", "<Reference Type=\"" + kDsigUri + "Object\" ")));
}

}  // namespace

void AddReferences(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "reference", out);
  AddDropped(m, list);
  AddExchanged(m, list);
  AddInto(m, list);
}

void AddUris(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "URI", out);
  const std::string data = ReferencesOf(m).front(), own = "URI=\"#" + m.data_id + "\"";
  const auto with = [&](const std::string& uri) {
    return Resigned(m, Swapped(m.bytes, own, uri.empty() ? "" : "URI=\"" + uri + "\""));
  };
  for (const std::string uri :
       {"http://a.example/x", "file:///etc/passwd", "#xpointer(/)", "#", "other.xml#x", "?x", "# x", "#a b"})
    list.Attack(uri, with(uri), "signature.reference_uri");
  list.Attack("by xpointer", with("#xpointer(id('" + m.data_id + "'))"), "signature.reference_uri");
  list.Attack("the id alone", with(m.data_id), "signature.reference_uri");
  list.Attack("none", with(""), "signature.reference_uri");
  list.Attack("of nobody", with("#nobody"), "signature.id_unknown");
  list.Attack("in other letters", with("#X" + m.data_id), "signature.id_unknown");
  list.Attack("escaped", with("#%64" + m.data_id.substr(1)), "signature.reference_uri");
  list.Twin("by character references", with("&#35;" + m.data_id));
  const std::string empty = Swapped(data, own, "URI=\"\"");
  const std::string enveloped = WithTransforms(empty, {kEnvelopedUri});
  const std::string whole = Resigned(m, Swapped(m.bytes, data, enveloped));
  if (m.answer)
    list.Twin("of the whole document", whole);
  else
    list.Attack("of the whole document", whole, "signature.breaks_on_forward");
  list.Attack("of the whole document, the Signature in it", Resigned(m, Swapped(m.bytes, data, empty)),
              "signature.whole_document_transform");
  list.Attack("of the whole document, without the payload",
              Resigned(m, Swapped(m.bytes, data,
                                  Swapped(WithTransforms(empty, {kXpathUri}), "></Transform>",
                                          "><XPath>not(ancestor-or-self::DLieu)</XPath></Transform>"))),
              "signature.transform");
}

}  // namespace tvan
