// What comes as a stream, and what goes into a new CAR.
#include "storage/hash/block_cid.hpp"
#include "storage/import/import_buffer.hpp"
#include "storage/import/tree_import.hpp"
#include "storage/support/file.hpp"

#include <cerrno>

#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

result<unixfs::imported> import_stream(int fd, block_sink& sink, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  unixfs::file_importer importer{sink, options.how};
  bytes buffer(import_buffer_size(options.how));
  for (std::size_t filled = 0;;) {
    auto n = ::read(fd, buffer.data() + filled, buffer.size() - filled);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return os_error(errno, "the input could not be read", "-");
    filled += static_cast<std::size_t>(n);
    if (n > 0 && filled < buffer.size())
      continue; // whole chunks are hashed together
    WEIR_CHECK(importer.write(bytes_view{buffer}.first(filled)));
    if (n == 0)
      return importer.finish();
    filled = 0;
    if (options.go_on)
      WEIR_CHECK(options.go_on({0, importer.size()}));
  }
}

result<built_car> import_to_car(const fs::path& source, const fs::path& car, const tree_import_options& options) {
  WEIR_CHECK(unixfs::check(options.how));
  // Roots of version 1 have the same size whatever their codec.
  cid_format form{options.how.cid_version, codec::dag_pb, options.how.hash};
  WEIR_TRY(auto root_like, cid_of(form, {}));
  WEIR_TRY(auto builder, car_builder::create(car, root_like, options.workers));
  auto import = options;
  import.places = builder.get();
  WEIR_TRY(auto made, import_tree(source, *builder, import));
  return builder->finish(made.id);
}

} // namespace weir
