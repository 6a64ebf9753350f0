#pragma once
// Times, spans, amounts and the protocol's words, as the night's screen and the tables of operators and providers say
// them in both languages. Pure.

#include <string>

#include <google/protobuf/duration.pb.h>

#include "gateway/core/time.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

class NightWords {
 public:
  explicit NightWords(bool vi) : vi_(vi) {}  // NOLINT: one of two languages
  std::string Say(const char* vi, const char* en) const { return vi_ ? vi : en; }

  std::string Date(Time t) const;  // "Sun 22/11/2026", "CN 22/11/2026"
  // "03:45" within twelve hours of now, else "22/11 03:45", in another year with it.
  std::string At(Time t, Time now) const;
  std::string Span(tvan::Span span) const;       // "18 min 53 s", "2 h 05 min", "3 d 4 h"; without a sign
  std::string Count(uint64_t n) const;           // "12 400"
  std::string Rate(double per_s) const;          // "12.0/s"
  std::string Bytes(double n) const;             // "120.5 GB"
  std::string Phase(v1::LinePhase phase) const;  // "DRAINING"
  std::string Class(v1::MessageClass cls) const;
  std::string Kind(v1::WindowKind kind) const;
  std::string State(v1::WindowState state) const;
  std::string Mark(admin::v1::MarkKind kind) const;
  std::string Hours(tvan::Span span) const;  // "158.7 h"
  // A word that the API uses as it is: certificate, trust; authority, line; active, suspended; open, approved; operator
  // …
  std::string Term(const std::string& word) const;

 private:
  bool vi_;
};

Span ToSpan(const google::protobuf::Duration& duration);

}  // namespace tvan::ctl
