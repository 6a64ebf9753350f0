#pragma once
// Messages of every type for the simulator's tests, and what its notices say. All of them are lawful until a test
// changes one.

#include <string>
#include <vector>

#include "tests/support/message_maker.h"
#include "tests/unit/simulator/world.h"

namespace tvan::test {

class CatalogueTest : public SimulatorTest {
 protected:
  // As a T-VAN sends it.
  std::string Made(MessageSpec spec, int id) { return MakeTDiep(Sent(std::move(spec), id), seller.get()); }
  std::string Unsigned(MessageSpec spec, int id) { return MakeTDiep(Sent(std::move(spec), id), nullptr); }
  // The type stands in the header, which nobody signs.
  std::string MadeAs(int type, const MessageSpec& spec, int id) {
    return Replace(Made(spec, id), "<MLTDiep>" + std::to_string(spec.type), "<MLTDiep>" + std::to_string(type));
  }
  // The answers to this message alone, the 999 first.
  std::vector<std::string> FreshAnswers(const std::string& bytes) {
    const size_t before = Receive().size();
    std::vector<std::string> all = AnswersTo(bytes);
    all.erase(all.begin(), all.begin() + std::ptrdiff_t(before));
    return all;
  }
  std::string LastAnswer(const std::string& bytes) {
    const std::vector<std::string> answers = FreshAnswers(bytes);
    return answers.empty() ? "<none/>" : answers.back();
  }
  static std::string Said(const std::string& notice, const std::string& field) {
    return Text(notice, {"DLieu", "TBao", "DLTBao", field});
  }
  static std::string Ltbao(const std::string& notice) { return Said(notice, "LTBao"); }
  // Every text of an element of that name, in document order: "40103 40108".
  static std::string All(const std::string& notice, const std::string& name) {
    std::string out;
    const std::string open = "<" + name + ">";
    for (size_t at = notice.find(open); at != std::string::npos; at = notice.find(open, at + 1)) {
      const size_t start = at + open.size();
      out += (out.empty() ? "" : " ") + notice.substr(start, notice.find('<', start) - start);
    }
    return out;
  }

 private:
  MessageSpec Sent(MessageSpec spec, int id) const {
    spec.mngui = kSender;
    spec.mnnhan = "TCT";
    spec.mtdiep = Id(id);
    spec.signing_time = clock.Now();
    return spec;
  }
};

}  // namespace tvan::test
