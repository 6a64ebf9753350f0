#pragma once
// What a shelf (shelf.h) is made of: buckets of rows, below pages, below a root. Internal to the shelf.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace tvan::shelf {

template <class Thing>
struct Node {
  uint64_t edit = 0;  // the round of changes that made it
  std::vector<Thing> things;
};

// `first`: no key before it is in this part or behind it. Of the first part of a node it says nothing: that takes
// whatever is before the second.
template <class Key, class Below>
struct Part {
  Key first;
  std::shared_ptr<Below> below;
  const Key& key() const { return first; }
};

template <class Level, class Key>
size_t PartOf(const Level& level, const Key& key) {
  const auto behind = std::partition_point(level.things.begin() + 1, level.things.end(),
                                           [&](const auto& part) { return !(key < part.first); });
  return static_cast<size_t>(behind - level.things.begin()) - 1;
}

template <class Rows, class Key>
auto PlaceOf(Rows& rows, const Key& key) {
  return std::partition_point(rows.begin(), rows.end(), [&](const auto& row) { return row.key() < key; });
}

// The node to change in this round: itself, or a copy in its place.
template <class Level>
Level& Own(std::shared_ptr<Level>& node, uint64_t edit) {
  if (node->edit != edit) node = std::make_shared<Level>(Level{edit, node->things});
  return *node;
}

// A part of `most` things becomes two; the last one gives its last thing away only, so that what comes in order fills
// its bucket.
template <class Above>
void Split(Above& above, size_t at, size_t most) {
  auto& things = above.things[at].below->things;
  if (things.size() < most) return;
  const size_t kept = at + 1 == above.things.size() ? things.size() - 1 : things.size() / 2;
  const auto half = things.begin() + static_cast<ptrdiff_t>(kept);
  auto made = std::make_shared<std::decay_t<decltype(*above.things[at].below)>>();
  made->edit = above.edit;
  made->things.assign(std::make_move_iterator(half), std::make_move_iterator(things.end()));
  things.erase(half, things.end());
  auto first = made->things.front().key();
  above.things.insert(above.things.begin() + static_cast<ptrdiff_t>(at) + 1, {std::move(first), std::move(made)});
}

}  // namespace tvan::shelf
