#pragma once
// What stands in DLieu of the types that are no invoices: notices (300, 303), the summary table (400), registrations
// (100, 101) and the request for single invoices (106). Complete and lawful under every profile; unsigned. Pure; values
// are invented.

#include <string>

#include "tests/support/message_maker.h"

namespace tvan {

std::string MakeNoticeXml(const MessageSpec& spec);        // names spec.invoices, each as cancelled
std::string MakeSummaryXml(const MessageSpec& spec);       // a row for each of spec.invoices
std::string MakeRegistrationXml(const MessageSpec& spec);  // 01/ĐKTĐ-HĐĐT: first registration
std::string MakeDelegationXml(const MessageSpec& spec);    // lets 0107777777 issue invoices
std::string MakeRequestXml(const MessageSpec& spec);       // 06/ĐN-PSĐT

}  // namespace tvan
