#pragma once
// The steps of the runbook of a maintenance night (ops/runbooks/maintenance-night.md), and which one comes next. One
// table: the runbook has each of these numbers and commands, a test compares. Pure.

#include <string>
#include <vector>

#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

struct RunbookStep {
  std::string number;   // of the step in the runbook: "3.2"
  std::string vi, en;   // what to do
  std::string command;  // {window}, {id}, {incident} and {unverified} stand for what the night names
};

const std::vector<RunbookStep>& RunbookSteps();
// By phase, marks and what is not done yet; what is urgent first. The command can be typed as it stands: what the night
// names is filled in.
RunbookStep NextStep(const admin::v1::Night& night);
// "tvanctl window extend ID --by 1h --preview" of the stop that goes on or comes; empty: there is none.
std::string ExtendCommand(const admin::v1::Night& night);

}  // namespace tvan::ctl
