// What tests/bench/http/vs_nginx.sh loads: the HTTP server with a small answer
// from memory and a file of 1 MiB. Prints its port, ends with its input.
#include "adapters/http/content.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"

#include <fcntl.h>
#include <iostream>
#include <string>

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
