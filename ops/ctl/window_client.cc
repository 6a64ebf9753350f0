#include "ops/ctl/window_client.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/window_text.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

bool IsRefused(const admin::PreviewWindowResponse& preview, const ChangeFlags& flags) {
  return !preview.errors().empty() || (!preview.to_accept().empty() && !flags.accept_warnings);
}

}  // namespace

int WindowClient::Connect() {
  const auto channel = tool_.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin_ = admin::AdminService::NewStub(*channel);
  night_ = admin::NightService::NewStub(*channel);
  return kOk;
}

int WindowClient::List(std::vector<admin::Window>& windows) {
  admin::ListWindowsResponse response;
  const auto status = admin_->ListWindows(tool_.Call().get(), {}, &response);
  windows.assign(response.windows().begin(), response.windows().end());
  std::sort(windows.begin(), windows.end(), [](const admin::Window& a, const admin::Window& b) {
    return ToTime(a.start()) != ToTime(b.start()) ? ToTime(a.start()) < ToTime(b.start()) : a.id() < b.id();
  });
  return Report(status);
}

int WindowClient::Find(const std::string& id, admin::Window& window) {
  std::vector<admin::Window> windows;
  if (const int code = List(windows); code != kOk) return code;
  const auto found = std::find_if(windows.begin(), windows.end(), [&id](const auto& w) { return w.id() == id; });
  if (found == windows.end()) {
    std::cerr << "tvanctl: there is no window " << id << '\n';
    return kNegative;
  }
  window = *found;
  return kOk;
}

int WindowClient::Preview(const admin::PreviewWindowRequest& request, admin::PreviewWindowResponse& response) {
  return Report(night_->PreviewWindow(tool_.Call().get(), request, &response));
}

int WindowClient::PreviewAll(const std::vector<admin::Window>& windows, const std::vector<std::string>& weekdays,
                             std::vector<admin::PreviewWindowResponse>& previews) {
  admin::PreviewWindowRequest request;
  for (size_t i = 0; i < windows.size(); ++i) {
    *request.mutable_window() = windows[i];
    request.set_weekday(i < weekdays.size() ? weekdays[i] : "");
    if (const int code = Preview(request, previews.emplace_back()); code != kOk) return code;
    if (previews.back().errors().empty()) *request.add_with() = windows[i];
  }
  return kOk;
}

void WindowClient::Show(const std::vector<admin::PreviewWindowResponse>& previews, const ChangeFlags& flags) const {
  for (const auto& preview : previews) {
    if (tool_.json && flags.preview)
      PrintJson(preview);
    else  // machines read the windows alone
      (tool_.json ? std::cerr : std::cout) << PreviewText(preview, tool_.lang == "vi");
  }
}

// Behind one that could not be entered nothing else is tried: it may build on it.
int WindowClient::PutAll(const std::vector<admin::Window>& windows,
                         const std::vector<admin::PreviewWindowResponse>& previews, const ChangeFlags& flags) {
  std::vector<admin::Window> entered;
  Outcomes outcomes;
  int code = kOk;
  for (size_t i = 0; i < windows.size(); ++i) {
    const std::string& id = windows[i].id();
    if (previews[i].changes().empty() || code != kOk) {
      (previews[i].changes().empty() ? outcomes.unchanged : outcomes.not_entered).push_back(id);
      continue;
    }
    admin::PutWindowRequest request;
    *request.mutable_window() = windows[i];
    request.mutable_window()->set_version(previews[i].before().version());
    request.set_accept_warnings(flags.accept_warnings);
    admin::PutWindowResponse response;
    code = Report(admin_->PutWindow(tool_.Call().get(), request, &response));
    (code == kOk ? outcomes.entered : code == kTransport ? outcomes.unknown : outcomes.not_entered).push_back(id);
    if (code == kOk) entered.push_back(response.window());
  }
  if (!tool_.json) std::cout << (entered.empty() ? "" : WindowsText(entered)) << std::flush;
  for (const admin::Window& window : tool_.json ? entered : std::vector<admin::Window>()) PrintJson(window);
  if (windows.size() > 1) TellOutcomes(outcomes);
  const bool partly = windows.size() > 1 && code != kOk && outcomes.entered.size() + outcomes.unknown.size() > 0;
  return partly ? kPartly : code;
}

// Of what was entered people have the table, and machines the windows: it is named again where something is missing.
void WindowClient::TellOutcomes(const Outcomes& outcomes) const {
  const NightWords words(tool_.lang == "vi");
  const bool missing = outcomes.unknown.size() + outcomes.not_entered.size() > 0;
  nlohmann::json all;
  std::string lines;
  const auto tell = [&](const char* name, const std::string& text, const std::vector<std::string>& ids) {
    all[name] = ids;
    std::string list;
    for (const std::string& id : ids) list += (list.empty() ? "" : ", ") + id;
    if (!ids.empty()) lines += text + ": " + list + "\n";
  };
  if (missing) tell("entered", words.Say("đã nhập", "entered"), outcomes.entered);
  tell("unchanged", words.Say("không đổi", "unchanged"), outcomes.unchanged);
  tell("unknown", words.Say("KHÔNG RÕ đã nhập hay chưa", "NOT KNOWN whether entered"), outcomes.unknown);
  tell("not_entered", words.Say("CHƯA nhập", "NOT entered"), outcomes.not_entered);
  if (missing)
    lines += words.Say("chạy lại cùng lệnh này sẽ chỉ nhập phần còn thiếu\n",
                       "the same command again enters what is missing\n");
  if (missing && tool_.json) std::cout << all.dump() << '\n';
  if (!tool_.json) (missing ? std::cerr : std::cout) << lines << std::flush;
}

int WindowClient::Apply(const std::vector<admin::Window>& windows, const ChangeFlags& flags,
                        const std::vector<std::string>& weekdays) {
  std::vector<admin::PreviewWindowResponse> previews;
  if (const int code = PreviewAll(windows, weekdays, previews); code != kOk) return code;
  Show(previews, flags);
  const auto refused = [&flags](const auto& preview) { return IsRefused(preview, flags); };
  if (std::any_of(previews.begin(), previews.end(), refused)) {
    const bool errors =
        std::any_of(previews.begin(), previews.end(), [](const auto& p) { return p.errors_size() > 0; });
    std::cerr << "tvanctl: nothing was changed" << (errors ? "" : "; if it must be, say so with --accept-warnings")
              << '\n';
    return kNegative;
  }
  return flags.preview ? kOk : PutAll(windows, previews, flags);
}

}  // namespace tvan::ctl
