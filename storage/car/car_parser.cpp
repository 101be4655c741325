#include "storage/car/car_parser.hpp"

#include "messages/types/varint.hpp"
#include "storage/car/car_header.hpp"
#include "storage/hash/block_cid.hpp"

#include <algorithm>

namespace weir {

namespace {

/// More than any CID has: the part of a frame that is not the block.
constexpr std::size_t max_cid_size = 64 + max_digest_size;

/// A first frame with its length before it.
bytes pragma_of(bytes_view frame) {
  bytes out{static_cast<std::uint8_t>(frame.size())};
  out.insert(out.end(), frame.begin(), frame.end());
  return out;
}

} // namespace

error car_parser::at_frame(error e) const {
  e.message += " (in the frame at byte " + std::to_string(frame_) + " of the CAR)";
  return e;
}

status car_parser::feed(bytes_view data) {
  while (state_ && !data.empty())
    state_ = step(data);
  return state_;
}

status car_parser::finish() {
  const bool short_of_data = v2_ && position_ < v2_->data_offset + v2_->data_size;
  if (state_ && (!roots_ || !length_.empty() || short_of_data))
    state_ = at_frame(fail(errc::malformed, "the CAR is cut short"));
  return state_;
}

status car_parser::step(bytes_view& data) {
  if (v2_front_)
    return read_v2_front(data);
  if (!v2_) {
    if (in_tail_)
      return skip_zeros(data);
    return size_ ? read_body(data) : read_length(data);
  }
  // Of a version 2 only what is inside its data.
  const auto left = v2_->data_offset + v2_->data_size - position_;
  if (left == 0)
    return after_end(data);
  auto inside = data.first(std::min<std::uint64_t>(data.size(), left));
  const auto before = inside.size();
  auto done = in_tail_ ? skip_zeros(inside) : size_ ? read_body(inside) : read_length(inside);
  data = data.subspan(before - inside.size());
  return done;
}

/// The header, then what there is between it and the data.
status car_parser::read_v2_front(bytes_view& data) {
  const auto wanted = v2_ ? v2_->data_offset - position_ : car_v2_header_size - body_.size();
  auto part = data.first(std::min<std::uint64_t>(data.size(), wanted));
  data = data.subspan(part.size());
  position_ += part.size();
  if (!v2_) {
    body_.insert(body_.end(), part.begin(), part.end());
    if (body_.size() < car_v2_header_size)
      return {};
    WEIR_TRY(v2_, decode_car_v2_header(body_));
    body_.clear();
  }
  if (position_ == v2_->data_offset) {
    v2_front_ = false;
    start_ = frame_ = position_;
  }
  return {};
}

/// The index is of no use to who reads everything.
status car_parser::after_end(bytes_view& data) {
  if (!length_.empty())
    return at_frame(fail(errc::malformed, "the frame is longer than the data of the CAR"));
  data = {};
  return {};
}

status car_parser::read_length(bytes_view& data) {
  if (length_.empty() && roots_ && data[0] == 0 && limits_.zero_tail) {
    in_tail_ = true;
    return {};
  }
  length_.push_back(data[0]);
  data = data.subspan(1);
  ++position_;
  if (length_.back() >= 0x80 && length_.size() < multiformats_varint_max)
    return {};
  bytes_view in = length_;
  size_ = take_varint(in, multiformats_varint_max);
  if (!size_ || *size_ == 0)
    return at_frame(fail(errc::malformed, "the length of a frame is not valid"));
  const auto limit = roots_ ? limits_.block_size + max_cid_size : max_car_header;
  if (*size_ > limit)
    return at_frame(fail(errc::too_large, roots_ ? "a frame is too long" : "the header is too long",
                         std::to_string(*size_), std::to_string(limit)));
  return {};
}

status car_parser::read_body(bytes_view& data) {
  auto part = data.first(std::min<std::uint64_t>(data.size(), *size_ - body_.size()));
  data = data.subspan(part.size());
  position_ += part.size();
  if (part.size() == *size_) { // all of it at hand: no copy
    WEIR_CHECK(take_frame(part));
  } else {
    body_.insert(body_.end(), part.begin(), part.end());
    if (body_.size() < *size_)
      return {};
    WEIR_CHECK(take_frame(body_));
  }
  frame_ = position_;
  length_.clear();
  size_.reset();
  body_.clear();
  return {};
}

status car_parser::take_frame(bytes_view frame) {
  if (!roots_ && !v2_ && frame.size() + 1 == car_v2_pragma_size && is_car_v2(pragma_of(frame))) {
    v2_front_ = true;
    return {};
  }
  if (!roots_) {
    auto roots = decode_car_header(frame);
    if (!roots)
      return at_frame(roots.error());
    roots_ = *std::move(roots);
    return {};
  }
  auto block = frame;
  auto id = cid::take(block);
  if (!id)
    return at_frame(id.error());
  if (block.size() > limits_.block_size)
    return at_frame(fail(errc::too_large, "a block is too large", id->text(), std::to_string(limits_.block_size)));
  if (limits_.verify)
    if (auto good = verify_block(*id, block); !good)
      return at_frame(good.error());
  if (++blocks_ > limits_.blocks)
    return at_frame(fail(errc::too_large, "too many blocks", std::to_string(blocks_), std::to_string(limits_.blocks)));
  return visit_(*id, block, {frame_, position_ - block.size(), block.size()});
}

status car_parser::skip_zeros(bytes_view& data) {
  auto other = std::find_if(data.begin(), data.end(), [](auto byte) { return byte != 0; });
  position_ += static_cast<std::uint64_t>(other - data.begin());
  if (other != data.end())
    return fail(errc::malformed, "something follows the zeros after the last frame of the CAR",
                "byte " + std::to_string(position_));
  data = {};
  return {};
}

} // namespace weir
