#pragma once
// A running node in this process, and the client library that drives it.
#include "adapters/rpc/client/client.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <fstream>

namespace weir::test {

struct client_library : testing::Test {
  test::temp_dir folder;
  test::running_node node{folder / "node"};

  std::unique_ptr<client::session> open(client::endpoint how = {}) {
    if (how.address.empty())
      how.address = "unix:" + node.node->addresses().at("socket");
    auto opened = client::session::open(how);
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? std::move(*opened) : nullptr;
  }
  std::filesystem::path make_file(const std::string& name, std::size_t size) {
    std::string data(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      data[i] = static_cast<char>(i * 2654435761u >> 13);
    std::ofstream{folder / name, std::ios::binary} << data;
    return folder / name;
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void restart() {
    node.node.reset();
    auto started = runtime::start(node.options);
    ASSERT_TRUE(started) << to_string(started.error());
    node.node = std::move(*started);
  }
};

} // namespace weir::test
