#pragma once
// How the values of options are written: each function reads one, or says what was expected (sim.usage).

#include <charconv>
#include <string>
#include <vector>

#include "adapters/simulator/options.h"

namespace tvan::sim {

Status Usage(const std::string& text);
std::vector<std::string> Split(const std::string& text, char separator);  // empty parts are left out

template <class Number>
bool ReadNumber(const std::string& text, Number& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

Status ReadSpan(const std::string& value, Span& out);                // 59, 59s, 500ms, 10m, 1h30m
Status ReadMillis(const std::string& value, Span& low, Span& high);  // MS or MIN..MAX
Status ReadListen(const std::string& value, Options& o);
Status ReadPolicy(const std::string& value, Options& o);
Status ReadRotation(const std::string& value, Options& o);
Status ReadContracts(const std::string& value, Options& o);
Status ReadFaults(const std::string& value, Options& o);
Status ReadPackageDelay(const std::string& value, Options& o);
Status ReadCashCodes(const std::string& value, Options& o);
Status ReadTaxpayers(const std::string& value, Options& o);

// The plan (plan_values.cc).
Status ReadWindow(const std::string& value, Options& o);
Status ReadOutage(const std::string& value, Options& o);
Status ReadLie(const std::string& value, Options& o);
Status ReadCapacity(const std::string& value, Options& o);
Status ReadOverload(const std::string& value, Options& o);
Status ReadDateSkew(const std::string& value, Options& o);

}  // namespace tvan::sim
