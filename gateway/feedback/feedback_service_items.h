#pragma once
// One stored answer as the item its provider gets. Pure. Internal to feedback.

#include "store/store.h"
#include "tvan/v1/feedback.pb.h"

namespace tvan {

// All but cursor and owner. record.damaged
Status FillFeedbackItem(const MailboxItem& item, const IncomingAnswer& answer, v1::FeedbackItem& out);
// Which message it answers, and that message's state now.
void FillOwner(const MailboxItem& item, const MessageMeta& meta, v1::FeedbackItem& out);

}  // namespace tvan
