// The valid messages, and the scissors for them.
#include "tests/support/hostile_signatures.h"
#include "tests/support/message_maker.h"

namespace tvan {
namespace {

const char kHolder[] = "Công ty Người Bán";

std::string Between(const std::string& text, const std::string& before, const std::string& after) {
  const size_t begin = text.find(before) + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

SignedMessage Dissected(const std::string& name, int type, const std::string& item, const std::string& key,
                        std::string bytes) {
  SignedMessage m{name, type, false, std::move(bytes), key, {}, {}, item, {}, {}};
  m.signature = Cut(m.bytes, "<Signature ", "</Signature>");
  m.data_id = Between(m.signature, "<Reference URI=\"#", "\"");
  m.object_id = Between(m.signature, "<Object Id=\"", "\"");
  const size_t begin = m.bytes.rfind('<', m.bytes.find(" Id=\"" + m.data_id + "\""));
  const std::string element = m.bytes.substr(begin + 1, m.bytes.find(' ', begin) - begin - 1);
  m.data = Cut(m.bytes.substr(begin), "<" + element + " ", "</" + element + ">");
  return m;
}

SignedMessage Of(const std::string& name, MessageSpec spec, const std::string& item, const std::string& key) {
  spec.signing_time = HostileKeys::Get().now;
  return Dissected(name, spec.type, item, key, MakeTDiep(spec, &HostileKeys::Get().signer(key)));
}

std::string Answer(int type, const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep><TTChung><PBan>2.1.0</PBan><MNGui>TCT</MNGui>"
         "<MNNhan>V0309478306</MNNhan><MLTDiep>" +
         std::to_string(type) +
         "</MLTDiep><MTDiep>TCT0123456789ABCDEF0123456789ABCDEF</MTDiep>"
         "<MTDTChieu>V030947830659FEA6EA42BA4C13906BDB819545CEC1</MTDTChieu><MST>0101234567</MST><SLuong>1</SLuong>"
         "</TTChung><DLieu>" +
         body + "</DLieu></TDiep>";
}

SignedMessage OfAuthority(int type, const std::string& item, const std::string& body, const SignRequest& request) {
  auto bytes = HostileKeys::Get().signer("rsa").Sign(Answer(type, body), request);
  TVAN_CHECK(bytes.ok());
  SignedMessage m = Dissected(std::to_string(type), type, item, "rsa", std::move(*bytes));
  m.answer = true;
  return m;
}

SignedMessage CodedInvoice() {
  return OfAuthority(202, "HDon",
                     "<HDon><MCCQT Id=\"ma\">00ABCDEF0123456789ABCDEF0123456789</MCCQT><DLHDon Id=\"data\"><TTChung>"
                     "<KHMSHDon>1</KHMSHDon><KHHDon>C26TAA</KHHDon><SHDon>7</SHDon></TTChung><NDHDon><NBan><Ten>" +
                         std::string(kHolder) +
                         "</Ten><MST>0101234567</MST></NBan></NDHDon></DLHDon><DSCKS><CQT></CQT></DSCKS></HDon>",
                     {"data", "/TDiep/DLieu/HDon/DSCKS/CQT", HostileKeys::Get().now, {"ma"}});
}

SignedMessage CheckedNotice() {
  return OfAuthority(204, "TBao",
                     "<TBao><DLTBao Id=\"tb\"><MGDDTu>V030947830659FEA6EA42BA4C13906BDB819545CEC1</MGDDTu><TNNT>" +
                         std::string(kHolder) +
                         "</TNNT><MST>0101234567</MST><LTBao>2</LTBao></DLTBao><DSCKS><CQT></CQT></DSCKS></TBao>",
                     {"tb", "/TDiep/DLieu/TBao/DSCKS/CQT", HostileKeys::Get().now, {}});
}

}  // namespace

std::vector<SignedMessage> SignedMessages() {
  return {Of("100", SpecOfTaxpayer(100), "TKhai", "ec"),
          Of("106", SpecOfTaxpayer(106), "DNghi", "ec"),
          Of("200", Spec200(), "HDon", "rsa"),
          Of("201", Spec201(), "HDon", "ec"),
          Of("203", Spec203(1), "HDon", "ec"),
          Of("203 of two", Spec203(2), "HDon", "rsa"),
          Of("206", Spec206(2), "TDiep", "rsa"),
          Of("300", Spec300(2), "TBao", "ec"),
          Of("303", Spec303(1), "TBao", "ec"),
          Of("400", Spec400(2), "BTHDLieu", "ec"),
          CodedInvoice(),
          CheckedNotice()};
}

std::string Swapped(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  if (at == std::string::npos) std::fprintf(stderr, "hostile: no \"%s\" in %s\n", from.c_str(), text.c_str());
  TVAN_CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string SwappedAll(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string Cut(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin), to = text.find(end, from);
  TVAN_CHECK(from != std::string::npos && to != std::string::npos);
  return text.substr(from, to + end.size() - from);
}

std::string Resigned(const SignedMessage& message, const std::string& bytes) {
  return SignAnything(bytes, HostileKeys::Get().of(message.key));
}

std::string Forged(const SignedMessage& message) {
  const std::string renamed = SwappedAll(message.data, " Id=\"", " Id=\"forged-");
  return Swapped(Swapped(renamed, " Id=\"forged-" + message.data_id + "\"", ""), kHolder, "Công ty Kẻ Gian");
}

std::vector<std::string> ReferencesOf(const SignedMessage& message) {
  std::vector<std::string> all;
  const std::string end = "</Reference>";
  for (size_t at = message.signature.find("<Reference "); at != std::string::npos;) {
    all.push_back(Cut(message.signature.substr(at), "<Reference ", end));
    at = message.signature.find("<Reference ", at + all.back().size());
  }
  return all;
}

std::string WithTransforms(const std::string& reference, const std::vector<std::string>& algorithms) {
  std::string transforms = "<Transforms>";
  for (const std::string& algorithm : algorithms)
    transforms += "<Transform Algorithm=\"" + algorithm + "\"></Transform>";
  return Swapped(reference, "<DigestMethod", transforms + "</Transforms><DigestMethod");
}

std::string AtTheEnd(const std::string& bytes, const std::string& xml) {
  return Swapped(bytes, "</TDiep>", xml + "</TDiep>");
}

std::vector<HostileVariant> HostileVariants(const SignedMessage& message) {
  std::vector<HostileVariant> all;
  all.push_back({message.name + "/original", "original", message.bytes, false, ""});
  for (const auto add : {AddWrapping, AddDuplicateIds, AddComments, AddReferences, AddNamespaces, AddAlgorithms,
                         AddKeys, AddDamage, AddTimes, AddUris, AddSpellings})
    add(message, &all);
  return all;
}

}  // namespace tvan
