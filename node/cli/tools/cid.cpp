// cid: what `ipfs add` would say, without storing anything.
#include "node/cli/tools/import_options.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/json/writer.hpp"

#include <unistd.h>

namespace weir::cli {

namespace {

class no_blocks : public block_sink {
  status write(const cid&, bytes_view) override { return {}; }
};

int cid_of_paths(context& c) {
  auto options = import_options_of(c.given());
  if (!options)
    return c.fail(options.error());
  for (const auto& path : c.given().arguments) {
    no_blocks nowhere;
    auto made = path == "-" ? import_stream(STDIN_FILENO, nowhere, *options) : import_tree(path, nowhere, *options);
    if (!made)
      return c.fail(made.error());
    if (!c.json()) {
      c.line(made->id.text() + "  " + path);
      continue;
    }
    json::writer w;
    w.begin_object().member("path", path).member("cid", made->id.text()).member("size", made->size);
    w.member("dagSize", made->dag_size).member("blocks", made->blocks).end_object();
    c.object(w.take());
  }
  return 0;
}

} // namespace

std::vector<command> cid_commands() {
  return {{"cid", "PATH…|-", "Print the CIDs that files and folders get, with the options of `ipfs add`.",
           "weir cid --profile unixfs-v0-2015 photos", import_option_table(), 1, 10000, cid_of_paths}};
}

} // namespace weir::cli
