#include "tests/unit/redis/shared_gateway.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "tests/support/fake_authority.h"
#include "tests/support/fake_messages.h"
#include "tests/support/redis_server.h"

namespace tvan {

void Line::Tell(const std::string& gateway, uint64_t turn) {
  const std::lock_guard lock(mutex_);
  if (turn == 0) return void(workers_.erase(gateway));
  workers_.insert(gateway);
  most_ = std::max(most_, workers_.size());
  if (!turns_.empty() && (gateway == last_ ? turn < turns_.back() : turn <= turns_.back())) grew_ = false;
  last_ = gateway;
  turns_.push_back(turn);
}

std::string Line::worker() const {
  const std::lock_guard lock(mutex_);
  return workers_.empty() ? "" : *workers_.begin();
}

void Line::ExpectOneAtATime() const {
  const std::lock_guard lock(mutex_);
  EXPECT_LE(most_, 1U);
  EXPECT_TRUE(grew_) << testing::PrintToString(turns_);
}

SharedGateway::SharedGateway(std::string name, const RedisLinkOptions& link, Span lease, Line& line)
    : name_(std::move(name)), line_(line) {
  options_.link = link;
  options_.turn_limit = lease;
  options_.gateway = name_;
  options_.create_if_missing = true;
  options_.random_bytes = [this](size_t size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    return bytes;
  };
}

Status SharedGateway::Open() {
  auto opened = OpenRedisStore(options_, *clock_, *metrics_);
  if (!opened.ok()) return opened.status();
  store_ = std::move(opened->store);
  shared_ = opened->shared;
  return {};
}

void SharedGateway::Follow() {
  shared_->Follow({.on_news = [this](const SharedNews& news) { Hear(news); },
                   .on_owner = [this](uint64_t turn) { line_.Tell(name_, turn); },
                   .on_over =
                       [this](const Status& why) {
                         const std::lock_guard lock(mutex_);
                         over_.push_back(why);
                       }});
  WaitFor("the subscription of " + name_, [this] { return missed() > 0; });
}

void SharedGateway::Close() {
  const Status closed = store_->Close();
  EXPECT_TRUE(closed.ok()) << closed.ToString();
}

std::vector<SharedMember> SharedGateway::Members() const {
  const auto members = shared_->Members();
  EXPECT_TRUE(members.ok()) << members.status().ToString();
  return members.ok() ? *members : std::vector<SharedMember>();
}

std::string SharedGateway::Metric(const std::string& name) const {
  const std::string text = "\n" + metrics_->Render();
  const size_t at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "";
  const size_t from = at + name.size() + 2;
  return text.substr(from, text.find('\n', from) - from);
}

void SharedGateway::PutRecord() {
  OperatorRecord record;
  record.kind = "window";
  record.id = name_ + std::to_string(++made_);
  record.author = "test";
  const auto put = store_->PutRecord(record, 0);
  EXPECT_TRUE(put.ok()) << put.status().ToString();
}

void SharedGateway::Accept(const std::string& id) {
  const FakeDigester digester;
  std::promise<Status> done;
  store_->Accept(MakeFakeMessage({.id = id}, digester, clock_->Now()),
                 [&](const Result<AcceptAnswer>& answer) { done.set_value(answer.status()); });
  const Status accepted = done.get_future().get();
  EXPECT_TRUE(accepted.ok()) << accepted.ToString();
}

void SharedGateway::Deliver(const std::vector<std::string>& providers) {
  IncomingAnswer answer;
  answer.answer_id = "answer" + std::to_string(++made_);
  answer.line = LineId::Trusted("main");
  answer.position = "p1";
  answer.bytes = std::make_shared<const std::string>("<TDiep/>");
  answer.received_at = clock_->Now();
  for (const std::string& provider : providers)
    answer.deliveries.push_back({ProviderId::Trusted(provider), "", {}, "<TDiep/>"});
  const auto report = store_->ReceiveAnswers(store_->TakeOwnership(), answer.line, {answer}, answer.position);
  EXPECT_TRUE(report.ok()) << report.status().ToString();
}

std::vector<SharedNews> SharedGateway::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

size_t SharedGateway::missed() const {
  const std::lock_guard lock(mutex_);
  return missed_;
}

std::vector<Status> SharedGateway::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void SharedGateway::Hear(const SharedNews& news) {
  {
    const std::lock_guard lock(mutex_);
    if (news.missed)
      ++missed_;
    else
      heard_.push_back(news);
  }
  inside_ = held_.load();
  if (inside_) WaitFor("the end of a pause", [this] { return !held_; });
  inside_ = false;
}

}  // namespace tvan
