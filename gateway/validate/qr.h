#pragma once
// DLQRCode: a row of EMV elements (EMV QRCPS merchant-presented mode; QĐ 1271): two digits of id, two of length (01 to
// 99), then that many characters. Templates are not looked into. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// The character, counted from 1, where the element begins that is none; 0: all are well-formed.
size_t QrFaultAt(std::string_view utf8);

struct QrChecksum {
  std::string_view written;  // the value of element 63
  uint16_t computed = 0;     // CRC-16/CCITT-FALSE of all bytes before that value
  bool right() const;        // four hex digits of `computed`, in either case
};
// Of a well-formed text; nullopt: it has no element 63.
std::optional<QrChecksum> FindQrChecksum(std::string_view utf8);

// Rules qr.form, of the severity given, and qr.crc.
void CheckQr(const XmlNode& node, std::string_view text, Severity severity, FindingList& findings);

}  // namespace tvan
