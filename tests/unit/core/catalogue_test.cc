// The catalogue against protocol.md section 4, and against itself.
#include "gateway/core/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

template <class Predicate>
std::vector<int> CodesWhere(Predicate holds) {
  std::vector<int> codes;
  for (const MessageType& type : MessageTypes())
    if (holds(type)) codes.push_back(type.code);
  return codes;
}

const MessageType& TypeOf(int code) {
  static const MessageType kNone{};
  const MessageType* type = FindMessageType(code);
  EXPECT_NE(type, nullptr) << code;
  return type == nullptr ? kNone : *type;
}

std::vector<int> FollowUps(int code) {
  std::vector<int> out;
  for (const short follow_up : TypeOf(code).follow_ups)
    if (follow_up != 0) out.push_back(follow_up);
  return out;
}

TEST(Catalogue, HoldsEveryTypeOfTheProtocolInOrder) {
  const std::vector<int> known = {-2,  -1,  100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,
                                  112, 113, 114, 150, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209,
                                  210, 211, 212, 213, 216, 300, 301, 302, 303, 304, 400, 401, 500, 501,
                                  503, 504, 505, 506, 507, 600, 601, 602, 603, 901, 902, 999};
  EXPECT_THAT(CodesWhere([](const MessageType&) { return true; }), ElementsAreArray(known));
  for (const int code : known) EXPECT_EQ(TypeOf(code).code, code);
  for (const int code : {-3, 0, 7, 99, 151, 700, 702, 703, 704, 903, 1000})
    EXPECT_EQ(FindMessageType(code), nullptr) << code;
}

TEST(Catalogue, NamesEveryTypeInBothLanguagesAndSaysWhereItIsFrom) {
  for (const MessageType& type : MessageTypes()) {
    EXPECT_FALSE(type.name_vi.empty()) << type.code;
    EXPECT_FALSE(type.name_en.empty()) << type.code;
    EXPECT_FALSE(type.source.empty()) << type.code;
    EXPECT_FALSE(type.since.profile.empty()) << type.code;
  }
}

TEST(Catalogue, RelaysEveryUpwardTypeButThoseOfAuthorisedIssuersAndThePortal) {
  EXPECT_THAT(
      CodesWhere([](const MessageType& type) { return type.relayed; }),
      ElementsAre(100, 101, 106, 200, 201, 203, 206, 207, 208, 209, 210, 211, 212, 216, 300, 303, 304, 400, 401));
  EXPECT_THAT(CodesWhere([](const MessageType& t) { return t.direction == Direction::kUp && !t.relayed; }),
              ElementsAre(109, 150, 500, 501, 503, 504, 600, 602));
}

TEST(Catalogue, WhatIsRelayedHasAClassWithADeadlineAFieldTableAndAnAnswer) {
  std::set<MessageClass> ruled;
  for (const ClassRule& rule : ClassRules()) EXPECT_TRUE(ruled.insert(rule.cls).second);
  for (const MessageType& type : MessageTypes()) {
    EXPECT_EQ(type.cls.has_value(), type.relayed || type.code == 999) << type.code;
    if (!type.relayed) continue;
    EXPECT_EQ(type.direction, Direction::kUp) << type.code;
    EXPECT_EQ(ruled.count(*type.cls), 1U) << type.code;
    EXPECT_FALSE(type.object.empty()) << type.code;
    EXPECT_THAT(FollowUps(type.code), testing::Contains(999)) << type.code;
  }
  EXPECT_EQ(TypeOf(999).cls, MessageClass::kTechnical);
}

TEST(Catalogue, AnAnswerOfARelayedTypeIsADownwardType) {
  for (const int code : CodesWhere([](const MessageType& type) { return type.relayed; }))
    for (const int answer : FollowUps(code)) EXPECT_NE(TypeOf(answer).direction, Direction::kUp) << code << answer;
}

TEST(Catalogue, TheTypesOfOneClassAreLikeEachOther) {
  const std::pair<MessageClass, std::vector<int>> classes[] = {{MessageClass::kCoded, {200, 201, 207, 208}},
                                                               {MessageClass::kUncoded, {203, 209, 210, 211}},
                                                               {MessageClass::kCashRegister, {206, 216}},
                                                               {MessageClass::kErrorNotice, {300, 303, 304}},
                                                               {MessageClass::kRegistration, {100, 101, 106}},
                                                               {MessageClass::kSummary, {212, 400, 401}},
                                                               {MessageClass::kTechnical, {999}}};
  for (const auto& [cls, codes] : classes)
    EXPECT_THAT(CodesWhere([cls = cls](const MessageType& type) { return type.cls == cls; }), ElementsAreArray(codes));
}

TEST(Catalogue, WhereEachTypeIsSigned) {
  const auto at = [](SignaturePlace place) {
    return CodesWhere([place](const MessageType& t) { return t.relayed && t.signature == place; });
  };
  EXPECT_THAT(at(SignaturePlace::kInvoice), ElementsAre(200, 201, 203, 207, 208));
  EXPECT_THAT(at(SignaturePlace::kPackage), ElementsAre(206));
  EXPECT_THAT(at(SignaturePlace::kTaxpayer), ElementsAre(100, 101, 106, 300, 303, 400, 401));
  EXPECT_THAT(at(SignaturePlace::kUnknown), ElementsAre(209, 210, 211, 212, 216, 304));
  EXPECT_TRUE(MayHavePackageSignature(TypeOf(206)));
  EXPECT_TRUE(MayHavePackageSignature(TypeOf(216)));
  EXPECT_FALSE(MayHavePackageSignature(TypeOf(203)));
}

TEST(Catalogue, APlaceThatIsNotKnownIsThatOfATypeThatIsNotCheckedDeeper) {
  for (const MessageType& type : MessageTypes()) {
    const bool anywhere = type.signature == SignaturePlace::kUnknown;
    if (type.relayed) {
      EXPECT_EQ(anywhere, type.depth == Depth::kHeader) << type.code;
    }
  }
}

TEST(Catalogue, EveryDownwardAnswerIsAcknowledgedButTheTechnicalOnes) {
  EXPECT_THAT(CodesWhere([](const MessageType& type) {
                return type.direction != Direction::kUp && FollowUps(type.code).empty();
              }),
              ElementsAre(-2, -1, 999));
}

TEST(Catalogue, WhatEndsARequestAndWhatComesUnasked) {
  EXPECT_THAT(CodesWhere([](const MessageType& type) { return type.answer.ends == Whether::kYes; }),
              ElementsAre(-1, 103, 104, 205, 213));
  EXPECT_THAT(CodesWhere([](const MessageType& type) { return type.answer.ends == Whether::kByContent; }),
              ElementsAre(102, 202, 204, 301, 999));
  EXPECT_THAT(CodesWhere([](const MessageType& type) { return IsUnasked(type.code); }),
              ElementsAre(105, 107, 108, 302, 505, 506, 507));
  EXPECT_FALSE(IsUnasked(777));
  EXPECT_THAT(CodesWhere([](const MessageType& type) { return IsRegistration(type.code); }), ElementsAre(100, 101));
  EXPECT_THAT(
      CodesWhere([](const MessageType& t) { return t.direction == Direction::kUp && t.answer.ends != Whether::kNo; }),
      IsEmpty());
}

TEST(Catalogue, AnAnswerMustFitItsRequest) {
  for (const auto& [request, answer] : {std::pair{100, 103}, {200, 202}, {206, 204}, {300, 301}, {300, 204}, {200, -1}})
    EXPECT_TRUE(MayAnswer(request, answer)) << answer << " to " << request;
  for (const auto& [request, answer] : {std::pair{200, 102}, {203, 202}, {206, 301}, {100, 204}, {400, 103}})
    EXPECT_FALSE(MayAnswer(request, answer)) << answer << " to " << request;
  EXPECT_TRUE(MayAnswer(209, 301)) << "a type that is not read";
  EXPECT_TRUE(MayAnswer(777, 204));
}

TEST(Catalogue, PetrolSummariesAreDueTheSameDayAndNothingElseForItsGoods) {
  EXPECT_TRUE(IsDueSameDay(TypeOf(400), "1"));
  EXPECT_TRUE(IsDueSameDay(TypeOf(401), "1"));
  for (const char* goods : {"2", "9", ""}) EXPECT_FALSE(IsDueSameDay(TypeOf(400), goods));
  EXPECT_FALSE(IsDueSameDay(TypeOf(203), "1"));
}

TEST(Catalogue, IsThePageThatPeopleRead) {
  std::ifstream in(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/config/CATALOGUE.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(page == CataloguePage()) << "run: tvan-gateway --print-catalogue > config/CATALOGUE.md";
}

}  // namespace
}  // namespace tvan
