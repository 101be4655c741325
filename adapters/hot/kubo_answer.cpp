#include "adapters/hot/kubo_answer.hpp"

#include <nlohmann/json.hpp>

namespace weir::hot {

using nlohmann::json;

namespace {

constexpr std::size_t error_size = 64 << 10;

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

error error_in_words(const std::string& said, int status) {
  if (holds(said, "not pinned") || holds(said, "not found"))
    return fail(errc::not_found, std::string{kubo_peer} + " does not have it: " + words(said));
  if (holds(said, "deadline exceeded") || holds(said, "context canceled"))
    return fail(errc::timeout, std::string{kubo_peer} + " did not find the blocks in time.", words(said));
  if (holds(said, "no space left"))
    return fail(errc::disk_full, "The disk of the IPFS node is full.", words(said));
  if (holds(said, "content does not match") || holds(said, "mismatch in content"))
    return fail(errc::corrupt, "A block of the IPFS node is damaged.", words(said));
  return refused(kubo_peer, status, said);
}

error kubo_refusal(int status, const std::string& body) {
  if (status != 500 && status != 400)
    return refused(kubo_peer, status, body);
  auto parsed = json::parse(body, nullptr, false);
  auto said = parsed.is_discarded() ? body : text_of(parsed, "Message");
  return error_in_words(said, status);
}

status line_problem(const json& line) {
  if (text_of(line, "Type") == "error")
    return error_in_words(text_of(line, "Message"), 500);
  return {};
}

http::call_events kubo_stream::events(std::shared_ptr<kubo_stream> self, std::function<void(bytes_view)> data,
                                      then_status done) {
  return {.head = [self](const http::client_head& head) { self->status = head.status; },
          .data =
              [self, data](bytes_view part) {
                if (self->status == 200)
                  data(part);
                else if (self->refused_with.size() < error_size)
                  self->refused_with.append(as_text(part));
              },
          .done = [self, done](const weir::status& how) { done(self->outcome(how)); },
          .trailer =
              [self](std::string_view name, std::string_view value) {
                if (http::same_name(name, "X-Stream-Error"))
                  self->trailer = value;
              }};
}
weir::status kubo_stream::outcome(const weir::status& how) const {
  if (!how)
    return how;
  if (status != 200)
    return kubo_refusal(status, refused_with);
  if (!trailer.empty())
    return error_in_words(trailer, 500);
  return {};
}
} // namespace weir::hot
