#include "ops/ctl/window_client.h"

#include <algorithm>
#include <iostream>

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
      (tool_.json ? std::cerr : std::cout) << PreviewText(preview);
  }
}

int WindowClient::PutAll(const std::vector<admin::Window>& windows,
                         const std::vector<admin::PreviewWindowResponse>& previews, const ChangeFlags& flags) {
  std::vector<admin::Window> entered;
  for (size_t i = 0; i < windows.size(); ++i) {
    if (previews[i].changes().empty()) continue;
    admin::PutWindowRequest request;
    *request.mutable_window() = windows[i];
    request.mutable_window()->set_version(previews[i].before().version());
    request.set_accept_warnings(flags.accept_warnings);
    admin::PutWindowResponse response;
    if (const int code = Report(admin_->PutWindow(tool_.Call().get(), request, &response)); code != kOk) {
      if (windows.size() > 1)
        std::cerr << "tvanctl: " << entered.size() << " of " << windows.size() << " were entered, " << windows[i].id()
                  << " and what follows was not; the same command again goes on from here\n";
      return code;
    }
    entered.push_back(response.window());
  }
  if (!tool_.json) std::cout << (entered.empty() ? "" : WindowsText(entered)) << std::flush;
  for (const admin::Window& window : tool_.json ? entered : std::vector<admin::Window>()) PrintJson(window);
  return kOk;
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
