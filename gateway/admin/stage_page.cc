#include "gateway/admin/stage_page.h"

namespace tvan {
namespace {

constexpr uint32_t kMostDamaged = 10'000, kPage = 500;

}  // namespace

Result<std::vector<MessageMeta>> PageOf(const Store& store, Stage stage, uint64_t& after) {
  auto page = store.InStage(stage, after, kPage);
  for (uint32_t i = 0; !page.ok() && i < kMostDamaged; ++i) {
    const auto damaged = store.FirstDamaged(stage, after);
    if (!damaged.ok() || !*damaged) return page.status();
    after = (*damaged)->acceptance;
    page = store.InStage(stage, after, kPage);
  }
  return page;
}

}  // namespace tvan
