#pragma once
// What stands in a message, and what differs between two, as people read it: "quotas.per_day: 5 → 10". Texts are cut
// and lists bounded, whatever the message holds. Pure; by reflection, so that a new field is shown without code here.

#include <string>
#include <vector>

#include <google/protobuf/message.h>

namespace tvan {

// "field: value", in the order of the fields; what is not set is left out.
std::vector<std::string> WordsOf(const google::protobuf::Message& message);
// "field: before → after"; of a list only what left it and what came; "-" is nothing. Both of one type.
std::vector<std::string> ChangesBetween(const google::protobuf::Message& before,
                                        const google::protobuf::Message& after);

}  // namespace tvan
