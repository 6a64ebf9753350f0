#pragma once
// Status and Result<T>: how every room says that something failed.
// A failure has a stable reason ("room.what", listed in ops/REASONS.md), a disposition and a text for people.
// The disposition is honest: permanent = give up, transient = nothing happened, try later, in doubt = find out first.
// Values, no threads; a Status that is dropped is a compiler warning.

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tvan {

enum class Disposition { kPermanent, kTransient, kInDoubt };

// A stable reason. It can be written in one way only, "room.what"_reason, so that a test can compare the code
// with ops/REASONS.md in both directions.
class Reason {
 public:
  constexpr Reason() = default;
  constexpr std::string_view text() const { return text_; }
  friend constexpr bool operator==(Reason a, Reason b) { return a.text_ == b.text_; }

 private:
  friend constexpr Reason operator""_reason(const char* text, size_t size);
  constexpr explicit Reason(std::string_view text) : text_(text) {}
  std::string_view text_;  // a literal, lives for ever
};
constexpr Reason operator""_reason(const char* text, size_t size) { return Reason(std::string_view(text, size)); }

class [[nodiscard]] Status {
 public:
  Status() = default;  // OK
  static Status Permanent(Reason reason, std::string message) {
    return {reason, Disposition::kPermanent, std::move(message)};
  }
  static Status Transient(Reason reason, std::string message) {
    return {reason, Disposition::kTransient, std::move(message)};
  }
  static Status InDoubt(Reason reason, std::string message) {
    return {reason, Disposition::kInDoubt, std::move(message)};
  }

  bool ok() const { return reason_.text().empty(); }
  explicit operator bool() const { return ok(); }
  Reason reason() const { return reason_; }                 // empty text when ok
  Disposition disposition() const { return disposition_; }  // meaningless when ok
  const std::string& message() const { return message_; }
  bool is_transient() const { return !ok() && disposition_ == Disposition::kTransient; }
  bool is_in_doubt() const { return !ok() && disposition_ == Disposition::kInDoubt; }
  std::string ToString() const;  // "ok" or "room.what (transient): message"

 private:
  Status(Reason reason, Disposition disposition, std::string message)
      : reason_(reason), disposition_(disposition), message_(std::move(message)) {}
  Reason reason_;
  Disposition disposition_ = Disposition::kPermanent;
  std::string message_;
};

// A broken invariant of our own: says where and aborts; the store is crash-safe, a wrong state is not.
[[noreturn]] void CheckFailed(const char* file, int line, const char* what);
#define TVAN_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::tvan::CheckFailed(__FILE__, __LINE__, #condition))

// A value or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // implicit on purpose: `return value;`
  Result(Status status) : status_(std::move(status)) {  // implicit on purpose: `return status;`
    if (status_.ok()) CheckFailed(__FILE__, __LINE__, "Result built from an OK Status");
  }

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Status& status() const { return status_; }
  T& value() & { return TVAN_CHECK(ok()), *value_; }
  const T& value() const& { return TVAN_CHECK(ok()), *value_; }
  T&& value() && { return TVAN_CHECK(ok()), std::move(*value_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace tvan
