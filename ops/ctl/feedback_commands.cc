// tvanctl feedback: the authority's answers, as a provider gets them.
#include <filesystem>
#include <iostream>

#include "ops/ctl/feedback_text.h"
#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/feedback.grpc.pb.h"

namespace tvan::ctl {
namespace {

struct FeedbackFlags {
  std::string subscription, cursor, save, acknowledge;
  bool follow = false, list = false, ack = false;
  int limit = 1000;
};

std::vector<std::string> Row(const v1::FeedbackItem& item) {
  return {std::to_string(item.sequence()),
          std::to_string(item.parsed().message_type()),
          ToText(item.parsed().verdict()),
          item.provider_mtdiep() + item.client_reference(),
          AnswerCodes(item.parsed()),
          AnswerWords(item.parsed()),
          item.signature(),
          ToText(item.received_at()),
          item.cursor()};
}

// The authority's bytes and those re-wrapped for us, each in its file.
Status Save(const FeedbackFlags& flags, const v1::FeedbackItem& item) {
  if (flags.save.empty()) return {};
  std::error_code ignored;
  std::filesystem::create_directories(flags.save, ignored);
  const std::string base =
      flags.save + "/" + std::to_string(item.sequence()) + "-" + std::to_string(item.parsed().message_type());
  const Status written = WriteFile(base + ".authority.xml", item.authority_bytes());
  return written.ok() ? WriteFile(base + ".xml", item.rewrapped_bytes()) : written;
}

int Acknowledge(Tool& tool, v1::FeedbackService::Stub& stub, const std::string& subscription,
                const std::string& cursor) {
  v1::AcknowledgeFeedbackRequest request;
  request.set_subscription(subscription);
  request.set_cursor(cursor);
  v1::AcknowledgeFeedbackResponse response;
  const auto status = stub.AcknowledgeFeedback(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (!tool.json)
    std::cout << "acknowledged up to " << response.acknowledged() << ", " << response.waiting() << " wait\n";
  return kOk;
}

int List(Tool& tool, v1::FeedbackService::Stub& stub, const FeedbackFlags& flags) {
  v1::ListFeedbackRequest request;
  request.set_subscription(flags.subscription);
  request.set_cursor(flags.cursor);
  request.set_page_size(std::min(flags.limit, 1000));
  v1::ListFeedbackResponse response;
  const auto status = stub.ListFeedback(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  Table table({"no.", "type", "verdict", "our message", "codes", "says", "signature", "received", "cursor"});
  for (const v1::FeedbackItem& item : response.items()) {
    if (tool.json) PrintJson(item);
    table.Add(Row(item));
    const Status saved = Save(flags, item);
    if (!saved.ok()) return Report(saved);
  }
  if (!tool.json) table.Print();
  if (!flags.ack || response.items().empty()) return kOk;
  return Acknowledge(tool, stub, flags.subscription, response.next_cursor());
}

int ShowItem(Tool& tool, const FeedbackFlags& flags, const v1::FeedbackItem& item) {
  if (tool.json) {
    PrintJson(item);
  } else {
    Table table(Row(item));
    table.Print();
  }
  return Report(Save(flags, item));
}

int Follow(Tool& tool, v1::FeedbackService::Stub& stub, const FeedbackFlags& flags) {
  grpc::ClientContext context;  // no deadline: until Ctrl-C or the connection breaks
  const auto stream = stub.StreamFeedback(&context);
  v1::StreamFeedbackRequest request;
  request.mutable_open()->set_subscription(flags.subscription);
  request.mutable_open()->set_cursor(flags.cursor);
  bool open = stream->Write(request);
  v1::StreamFeedbackResponse response;
  while (open && stream->Read(&response)) {
    if (!response.has_item()) continue;
    const int code = ShowItem(tool, flags, response.item());
    if (code != kOk) return code;
    request.set_credit(1);
    open = stream->Write(request);
    if (!flags.ack || !open) continue;
    request.set_acknowledge(response.item().cursor());
    open = stream->Write(request);
  }
  const auto status = stream->Finish();
  return status.ok() ? kOk : Report(status);
}

int Feedback(Tool& tool, const FeedbackFlags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = v1::FeedbackService::NewStub(*channel);
  if (!flags.acknowledge.empty()) return Acknowledge(tool, *stub, flags.subscription, flags.acknowledge);
  return flags.follow ? Follow(tool, *stub, flags) : List(tool, *stub, flags);
}

}  // namespace

void AddFeedbackCommands(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<FeedbackFlags>();
  CLI::App* command = app.add_subcommand("feedback", "answers that wait for us, or --follow as they come (providers)");
  command->add_option("--subscription", flags->subscription, "default: main");
  command->add_option("--cursor", flags->cursor, "begin after this; default: after the last acknowledged item");
  CLI::Option* follow = command->add_flag("--follow", flags->follow, "stream until Ctrl-C");
  command->add_flag("--list", flags->list, "one page; this is what happens without --follow")->excludes(follow);
  command->add_flag("--ack", flags->ack, "acknowledge what was shown");
  command->add_option("--ack-to", flags->acknowledge, "only acknowledge up to this cursor");
  command->add_option("--limit", flags->limit, "items of the page")->capture_default_str()->check(CLI::Range(1, 1000));
  command->add_option("--save", flags->save, "folder for the answers' bytes, as the authority and as we sent them");
  OnCall(command, tool, [&tool, flags] { return Feedback(tool, *flags); });
}

}  // namespace tvan::ctl
