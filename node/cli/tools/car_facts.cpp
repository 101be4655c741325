#include "node/cli/tools/car_facts.hpp"

#include "node/cli/tools/input.hpp"
#include "node/cli/units.hpp"
#include "storage/car/car_parser.hpp"
#include "storage/pieces/piece_tree.hpp"

#include <filesystem>

namespace weir::cli {

namespace {

status check_readable(const std::string& path) {
  std::error_code wrong;
  auto what = std::filesystem::status(path, wrong);
  if (path == "-" || std::filesystem::is_regular_file(what))
    return {};
  if (!std::filesystem::exists(what))
    return fail(errc::not_found, "There is no such file.", path);
  return fail(errc::unsupported, "This is no file.", path);
}

} // namespace

result<car_facts> read_car_facts(const std::string& path, const std::function<void(std::uint64_t done)>& done) {
  WEIR_CHECK(check_readable(path));
  car_facts car;
  commp_stream commp;
  car_parser parser{[](const cid&, bytes_view, const car_position&) { return status{}; }};
  WEIR_CHECK(each_part(path, [&](bytes_view data) -> status {
    commp.update(data);
    car.size += data.size();
    if (car.good)
      car.good = parser.feed(data); // the piece CID is of interest even so
    if (done)
      done(car.size);
    return {};
  }));
  if (car.good)
    car.good = parser.finish();
  if (parser.roots())
    car.roots = *parser.roots();
  car.commp = commp.finish();
  return car;
}

result<cid> only_root(const car_facts& car) {
  if (car.roots.size() == 1)
    return car.roots[0];
  return fail(errc::unsupported, "This CAR does not have one root.", std::to_string(car.roots.size()));
}

status fit_piece_size(const parsed& given, commitment& made) {
  if (!given.has("piece-size"))
    return {};
  auto text = given.get("piece-size");
  auto size = parse_size(text);
  if (!size || !valid_piece_size(*size) || *size < made.padded_size)
    return fail(errc::usage, "--piece-size is a power of two that holds the data.", text,
                "from " + std::to_string(made.padded_size));
  made = extended_to(made, *size);
  return {};
}

} // namespace weir::cli
