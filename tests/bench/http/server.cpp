// What tests/bench/http/vs_nginx.sh loads: the HTTP server with a small answer
// from memory, a file of 1 MiB, and bodies of any size both ways. Prints its port, ends with its input.
#include "adapters/http/server.hpp"
#include "adapters/http/content.hpp"
#include "adapters/http/router.hpp"

#include <algorithm>
#include <fcntl.h>
#include <iostream>
#include <string>

namespace {

/// Writes so many bytes as the client takes them.
void pour(const weir::http::exchange_ptr& x, std::uint64_t left) {
  while (left > 0) {
    auto step = std::min<std::uint64_t>(left, 256 << 10);
    left -= step;
    if (!x->write(std::string(step, 'x')))
      return x->on_drain([x, left] { pour(x, left); });
  }
  x->end();
}

} // namespace

int main(int argc, char** argv) {
  using namespace weir;
  std::string file = argc > 1 ? argv[1] : "";
  loop::uv_loop home{"http"};
  home.start();
  http::router routes;
  routes.add("GET", "/hello", [](const http::exchange_ptr& x) { x->respond(http::response::text(200, "hello\n")); });
  routes.add("GET", "/file", [&](const http::exchange_ptr& x) {
    http::content what;
    what.file = loop::owned_fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    what.size = 1 << 20;
    http::respond_content(*x, std::move(what));
  });
  routes.add("PUT", "/sink", [](const http::exchange_ptr& x) {
    x->read({.data = [](bytes_view) {},
             .end = [x](const status& how) { x->respond(http::response::empty(how ? 204 : 400)); }});
  });
  routes.add("GET", "/pour", [](const http::exchange_ptr& x) {
    x->begin({.status = 200});
    pour(x, std::stoull(std::string{x->request().params.get("bytes").value_or("0")}));
  });
  http::server_options options;
  options.date = [] { return std::string{"Thu, 01 Jan 1970 00:00:00 GMT"}; };
  http::server server{home, options, routes.handler()};
  auto bound = server.listen();
  if (!bound) {
    std::cerr << to_string(bound.error()) << "\n";
    return 1;
  }
  std::cout << bound->port << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  server.stop();
  home.stop();
}
