#pragma once
// A large buffer that is reused: on huge pages where there are any, and not
// filled with zeros first, so that what is never used never takes memory. (The
// first touch of a page costs more than hashing it.)
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include <sys/mman.h>

namespace weir {

class page_buffer {
public:
  static constexpr std::size_t alignment = 2 << 20; ///< of a huge page

  page_buffer() = default;
  explicit page_buffer(std::size_t size) { resize(size); }

  /// The old content is lost.
  void resize(std::size_t size) {
    const auto whole = (size + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(alignment, whole)));
    if (whole > 0 && !data_)
      throw std::bad_alloc{};
    ::madvise(data_.get(), whole, MADV_HUGEPAGE);
    size_ = size;
  }

  std::uint8_t* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  std::uint8_t* begin() const { return data(); }
  std::uint8_t* end() const { return data() + size(); }

private:
  struct free_memory {
    void operator()(std::uint8_t* p) const { std::free(p); }
  };
  std::unique_ptr<std::uint8_t[], free_memory> data_;
  std::size_t size_ = 0;
};

} // namespace weir
