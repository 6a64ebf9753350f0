#pragma once
// What `tvanctl feedback` says of an answer in a table; JSON has all of it. Pure.

#include <string>

#include "tvan/v1/types.pb.h"

namespace tvan::ctl {

// Codes and what they speak of: the authority's code of a 202, "5:40051" for a refused invoice, "0109999999:9992" for
// a delegate, "0102030405 TThai=03" for a tax code.
std::string AnswerCodes(const v1::ParsedAnswer& parsed);
// What else a notice says: its case, number and day, by when to act, the characters of register codes, deviations.
std::string AnswerWords(const v1::ParsedAnswer& parsed);

}  // namespace tvan::ctl
