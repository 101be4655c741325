#pragma once
// As much of Kubo as the client asks for, on the fixture's server, with faults.
#include "tests/adapters/hot/hot_fixture.hpp"

#include <set>

namespace weir::test {

class fake_kubo {
public:
  void serve(http::router& routes) {
    auto on = [&](const char* what, auto handler) {
      routes.add("POST", std::string{"/api/v0/"} + what, [this, handler](const http::exchange_ptr& x) {
        ++calls;
        if (drop_next > 0 && drop_next-- > 0)
          return x->abort(); // as a node that is being restarted
        if (refuse != 0)
          return x->respond(http::response::text(refuse, "go away"));
        handler(x);
      });
    };
    on("pin/ls", [this](const http::exchange_ptr& x) {
      auto id = arg(x);
      if (pins.contains(id))
        return x->respond(http::response::json(200, R"({"Keys":{")" + id + R"(":{"Type":"recursive"}}})"));
      error(x, "path '" + id + "' is not pinned");
    });
    on("pin/rm", [this](const http::exchange_ptr& x) {
      auto id = arg(x);
      if (pins.erase(id) == 0)
        return error(x, "not pinned or pinned indirectly");
      x->respond(http::response::json(200, R"({"Pins":[")" + id + "\"]}"));
    });
    on("pin/add", [this](const http::exchange_ptr& x) { pin_add(x); });
    on("dag/stat", [this](const http::exchange_ptr& x) {
      x->respond(http::response::json(200, R"({"UniqueBlocks":1,"TotalSize":4711})"));
    });
    on("dag/import", [this](const http::exchange_ptr& x) { import(x); });
    on("dag/export", [this](const http::exchange_ptr& x) { give(x); });
    on("block/get", [this](const http::exchange_ptr& x) {
      auto block = blocks.get(*cid::parse(arg(x)));
      if (!block)
        return error(x, "block was not found locally (offline): ipld: could not find " + arg(x));
      x->respond(http::response::text(200, std::string{as_text(*block)}));
    });
  }

  memory_blocks blocks;
  std::set<std::string> pins;
  std::atomic<int> calls{0};
  int drop_next = 0;       ///< so many calls lose their connection
  int refuse = 0;          ///< a status for everything
  bool silent_pin = false; ///< pin/add says nothing at all
  int restarts = 0;        ///< pin/add loses its connection after a line, so often
  bool cut_export = false, flip_export = false, trailer_export = false;
  std::string seen_credentials;

private:
  static std::string arg(const http::exchange_ptr& x) {
    return std::string{x->request().params.get("arg").value_or("")};
  }
  static void error(const http::exchange_ptr& x, const std::string& message) {
    x->respond(http::response::json(500, R"({"Message":")" + message + R"(","Code":0,"Type":"error"})"));
  }
  void pin_add(const http::exchange_ptr& x) {
    seen_credentials = std::string{x->request().header("Authorization").value_or("")};
    if (silent_pin)
      return x->on_close([x] {});
    x->begin({.status = 200});
    x->write("{\"Progress\":1}\n");
    if (restarts > 0 && restarts-- > 0)
      return x->on_drain([x] { x->abort(); });
    pins.insert(arg(x));
    x->write("{\"Pins\":[\"" + arg(x) + "\"]}\n");
    x->end();
  }
  void import(const http::exchange_ptr& x) {
    x->read_all(64 << 20, [this, x](result<std::string> body) {
      if (!body)
        return;
      car_parser parser{[this](const cid& id, bytes_view block, const car_position&) { return blocks.put(id, block); }};
      auto car = file_of(*body);
      auto read = parser.feed(car);
      if (!read || !parser.finish())
        return error(x, "bad car");
      auto root = parser.roots()->front().text();
      pins.insert(root);
      x->respond(http::response::json(200, R"({"Root":{"Cid":{"/":")" + root
                                               + R"("},"PinErrorMsg":""}})"
                                                 "\n{\"Stats\":{\"BlockCount\":1,\"BlockBytesCount\":2}}\n"));
    });
  }
  void give(const http::exchange_ptr& x) {
    auto root = *cid::parse(arg(x));
    if (!blocks.has(root))
      return error(x, "block was not found locally (offline): ipld: could not find " + arg(x));
    auto car = car_of(blocks, root);
    if (flip_export)
      car[car.size() - 5] ^= 1;
    x->begin({.status = 200, .length = car.size()});
    if (cut_export)
      car.resize(car.size() / 2);
    x->write(std::move(car));
    cut_export ? x->on_drain([x] { x->abort(); }) : x->end();
  }
};

} // namespace weir::test
