#pragma once
// The calls of `tvanctl window`: look first, then change. Every change is previewed, and made only from the version
// that the preview saw. One thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {

struct ChangeFlags {
  bool preview = false;          // write nothing
  bool accept_warnings = false;  // our own maintenance at short notice, or over the budget
};

class WindowClient {
 public:
  explicit WindowClient(Tool& tool) : tool_(tool) {}
  // The others come after a kOk of this; all answer exit codes, and have said what is wrong.
  int Connect();
  int List(std::vector<admin::v1::Window>& windows);
  int Find(const std::string& id, admin::v1::Window& window);  // kNegative: there is none
  int Preview(const admin::v1::PreviewWindowRequest& request, admin::v1::PreviewWindowResponse& response);

  // Of several, in this order, each as if those before were entered. `weekdays`: what the notice says, one for each, or
  // none. Prints all; writes nothing when one is refused, or with --preview. What is as it shall be is left alone, so
  // that the same again enters only what is missing. kPartly: the gateway took some and not others, or did not say.
  int Apply(const std::vector<admin::v1::Window>& windows, const ChangeFlags& flags,
            const std::vector<std::string>& weekdays = {});
  admin::v1::NightService::Stub& night() { return *night_; }

 private:
  int PreviewAll(const std::vector<admin::v1::Window>& windows, const std::vector<std::string>& weekdays,
                 std::vector<admin::v1::PreviewWindowResponse>& previews);
  void Show(const std::vector<admin::v1::PreviewWindowResponse>& previews, const ChangeFlags& flags) const;
  int PutAll(const std::vector<admin::v1::Window>& windows,
             const std::vector<admin::v1::PreviewWindowResponse>& previews, const ChangeFlags& flags);

  struct Outcomes {  // ids
    std::vector<std::string> entered, unchanged, unknown, not_entered;
  };
  void TellOutcomes(const Outcomes& outcomes) const;

  Tool& tool_;
  std::unique_ptr<admin::v1::AdminService::Stub> admin_;
  std::unique_ptr<admin::v1::NightService::Stub> night_;
};

}  // namespace tvan::ctl
