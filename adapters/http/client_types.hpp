#pragma once
// What both HTTP clients (on the loop, and blocking) are asked and answer.
#include "adapters/http/message.hpp"
#include "adapters/loop/uv_loop.hpp"
#include "messages/types/result.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace weir::http {

/// One step of a streamed upload: bytes were put into the buffer, or the end,
/// or nothing yet (`call::resume_upload` asks again), or give up.
struct upload_step {
  enum class kind { bytes, end, wait, failed } what = kind::end;
  std::size_t size = 0;

  static upload_step bytes(std::size_t size) { return {kind::bytes, size}; }
  static upload_step end() { return {kind::end, 0}; }
  static upload_step wait() { return {kind::wait, 0}; }
  static upload_step failed() { return {kind::failed, 0}; }
};

struct upload {
  std::function<upload_step(std::span<std::uint8_t> into)> read;
  std::optional<std::uint64_t> length; ///< without it the body goes chunked
};

struct byte_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0; ///< at least 1
};

struct client_request {
  std::string verb = "GET";
  std::string url;
  http::headers fields;
  owned_bytes body; ///< or `source`
  std::optional<upload> source;
  /// Asks for these bytes; anything but 206 with exactly this range (or an
  /// error status) ends the call with `protocol`.
  std::optional<byte_range> range;
  std::uint64_t max_body = 64ull << 20; ///< bytes of the answer (with a range: of an error); more ends with `too_large`
  loop::milliseconds connect_timeout{10'000};
  loop::milliseconds stall_timeout{30'000}; ///< without a byte either way, pauses not counted
  loop::milliseconds timeout{0};            ///< for everything; zero: none
};

struct client_head {
  int status = 0;
  http::headers fields;
};

/// Any status counts as an answer; errors are what kept it from coming.
struct client_response {
  int status = 0;
  http::headers fields;
  std::string body;
};

} // namespace weir::http
