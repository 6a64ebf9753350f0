// Where the signatures of each type stand and what they cover, type by type; whole messages are in signatures_test.
#include "gateway/validate/signature_places.h"
#include "gateway/validate/signers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

SigningWorld& W() { return SigningWorld::Get(); }

struct Judged {
  std::vector<std::string> errors, warnings, roles;
};

Judged Judge(int type, std::string document) {
  auto parsed = W().parser->Parse(std::move(document));
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  FindingList findings;
  const auto demands = FindDemands((*parsed)->root(), *FindMessageType(type), findings);
  const SignatureCheck check = W().verifier->Verify(**parsed, demands, W().now);
  findings.Say(check.faults);
  const std::string taxpayer = "0101234567";
  CheckSigners({demands, check.reports, taxpayer, W().context()}, findings);
  Judged judged;
  for (const SignatureDemand& demand : demands) judged.roles.push_back(demand.role);
  for (const Finding& finding : findings.Take())
    (finding.severity == Severity::kError ? judged.errors : judged.warnings).emplace_back(finding.rule.text());
  return judged;
}

// A message whose header does not matter.
std::string With(const std::string& payload, const std::string& behind = "") {
  return "<TDiep><TTChung></TTChung><DLieu>" + payload + "</DLieu>" + behind + "</TDiep>";
}

std::string Sign(const std::string& document, const std::string& id, const std::string& place,
                 const XmlSigner& signer = *W().seller) {
  auto done = signer.Sign(document, {id, place, W().now, {}});
  EXPECT_TRUE(done.ok()) << done.status().ToString();
  return done.ok() ? *done : document;
}

// The types that the taxpayer signs item by item: the item, its data element, its place in DLieu.
struct BySheet {
  int type;
  std::string item, data;
};
const BySheet kSheets[] = {{100, "TKhai", "DLTKhai"},   {101, "TKhai", "DLTKhai"}, {106, "DNghi", "DLDNghi"},
                           {300, "TBao", "DLTBao"},     {303, "TBao", "DLTBao"},   {400, "BTHDLieu", "DLBTHop"},
                           {401, "BTHDLieu", "DLBTHop"}};

// Something else stands beside the data; in a DNghi, whose data nobody names for sure, inside it.
std::string Sheet(const BySheet& sheet, const std::string& id = "data") {
  const std::string other = "<Khac Id=\"other\"/>", end = "</" + sheet.data + ">";
  return "<" + sheet.item + "><" + sheet.data + " Id=\"" + id + "\"><Ten>Giờ</Ten>" +
         (sheet.type == 106 ? other + end : end + other) + "<DSCKS><NNT></NNT></DSCKS></" + sheet.item + ">";
}

std::string PlaceIn(const BySheet& sheet) { return "/TDiep/DLieu/" + sheet.item + "/DSCKS/NNT"; }

TEST(SignaturePlaces, TheTaxpayerSignsEachSheetOverItsData) {
  for (const BySheet& sheet : kSheets) {
    const std::string bare = With(Sheet(sheet));
    const std::string document = Sign(bare, "data", PlaceIn(sheet));
    const Judged good = Judge(sheet.type, document);
    EXPECT_THAT(good.errors, IsEmpty()) << sheet.type;
    EXPECT_THAT(good.warnings, IsEmpty()) << sheet.type;
    EXPECT_THAT(good.roles, ElementsAre("NNT")) << sheet.type;
    EXPECT_THAT(Judge(sheet.type, bare).errors, ElementsAre("signature.missing")) << sheet.type;
    EXPECT_THAT(Judge(sheet.type, Replaced(document, "Giờ", "Ngày")).errors, ElementsAre("signature.digest"))
        << sheet.type;
    EXPECT_THAT(Judge(sheet.type, Sign(bare, "other", PlaceIn(sheet))).errors, ElementsAre("signature.not_covered"))
        << sheet.type;
  }
}

TEST(SignaturePlaces, AnotherSignerOfASheetMayStandBesideTheTaxpayer) {
  for (const BySheet& sheet : kSheets) {
    const std::string place = "/TDiep/DLieu/" + sheet.item + "/DSCKS/CCKSKhac";
    const std::string two = Replaced(With(Sheet(sheet)), "</NNT>", "</NNT><CCKSKhac></CCKSKhac>");
    const std::string both = Sign(Sign(two, "data", PlaceIn(sheet)), "data", place, *W().delegate);
    EXPECT_THAT(Judge(sheet.type, both).errors, IsEmpty()) << sheet.type;
  }
}

TEST(SignaturePlaces, AnInvoiceOfATypeThatIsNotReadIsSignedOverItsData) {
  const std::string bare =
      With("<HDon><DLHDon Id=\"data\"><Ten>Giờ</Ten></DLHDon><Khac Id=\"other\"/><DSCKS><NBan></NBan></DSCKS></HDon>");
  const std::string place = "/TDiep/DLieu/HDon/DSCKS/NBan";
  for (const int type : {209, 210, 216}) {
    EXPECT_THAT(Judge(type, Sign(bare, "data", place)).errors, IsEmpty()) << type;
    EXPECT_THAT(Judge(type, Sign(bare, "other", place)).errors, ElementsAre("signature.not_covered")) << type;
  }
}

// How often it may stand in them no table says.
TEST(SignaturePlaces, OfAnInvoiceOfATypeThatIsNotReadEveryDataElementIsSigned) {
  const std::string place = "/TDiep/DLieu/HDon/DSCKS/NBan";
  for (const char* other : {"<DLHDon Id=\"b\"/>", "<DLHDon/><DLHDon/><DLHDon/><DLHDon Id=\"b\"/>"}) {
    const std::string two = With("<HDon Id=\"all\"><DLHDon Id=\"a\">Giờ</DLHDon>" + std::string(other) +
                                 "<DSCKS><NBan></NBan></DSCKS></HDon>");
    for (const int type : {209, 210, 216}) {
      EXPECT_THAT(Judge(type, Sign(two, "all", place)).errors, IsEmpty()) << type;
      EXPECT_THAT(Judge(type, Sign(two, "a", place)).errors, Not(IsEmpty())) << type;
      EXPECT_THAT(Judge(type, Sign(two, "a", place)).errors, Each("signature.not_covered")) << type;
      EXPECT_THAT(Judge(type, Sign(two, "b", place)).errors, Each("signature.not_covered")) << type;
    }
  }
}

// A delegate that one of them does not name, or that it contradicts, signs none of them.
TEST(SignaturePlaces, OfAnInvoiceOfATypeThatIsNotReadEveryDataElementNamesTheDelegate) {
  const auto data = [](const std::string& named) {
    return "<DLHDon><TTChung><MSTDVNUNLHDon>" + named + "</MSTDVNUNLHDon></TTChung></DLHDon>";
  };
  const std::string mine = data("0107777777"), strange = data("0108888888"), place = "/TDiep/DLieu/HDon/DSCKS/NBan";
  const auto judge = [&](const std::string& content) {
    const std::string bare = With("<HDon Id=\"all\">" + content + "<DSCKS><NBan></NBan></DSCKS></HDon>");
    return Judge(210, Sign(bare, "all", place, *W().delegate));
  };
  for (const std::string& more : {std::string(), mine, mine + mine + mine + mine}) {
    EXPECT_THAT(judge(mine + more).warnings, ElementsAre("signature.delegate_unregistered"));
    EXPECT_THAT(judge(mine + more).errors, IsEmpty());
    for (const std::string& other : {strange, std::string("<DLHDon/>")})
      EXPECT_THAT(judge(mine + more + other).errors, ElementsAre("signature.signer_mismatch"));
  }
}

TEST(SignaturePlaces, OfARequestAllThatStandsBesideTheSignatureIsSigned) {
  const BySheet sheet{106, "DNghi", "DLDNghi"};
  for (const std::string& more : {std::string("<Foo/>"), std::string("<DLDNghi/>")}) {
    const std::string two = Replaced(With(Sheet(sheet)), "<DSCKS>", more + "<DSCKS>");
    EXPECT_THAT(Judge(106, Sign(two, "data", PlaceIn(sheet))).errors, ElementsAre("signature.not_covered")) << more;
  }
}

TEST(SignaturePlaces, AnotherTaxpayersSignatureIsRefusedOnEverySheet) {
  for (const BySheet& sheet : kSheets)
    EXPECT_THAT(Judge(sheet.type, Sign(With(Sheet(sheet)), "data", PlaceIn(sheet), *W().delegate)).errors,
                ElementsAre("signature.signer_mismatch"))
        << sheet.type;
}

TEST(SignaturePlaces, EverySummaryTableOfAMessageIsSignedByItself) {
  const BySheet sheet{400, "BTHDLieu", "DLBTHop"};
  const std::string two = With(Sheet(sheet, "a") + Replaced(Sheet(sheet, "b"), "\"other\"", "\"other2\""));
  const std::string one = Sign(two, "a", "/TDiep/DLieu/BTHDLieu[1]/DSCKS/NNT");
  EXPECT_THAT(Judge(400, one).errors, ElementsAre("signature.missing"));
  EXPECT_THAT(Judge(400, Sign(one, "b", "/TDiep/DLieu/BTHDLieu[2]/DSCKS/NNT")).errors, IsEmpty());
}

TEST(SignaturePlaces, ASignatureBesideTheSheetsIsRefusedWhereDLieuHoldsNothingElse) {
  const BySheet sheet{100, "TKhai", "DLTKhai"};
  const std::string document = With(Sheet(sheet) + "<BKe Id=\"list\"><CK/></BKe>");
  const std::string both = Sign(Sign(document, "data", PlaceIn(sheet)), "list", "/TDiep/DLieu/BKe/CK");
  EXPECT_THAT(Judge(100, both).errors, ElementsAre("signature.misplaced"));
}

std::string Hdon() { return "<HDon><DLHDon Id=\"data\"><TTChung/></DLHDon><Khac/><DSCKS><NBan></NBan></DSCKS></HDon>"; }

// 207, 208 and 401 hold something more of which no table is known.
TEST(SignaturePlaces, BesideAnInvoiceThatIsReadASignatureMayStandAndMustHold) {
  for (const int type : {207, 208}) {
    const std::string bare = With(Hdon() + "<BKe><ND Id=\"list\">Giờ</ND><NNT></NNT></BKe>");
    EXPECT_THAT(Judge(type, bare).errors, ElementsAre("signature.missing")) << "of the invoice";
    const std::string sold = Sign(bare, "data", "/TDiep/DLieu/HDon/DSCKS/NBan");
    EXPECT_THAT(Judge(type, sold).errors, IsEmpty());
    const std::string both = Sign(sold, "list", "/TDiep/DLieu/BKe/NNT");
    const Judged judged = Judge(type, both);
    EXPECT_THAT(judged.errors, IsEmpty());
    EXPECT_THAT(judged.warnings, IsEmpty());
    EXPECT_THAT(judged.roles, ElementsAre("NBan", "NNT"));
    EXPECT_THAT(Judge(type, Replaced(both, "Giờ", "Ngày")).errors, ElementsAre("signature.digest"));
    EXPECT_THAT(Judge(type, Sign(sold, "data", "/TDiep/DLieu/HDon/Khac")).errors, ElementsAre("signature.misplaced"))
        << "inside the invoice the tables do reach";
  }
}

// 209 to 212, 216 and 304: no table says where a signature stands.
const int kHeaderOnly[] = {209, 210, 211, 212, 216, 304};

TEST(SignaturePlaces, WhereNoPlaceIsKnownASignatureMustHoldWhereverItStands) {
  for (const int type : kHeaderOnly) {
    const std::string document = With("<CTu><DLCTu Id=\"data\">Giờ</DLCTu><CKS><NNT></NNT></CKS></CTu>");
    const std::string good = Sign(document, "data", "/TDiep/DLieu/CTu/CKS/NNT");
    const Judged judged = Judge(type, good);
    EXPECT_THAT(judged.errors, IsEmpty()) << type;
    EXPECT_THAT(judged.warnings, IsEmpty()) << type;
    EXPECT_THAT(judged.roles, ElementsAre("NNT")) << type;
    EXPECT_THAT(Judge(type, Replaced(good, "Giờ", "Ngày")).errors, ElementsAre("signature.digest")) << type;
    EXPECT_THAT(Judge(type, Sign(document, "data", "/TDiep/DLieu/CTu/CKS/NNT", *W().untrusted)).errors,
                ElementsAre("signature.untrusted"))
        << type;
  }
}

TEST(SignaturePlaces, WhereNoPlaceIsKnownThatThereIsNoneIsAWarning) {
  for (const int type : kHeaderOnly) {
    const Judged judged = Judge(type, With("<CTu><DLCTu Id=\"data\"/></CTu>"));
    EXPECT_THAT(judged.errors, IsEmpty()) << type;
    EXPECT_THAT(judged.warnings, ElementsAre("signature.missing")) << type;
  }
}

TEST(SignaturePlaces, WhereNoPlaceIsKnownAStrangersSignatureIsAWarning) {
  const std::string document = With("<CTu><DLCTu Id=\"data\"/><CKS><NNT></NNT></CKS></CTu>");
  const Judged judged = Judge(211, Sign(document, "data", "/TDiep/DLieu/CTu/CKS/NNT", *W().delegate));
  EXPECT_THAT(judged.errors, IsEmpty());
  EXPECT_THAT(judged.warnings, ElementsAre("signature.signer_mismatch"));
}

TEST(SignaturePlaces, APackageSignatureMayBeThatOfATypeWhosePlaceIsNotKnown) {
  const std::string document = With("<HDon Id=\"data\">Giờ</HDon>", "<CKSNNT></CKSNNT>");
  const std::string good = Sign(document, "data", "/TDiep/CKSNNT");
  EXPECT_THAT(Judge(216, good).errors, IsEmpty());
  EXPECT_THAT(Judge(216, good).roles, ElementsAre("CKSNNT"));
  EXPECT_THAT(Judge(216, Replaced(good, "Giờ", "Ngày")).errors, ElementsAre("signature.digest"));
}

}  // namespace
}  // namespace tvan
