#include "adapters/signature/openssl.h"

#include <openssl/sha.h>
#include <time.h>

#include <fstream>

#include "gateway/core/hex.h"

namespace tvan {
namespace {

constexpr size_t kMaxFile = 16 * 1024 * 1024;

Bio Reader(std::string_view bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace

std::optional<std::string> ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  char part[4096];
  while (file.read(part, sizeof part) || file.gcount() > 0) {
    bytes.append(part, static_cast<size_t>(file.gcount()));
    if (bytes.size() > kMaxFile) return std::nullopt;
  }
  if (!file.eof()) return std::nullopt;
  return bytes;
}

// OpenSSL reads extensions at the first use of a certificate and keeps them in it. Here it is nobody else's yet.
static void ReadExtensions(X509* certificate) { X509_check_purpose(certificate, -1, 0); }

Cert CertFromDer(std::string_view der) {
  const QuietErrors quiet;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  Cert cert(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (cert == nullptr || at != end) return nullptr;
  ReadExtensions(cert.get());
  return cert;
}

std::vector<Cert> CertsFromPem(std::string_view pem) {
  const QuietErrors quiet;
  std::vector<Cert> certs;
  const Bio in = Reader(pem);
  while (Cert cert{PEM_read_bio_X509(in.get(), nullptr, NoPassphrase, nullptr)}) {
    ReadExtensions(cert.get());
    certs.push_back(std::move(cert));
  }
  return certs;
}

std::vector<Crl> CrlsFromPem(std::string_view pem) {
  const QuietErrors quiet;
  std::vector<Crl> crls;
  const Bio in = Reader(pem);
  while (Crl crl{PEM_read_bio_X509_CRL(in.get(), nullptr, NoPassphrase, nullptr)}) crls.push_back(std::move(crl));
  return crls;
}

EvpKey PrivateKeyFromPem(std::string_view pem) {
  const QuietErrors quiet;
  return EvpKey(PEM_read_bio_PrivateKey(Reader(pem).get(), nullptr, NoPassphrase, nullptr));
}

std::string DerOf(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return {};
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::string Sha256HexOf(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return HexLower(digest);
}

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size <= 0 ? std::string() : std::string(data, static_cast<size_t>(size));
}

std::string SubjectOf(const X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                     (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT);
  return TextOf(out.get());
}

std::optional<Time> TimeOf(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Time{static_cast<int64_t>(timegm(&parts)) * 1'000'000};
}

}  // namespace tvan
