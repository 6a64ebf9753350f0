#pragma once
// Signed messages as a T-VAN would send them, for the simulator's tests: built as text, changed by replacing text.

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "adapters/signature.h"

namespace tvan::test {

inline constexpr const char* kMst = "0101234567";
inline constexpr const char* kSender = "V0100000001";

// "V0100000001" + 32 upper-case hex made of `n`.
inline std::string Id(int n) {
  char text[48];
  std::snprintf(text, sizeof text, "%s%032X", kSender, unsigned(n));
  return text;
}

inline std::string Replace(std::string text, const std::string& from, const std::string& to) {
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline std::string Invoice(int number, const std::string& khhdon = "C26TAA", const std::string& code = "") {
  std::string n = std::to_string(number);
  return "<HDon><DLHDon Id=\"data" + n +
         "\"><TTChung><PBan>2.1.0</PBan><THDon>Hóa đơn</THDon><KHMSHDon>1</KHMSHDon><KHHDon>" + khhdon +
         "</KHHDon><SHDon>" + n + "</SHDon><NLap>2026-11-21</NLap><DVTTe>VND</DVTTe></TTChung><NDHDon><NBan>" +
         "<Ten>Bán</Ten><MST>" + kMst + "</MST><DChi>Huế</DChi></NBan><NMua><Ten>Mua</Ten></NMua><DSHHDVu><HHDVu>" +
         "<TChat>1</TChat><THHDVu>Gạo</THHDVu><DVTinh>kg</DVTinh><SLuong>1</SLuong><DGia>1000</DGia>" +
         "<ThTien>1000</ThTien><TSuat>10%</TSuat></HHDVu></DSHHDVu><TToan><TgTCThue>1000</TgTCThue>" +
         "<TgTThue>100</TgTThue><TgTTTBSo>1100</TgTTTBSo><TgTTTBChu>Một nghìn một trăm đồng</TgTTTBChu></TToan>" +
         "</NDHDon></DLHDon>" + (code.empty() ? "" : "<MCCQT Id=\"c" + n + "\">" + code + "</MCCQT>") +
         "<DSCKS></DSCKS></HDon>";
}

inline std::string CashCode(int number) {
  char text[32];
  std::snprintf(text, sizeof text, "M1-26-A1B2C-%011d", number);
  return text;
}

inline std::string Envelope(int type, const std::string& mtdiep, size_t count, const std::string& dlieu,
                            const std::string& root = "", const std::string& tail = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep" + root + "><TTChung><PBan>2.1.0</PBan><MNGui>" + kSender +
         "</MNGui><MNNhan>TCT</MNNhan><MLTDiep>" + std::to_string(type) + "</MLTDiep><MTDiep>" + mtdiep +
         "</MTDiep><MTDTChieu></MTDTChieu><MST>" + kMst + "</MST><SLuong>" + std::to_string(count) +
         "</SLuong></TTChung>" + dlieu + tail + "</TDiep>";
}

// Signs each invoice (200, 203).
inline std::string SignedInvoices(const XmlSigner& signer, int type, const std::string& mtdiep,
                                  const std::vector<int>& numbers, Time now, const std::string& khhdon = "C26TAA",
                                  const std::string& root = "") {
  std::string items;
  for (int n : numbers) items += Invoice(n, khhdon);
  std::string message = Envelope(type, mtdiep, numbers.size(), "<DLieu>" + items + "</DLieu>", root);
  for (size_t i = 0; i < numbers.size(); ++i) {
    std::string index = numbers.size() == 1 ? "" : "[" + std::to_string(i + 1) + "]";
    message =
        signer
            .Sign(message, {"data" + std::to_string(numbers[i]), "/TDiep/DLieu/HDon" + index + "/DSCKS/NBan", now, {}})
            .value();
  }
  return message;
}

// 206: one signature over <DLieu Id>.
inline std::string SignedPackage(const XmlSigner& signer, const std::string& mtdiep, const std::vector<int>& numbers,
                                 const std::vector<std::string>& codes, Time now) {
  std::string items;
  for (size_t i = 0; i < numbers.size(); ++i) items += Invoice(numbers[i], "C26MAA", codes[i]);
  std::string message =
      Envelope(206, mtdiep, numbers.size(), "<DLieu Id=\"pack\">" + items + "</DLieu>", "", "<CKSNNT></CKSNNT>");
  return signer.Sign(message, {"pack", "/TDiep/CKSNNT", now, {}}).value();
}

inline std::string SignedNotice(const XmlSigner& signer, const std::string& mtdiep,
                                const std::vector<std::pair<int, std::string>>& items, Time now) {
  std::string list;
  for (const auto& [number, khhdon] : items)
    list += "<HDon><STT>1</STT><MCQTCap></MCQTCap><KHMSHDon>1</KHMSHDon><KHHDon>" + khhdon + "</KHHDon><SHDon>" +
            std::to_string(number) +
            "</SHDon><Ngay>2026-11-21</Ngay><LADHDDT>1</LADHDDT><TCTBao>1</TCTBao><LDo>Sai</LDo></HDon>";
  std::string dlieu =
      "<DLieu><TBao><DLTBao Id=\"notice\"><PBan>2.1.0</PBan><MSo>04/SS-HĐĐT</MSo><Ten>Thông báo</Ten><Loai>1</Loai>"
      "<MCQT>10100</MCQT><TCQT>Cục Thuế</TCQT><TNNT>Bán</TNNT><MST>" +
      std::string(kMst) + "</MST><DDanh>Huế</DDanh><NTBao>2026-11-21</NTBao><DSHDon>" + list +
      "</DSHDon></DLTBao><DSCKS></DSCKS></TBao></DLieu>";
  return signer.Sign(Envelope(300, mtdiep, 1, dlieu), {"notice", "/TDiep/DLieu/TBao/DSCKS/NNT", now, {}}).value();
}

// Our 999 for an answer of the authority.
inline std::string Ack(const std::string& mtdiep, const std::string& answer_id) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep><TTChung><PBan>2.1.0</PBan><MNGui>" + std::string(kSender) +
         "</MNGui><MNNhan>TCT</MNNhan><MLTDiep>999</MLTDiep><MTDiep>" + mtdiep + "</MTDiep><MTDTChieu>" + answer_id +
         "</MTDTChieu></TTChung><DLieu><TBao><MTDiep>" + answer_id +
         "</MTDiep><MNGui>TCT</MNGui><NNhan>2026-11-21T10:00:00</NNhan><TTTNhan>0</TTTNhan></TBao></DLieu></TDiep>";
}

}  // namespace tvan::test
