#include "actors/pieces/builder.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/ipld/links.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/crash_point.hpp"

#include <bit>

#include <spdlog/spdlog.h>

namespace weir {

namespace {

/// Every entry of the index that a piece's segments give.
std::vector<block_index::entry> index_entries(const planned_piece& plan, const written_piece& written) {
  std::vector<block_index::entry> entries;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    auto at = written.segments[i].offset + car_header(plan[i].roots()).size();
    for (auto& b : plan[i].blocks) {
      auto before = car_frame_prefix_size(b.id, b.size);
      entries.push_back({b.id, at + before, b.size});
      at += before + b.size;
    }
  }
  return entries;
}

piece make_piece(const planned_piece& plan, const written_piece& written, const build_pieces& order, const domain& d) {
  piece p;
  p.cid = written.id;
  p.padded_size = written.padded_size;
  p.payload_size = written.payload_size;
  p.root = plan[0].contents[0].root;
  p.bucket = order.bucket;
  p.segments = static_cast<std::uint32_t>(plan.size());
  p.created_at = d.clock->now();
  p.created = d.world.wall();
  p.copies = 0;
  for (auto& s : plan)
    p.contents += static_cast<std::uint32_t>(s.contents.size());
  for (auto& s : plan)
    for (auto& part : s.contents)
      for (auto& c : order.contents)
        if (c.id == part.content && !c.terms.own)
          p.copies = std::max(p.copies, c.copies);
  return p;
}

void add_placements(const planned_piece& plan, const written_piece& written, std::vector<placement>& out) {
  for (std::size_t i = 0; i < plan.size(); ++i)
    for (auto& part : plan[i].contents)
      out.push_back({part.content, part.part, part.parts, written.id, static_cast<std::uint32_t>(i),
                     written.segments[i].offset, written.segments[i].length, part.root});
}

} // namespace

status piece_packer::go_on() const {
  if (domain_.stopping->load(std::memory_order_relaxed))
    return fail(errc::cancelled, "The node is stopping.");
  return {};
}

result<content_blocks> piece_packer::list(const content& c) {
  content_blocks found{c.id, c.cid, {}};
  auto walked = for_each_block(c.cid, blocks_, [&](const cid& id, bytes_view block) {
    found.blocks.push_back({id, block.size()});
    return go_on();
  });
  if (walked)
    return found;
  auto e = walked.error();
  if (e.code == errc::not_found || e.code == errc::corrupt)
    return fail(e.code, "A block of the content is missing or damaged (" + e.value + ").", c.id.value);
  return e;
}

status piece_packer::write_segment(const planned_segment& s, const std::function<status(bytes_view)>& sink) {
  car_writer car{sink};
  WEIR_CHECK(car.start(s.roots()));
  bytes block;
  for (auto& b : s.blocks) {
    WEIR_CHECK(go_on());
    WEIR_CHECK(blocks_.get(b.id, block));
    WEIR_CHECK(car.append(b.id, block));
  }
  return {};
}

status piece_packer::pack_piece(const planned_piece& plan, const build_pieces& order, const piece_options& options,
                                built_pieces& out) {
  std::vector<segment_source> sources;
  for (auto& s : plan)
    sources.push_back({s.car_size, [this, &s](const auto& sink) { return write_segment(s, sink); }});
  auto unfinished = shelf_.unfinished(order.bucket);
  WEIR_TRY(auto written, write_piece_file(unfinished, sources, {options.min_piece, options.max_piece}));
  out.claims.push_back(shelf_.claim(written.id)); // it may have been here before, and be on its way out
  WEIR_CHECK(index_.add(written.id, index_entries(plan, written)));
  WEIR_CHECK(name_piece_file(unfinished, shelf_.path_of(written.id)));
  out.pieces.push_back(make_piece(plan, written, order, domain_));
  add_placements(plan, written, out.placements);
  return {};
}

result<built_pieces> piece_packer::pack(const build_pieces& order, const piece_options& options) {
  std::vector<content_blocks> contents;
  for (auto& c : order.contents) {
    WEIR_TRY(auto blocks, list(c));
    contents.push_back(std::move(blocks));
  }
  built_pieces out;
  out.refused = too_large_of(contents, options);
  if (!out.refused.empty())
    return out;
  WEIR_TRY(auto plan, plan_pieces(std::move(contents), options));
  for (auto& p : plan)
    WEIR_CHECK(pack_piece(p, order, options, out));
  crash_point("piece.before_record");
  return out;
}

namespace {

struct builder_state {
  explicit builder_state(piece_builder_actor::pointer self) : self{self} {}

  result<built_pieces> build(const build_pieces& order) {
    auto now = options;
    now.min_piece = std::min(std::max(now.min_piece, std::bit_ceil(least_piece())), now.max_piece);
    spdlog::info("packing {} contents of bucket {}", order.contents.size(), order.bucket.value);
    return piece_packer{*shelf, *index, d}.pack(order, now);
  }

  static constexpr const char* name = "piece_builder";
  piece_builder_actor::pointer self;
  domain d;
  std::shared_ptr<piece_shelf> shelf;
  std::unique_ptr<block_index> index;
  piece_options options;
  std::function<std::uint64_t()> least_piece;
};

piece_builder_actor::behavior_type piece_builder(self_of<piece_builder_actor, builder_state> self, domain d,
                                                 std::shared_ptr<piece_shelf> shelf, piece_options options,
                                                 std::function<std::uint64_t()> least_piece) {
  prepare(self);
  auto& state = self->state;
  state.index = std::make_unique<block_index>(d.commits.records);
  state.d = std::move(d);
  state.shelf = std::move(shelf);
  state.options = options;
  state.least_piece = std::move(least_piece);
  return {[self](const build_pieces& order) { return reply(self->state.build(order)); }};
}

} // namespace

piece_builder_actor spawn_piece_builder(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                                        piece_options options, std::function<std::uint64_t()> least_piece) {
  if (d.detach)
    return system.spawn<caf::detached>(piece_builder, std::move(d), std::move(shelf), options, std::move(least_piece));
  return system.spawn(piece_builder, std::move(d), std::move(shelf), options, std::move(least_piece));
}

} // namespace weir
