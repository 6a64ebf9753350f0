#pragma once
// What a look or a decision asked for, as far as it has been fetched. Whoever is run over it sees what is not fetched
// yet as missing; such a run counts for nothing (missing()), and is repeated after the next fetch. One thread.

#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/kv.h"
#include "store/redis/redis_link.h"

namespace tvan {

// Whether a key of this family, or all that begin with these bytes, stand in an order in Redis too, so that they can be
// scanned. What is never scanned stands in its hash only.
bool IsOrdered(Family family, std::string_view key);

class FetchView : public KvView {
 public:
  enum class What { kMissing, kAll };

  Result<std::optional<std::string>> Get(Family family, std::string_view key) const override;
  // A visitor that met something missing has not decided yet, whatever it answered: it sees the rest of what is here,
  // so that one fetch brings all that it will ask for.
  Status Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const override;

  void BeginRun() { missed_ = 0; }
  bool missing() const { return missed_ > 0; }

  // The arguments of a fetch (functions.lua); they live until the next one. kAll: also what is here already, so that
  // all of it is of one instant again.
  void Ask(What what, RedisCommand& command);
  // The answers to the last Ask, from `first` on. store.damaged (permanent): they are none.
  Status Learn(std::vector<RedisReply>& replies, size_t first);

 private:
  struct Value {
    bool known = false;
    std::optional<std::string> bytes;
  };
  using Values = std::unordered_map<std::string, Value>;
  struct Range {
    Family family = Family::kControl;
    std::string prefix, from;
    std::vector<std::pair<std::string, std::string>> entries;
    bool whole = false;   // behind the entries is nothing
    bool wanted = false;  // somebody wants more of it than is here
  };
  struct Asked {  // of one fetch, in its order
    What what = What::kMissing;
    std::vector<std::vector<Value*>> values;  // one list a family
    std::vector<Range*> ranges;
    std::vector<std::string> texts;  // bounds and counts
  };

  Range& RangeOf(Family family, const std::string& prefix, const std::string& from) const;
  bool VisitAll(const Range& range, const Visit& visit) const;
  void AskValues(RedisCommand& command);
  void AskRanges(RedisCommand& command);
  static Status LearnRange(What what, RedisReply& reply, Range& range);

  mutable std::array<Values, kFamilies> values_;
  mutable std::map<std::string, Range> ranges_;  // by family, prefix, from
  mutable size_t missed_ = 0;                    // in this run
  Asked asked_;
};

}  // namespace tvan
