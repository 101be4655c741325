// car ls, verify, index; commp.
#include "node/cli/tools/car_facts.hpp"
#include "node/cli/tools/input.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/json/writer.hpp"
#include "storage/car/car_file.hpp"
#include "storage/pieces/piece_cid.hpp"

namespace weir::cli {

namespace {

status read_whole(context& c, car_parser& parser) {
  WEIR_CHECK(each_part(c.argument(0), [&](bytes_view data) { return parser.feed(data); }));
  return parser.finish();
}

int list(context& c) {
  car_parser parser{[&](const cid& id, bytes_view block, const car_position& where) -> status {
                      if (!c.json()) {
                        c.line(id.text() + "  " + std::to_string(block.size()));
                        return {};
                      }
                      json::writer w;
                      w.begin_object().member("cid", id.text()).member("size", block.size());
                      w.member("offset", where.offset).end_object();
                      c.object(w.take());
                      return {};
                    },
                    {.verify = false}};
  return c.done(read_whole(c, parser));
}

int verify(context& c) {
  car_parser parser{[](const cid&, bytes_view, const car_position&) { return status{}; }};
  if (auto good = read_whole(c, parser); !good)
    return c.fail(good.error());
  if (!c.json()) {
    c.line("Every one of its " + std::to_string(parser.blocks()) + " blocks is what its CID says.");
    for (const auto& root : *parser.roots())
      c.line("root " + root.text());
    return 0;
  }
  json::writer w;
  w.begin_object().key("roots").begin_array();
  for (const auto& root : *parser.roots())
    w.value(root.text());
  w.end_array().member("blocks", parser.blocks()).member("payloadSize", parser.payload_size()).end_object();
  c.object(w.take());
  return 0;
}

int index(context& c) {
  auto out = c.given().get("output");
  if (out.empty())
    return c.fail(fail(errc::usage, "Say where it goes: -o FILE.car."));
  auto format = c.given().get("format") == "sorted" ? car_index_format::sorted : car_index_format::multihash_sorted;
  auto done = write_car_v2(c.argument(0), out, format);
  if (done && c.json())
    c.object(json::writer{}.begin_object().member("file", out).end_object().take());
  return c.done(done);
}

int commp(context& c) {
  commp_stream stream;
  auto read = each_part(c.argument(0), [&](bytes_view data) {
    stream.update(data);
    return status{};
  });
  if (!read)
    return c.fail(read.error());
  auto made = stream.finish();
  if (auto fits = fit_piece_size(c.given(), made); !fits)
    return c.fail(fits.error());
  auto id = piece_cid_v1(made.root).text();
  if (!c.json()) {
    c.line(id + "  " + std::to_string(made.padded_size) + "  " + c.argument(0));
    return 0;
  }
  json::writer w;
  w.begin_object().member("file", c.argument(0)).member("pieceCid", id);
  w.member("pieceCidV2", piece_cid_v2(made).text()).member("pieceSize", made.padded_size);
  w.member("payloadSize", made.payload_size).end_object();
  c.object(w.take());
  return 0;
}

} // namespace

std::vector<command> car_commands() {
  return {
      {"car ls", "FILE|-", "List the blocks of a CAR.", "weir car ls data.car", {}, 1, 1, list},
      {"car verify",
       "FILE|-",
       "Check every block of a CAR against its CID.",
       "weir car verify data.car",
       {},
       1,
       1,
       verify},
      {"car index",
       "FILE",
       "Make a CAR of version 2 with an index.",
       "weir car index data.car -o indexed.car",
       {{"output", "FILE", "-o: where it goes"},
        {"format", "NAME", "sorted or multihash-sorted", false, {"sorted", "multihash-sorted"}}},
       1,
       1,
       index},
      {"commp",
       "FILE|-",
       "Print the piece CID of a file.",
       "weir commp data.car",
       {{"piece-size", "SIZE", "of the piece that it will be in, when that is larger"}},
       1,
       1,
       commp},
  };
}

} // namespace weir::cli
