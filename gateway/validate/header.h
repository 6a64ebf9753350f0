#pragma once
// The header table of the provider hop (DESIGN section 3, "Two header tables"): TTChung of a TDiep read by name,
// syntax only; who the caller is comes later. Pure functions of the room.

#include <optional>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/profile_set.h"

namespace tvan {

// The shape of a TDiep: TTChung, DLieu and the siblings that its type allows, in no namespace, once each.
void CheckEnvelope(const XmlNode& tdiep, FindingList& findings);

// Reads TTChung of a TDiep. A field that is unusable stays as it stands; a finding names it.
Envelope ReadHeader(const XmlNode& tdiep, const ProfileSet& profiles, FindingList& findings);

// Whether this gateway takes the type from a solution provider; a finding says why not. `path`: where the type stands.
std::optional<MessageClass> RelayedClass(int mltdiep, std::string path, FindingList& findings);

// Digits and points, at most 6 characters: it can stand in a header of ours.
bool IsPBanForm(std::string_view pban);

// SLuong: 1..9999999; nullopt: anything else.
std::optional<size_t> ParseItemCount(std::string_view text);

// The tax code in MNGui or MNNhan: bare, or behind V or K; a branch with or without its dash. nullopt: none.
std::optional<TaxCode> TaxCodeOfParty(std::string_view party);

}  // namespace tvan
