#pragma once
// The fields of a message record that tell what it did to earlier invoices. Private to the codecs; pure functions.

#include "gateway/core/tagged.h"
#include "store/records.h"

namespace tvan {

void EncodeHistory(const MessageMeta& meta, TaggedWriter& out);
// A code names one of the claims, which stand before it. `good` falls when the field is wrong in itself.
bool DecodeHistory(const TaggedField& field, MessageMeta& meta, bool& good);

}  // namespace tvan
