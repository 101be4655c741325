#include "storage/blocks/reference_file.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

using namespace weir;

namespace {

/// The input as a file, the same one for all.
int file_of(bytes_view data) {
  static const int fd = ::memfd_create("references", MFD_CLOEXEC);
  fuzz::require(::ftruncate(fd, 0) == 0 && write_all_at(fd, data, 0, "references").ok());
  return fd;
}

} // namespace

/// Whatever is listed is found again at its place; nothing outside of the list
/// is touched.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int fd = file_of({data, size});
  auto look = [&](const reference& r, std::uint64_t place) -> status {
    fuzz::require(place < size && r.size <= 16 << 20);
    auto again = reference_at(fd, place, "references");
    fuzz::require(again && again->multihash == r.multihash && again->file == r.file && again->offset == r.offset
                  && again->size == r.size);
    (void)referred_file(fd, r.file, "references");
    return {};
  };
  (void)scan_references(fd, size, "references", look);
  (void)scan_references(fd, size + 1, "references", look); // it was longer
  for (std::uint64_t place : {std::uint64_t{0}, std::uint64_t{18}, std::uint64_t{size / 2}, std::uint64_t{size}}) {
    (void)reference_at(fd, place, "references");
    (void)referred_file(fd, place, "references");
  }
  return 0;
}
