#pragma once
// Records of a CSV or YAML file, for import and simulation. One thread.

#include <string>
#include <vector>

#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {

// `*.yaml`, else CSV of records of `kind` with a header of field names. Says on standard error what is wrong, every row
// of it; answers the exit code.
int ReadBookRows(const std::string& file, const std::string& kind,
                 std::vector<admin::v1::ImportContractsRequest::Row>& rows);

}  // namespace tvan::ctl
