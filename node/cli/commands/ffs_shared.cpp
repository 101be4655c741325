#include "node/cli/commands/ffs_shared.hpp"

namespace weir::cli {

const option instance_option{"instance", "ID", "of this instance; that of the token otherwise"};
const option follow_option{"watch", "", "show the job's log until it has ended"};

std::string instance_path(context& c) {
  return "/ffs/instances/" + coded(c.given().get("instance", "me"));
}

std::string cid_path(context& c) {
  return instance_path(c) + "/cids/" + coded(c.argument(0));
}

int show_job(context& c, const result<json::value>& pushed) {
  if (!pushed)
    return c.fail(pushed.error());
  auto id = (*pushed)["job"].text;
  if (c.given().has("watch") && !id.empty())
    return follow_job(c, id);
  c.json() ? c.object(*pushed) : c.line(id.empty() ? "stored, without a job" : id);
  return 0;
}

} // namespace weir::cli
