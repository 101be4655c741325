#pragma once
// Finds the end of a request's head and refuses, before llhttp sees them, the
// forms on which parsers disagree (request smuggling): bare CR or LF, folded
// lines, spaces before the colon, control characters. Also where the limits
// on line and head are kept. RFC 9112, sections 2.2, 3 and 5.
#include <cstddef>
#include <string_view>

namespace weir::http {

class head_scanner {
public:
  enum class verdict { more, done, bad, target_too_long, head_too_large };
  struct outcome {
    verdict what;
    std::size_t used; ///< bytes that belong to the head
  };

  /// Limits in bytes.
  head_scanner(std::size_t max_target, std::size_t max_head) : max_target_{max_target}, max_head_{max_head} {}

  outcome scan(std::string_view data);
  void reset();
  /// True once a byte other than an empty line before the request was seen.
  bool started() const { return state_ != state::before && state_ != state::before_lf; }

private:
  enum class state { before, before_lf, method, target, version, line_lf, field_start, name, value, last_lf };
  bool step(unsigned char c);

  std::size_t max_target_;
  std::size_t max_head_;
  state state_ = state::before;
  std::size_t total_ = 0;
  std::size_t target_ = 0;
};

} // namespace weir::http
