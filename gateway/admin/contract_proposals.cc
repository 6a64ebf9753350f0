#include "gateway/admin/contract_proposals.h"

#include <algorithm>
#include <cstdio>

#include "gateway/core/tagged.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr const char* kKind = "proposal";
constexpr const char* kItemsKind = "proposal_items";
constexpr size_t kItemsInRecord = 500;  // of a hundred thousand: 200 records and the proposal are one act
constexpr int kShown = 20;

enum Tag : uint32_t { kProposal = 1, kCertificate = 2 };  // of a proposal
enum ItemsTag : uint32_t { kItem = 1 };                   // of its items, repeated

std::string IdOf(size_t number) {
  char id[16];
  std::snprintf(id, sizeof(id), "p%06zu", number);
  return id;
}

std::string ItemsId(const std::string& id, size_t part) { return id + "/" + std::to_string(part); }

OperatorRecord RecordOf(const StoredProposal& stored) {
  OperatorRecord record;
  record.kind = kKind;
  record.id = stored.proposal.id();
  record.body = TaggedWriter()
                    .Bytes(kProposal, stored.proposal.SerializeAsString())
                    .Bytes(kCertificate, stored.certificate)
                    .Take();
  return record;
}

Status Damaged(const std::string& id) {
  return Status::Permanent("admin.damaged"_reason, "the record of proposal " + id + " cannot be read");
}

Result<StoredProposal> Decode(const OperatorRecord& record) {
  StoredProposal stored;
  bool good = true;
  const Status read = ReadTagged(record.body, [&](const TaggedField& field) {
    if (field.tag == kProposal) good = stored.proposal.ParseFromString(field.String());
    if (field.tag == kCertificate) stored.certificate = field.String();
  });
  if (!read.ok() || !good || stored.proposal.id() != record.id) return Damaged(record.id);
  stored.version = record.version;
  return stored;
}

std::vector<RecordStore::RecordPut> PutsOf(const StoredProposal& stored, const std::vector<api::ContractItem>& items,
                                           Time now) {
  std::vector<RecordStore::RecordPut> puts;
  puts.push_back({RecordOf(stored), 0});
  for (size_t first = 0; first < items.size(); first += kItemsInRecord) {
    TaggedWriter body;
    for (size_t i = first; i < std::min(items.size(), first + kItemsInRecord); ++i)
      body.Bytes(kItem, items[i].SerializeAsString());
    OperatorRecord record;
    record.kind = kItemsKind;
    record.id = ItemsId(stored.proposal.id(), first / kItemsInRecord);
    record.body = body.Take();
    puts.push_back({std::move(record), 0});
  }
  for (auto& put : puts) {
    put.record.changed_at = now;
    put.record.author = stored.proposal.author();
    put.record.reason = stored.proposal.reason();
  }
  return puts;
}

}  // namespace

api::Proposal::State StateOf(const api::Proposal& proposal, Time now) {
  const bool over = proposal.state() == api::Proposal::OPEN && now >= FromProto(proposal.lapses_at());
  return over ? api::Proposal::LAPSED : proposal.state();
}

Result<std::string> ContractProposals::Open(api::Proposal asked, const Caller& by,
                                            const std::vector<api::ContractItem>& items, Time now) {
  const auto records = store_.ListRecords(kKind);
  if (!records) return records.status();
  size_t open = 0;
  for (const OperatorRecord& record : *records) {
    const auto other = Decode(record);
    if (!other) return other.status();
    open += StateOf(other->proposal, now) == api::Proposal::OPEN ? 1 : 0;
  }
  if (open >= kMostOpen)
    return Status::Permanent("admin.too_many_proposals"_reason,
                             std::to_string(open) + " proposals wait already: approve or reject some of them");
  StoredProposal stored{std::move(asked), by.certificate};
  stored.proposal.set_id(IdOf(records->size() + 1));
  stored.proposal.set_state(api::Proposal::OPEN);
  stored.proposal.set_author(by.name);
  stored.proposal.set_items(items.size());
  const auto put = store_.PutRecords(PutsOf(stored, items, now));
  if (!put) return put.status();
  return stored.proposal.id();
}

Result<StoredProposal> ContractProposals::Find(const std::string& id) const {
  const auto newest = store_.RecordHistory(kKind, id, {.limit = 1});
  if (!newest) return newest.status();
  if (newest->empty()) return Status::Permanent("admin.not_found"_reason, "there is no proposal of this id");
  return Decode(newest->front());
}

Result<std::vector<api::ContractItem>> ContractProposals::ItemsOf(const std::string& id, size_t first,
                                                                  size_t most) const {
  std::vector<api::ContractItem> items;
  for (size_t part = first / kItemsInRecord; items.size() < most; ++part) {
    const auto record = store_.RecordHistory(kItemsKind, ItemsId(id, part), {.limit = 1});
    if (!record) return record.status();
    if (record->empty()) break;
    bool good = true;
    size_t number = part * kItemsInRecord;
    const Status read = ReadTagged(record->front().body, [&](const TaggedField& field) {
      if (field.tag != kItem || number++ < first || items.size() == most) return;
      items.emplace_back();
      good = items.back().ParseFromString(field.String()) && good;
    });
    if (!read.ok() || !good) return Damaged(id);
  }
  return items;
}

Result<std::vector<api::Proposal>> ContractProposals::List(bool all, Time now) const {
  const auto records = store_.ListRecords(kKind);
  if (!records) return records.status();
  std::vector<api::Proposal> list;
  for (auto record = records->rbegin(); record != records->rend() && list.size() < kMostListed; ++record) {
    auto stored = Decode(*record);
    if (!stored) return stored.status();
    const auto state = StateOf(stored->proposal, now);
    if (!all && state != api::Proposal::OPEN) continue;
    stored->proposal.set_state(state);
    auto shown = ItemsOf(record->id, 0, kShown);
    if (!shown) return shown.status();
    for (api::ContractItem& item : *shown) *stored->proposal.add_shown() = std::move(item);
    list.push_back(std::move(stored->proposal));
  }
  return list;
}

Status ContractProposals::Close(StoredProposal& stored, api::Proposal::State state, const Caller& by,
                                const std::string& reason, Time now) {
  stored.proposal.set_state(state);
  stored.proposal.set_decided_by(by.name);
  stored.proposal.set_decision_reason(reason);
  ToProto(now, *stored.proposal.mutable_decided_at());
  OperatorRecord record = RecordOf(stored);
  record.changed_at = now;
  record.author = by.name;
  record.reason = reason;
  return store_.PutRecord(std::move(record), stored.version).status();
}

}  // namespace tvan
