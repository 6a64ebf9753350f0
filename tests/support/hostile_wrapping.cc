// What is signed moves away and something else takes its place; and the same id on two elements.
#include "tests/support/hostile_signatures.h"

namespace tvan {
namespace {

std::string InPlaceOfData(const SignedMessage& m, const std::string& xml) { return Swapped(m.bytes, m.data, xml); }

// The signed element goes elsewhere, bytes and namespaces in scope untouched, so that the cryptography stays valid.
void AddMoved(const SignedMessage& m, VariantList& list) {
  const std::string forged = InPlaceOfData(m, Forged(m));
  list.Attack("the signed element moved into an Object of the Signature",
              Swapped(forged, "</Signature>", "<Object><x xmlns=\"\">" + m.data + "</x></Object></Signature>"),
              "signature.not_covered");
  list.Attack("the signed element moved to the end of the message", AtTheEnd(forged, "<TTKhac>" + m.data + "</TTKhac>"),
              "signature.not_covered");
  list.Attack("the signed element moved into the header",
              Swapped(forged, "</TTChung>", "<x>" + m.data + "</x></TTChung>"), "signature.not_covered");
  list.Attack("the signed element moved behind the payload", Swapped(forged, "</DLieu>", "</DLieu>" + m.data),
              "signature.not_covered");
  list.Attack("a forged twin before it", InPlaceOfData(m, Forged(m) + m.data), "signature.not_covered");
  list.Attack("a forged twin in it", InPlaceOfData(m, Swapped(m.data, ">", ">" + Forged(m))), "signature.digest");
  if (!m.answer)
    list.Attack("a forged twin behind it", InPlaceOfData(m, m.data + Forged(m)),
                m.is_package() ? "" : "signature.not_covered");
  list.Twin("a forged twin at the end of the message", AtTheEnd(m.bytes, "<TTKhac>" + Forged(m) + "</TTKhac>"));
}

// The whole item goes into a forged one.
void AddNested(const SignedMessage& m, VariantList& list) {
  if (m.is_package()) return;
  const std::string open = "<" + m.item + ">", close = "</" + m.item + ">";
  const size_t begin = m.bytes.rfind(open, m.bytes.find(m.data));
  const std::string item = m.bytes.substr(begin, m.bytes.find("</DSCKS>" + close, begin) + 8 + close.size() - begin);
  const std::string place = m.answer ? "CQT" : m.item == "HDon" ? "NBan" : "NNT";
  const std::string shell = "<DSCKS><" + place + "></" + place + "></DSCKS>" + close;
  list.Attack("the item nested in a forged one",
              Swapped(m.bytes, item, open + Forged(m) + "<TTKhac>" + item + "</TTKhac>" + shell), "signature.missing");
  list.Attack(
      "the item in the Signature of a forged one",
      Swapped(m.bytes, item,
              open + Forged(m) +
                  Swapped(shell, "></",
                          "><Signature xmlns=\"" + kDsigUri + "\"><Object>" + item + "</Object></Signature></")),
      "signature.not_single");
  list.Attack("an unsigned item before it", Swapped(m.bytes, item, open + Forged(m) + shell + item),
              "signature.missing");
  list.Attack("an unsigned item behind it", Swapped(m.bytes, item, item + open + Forged(m) + shell),
              "signature.missing");
}

void AddMovedSignature(const SignedMessage& m, VariantList& list) {
  const std::string without = Swapped(m.bytes, m.signature, "");
  list.Attack("the Signature moved to the end of the message", AtTheEnd(without, m.signature), "signature.missing");
  list.Attack("the Signature moved into the header", Swapped(without, "</TTChung>", m.signature + "</TTChung>"),
              "signature.missing");
  const std::string list_of = m.is_package() ? "CKSNNT" : "DSCKS";
  list.Twin("an empty list of signatures before the full one",
            Swapped(m.bytes, "<" + list_of + ">", "<" + list_of + "/><" + list_of + ">"));
  list.Twin("white space around the Signature", Swapped(m.bytes, m.signature, "\n  " + m.signature + "\n"));
  const std::string second = SwappedAll(m.signature, m.object_id.substr(0, m.object_id.size() - 5), "second");
  list.Attack("a second Signature of the same role", Swapped(m.bytes, m.signature, m.signature + second),
              m.answer ? "signature.digest|signature.value|signature.role_twice" : "signature.role_twice");
}

// An element around the data is signed instead: as good, if the Signature in it is taken out.
void AddAround(const SignedMessage& m, VariantList& list) {
  if (m.is_package()) return;
  const std::string around = Swapped(m.bytes, "<" + m.item + ">", "<" + m.item + " Id=\"whole\">");
  const std::string data = ReferencesOf(m).front();
  const std::string whole = Swapped(data, "#" + m.data_id + "\"", "#whole\"");
  list.Twin("the item signed as a whole", Resigned(m, Swapped(around, data, WithTransforms(whole, {kEnvelopedUri}))));
  list.Attack("the item signed as a whole, the Signature in it", Resigned(m, Swapped(around, data, whole)),
              "signature.digest");
}

// More than one of what stands once, the good one first or last.
void AddParts(const SignedMessage& m, VariantList& list) {
  for (const std::string name : {"SignedInfo", "SignatureValue", "KeyInfo"}) {
    const std::string part = Cut(m.signature, "<" + name + ">", "</" + name + ">"),
                      empty = "<" + name + "></" + name + ">";
    list.Attack("a second " + name + " before it", Swapped(m.bytes, part, empty + part), "signature.not_single");
    list.Attack("a second " + name + " behind it", Swapped(m.bytes, part, part + part), "signature.not_single");
    list.Attack("no " + name, Swapped(m.bytes, part, ""), "signature.not_single");
    list.Attack(name + " at the end", Swapped(Swapped(m.bytes, part, ""), "</Signature>", part + "</Signature>"),
                "signature.format");
  }
}

// Two invoices in a message.
void AddItems(const SignedMessage& m, VariantList& list) {
  if (m.name == "203 of two") {
    const std::string other = Cut(m.bytes.substr(m.bytes.find(m.signature) + 1), "<Signature ", "</Signature>");
    const std::string swapped = Swapped(Swapped(m.bytes, other, "@"), m.signature, other);
    list.Attack("the signatures of two items exchanged", Swapped(swapped, "@", m.signature), "signature.not_covered");
    list.Attack("the signature of one item on both", SwappedAll(SwappedAll(m.bytes, other, m.signature), "@", ""),
                "signature.id_reused_across_items");
    list.Attack("one item signs the other's data", Resigned(m, Swapped(m.bytes, "URI=\"#data-1\"", "URI=\"#data-2\"")),
                "signature.not_covered");
    list.Attack("both items bear one id", SwappedAll(m.bytes, "data-2", "data-1"), "signature.id_reused_across_items");
    list.Twin("one item signs both",
              Resigned(m, Swapped(m.bytes, ReferencesOf(m)[0],
                                  ReferencesOf(m)[0] + Swapped(ReferencesOf(m)[0], "data-1", "data-2"))));
  }
  if (!m.is_package()) return;
  const std::string items = SwappedAll(m.bytes, "<HDon>", "<HDon Id=\"item\">");
  const std::string named = Swapped(Swapped(items, "\"item\"", "\"item-1\""), "\"item\"", "\"item-2\"");
  const std::string all = ReferencesOf(m).front();
  const std::string one = Swapped(all, m.data_id, "item-1"), two = Swapped(all, m.data_id, "item-2");
  list.Attack("a package signed over one of its items", Resigned(m, Swapped(named, all, one)), "signature.not_covered");
  list.Twin("a package signed over each of its items", Resigned(m, Swapped(named, all, one + two)));
}

}  // namespace

void AddWrapping(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "wrapping", out);
  AddMoved(m, list);
  AddNested(m, list);
  AddMovedSignature(m, list);
  AddAround(m, list);
  AddParts(m, list);
  AddItems(m, list);
}

void AddDuplicateIds(const SignedMessage& m, std::vector<HostileVariant>* out) {
  VariantList list(m, "duplicate id", out);
  const std::string place = m.is_package() ? "<CKSNNT" : "<DSCKS";
  const auto beside = [&](const std::string& attribute) { return Swapped(m.bytes, place, place + " " + attribute); };
  for (const std::string name : {"Id", "ID", "id", "xml:id"}) {
    list.Attack("the data's beside it, as " + name, beside(name + "=\"" + m.data_id + "\""), "signature.id_not_unique");
    list.Attack("the Object's beside it, as " + name, beside(name + "=\"" + m.object_id + "\""),
                "signature.id_not_unique");
    list.Twin("another id on the header, as " + name,
              Swapped(m.bytes, "<MST>", "<MST " + name + "=\"" + m.data_id + "x\">"));
  }
  list.Attack("as an attribute in a namespace", beside("xmlns:x=\"urn:x\" x:Id=\"" + m.data_id + "\""),
              "signature.id_not_unique");
  list.Attack("by a character reference",
              beside("Id=\"&#" + std::to_string(m.data_id[0]) + ";" + m.data_id.substr(1) + "\""),
              "signature.id_not_unique");
  list.Twin("as an attribute that is no id", beside("iD=\"" + m.data_id + "\""));
  list.Twin("in other letters", beside("Id=\"X" + m.data_id + "\""));
  const std::string with_id = Swapped(Forged(m), ">", " Id=\"" + m.data_id + "\">");
  list.Attack("a forged twin before it", Swapped(m.bytes, m.data, with_id + m.data),
              "signature.id_not_unique|signature.id_reused_across_items");
  list.Attack("a forged twin behind it", Swapped(m.bytes, m.data, m.data + with_id),
              "signature.id_not_unique|signature.id_reused_across_items");
  list.Attack("a forged twin in the Signature",
              Swapped(m.bytes, "</Signature>", "<Object>" + with_id + "</Object></Signature>"),
              "signature.id_not_unique");
  list.Attack("the forged one in place, the signed one at the end",
              AtTheEnd(Swapped(m.bytes, m.data, with_id), "<TTKhac>" + m.data + "</TTKhac>"),
              "signature.id_not_unique");
}

}  // namespace tvan
