#pragma once
// Mailboxes as pages of FeedbackItem, and their cursors "incarnation:sequence". Free of gRPC; reads the store
// (blocking): run it on the read pool. Thread-safe. Internal to feedback.

#include <string>
#include <vector>

#include "store/store.h"
#include "tvan/v1/feedback.pb.h"

namespace tvan {

inline constexpr char kMainSubscription[] = "main";

class FeedbackPages {
 public:
  explicit FeedbackPages(Store& store) : store_(store) {}

  // The sequence a cursor names; empty: the acknowledged one. Errors: delivery.cursor (not one of ours),
  // delivery.cursor_incarnation (an older store's; SafeCursor is where to go on), delivery.cursor_range.
  Result<uint64_t> After(const ProviderId& provider, const std::string& cursor) const;
  std::string SafeCursor(const ProviderId& provider) const;
  // At most `limit` items and about 3 MiB, at least one if there is one.
  Result<std::vector<v1::FeedbackItem>> Read(const ProviderId& provider, uint64_t after, uint32_t limit) const;
  // Up to and including the cursor. Errors as After, and the store's.
  Status Acknowledge(const ProviderId& provider, const std::string& cursor);
  v1::StreamFeedbackResponse::Position PositionOf(const ProviderId& provider) const;

 private:
  std::string Cursor(uint64_t sequence) const;
  Result<v1::FeedbackItem> ItemOf(const MailboxItem& item) const;
  Store& store_;
};

// "" and "main" are the subscription there is. delivery.subscription
Status CheckSubscription(const std::string& name);

}  // namespace tvan
