#include "tests/unit/validate/twins.h"

namespace tvan {
namespace {

constexpr Severity kError = Severity::kError, kWarning = Severity::kWarning, kInfo = Severity::kInfo;

const std::string kHeaderEnd = "</SLuong></TTChung>";

MessageSpec With(MessageSpec spec, std::string MessageSpec::*field, const std::string& value) {
  spec.*field = value;
  return spec;
}

// A type whose content has no table.
MessageSpec Open(int type) {
  MessageSpec spec = Spec203(1);
  spec.type = type;
  return spec;
}

}  // namespace

std::vector<Twin> TwinsOfEnvelope() {
  const MessageSpec invoice = Spec203(1), register_invoice = Spec206(1);
  return {
      {"envelope.root", kError, invoice, {}, {{"<TDiep>", "<TDiepX>"}, {"</TDiep>", "</TDiepX>"}}},
      {"envelope.namespace", kError, invoice, {}, {{"<TDiep>", "<TDiep xmlns=\"urn:x\">"}}},
      {"envelope.namespace", kError, invoice, {}, {{"<DVTTe>VND</DVTTe>", "<DVTTe xmlns=\"urn:x\">VND</DVTTe>"}}},
      {"envelope.missing_element", kError, invoice, {}, {{"<DLieu>", "<!--"}, {"</DLieu>", "-->"}}},
      {"envelope.duplicate_element", kError, invoice, {}, {{"</TDiep>", "<DLieu/></TDiep>"}}},
      {"envelope.unknown_element", kError, invoice, {}, {{"</TDiep>", "<Khac/></TDiep>"}}},
      {"envelope.unknown_element", kError, invoice, {}, {{"</DLieu>", "<TBao/></DLieu>"}}},
      {"envelope.text", kError, invoice, {{"</HDon>", "</HDon>\n  "}}, {{"</HDon>", "</HDon>abc"}}},
      {"envelope.text", kError, invoice, {}, {{"<NDHDon>", "<NDHDon>abc"}}},
      {"envelope.cksnnt_not_allowed", kError, invoice, {}, {{"</TDiep>", "<CKSNNT/></TDiep>"}}},
      {"header.missing", kError, invoice, {}, {{"<MNGui>0109999999</MNGui>", ""}}},
      {"header.duplicate_element", kError, invoice, {}, {{kHeaderEnd, "</SLuong><SLuong>1</SLuong></TTChung>"}}},
      {"header.not_text", kError, invoice, {}, {{"<MNGui>", "<MNGui><b/>"}}},
      {"header.unknown_element", kWarning, invoice, {}, {{kHeaderEnd, "</SLuong><Khac>1</Khac></TTChung>"}}},
      {"header.pban",
       kError,
       invoice,
       {{"<TTChung><PBan>2.1.0</PBan><MNGui>", "<TTChung><PBan>2.0.1</PBan><MNGui>"}},
       {{"<TTChung><PBan>2.1.0</PBan><MNGui>", "<TTChung><PBan>2.2.0</PBan><MNGui>"}}},
      {"header.mngui_syntax", kError, invoice, {}, {{"<MNGui>0109999999", "<MNGui>X109999999"}}},
      {"header.mngui_not_callers", kError, invoice, {}, {{"<MNGui>0109999999", "<MNGui>0108888888"}}},
      {"header.mnnhan_syntax", kError, invoice, {}, {{"<MNNhan>V0309478306", "<MNNhan>X0309478306"}}},
      {"header.mnnhan_not_ours",
       kError,
       invoice,
       {{"<MNNhan>V0309478306", "<MNNhan>0309478306"}},
       {{"<MNNhan>V0309478306", "<MNNhan>V0309478307"}}},
      {"header.authority_hop", kWarning, invoice, {}, {{"<MNNhan>V0309478306", "<MNNhan>TCT"}}},
      {"header.mltdiep_syntax", kError, invoice, {}, {{"<MLTDiep>203", "<MLTDiep>2x3"}}},
      {"header.mtdiep_syntax",
       kError,
       With(invoice, &MessageSpec::mtdiep, "A-1"),
       {},
       {{"<MTDiep>A-1", "<MTDiep>A 1"}}},
      {"header.mtdiep_prefix",
       kWarning,
       With(invoice, &MessageSpec::mngui, "V0109999999"),
       {},
       {{"<MTDiep>V0109999999", "<MTDiep>V0109999998"}}},
      {"header.mtdtchieu_filled", kWarning, invoice, {}, {{"<MTDTChieu/>", "<MTDTChieu>A-1</MTDTChieu>"}}},
      {"header.mst_syntax", kError, invoice, {}, {{"<MST>0101234567</MST><SLuong>", "<MST>010123456</MST><SLuong>"}}},
      {"header.sluong_syntax", kError, invoice, {}, {{"<SLuong>1</SLuong></TTChung>", "<SLuong>0</SLuong></TTChung>"}}},
      {"header.mst_mismatch", kError, invoice, {}, {{"<MST>0101234567</MST><DChi>", "<MST>0101234568</MST><DChi>"}}},
      {"header.mst_mismatch",
       kError,
       Spec400(1),
       {},
       {{"<MST>0101234567</MST><HDDIn>", "<MST>0101234568</MST><HDDIn>"}}},
      {"header.pban_date",
       kError,
       invoice,
       {},
       {{"<SHDon>1</SHDon>", "<SHDon>2</SHDon>"}},
       "2025-05-29T23:59:59+07:00"},
      {"catalogue.unknown_type", kError, invoice, {}, {{"<MLTDiep>203", "<MLTDiep>700"}}},
      {"catalogue.type_not_relayed", kError, invoice, {}, {{"<MLTDiep>203", "<MLTDiep>204"}}},
      {"catalogue.type_not_in_profile",
       kError,
       With(register_invoice, &MessageSpec::pban, "2.0.1"),
       {},
       {{"<TTChung><PBan>2.0.1</PBan><MNGui>", "<TTChung><PBan>2.0.0</PBan><MNGui>"}}},
      {"catalogue.not_checked_deeper", kInfo, invoice, {}, {{"<MLTDiep>203", "<MLTDiep>209"}}},
      {"signature.missing",
       kError,
       invoice,
       {},
       {{"<DSCKS><NBan>", "<DSCKS><NMua>"}, {"</NBan></DSCKS>", "</NMua></DSCKS>"}}},
      {"signature.missing", kError, register_invoice, {}, {{"<CKSNNT>", "<CKSNNT/><!--"}, {"</CKSNNT>", "-->"}}},
      {"signature.missing", kError, Spec303(1), {}, {{"<DSCKS><NNT>", "<DSCKS/><!--<NNT>"}, {"</NNT></DSCKS>", "-->"}}},
  };
}

}  // namespace tvan
