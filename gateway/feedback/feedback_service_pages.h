#pragma once
// Mailboxes as pages of FeedbackItem, and their cursors "incarnation:sequence". Free of gRPC; reads the store
// (blocking): run it on the read pool. Thread-safe. Internal to feedback.

#include <string>
#include <vector>

#include "store/store.h"
#include "tvan/v1/feedback.pb.h"

namespace tvan {

inline constexpr char kMainSubscription[] = "main";

// Where a client goes on whose cursor is of another life of the store.
struct GoOn {
  std::string cursor;             // a safe one of this life: nothing after it was acknowledged
  std::string submit_again_from;  // RFC 3339; what was submitted since and is unknown here must be submitted again
};

class FeedbackPages {
 public:
  explicit FeedbackPages(Store& store) : store_(store) {}

  // The sequence a cursor names; empty: the acknowledged one. Errors: delivery.cursor (not one of ours),
  // feedback.cursor_rewound (of the store that this one was restored from), delivery.cursor_incarnation (of another
  // store; for both GoOnFor says where to go on), delivery.cursor_range.
  Result<uint64_t> After(const ProviderId& provider, const std::string& cursor) const;
  Result<std::string> SafeCursor(const ProviderId& provider) const;
  // What goes with delivery.cursor_incarnation and feedback.cursor_rewound, else empty. What cannot be read becomes
  // `status`.
  GoOn GoOnFor(const ProviderId& provider, const std::string& cursor, Status& status) const;
  // Of a restored store: from when on this provider submits again what we do not know, RFC 3339; else empty.
  Result<std::string> SubmitAgainFrom(const std::string& cursor) const;
  // At most `limit` items and about `bytes`, at least one if there is one.
  Result<std::vector<v1::FeedbackItem>> Read(const ProviderId& provider, uint64_t after, uint32_t limit,
                                             size_t bytes) const;
  // Up to and including the cursor. Errors as After, and the store's.
  Status Acknowledge(const ProviderId& provider, const std::string& cursor);
  Result<v1::StreamFeedbackResponse::Position> PositionOf(const ProviderId& provider) const;

 private:
  std::string Cursor(uint64_t sequence) const;
  Status ForeignCursor() const;
  Result<v1::FeedbackItem> ItemOf(const MailboxItem& item) const;
  Store& store_;
};

// What an item takes in memory, about.
size_t BytesOf(const v1::FeedbackItem& item);

// "" and "main" are the subscription there is. delivery.subscription
Status CheckSubscription(const std::string& name);

}  // namespace tvan
