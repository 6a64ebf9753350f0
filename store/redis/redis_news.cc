#include "store/redis/redis_news.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr std::string_view kFlags = "qrm", kNone = "-";  // queue, records, missed: in this order
constexpr size_t kLongestGateway = 64;

// Words are separated by one blank each.
std::string_view TakeWord(std::string_view& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool IsGateway(std::string_view word) {
  return !word.empty() && word.size() <= kLongestGateway && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

bool TakeFlags(std::string_view word, SharedNews& news) {
  if (word == kNone) return true;
  size_t next = 0;
  for (const char c : word) {
    const size_t at = kFlags.find(c, next);
    if (at == std::string_view::npos) return false;
    next = at + 1;
    bool* const flags[] = {&news.queue, &news.records, &news.missed};
    *flags[at] = true;
  }
  return !word.empty();
}

}  // namespace

std::string NewsOf(const std::string& gateway, const WriteSet& writes) {
  std::string flags;
  if (writes.queue_touched()) flags += 'q';
  if (!writes.changes(Family::kRecord).empty()) flags += 'r';
  const bool too_many = writes.mailboxes().size() > kMostNewsMailboxes;
  if (too_many) flags += 'm';
  if (flags.empty() && writes.mailboxes().empty()) return {};
  std::string text = gateway + " " + (flags.empty() ? std::string(kNone) : flags);
  if (too_many) return text;
  for (const ProviderId& provider : writes.mailboxes()) text += " " + provider.value();
  return text;
}

std::optional<RedisNews> ParseNews(std::string_view text) {
  RedisNews read;
  const std::string_view gateway = TakeWord(text);
  if (!IsGateway(gateway) || text.empty()) return std::nullopt;
  read.gateway = gateway;
  text.remove_prefix(1);
  const std::string_view flags = TakeWord(text);
  if (!TakeFlags(flags, read.news)) return std::nullopt;
  while (!text.empty()) {
    text.remove_prefix(1);
    auto provider = ParseProviderId(TakeWord(text));
    if (!provider.ok() || read.news.mailboxes.size() == kMostNewsMailboxes) return std::nullopt;
    read.news.mailboxes.push_back(*std::move(provider));
  }
  if (flags == kNone && read.news.mailboxes.empty()) return std::nullopt;
  return read;
}

}  // namespace tvan
