#pragma once
// Twins: for each rule a message that breaks nothing and one that breaks this rule, one change apart. Data of
// twins_test.cc.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/finding.h"
#include "tests/support/message_maker.h"

namespace tvan {

using Changes = std::vector<std::pair<std::string, std::string>>;  // what stands there once, and what takes its place

struct Twin {
  const char* rule;
  Severity severity;             // of the finding in the rejected one
  MessageSpec spec;              // of both
  Changes good, bad;             // of the bytes that the spec makes
  std::string accepted_at = {};  // empty: 2026-11-20T10:00:00+07:00
};

std::vector<Twin> TwinsOfFields();
std::vector<Twin> TwinsOfEnvelope();
std::vector<Twin> TwinsOfInvoices();
std::vector<Twin> TwinsOfNotices();
std::vector<Twin> TwinsOfAmounts();

}  // namespace tvan
