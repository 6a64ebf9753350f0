#pragma once
// How tvanctl shows things: tables for people, JSON (proto field names) for machines. One thread, standard output.

#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/timestamp.pb.h>

#include "gateway/core/time.h"
#include "tvan/v1/types.pb.h"

namespace tvan::ctl {

// Columns as wide as their widest cell, counted in characters, not bytes.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() == 1; }
  std::string Text() const;
  void Print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

void PrintJson(const google::protobuf::Message& message);     // one line
std::string ToText(const google::protobuf::Timestamp& time);  // +07:00, to the second; "" when absent
Time ToTime(const google::protobuf::Timestamp& time);
void SetTimestamp(Time time, google::protobuf::Timestamp* to);

// "QUEUED" for MESSAGE_STATE_QUEUED, and so on.
std::string ToText(v1::MessageState state);
std::string ToText(v1::MessageClass cls);
std::string ToText(v1::AnswerVerdict verdict);
std::string ToText(v1::Severity severity);  // "error", "warning", "info"

void PrintFindings(const google::protobuf::RepeatedPtrField<v1::Finding>& findings, const std::string& lang);
// A message with its event log.
void PrintMessage(const v1::Message& message);

}  // namespace tvan::ctl
