#pragma once
// tvanctl's commands, run in this process against services of a test. One thread.

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include "ops/ctl/tool.h"

namespace tvan::ctl {

class CtlRun {
 public:
  using Add = void (*)(CLI::App&, Tool&);
  CtlRun(Add add, std::initializer_list<grpc::Service*> services) : add_(add) {
    grpc::ServerBuilder builder;
    for (grpc::Service* service : services) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
  }
  ~CtlRun() { server_->Shutdown(); }

  // The exit code; what was said stands in `out` and `error`.
  int operator()(std::vector<std::string> words, bool json = false) {  // NOLINT: as the flag
    CLI::App app;
    Tool tool;
    tool.channel = server_->InProcessChannel({});
    tool.json = json;
    tool.lang = lang;
    add_(app, tool);
    std::reverse(words.begin(), words.end());  // CLI11 wants the last first
    app.parse(words);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = tool.action();
    out = testing::internal::GetCapturedStdout();
    error = testing::internal::GetCapturedStderr();
    return code;
  }
  std::string out, error, lang = "en";

 private:
  const Add add_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace tvan::ctl
