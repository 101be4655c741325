#include "actors/pieces/plan.hpp"

#include "storage/car/car_header.hpp"
#include "storage/pieces/piece_file.hpp"

#include <optional>
#include <unordered_set>

namespace weir {

namespace {

std::uint64_t frames_size(const std::vector<planned_block>& blocks) {
  std::uint64_t sum = 0;
  for (auto& b : blocks)
    sum += car_frame_size(b.id, b.size);
  return sum;
}

void measure(planned_segment& s) {
  s.car_size = car_header(s.roots()).size() + frames_size(s.blocks);
}

/// Payload that surely fits into a piece of its own.
std::uint64_t room_in(std::uint64_t padded) {
  return padded / 128 * 127;
}

/// The blocks in their order, cut where a part is full.
std::vector<planned_segment> cut(content_blocks c, std::uint64_t room) {
  std::vector<planned_segment> parts;
  std::uint64_t size = 0;
  for (auto& b : c.blocks) {
    auto frame = car_frame_size(b.id, b.size);
    auto header = car_header({b.id}).size();
    if (parts.empty() || size + frame > room) {
      parts.push_back({{{c.content, static_cast<std::uint32_t>(parts.size()), 1, b.id}}, {}, 0});
      size = header;
    }
    size += frame;
    parts.back().blocks.push_back(std::move(b));
  }
  for (auto& p : parts) {
    p.contents[0].parts = static_cast<std::uint32_t>(parts.size());
    measure(p);
  }
  return parts;
}

/// Small contents one after the other into shared segments.
class sharing {
public:
  void add(planned_segment s, std::vector<planned_segment>& out) {
    for (auto& b : s.blocks)
      if (seen_.insert(std::string{as_text(b.id.multihash())}).second)
        open_.blocks.push_back(std::move(b));
    open_.contents.push_back(std::move(s.contents[0]));
    measure(open_);
    if (open_.car_size >= shared_below)
      flush(out);
  }
  void flush(std::vector<planned_segment>& out) {
    if (!open_.contents.empty())
      out.push_back(std::move(open_));
    open_ = {};
    seen_.clear();
  }

private:
  planned_segment open_;
  std::unordered_set<std::string> seen_;
};

std::optional<error> look_at_sizes(const content_blocks& c, std::uint64_t room) {
  for (auto& b : c.blocks)
    if (car_header({b.id}).size() + car_frame_size(b.id, b.size) > room)
      return fail(errc::too_large, "A block of the content does not fit into the largest piece.",
                  std::to_string(b.size), std::to_string(room));
  return std::nullopt;
}

bool fits(const std::vector<std::uint64_t>& sizes, const piece_options& options) {
  return planned_piece_size(sizes, {options.min_piece, options.max_piece}).ok();
}

} // namespace

std::vector<cid> planned_segment::roots() const {
  std::vector<cid> all;
  for (auto& c : contents)
    all.push_back(c.root);
  return all;
}

std::vector<unpackable> too_large_of(const std::vector<content_blocks>& contents, const piece_options& options) {
  std::vector<unpackable> found;
  for (auto& c : contents)
    if (auto why = look_at_sizes(c, room_in(options.max_piece)))
      found.push_back({c.content, *std::move(why)});
  return found;
}

result<std::vector<planned_piece>> plan_pieces(std::vector<content_blocks> contents, const piece_options& options) {
  std::vector<planned_segment> segments;
  sharing shared;
  for (auto& c : contents) {
    if (auto why = look_at_sizes(c, room_in(options.max_piece)))
      return *std::move(why);
    auto parts = cut(std::move(c), room_in(options.max_piece));
    if (parts.size() == 1 && parts[0].car_size < shared_below)
      shared.add(std::move(parts[0]), segments);
    else
      std::move(parts.begin(), parts.end(), std::back_inserter(segments));
  }
  shared.flush(segments);
  std::vector<planned_piece> pieces;
  std::vector<std::uint64_t> sizes;
  for (auto& s : segments) {
    sizes.push_back(s.car_size);
    if (pieces.empty() || !fits(sizes, options)) {
      pieces.emplace_back();
      sizes = {s.car_size};
    }
    pieces.back().push_back(std::move(s));
  }
  return pieces;
}

} // namespace weir
