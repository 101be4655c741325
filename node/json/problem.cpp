#include "node/json/problem.hpp"

#include "messages/types/result.hpp"
#include "node/json/value.hpp"

namespace weir::json {

error read_problem(int status, const std::string& body) {
  auto parsed = parse(body);
  if (!parsed || !parsed->has("code"))
    return fail(errc::protocol, "The node answered something that is not an answer of Weir; is --api right?",
                "status " + std::to_string(status));
  const auto& document = *parsed;
  return fail(errc_from_name(document["code"].string()), document["detail"].string(), document["value"].string(),
              document["limit"].string());
}

} // namespace weir::json
