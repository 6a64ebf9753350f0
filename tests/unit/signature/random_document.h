#pragma once
// Random well-formed documents with everything that a canonical form has to mind; one per seed, the same each time.

#include <map>
#include <random>
#include <string>
#include <vector>

namespace tvan {

inline constexpr const char* kRelative = "somewhere/else";

class RandomDocument {
 public:
  explicit RandomDocument(unsigned seed) : random_(seed), relative_(Below(150) == 0) {}
  std::string Make() {
    const std::string prolog = Below(2) == 0 ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "";
    return prolog + Comment() + Element(0, {}) + Comment();
  }

 private:
  using Scope = std::map<std::string, std::string>;  // prefix to namespace name; "" is the default one

  size_t Below(size_t n) { return random_() % n; }
  template <size_t N>
  std::string OneOf(const char* const (&list)[N]) {
    return list[Below(N)];
  }

  std::string Comment() { return Below(6) == 0 ? "<!-- a <b>&amp; -->" : ""; }

  std::string Element(int depth, Scope scope) {
    std::string declarations;
    Declare(&scope, &declarations);
    std::vector<std::string> prefixes = {""};
    for (const auto& [prefix, name] : scope)
      if (!prefix.empty()) prefixes.push_back(prefix);
    const std::string name = Qualified(prefixes[Below(prefixes.size())], OneOf({"e", "Đ", "f-1", "_g", "E.x"}));
    const std::string attributes = Attributes(scope, prefixes);
    const bool swapped = Below(2) == 0;
    const std::string tag = "<" + name + (swapped ? attributes + declarations : declarations + attributes) + Space();
    if (depth > 0 && Below(8) == 0) return tag + "/>";
    return tag + ">" + Content(depth, scope) + "</" + name + Space() + ">";
  }

  void Declare(Scope* scope, std::string* declarations) {
    std::map<std::string, std::string> mine;
    for (size_t n = Below(4); n > 0; --n) {
      const std::string prefix = OneOf({"", "", "a", "b", "c", "ds"});
      mine[prefix] = prefix.empty() && Below(3) == 0 ? "" : NamespaceName();
    }
    for (const auto& [prefix, name] : mine) {
      *declarations += Space() + " xmlns" + (prefix.empty() ? "" : ":" + prefix) + "='" + name + "'";
      (*scope)[prefix] = name;
    }
  }

  std::string NamespaceName() {
    if (relative_ && Below(4) == 0) return kRelative;
    return OneOf({"http://x.example/1", "http://www.w3.org/2000/09/xmldsig#", "https://y.example/a_b#c", "urn:x:y",
                  "http://x.example/1", "http://x.example"});
  }

  std::string Attributes(const Scope& scope, const std::vector<std::string>& prefixes) {
    std::map<std::string, std::string> mine;  // by namespace name and local name, so that none stands twice
    for (size_t n = Below(5); n > 0; --n) {
      const std::string prefix = prefixes[Below(prefixes.size())];
      const std::string local = OneOf({"Id", "x", "X", "attr", "ä", "x2"});
      mine[(prefix.empty() ? "" : scope.at(prefix)) + " " + local] = Qualified(prefix, local) + "=" + Value();
    }
    if (Below(5) == 0) mine["lang"] = "xml:lang=\"" + OneOf({"vi", "en", ""}) + "\"";
    if (Below(7) == 0) mine["space"] = "xml:space='" + OneOf({"preserve", "default"}) + "'";
    if (Below(9) == 0) mine["id"] = "xml:id='n" + std::to_string(++ids_) + "'";
    std::string all;
    for (const auto& [key, text] : mine) all += " " + Space() + text;
    return all;
  }

  std::string Value() {
    std::string text;
    for (size_t n = Below(4); n > 0; --n)
      text += OneOf({"a", "&lt;", "&amp;", ">", "&quot;", "&apos;", "&#13;", "&#10;", "\t", "\n", "&#9;", " ", "ệ",
                     "&#x1F600;", "&#x7F;", "\r\n"});
    return "\"" + text + "\"";
  }

  std::string Content(int depth, const Scope& scope) {
    std::string text;
    for (size_t n = Below(depth < 2 ? 6 : 4); n > 0; --n) {
      if (depth < 9 && Below(2) == 0) text += Element(depth + 1, scope);
      text += OneOf({"t", "&lt;", "&gt;", "&amp;", "\"'", "&#13;", "\r\n", "\t", "&#xD;\n", "Công ty", "]]", "&#x20AC;",
                     "<![CDATA[<&>\r ]]>", "<![CDATA[]]>", "<!---->", "<!-- - -->", ""});
    }
    return text;
  }

  std::string Space() { return Below(5) == 0 ? OneOf({" ", "\n", "\t "}) : ""; }
  static std::string Qualified(const std::string& prefix, const std::string& local) {
    return prefix.empty() ? local : prefix + ":" + local;
  }

  std::mt19937 random_;
  const bool relative_;
  int ids_ = 0;
};

}  // namespace tvan
