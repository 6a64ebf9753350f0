#include "adapters/soap/tls_identity.h"

#include <boost/asio/ip/address.hpp>
#include <fstream>

#include "adapters/soap/https_connection.h"

namespace tvan::soap {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

std::string SubjectOf(X509* certificate) {
  char text[256] = "";
  X509_NAME_oneline(X509_get_subject_name(certificate), text, sizeof text);
  return text;
}

std::string DateOf(const ASN1_TIME* time) {
  std::tm tm{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) return "an unknown date";
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
  return text;
}

std::string Explain(X509_STORE_CTX* store) {
  int code = X509_STORE_CTX_get_error(store);
  X509* certificate = X509_STORE_CTX_get_current_cert(store);
  std::string text = X509_verify_cert_error_string(code);
  if (certificate == nullptr) return text;
  if (code == X509_V_ERR_CERT_HAS_EXPIRED)
    text = "the certificate expired on " + DateOf(X509_get0_notAfter(certificate));
  if (code == X509_V_ERR_CERT_NOT_YET_VALID)
    text = "the certificate is not valid before " + DateOf(X509_get0_notBefore(certificate));
  return text + " (" + SubjectOf(certificate) + ")";
}

Status Damaged(const std::string& file, const boost::system::error_code& error) {
  bool readable = std::ifstream(file).good();
  return Status::Permanent("line.credentials"_reason,
                           file + ": " + (readable ? error.message() : std::string("cannot be read")));
}

}  // namespace

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::Load(const SoapOptions& options) {
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity);
  ssl::context& context = identity->context_;
  boost::system::error_code error;
  context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  context.set_verify_mode(ssl::verify_peer, error);
  context.load_verify_file(options.ca_file, error);
  if (error) return Damaged(options.ca_file, error);
  context.use_certificate_chain_file(options.certificate_file, error);
  if (error) return Damaged(options.certificate_file, error);
  context.use_private_key_file(options.key_file, ssl::context::pem, error);
  if (error) return Damaged(options.key_file, error);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1)
    return Status::Permanent("line.credentials"_reason,
                             options.key_file + " is not the key of " + options.certificate_file);
  return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

Status TlsIdentity::Prepare(SSL* ssl, const std::string& host, Time now) const {
  X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), static_cast<time_t>(now.us / 1'000'000));
  boost::system::error_code not_an_address;
  (void)asio::ip::make_address(host, not_an_address);
  if (not_an_address && SSL_set_tlsext_host_name(ssl, host.c_str()) != 1)
    return Status::Transient("line.tls"_reason, "the host name cannot be announced: " + host);
  return {};
}

std::function<bool(bool, ssl::verify_context&)> TlsIdentity::Verifier(const std::string& host,
                                                                      std::string* verdict) const {
  return [host, verdict](bool preverified, ssl::verify_context& context) {
    X509_STORE_CTX* store = context.native_handle();
    if (!preverified) {
      *verdict = Explain(store);
      return false;
    }
    if (ssl::host_name_verification(host)(true, context)) return true;
    *verdict = "the server's certificate is not for " + host;
    if (X509* certificate = X509_STORE_CTX_get_current_cert(store)) *verdict += " (" + SubjectOf(certificate) + ")";
    return false;
  };
}

bool IsCertificateAlert(const boost::system::error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

Result<std::shared_ptr<const TlsIdentity>> LoadTlsIdentity(const SoapOptions& options) {
  return TlsIdentity::Load(options);
}

}  // namespace tvan::soap
