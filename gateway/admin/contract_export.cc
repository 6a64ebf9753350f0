#include "gateway/admin/contract_export.h"

#include "gateway/admin/admin_convert.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using Write = std::function<bool(const api::ContractItem&)>;

constexpr size_t kPage = 1000;
constexpr ContractKind kInOrder[] = {ContractKind::kAgreement, ContractKind::kProviderContract, ContractKind::kTaxpayer,
                                     ContractKind::kDelegation, ContractKind::kMandate};

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

bool WriteOne(const ContractSnapshot::Listed& listed, const Write& write) {
  api::ContractItem out;
  ToProto(listed.item, listed.version, out);
  ToProto(listed.changed_at, *out.mutable_changed_at());
  return write(out);
}

// Behind `after`, for as long as `fits`. False: nobody reads any more.
template <class Fits>
bool ExportPages(const ContractSnapshot& book, ContractKind kind, std::string after, const Fits& fits,
                 const Write& write) {
  for (;;) {
    const auto page = book.List(kind, after, kPage);
    for (const ContractSnapshot::Listed& listed : page) {
      if (!fits(listed.item)) return true;
      if (!WriteOne(listed, write)) return false;
    }
    if (page.size() < kPage) return true;
    after = IdOf(page.back().item);
  }
}

bool ExportKind(const ContractSnapshot& book, ContractKind kind, const Write& write) {
  return ExportPages(
      book, kind, "", [](const ContractItem&) { return true; }, write);
}

// Its mandates stand together, behind its name.
void ExportProvider(const ContractSnapshot& book, const ProviderId& provider, std::optional<ContractKind> only,
                    const Write& write) {
  if (!only || *only == ContractKind::kProviderContract) {
    const auto contract = book.Get(ContractKind::kProviderContract, provider.value());
    if (contract && !WriteOne(*contract, write)) return;
  }
  const auto is_its = [&](const ContractItem& item) { return std::get<Mandate>(item).provider == provider; };
  if (!only || *only == ContractKind::kMandate)
    ExportPages(book, ContractKind::kMandate, provider.value(), is_its, write);
}

}  // namespace

Result<ExportAsked> AskedOf(const api::ExportContractsRequest& request) {
  ExportAsked asked;
  asked.kind = FromProto(request.kind());
  if (!asked.kind && request.kind() != api::CONTRACT_KIND_UNSPECIFIED) return BadRequest("kind: unknown kind");
  if (request.provider().empty()) return asked;
  auto provider = ParseProviderId(request.provider());
  if (!provider) return BadRequest("provider: no provider id");
  asked.provider = *std::move(provider);
  return asked;
}

void ExportBook(const ContractSnapshot& book, const ExportAsked& asked, const Write& write) {
  if (asked.provider) return ExportProvider(book, *asked.provider, asked.kind, write);
  for (const ContractKind kind : kInOrder)
    if ((!asked.kind || *asked.kind == kind) && !ExportKind(book, kind, write)) return;
}

}  // namespace tvan
