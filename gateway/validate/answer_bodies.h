#pragma once
// The bodies of the authority's answers (protocol.md section 7). Lenient: fields are found by name in any order; what
// departs from the protocol becomes a deviation, never an error. Pure functions of the room.

#include <initializer_list>
#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/answer_deviations.h"

namespace tvan {

std::string Trimmed(const std::string& text);
// The text of the first child of that name, trimmed; empty when there is none.
std::string TextOf(const XmlNode& parent, std::string_view name);

// Each sets verdict, items, errors and depth_known of an answer whose header was read; an unknown shape stays
// information. `payload` is DLieu, `notice` a TBao, `data` its DLTBao.
void Read999(const XmlNode& notice, ParsedAnswer& answer);
void Read202(const XmlNode& payload, ParsedAnswer& answer);
void ReadUnreadable(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer);  // -1
void ReadBadSigningRequest(const XmlNode& notice, ParsedAnswer& answer);                    // -2
void ReadCheckResult(const XmlNode& data, ParsedAnswer& answer);                            // 204, 213
void ReadTaxpayerNotice(const XmlNode& data, ParsedAnswer& answer);                         // 102 to 105, 205
void ReadInvoicesNotice(const XmlNode& notice, ParsedAnswer& answer);                       // 301, 302
void ReadStatusChanges(const XmlNode& payload, ParsedAnswer& answer);                       // 505, 506, 507

// The LDo of a list of reasons, or the children of another name; codes of unusual form are deviations.
std::vector<AnswerError> ReadReasons(const XmlNode& list, ParsedAnswer& answer, std::string_view name = "LDo");
// The invoice of these parts; its MST is empty when the answer names none.
std::optional<InvoiceKey> InvoiceOf(const std::string& form, const std::string& series, const std::string& number,
                                    const ParsedAnswer& answer);
// An item that is the invoice which an element with KHMSHDon, KHHDon and SHDon names.
AnswerItem InvoiceItem(const XmlNode& named, AnswerVerdict verdict, ParsedAnswer& answer);
// What the item says under these names.
void TakeFields(const XmlNode& from, std::initializer_list<std::string_view> tags, AnswerItem& item);
// The verdict of the whole by its items: all accepted, all refused, or partly; information when none is decided.
AnswerVerdict VerdictOf(const std::vector<AnswerItem>& items);

}  // namespace tvan
