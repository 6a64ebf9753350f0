#pragma once
// What a gateway tells the others of an act, on the channel tvan:{NAME}:news (KEYS.md): "g2 qr acme beta". A hint about
// where to look, bounded, and read strictly: anybody who may publish there can write anything. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "store/shared.h"
#include "store/write_set.h"

namespace tvan {

inline constexpr size_t kMostNewsMailboxes = 64;  // of one act; more are told as "missed"

struct RedisNews {
  std::string gateway;  // whose act it was
  SharedNews news;
};

// Empty: the act is nothing to the others.
std::string NewsOf(const std::string& gateway, const WriteSet& writes);
// None: it is nothing that NewsOf writes.
std::optional<RedisNews> ParseNews(std::string_view text);

}  // namespace tvan
