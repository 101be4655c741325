#include "adapters/http/blocking_client.hpp"

#include "adapters/http/curl_call.hpp"

#include <atomic>
#include <csignal>

namespace weir::http {

struct blocking_client::impl {
  client_options options;
  CURLM* multi = nullptr;
  std::atomic<bool> cancelled{false};

  /// Until the call has ended, was cancelled, or libcurl gave up.
  status drive(curl_call& transfer, const bool& refused) {
    int running = 1;
    while (running > 0) {
      if (cancelled || refused)
        return fail(errc::cancelled, "The call was cancelled.");
      if (curl_multi_perform(multi, &running) != CURLM_OK)
        return fail(errc::internal, "The HTTP client failed.");
      if (transfer.upload_waits)
        return fail(errc::invalid_argument, "A blocking upload cannot wait.");
      if (running > 0 && !refused)
        curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    int left = 0;
    auto* message = curl_multi_info_read(multi, &left);
    return transfer.outcome(message != nullptr ? message->data.result : CURLE_RECV_ERROR);
  }
};

blocking_client::blocking_client(client_options options) : impl_{std::make_unique<impl>()} {
  curl_ready();
  std::signal(SIGPIPE, SIG_IGN); // a peer that resets must not end the program
  impl_->options = std::move(options);
  impl_->multi = curl_multi_init();
}

blocking_client::~blocking_client() {
  curl_multi_cleanup(impl_->multi);
}

void blocking_client::cancel() {
  impl_->cancelled = true;
  curl_multi_wakeup(impl_->multi);
}

status blocking_client::stream(client_request what, blocking_sink sink) {
  bool refused = false;
  curl_call transfer{std::move(what),
                     {.head = std::move(sink.head),
                      .data = [&](bytes_view data) { refused = refused || (sink.data && !sink.data(data)); }},
                     impl_->options};
  curl_multi_add_handle(impl_->multi, transfer.easy());
  auto how = impl_->drive(transfer, refused);
  curl_multi_remove_handle(impl_->multi, transfer.easy());
  return refused ? status{fail(errc::cancelled, "The call was cancelled.")} : how;
}

result<client_response> blocking_client::fetch(client_request what) {
  client_response out;
  auto how = stream(std::move(what), {.head =
                                          [&](const client_head& head) {
                                            out.status = head.status;
                                            out.fields = head.fields;
                                          },
                                      .data =
                                          [&](bytes_view data) {
                                            out.body.append(as_text(data));
                                            return true;
                                          }});
  if (!how)
    return how.error();
  return out;
}

} // namespace weir::http
