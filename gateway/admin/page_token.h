#pragma once
// Page tokens that hold for one question only: a place in a list, with a mark of the request that it continues. Pure.
// Internal to admin.

#include <string>

#include <google/protobuf/message.h>

#include "gateway/core/status.h"

namespace tvan {

std::string MarkOf(const google::protobuf::Message& question);
std::string MakePageToken(const std::string& mark, const std::string& place);
// The place; empty at the beginning. admin.bad_request: no token of this question.
Result<std::string> PlaceOf(const std::string& mark, const std::string& token);

// The mark of a request: of all that it asks but the page.
template <class Request>
std::string MarkOfQuestion(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return MarkOf(request);
}

}  // namespace tvan
