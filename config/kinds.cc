#include "config/kinds.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "config/scalars.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan::config {
namespace {

std::string Absolute(const std::string& path, const std::string& folder) {
  if (path.empty() || path[0] == '/' || folder.empty()) return path;
  return folder + "/" + path;
}

bool OnlyOf(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}
constexpr std::string_view kIdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kCodeCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kHostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:";

KindVerdict CheckFile(const std::string& text, const std::string& folder, bool secret) {
  KindVerdict verdict{Absolute(text, folder), "", ""};
  struct stat info {};
  if (stat(verdict.value.c_str(), &info) != 0) {
    verdict.error = "cannot read " + verdict.value + ": " + std::strerror(errno);
  } else if (!S_ISREG(info.st_mode)) {
    verdict.error = verdict.value + " is no file";
  } else if (access(verdict.value.c_str(), R_OK) != 0) {
    verdict.error = "cannot read " + verdict.value + ": " + std::strerror(errno);
  } else if (secret && (info.st_mode & 077) != 0) {
    verdict.warning = verdict.value + " is a secret that others may read: its mode should be 0600";
  }
  return verdict;
}

// MTDieps of the authority hop begin with V and 10 or 13 digits: one of 12 digits cannot be ours.
bool IsOwnTaxCode(const std::string& text) { return text.size() != 12 && ParseTaxCode(text).ok(); }

std::string ListenError(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return "not HOST:PORT";
  const auto port = ParseWhole(std::string_view(text).substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return "the port is not a number from 0 to 65535";
  return "";
}

std::string RedisAddressError(const std::string& text) {
  constexpr std::string_view kUnix = "unix:/";
  if (text.rfind(kUnix, 0) == 0) return text.size() == kUnix.size() ? "no path follows unix:" : "";
  return ListenError(text).empty() ? "" : "neither unix:/PATH nor HOST:PORT";
}

bool IsDottedOid(std::string_view text) {
  const bool dots = text.find('.') != std::string_view::npos && text.front() != '.' && text.back() != '.';
  return dots && OnlyOf(text, "0123456789.") && text.find("..") == std::string_view::npos;
}

// "UID=MST:", "UID=", "CN~": an attribute of the subject and how it names the tax code.
std::string TaxCodeSourceError(const std::string& text) {
  constexpr std::string_view kAttributes = "UID|serialNumber|organizationIdentifier|CN|O|OU";
  const size_t sign = text.find_first_of("=~");
  if (sign == std::string::npos || sign == 0) return "not ATTRIBUTE=PREFIX, ATTRIBUTE= or ATTRIBUTE~";
  const std::string_view attribute = std::string_view(text).substr(0, sign);
  if (!ChoiceHolds(kAttributes, attribute) && !IsDottedOid(attribute))
    return "\"" + std::string(attribute) + "\" is none of " + std::string(kAttributes) + " and no dotted OID";
  return text[sign] == '~' && sign + 1 != text.size() ? "nothing may follow ~" : "";
}

std::string TextError(std::string_view kind, const std::string& text) {
  if (kind == "listen") return ListenError(text);
  if (kind == "redis address") return RedisAddressError(text);
  if (kind == "mst") return ParseTaxCode(text) ? "" : "no tax code: 10 digits, 10 digits - 3 digits, or 12 digits";
  if (kind == "own mst") return IsOwnTaxCode(text) ? "" : "no tax code of ours: 10 digits, or 10 digits - 3 digits";
  if (kind == "sha256") return ParseSha256Hex(text) ? "" : "not 64 hex digits";
  if (kind == "tax code source") return TaxCodeSourceError(text);
  if (kind == "time") return ParseTime(text) ? "" : "no time: YYYY-MM-DDThh:mm:ss, or the same with an offset";
  if (kind == "date or time")
    return ParseDate(text) || ParseTime(text) ? "" : "no day and no time: YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss";
  if (kind == "date") return ParseDate(text) ? "" : "no day: YYYY-MM-DD";
  if (text.empty() || text.size() > 255) return "1 to 255 characters are wanted";
  if (kind == "id") return text.size() <= 32 && OnlyOf(text, kIdCharacters) ? "" : "not [a-z0-9-]{1,32}";
  if (kind == "code") return text.size() <= 14 && OnlyOf(text, kCodeCharacters) ? "" : "not [A-Z0-9]{1,14}";
  if (kind == "host") return OnlyOf(text, kHostCharacters) ? "" : "neither a host name nor an address";
  return "";
}

KindVerdict CheckClock(const std::string& text, const std::string& folder) {
  constexpr std::string_view kFile = "file:";
  if (text == "system") return {text, "", ""};
  if (text.rfind(kFile, 0) != 0 || text.size() == kFile.size()) return {text, "not system or file:PATH", ""};
  return {std::string(kFile) + Absolute(text.substr(kFile.size()), folder), "", ""};
}

}  // namespace

KindVerdict CheckKind(std::string_view kind, const std::string& text, const std::string& folder) {
  if (kind.empty() || IsChoice(kind)) return {text, "", ""};
  if (kind == "file") return CheckFile(text, folder, false);
  if (kind == "secret file") return CheckFile(text, folder, true);
  if (kind == "clock") return CheckClock(text, folder);
  if (kind == "path") return {Absolute(text, folder), text.empty() ? "a path is wanted" : "", ""};
  return {text, TextError(kind, text), ""};
}

}  // namespace tvan::config
