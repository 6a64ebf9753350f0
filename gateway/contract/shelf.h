#pragma once
// An ordered set of rows, each under its key, as a value that is cheap to copy: copies share everything. A change
// copies one bucket of rows and the two pages above it, so that whoever reads an older copy is never disturbed.
// Row: a type Key, comparable, and key(). Not thread-safe while it is changed; copies are independent.

#include "gateway/contract/shelf_find.h"

namespace tvan {

template <class Row>
class Shelf {
 public:
  using Key = typename Row::Key;

  uint64_t size() const { return size_; }

  // nullptr: none. Lives as long as this copy of the shelf, or one made of it, is not changed.
  const Row* Find(const Key& key) const { return root_ == nullptr ? nullptr : shelf::FindRow(*root_, key); }

  // Rows in order from the first that is not before `key`, for as long as `visit` answers true.
  template <class Visit>
  void From(const Key& key, Visit visit) const {
    if (root_ == nullptr) return;
    for (size_t p = shelf::PartOf(*root_, key); p < root_->things.size(); ++p) {
      const Page& page = *root_->things[p].below;
      for (size_t b = shelf::PartOf(page, key); b < page.things.size(); ++b) {
        const auto& rows = page.things[b].below->things;
        for (auto row = shelf::PlaceOf(rows, key); row != rows.end(); ++row)
          if (!visit(*row)) return;
      }
    }
  }

  // `edit` names a round of changes: what the round itself made is changed in place. A round on what came of another
  // has a greater number.
  void Put(Row row, uint64_t edit) {
    const Key key = row.key();
    if (root_ == nullptr) {
      auto page = std::make_shared<Page>(Page{edit, {{key, std::make_shared<Bucket>(Bucket{edit, {}})}}});
      root_ = std::make_shared<Root>(Root{edit, {{key, std::move(page)}}});
    }
    Root& root = shelf::Own(root_, edit);
    const size_t p = shelf::PartOf(root, key);
    Page& page = shelf::Own(root.things[p].below, edit);
    const size_t b = shelf::PartOf(page, key);
    auto& rows = shelf::Own(page.things[b].below, edit).things;
    const auto at = shelf::PlaceOf(rows, key) - rows.begin();
    if (at != std::ssize(rows) && !(key < rows[static_cast<size_t>(at)].key())) {
      rows[static_cast<size_t>(at)] = std::move(row);
      return;
    }
    ++size_;
    if (rows.size() == rows.capacity()) rows.reserve(std::min(kMostRows, rows.size() + rows.size() / 4 + 1));
    rows.insert(rows.begin() + at, std::move(row));
    shelf::Split(page, b, kMostRows);
    shelf::Split(root, p, kMostParts);
  }

  bool Erase(const Key& key, uint64_t edit) {
    if (Find(key) == nullptr) return false;
    --size_;
    Root& root = shelf::Own(root_, edit);
    const size_t p = shelf::PartOf(root, key);
    Page& page = shelf::Own(root.things[p].below, edit);
    const size_t b = shelf::PartOf(page, key);
    auto& rows = shelf::Own(page.things[b].below, edit).things;
    rows.erase(shelf::PlaceOf(rows, key));
    if (rows.empty()) page.things.erase(page.things.begin() + static_cast<ptrdiff_t>(b));
    if (page.things.empty()) root.things.erase(root.things.begin() + static_cast<ptrdiff_t>(p));
    if (root.things.empty()) root_.reset();
    return true;
  }

 private:
  static constexpr size_t kMostRows = 64, kMostParts = 256;

  using Bucket = shelf::Node<Row>;
  using Page = shelf::Node<shelf::Part<Key, Bucket>>;
  using Root = shelf::Node<shelf::Part<Key, Page>>;

  std::shared_ptr<Root> root_;
  uint64_t size_ = 0;
};

}  // namespace tvan
