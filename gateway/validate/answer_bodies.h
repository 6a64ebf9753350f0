#pragma once
// The bodies of the authority's answers that are understood to full depth (protocol.md sections 7.3–7.7). Lenient:
// fields are found by name in any order; what departs from the protocol becomes a deviation, never an error.

#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/answer.h"

namespace tvan {

// Notes a deviation, within bounds of count and length.
void Deviates(ParsedAnswer& answer, const std::string& what);
// The text of the first child of that name; empty when there is none.
std::string TextOf(const XmlNode& parent, std::string_view name);

// `payload` is DLieu. Each sets verdict, items, errors and depth_known of an answer whose header was read.
void Read999(const XmlNode& payload, ParsedAnswer& answer);
void Read202(const XmlNode& payload, ParsedAnswer& answer);
void Read204(const XmlNode& payload, ParsedAnswer& answer);
void Read301(const XmlNode& payload, ParsedAnswer& answer);
void ReadUnreadable(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer);  // -1

// The LDo of a list of reasons; codes of unusual form are deviations.
std::vector<AnswerError> ReadReasons(const XmlNode& list, ParsedAnswer& answer);
// The invoice that an element with KHMSHDon, KHHDon and SHDon names; its MST is empty when the answer names none.
std::optional<InvoiceKey> InvoiceOf(const std::string& form, const std::string& series, const std::string& number,
                                    const ParsedAnswer& answer);

}  // namespace tvan
