#pragma once
// Answers of the authority as bytes, for the tests of the answer reader.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {

inline SigningWorld& W() { return SigningWorld::Get(); }
inline const std::string kId = "TCT0123456789ABCDEF0123456789ABCDEF";
inline const std::string kRequest = "V030947830659FEA6EA42BA4C13906BDB819545CEC1";
inline const std::string kCode = "00ABCDEF0123456789ABCDEF0123456789";

inline std::string Answer(int type, const std::string& body, const std::string& mst = "0101234567") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep><TTChung><PBan>2.1.0</PBan><MNGui>TCT</MNGui>"
         "<MNNhan>V0309478306</MNNhan><MLTDiep>" +
         std::to_string(type) + "</MLTDiep><MTDiep>" + kId + "</MTDiep><MTDTChieu>" + kRequest + "</MTDTChieu>" +
         (mst.empty() ? "" : "<MST>" + mst + "</MST>") + "<SLuong>1</SLuong></TTChung><DLieu>" + body +
         "</DLieu></TDiep>";
}
inline std::string Notice(const std::string& content) {
  return "<TBao><DLTBao Id=\"tb\"><MGDDTu>" + kRequest + "</MGDDTu>" + content +
         "</DLTBao><DSCKS><CQT></CQT></DSCKS></TBao>";
}
inline std::string Checked(const std::string& kind, const std::string& branch) {
  return Answer(204, Notice("<LTBao>" + kind + "</LTBao>" + branch));
}
inline std::string Reason(const std::string& code, const std::string& text) {
  return "<DSLDo><LDo><MLoi>" + code + "</MLoi><MTLoi>" + text + "</MTLoi><HDXLy>Sửa</HDXLy></LDo></DSLDo>";
}
inline std::string Named(const std::string& number, const std::string& more) {
  return "<KHMSHDon>1</KHMSHDon><KHHDon>K26TAA</KHHDon><SHDon>" + number + "</SHDon>" + more;
}
inline ReadAnswer Read(const std::string& bytes) { return W().reader->Read(bytes, W().now); }
inline ParsedAnswer Parse(const std::string& bytes) { return Read(bytes).parsed; }
inline std::string KeyOf(const AnswerItem& item) { return item.invoice ? item.invoice->ToString() : "none"; }
inline std::string Sign(const std::string& answer, const std::string& id, const std::string& place,
                        std::vector<std::string> more = {}, const XmlSigner* signer = nullptr) {
  const SignRequest request{id, place, W().now, std::move(more)};
  auto done = (signer ? *signer : *W().authority).Sign(answer, request);
  EXPECT_TRUE(done.ok()) << done.status().ToString();
  return done.ok() ? *done : answer;
}

inline std::string Coded(const std::string& code) {
  const std::string mccqt = code.empty() ? "" : "<MCCQT Id=\"ma\">" + code + "</MCCQT>";
  return Answer(202, "<HDon>" + mccqt + "<DLHDon Id=\"data\"><TTChung>" + Named("007", "") +
                         "</TTChung></DLHDon><DSCKS><NBan/></DSCKS><DSCKS><CQT></CQT></DSCKS></HDon>");
}

}  // namespace tvan
