#pragma once
// Attacks on signed messages, made at run time from valid ones, each family beside twins of the same construction that
// do no harm and must be accepted. Pure functions but for the keys; for tests and as a corpus for fuzzing.

#include <string>
#include <vector>

#include "tests/support/any_signer.h"

namespace tvan {

// A valid message and where its (first) signature and the element signed stand.
struct SignedMessage {
  std::string name;  // "200", "203 of two", "206", "204"
  int type = 0;
  bool answer = false;  // of the authority
  std::string bytes;
  std::string key;        // "rsa" or "ec" of HostileKeys
  std::string data;       // the signed element as it stands, "<DLHDon Id=…>…</DLHDon>"
  std::string data_id;    // "data-1"
  std::string item;       // the element around data and signature: "HDon", "TBao"; "TDiep" for a 206
  std::string signature;  // "<Signature …>…</Signature>"
  std::string object_id;  // of the Object that holds SigningTime
  bool is_package() const { return type == 206; }
  bool is_rsa() const { return key == "rsa"; }
};
// 100, 106, 200, 201, 203 of one and of two, 206, 300, 303, 400; answers 202 and 204.
std::vector<SignedMessage> SignedMessages();

inline const std::string kEither = "either";

struct HostileVariant {
  std::string name;  // "200/wrapping: moved into an Object"
  std::string family;
  std::string bytes;
  bool attack = false;  // the gateway must refuse it
  // The fault of the signature stage, or "a|b" when it is one of several; a parser's reason counts. Empty: that stage
  // finds nothing; of an attack then another stage refuses it. kEither: good or not, as long as the engines agree.
  std::string rule;
};

// Collects the variants of one family of one message.
class VariantList {
 public:
  VariantList(const SignedMessage& message, std::string family, std::vector<HostileVariant>* out)
      : message_(message), family_(std::move(family)), out_(*out) {}
  void Attack(const std::string& name, std::string bytes, const std::string& rule) { Add(name, bytes, true, rule); }
  void Twin(const std::string& name, std::string bytes) { Add(name, bytes, false, ""); }
  void Either(const std::string& name, std::string bytes) { Add(name, bytes, false, kEither); }

 private:
  void Add(const std::string& name, std::string bytes, bool attack, const std::string& rule) {
    out_.push_back({message_.name + "/" + family_ + ": " + name, family_, std::move(bytes), attack, rule});
  }
  const SignedMessage& message_;
  const std::string family_;
  std::vector<HostileVariant>& out_;
};

// All families of one message.
std::vector<HostileVariant> HostileVariants(const SignedMessage& message);
// One family each (hostile_*.cc).
void AddWrapping(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddDuplicateIds(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddComments(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddReferences(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddNamespaces(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddAlgorithms(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddKeys(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddDamage(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddTimes(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddUris(const SignedMessage& message, std::vector<HostileVariant>* out);
void AddSpellings(const SignedMessage& message, std::vector<HostileVariant>* out);

// `text` with the first `from` replaced; one that is not there ends the program.
std::string Swapped(std::string text, const std::string& from, const std::string& to);
std::string SwappedAll(std::string text, const std::string& from, const std::string& to);
// From the first `begin` to the end of the first `end` behind it; not there: ends the program.
std::string Cut(const std::string& text, const std::string& begin, const std::string& end);
// The message signed again with its own key after a change of its text.
std::string Resigned(const SignedMessage& message, const std::string& bytes);
// The signed element as a forger would like it: another name in it, no Id, and other ids inside.
std::string Forged(const SignedMessage& message);
// The References of the first signature, in order.
std::vector<std::string> ReferencesOf(const SignedMessage& message);
// `reference` with Transforms of these algorithms.
std::string WithTransforms(const std::string& reference, const std::vector<std::string>& algorithms);
// Put right before the end of the message, where nothing is signed.
std::string AtTheEnd(const std::string& bytes, const std::string& xml);

inline const std::string kC14nUri = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline const std::string kExclusiveUri = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline const std::string kEnvelopedUri = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
inline const std::string kDsigUri = "http://www.w3.org/2000/09/xmldsig#";
inline const std::string kMoreUri = "http://www.w3.org/2001/04/xmldsig-more#";
inline const std::string kSha256Uri = "http://www.w3.org/2001/04/xmlenc#sha256";

}  // namespace tvan
