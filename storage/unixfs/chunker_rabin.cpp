// Rabin fingerprints over a window of 16 bytes: the bytes as a polynomial over
// GF(2), modulo an irreducible one of degree 53. Each chunk starts anew, with
// a single 1 in the window.
#include "storage/unixfs/chunkers.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace weir::unixfs {

namespace {

constexpr std::uint64_t polynomial = 17437180132763653; // the one that IPFS uses
constexpr int degree = 53;
constexpr std::size_t window_size = 16;

constexpr std::uint64_t modulo(std::uint64_t value) {
  for (int bit = 63; bit >= degree; --bit)
    if (value >> bit & 1)
      value ^= polynomial << (bit - degree);
  return value;
}

struct rabin_tables {
  std::array<std::uint64_t, 256> leaving{};  ///< a byte, and 15 zeros after it
  std::array<std::uint64_t, 256> reducing{}; ///< takes the byte above the degree away
};

constexpr rabin_tables make_tables() {
  rabin_tables t;
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    auto value = byte;
    for (std::size_t i = 1; i < window_size; ++i)
      value = modulo(value << 8);
    t.leaving[byte] = value;
    t.reducing[byte] = modulo(byte << degree) | byte << degree;
  }
  return t;
}

constexpr rabin_tables tables = make_tables();

class rabin_chunker : public chunker {
public:
  explicit rabin_chunker(const chunking& c)
      : least_{c.least}, most_{c.most}, mask_{std::bit_floor(std::uint64_t{c.average}) - 1} {
    start();
  }

  std::optional<std::size_t> next_cut(bytes_view data) override {
    // What is before the first window in which a cut can be has no effect.
    std::size_t at = std::min(data.size(), least_ - window_size - std::min(size_, least_ - window_size));
    size_ += at;
    while (at < data.size()) {
      slide(data[at++]);
      ++size_;
      if (size_ >= least_ && ((digest_ & mask_) == 0 || size_ >= most_)) {
        start();
        return at;
      }
    }
    return std::nullopt;
  }

private:
  void start() {
    window_.fill(0);
    window_[0] = 1;
    place_ = 1;
    digest_ = 1;
    size_ = 0;
  }

  void slide(std::uint8_t byte) {
    digest_ ^= tables.leaving[window_[place_]];
    window_[place_] = byte;
    place_ = (place_ + 1) % window_size;
    auto above = digest_ >> (degree - 8);
    digest_ = (digest_ << 8 | byte) ^ tables.reducing[above];
  }

  std::size_t least_, most_;
  std::uint64_t mask_;
  std::array<std::uint8_t, window_size> window_;
  std::size_t place_ = 0, size_ = 0;
  std::uint64_t digest_ = 0;
};

} // namespace

std::unique_ptr<chunker> make_rabin(const chunking& c) {
  return std::make_unique<rabin_chunker>(c);
}

} // namespace weir::unixfs
