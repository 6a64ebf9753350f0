#pragma once
// Makes messages as solution providers send them, for tests: TDiep of 100, 101, 106, 200, 201, 203, 206, 300, 303, 400
// and bare HDon, signed by a given XmlSigner or left unsigned. What is not changed is lawful: complete, with sums that
// fit. Fields are plain strings, so that a test can make one of them wrong. Pure functions; values are invented.

#include <string>
#include <vector>

#include "adapters/signature.h"

namespace tvan {

struct InvoiceSpec {
  std::string id;    // Id of DLHDon; empty: "data-<n>"
  std::string pban;  // empty: the message's
  std::string khmshdon = "1";
  std::string khhdon = "K26TAA";
  std::string shdon = "1";
  std::string nlap = "2026-11-20";
  std::string mst = "0101234567";  // NBan/MST
  std::string mccqt;               // 206 and 303: filled by their Spec function
  std::string related;             // XML put into DLHDon/TTChung, e.g. TTHDLQuan
  std::string more;                // XML put behind DSCKS, e.g. a second "<DSCKS/>"
  int lines = 1;                   // goods lines; those after the first are given away
};

struct MessageSpec {
  int type = 203;
  std::string pban = "2.1.0";
  std::string mngui = "0109999999";    // the provider's tax code
  std::string mnnhan = "V0309478306";  // the T-VAN
  std::string mtdiep;                  // empty: MNGui + 32 hex made from `number`
  int number = 1;
  std::string mtdtchieu;
  std::string mst = "0101234567";
  std::string sluong;            // empty: the count of items
  std::string root_attributes;   // as they stand, with a leading space
  std::string more_header;       // XML put at the end of TTChung
  std::string more_root;         // XML put at the end of TDiep
  std::string dlieu_attributes;  // with a leading space; 206 needs an Id: " Id=\"SigningData\"" when empty
  std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::vector<InvoiceSpec> invoices = {InvoiceSpec()};  // 300, 303: those that the notice names; 400: its rows
  Time signing_time;                                    // of every signature
};

// A TDiep. `signer` null: without any signature. A failing signer ends the test program with its message.
std::string MakeTDiep(const MessageSpec& spec, const XmlSigner* signer);
// A bare HDon.
std::string MakeBareHDon(const InvoiceSpec& invoice, const XmlSigner* signer, Time signing_time);
// The `number`-th invoice of a message, unsigned.
std::string MakeInvoiceXml(const InvoiceSpec& invoice, int type, int number);
// What stands inside a message of this version: the version itself; of an unknown one, 2.1.0.
std::string InnerPBan(const std::string& pban);

// `count` invoices from number `first` on; 206 and 303: each with its code.
MessageSpec Spec206(int count, int first = 1);
MessageSpec Spec203(int count, int first = 1);
MessageSpec Spec200(int shdon = 1);
MessageSpec Spec201(int shdon = 1);
MessageSpec Spec300(int count, int first = 1);
MessageSpec Spec303(int count, int first = 1);
MessageSpec Spec400(int count, int first = 1);
MessageSpec SpecOfTaxpayer(int type);  // 100, 101, 106

// `text` with its one occurrence of `what` replaced; a test that replaces nothing ends the program.
std::string Replaced(std::string text, const std::string& what, const std::string& by);

}  // namespace tvan
