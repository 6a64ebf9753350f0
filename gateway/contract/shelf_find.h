#pragma once
// The look-up of a shelf (shelf.h). Where keys have a rank, a number in about their order, each step begins where the
// key would stand if its neighbours were even, which is seldom far off: few lines of memory are touched. What is found
// never depends on the rank. Internal to the shelf.

#include "gateway/contract/shelf_nodes.h"

namespace tvan::shelf {

inline double RankOf(uint64_t key) { return static_cast<double>(key); }

template <class Key>
concept Ranked = requires(const Key& key) {
  { RankOf(key) } -> std::convertible_to<double>;
};

// Between which keys the things of a node stand, about.
template <class Key>
struct Bounds {
  const Key* low;
  const Key* high;
};

template <class Key>
size_t Guess(const Bounds<Key>& bounds, const Key& key, size_t size) {
  if constexpr (Ranked<Key>) {
    const double low = RankOf(*bounds.low), width = RankOf(*bounds.high) - low, at = RankOf(key) - low;
    if (at <= 0 || width <= 0) return width <= 0 ? size / 2 : 0;
    return at >= width ? size - 1 : std::min(size - 1, static_cast<size_t>(at / width * static_cast<double>(size)));
  }
  return size / 2;
}

// The first of `size` places that is not `before`, sought from a guess outwards.
template <class Before>
size_t FirstNot(size_t size, size_t guess, Before before) {
  size_t low = 0, high = size, step = 2;
  if (before(guess)) {
    low = guess + 1;
    while (low + step < high && before(low + step)) {
      low += step + 1;
      step *= 2;
    }
    high = std::min(high, low + step);
  } else {
    high = guess;
    while (high >= step && !before(high - step)) {
      high -= step;
      step *= 2;
    }
    low = high >= step ? high - step : 0;
  }
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (before(middle))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

// The part of a level that the key belongs to; `bounds` become those of the part.
template <class Level, class Key>
const auto& Down(const Level& level, const Key& key, Bounds<Key>& bounds) {
  const auto& parts = level.things;
  // The first part also takes what is before its own.
  const auto before = [&](size_t i) { return i == 0 || !(key < parts[i].first); };
  const size_t at = FirstNot(parts.size(), Guess(bounds, key, parts.size()), before) - 1;
  bounds.low = &parts[at].first;
  if (at + 1 < parts.size()) bounds.high = &parts[at + 1].first;
  return *parts[at].below;
}

// nullptr: none.
template <class Root, class Key>
const auto* FindRow(const Root& root, const Key& key) {
  Bounds<Key> bounds{&root.things.front().first, &root.things.back().first};
  const auto& rows = Down(Down(root, key, bounds), key, bounds).things;
  const size_t at =
      FirstNot(rows.size(), Guess(bounds, key, rows.size()), [&](size_t i) { return rows[i].key() < key; });
  return at == rows.size() || key < rows[at].key() ? nullptr : &rows[at];
}

}  // namespace tvan::shelf
