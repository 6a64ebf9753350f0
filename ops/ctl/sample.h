#pragma once
// Sample messages of a sandbox: TDiep of 200, 203, 206, 300 and bare HDon, in the shape that solution providers send
// (protocol.md sections 3 and 7), and where each type is signed. All names and values are invented. Pure functions.

#include <string>

#include "adapters/signature.h"
#include "adapters/xml_document.h"

namespace tvan::ctl {

struct SampleSpec {
  int type = 203;            // 200, 203, 206, 300
  bool bare = false;         // a bare HDon (200, 203) instead of a TDiep
  std::string provider_mst;  // MNGui
  std::string tvan_mst;      // MNNhan
  std::string seller_mst;
  std::string mtdiep;
  int number = 1;                 // SHDon of the first invoice
  int count = 1;                  // invoices in the message
  int lines = 1;                  // goods lines of an invoice; those after the first are free of charge
  Time time;                      // dates inside, and of the signature
  bool extra_namespaces = false;  // xmlns:xsi and xmlns:xsd on TDiep, as many generators write them
};

// Unsigned. Errors: ctl.sample (a type that is not made here, a count that the type does not allow).
Result<std::string> MakeSample(const SampleSpec& spec);
// MNGui and 32 upper-case hex, UUID v4 shaped, from 16 bytes.
std::string SampleMessageId(const std::string& mngui, std::string_view bytes16);

// Signs a TDiep or a bare HDon at every place its type asks for; other bytes stay as they are.
// Errors: ctl.sign (no known place), xml.*, signature.*.
Result<std::string> SignDocument(const std::string& document, const XmlSigner& signer, Time time);

}  // namespace tvan::ctl
