#pragma once
// A body for a request that must not be repeated blindly: it knows whether any
// of it was handed to a connection. If not, a failed request surely had no
// effect; if so, its outcome is unknown. Loop thread only.
#include "adapters/http/client_types.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace weir::http {

class tracked_body {
public:
  explicit tracked_body(bytes data) : shared_{std::make_shared<state>(state{std::move(data), 0})} {}

  http::upload upload() const {
    return {[s = shared_](std::span<std::uint8_t> into) {
              auto rest = bytes_view{s->data}.subspan(s->sent);
              auto step = std::min(rest.size(), into.size());
              if (step == 0)
                return upload_step::end();
              std::memcpy(into.data(), rest.data(), step);
              s->sent += step;
              return upload_step::bytes(step);
            },
            shared_->data.size()};
  }
  bool started() const { return shared_->sent > 0; }

private:
  struct state {
    bytes data;
    std::size_t sent;
  };
  std::shared_ptr<state> shared_;
};

} // namespace weir::http
