#include "gateway/validate/node_reader.h"

namespace tvan {

std::string PathOf(const XmlNode& parent, std::string_view name) { return parent.path() + "/" + std::string(name); }

void SayAt(const XmlNode& node, Reason rule, Severity severity, FindingList& findings, RuleValues values) {
  if (findings.full(severity)) return findings.LeaveOut(rule, severity);
  findings.Say(rule, severity, node.path(), values);
}

}  // namespace tvan
