#pragma once
// Things to do a little later, on the loop; what is still waiting when this
// object goes is not done. Loop thread only.
#include "adapters/loop/uv_loop.hpp"

#include <map>

namespace weir::hot {

class delays {
public:
  explicit delays(loop::uv_loop& loop) : loop_{loop} {}
  delays(const delays&) = delete;
  delays& operator=(const delays&) = delete;

  void after(loop::milliseconds time, loop::task what) {
    auto number = ++last_;
    auto& timer = waiting_[number];
    timer = std::make_unique<loop::timer>(loop_);
    timer->start(time, [this, number, what = std::move(what)] {
      auto task = what;
      waiting_.erase(number); // and with it this very function
      task();
    });
  }
  loop::milliseconds now() const { return loop_.now(); }

private:
  loop::uv_loop& loop_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::unique_ptr<loop::timer>> waiting_;
};

/// Each pause is twice the one before, up to a limit.
struct back_off {
  loop::milliseconds first{200}, most{5'000};
  int attempts = 5; ///< with the first

  loop::milliseconds pause(int failures) const {
    auto out = first;
    for (int i = 1; i < failures && out < most; ++i)
      out *= 2;
    return std::min(out, most);
  }
};

} // namespace weir::hot
