#include "storage/car/car_parser.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

struct outcome {
  bool ok;
  std::vector<std::uint64_t> frames;
  bytes written; ///< the same blocks, written again

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome parse(bytes_view data, std::size_t step, bool verify) {
  outcome seen{true, {}, {}};
  car_writer again{[&](bytes_view part) {
    seen.written.insert(seen.written.end(), part.begin(), part.end());
    return status{};
  }};
  const car_parser* self = nullptr;
  car_parser parser{[&](const cid& id, bytes_view block, const car_position& where) {
                      if (again.size() == 0)
                        fuzz::require(again.start(*self->roots()).ok());
                      seen.frames.push_back(where.frame);
                      return again.append(id, block);
                    },
                    {.block_size = 1 << 16, .verify = verify}};
  self = &parser;
  for (std::size_t at = 0; at < data.size() && seen.ok; at += step)
    seen.ok = parser.feed(data.subspan(at, std::min(step, data.size() - at))).ok();
  seen.ok = parser.finish().ok();
  if (seen.ok && !seen.frames.empty())
    fuzz::require(again.size() <= data.size() && parser.payload_size() <= data.size());
  return seen;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  for (bool verify : {true, false}) {
    auto whole = parse(in, size + 1, verify);
    fuzz::require(parse(in, 1, verify) == whole && parse(in, 37, verify) == whole);
  }
  return 0;
}
