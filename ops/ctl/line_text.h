#pragma once
// How tvanctl shows the line: phases, why, what a provider is told. Pure.

#include <string>

#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

std::string LineText(const admin::v1::GetLineResponse& line, bool vi);  // NOLINT: one of two languages
std::string ModesText(const google::protobuf::RepeatedPtrField<admin::v1::ClassMode>& modes, bool vi);  // NOLINT: same

}  // namespace tvan::ctl
