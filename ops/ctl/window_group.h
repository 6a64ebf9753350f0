#pragma once
// The parts of `tvanctl window`. Each adds its commands to the group.

#include "ops/ctl/tool.h"
#include "ops/ctl/window_client.h"

namespace tvan::ctl {

void AddChangeFlags(CLI::App* command, ChangeFlags& flags);  // --preview, --accept-warnings
void AddWindowAdd(CLI::App* group, Tool& tool);
void AddWindowQuestions(CLI::App* group, Tool& tool);  // list, show, history, preview, budget
void AddWindowFiles(CLI::App* group, Tool& tool);      // import, export

}  // namespace tvan::ctl
