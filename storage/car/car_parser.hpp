#pragma once
// Reads a CAR of version 1 or 2 as it arrives, in pieces of any size, strictly and in
// flat memory: one frame at most. Every error names the offset of its frame.
#include "storage/blocks/block_io.hpp"
#include "storage/car/car_v2.hpp"
#include "storage/car/car_writer.hpp"

#include <optional>

namespace weir {

struct car_limits {
  std::size_t block_size = max_block_size; ///< bytes; some writers have larger leaves
  std::uint64_t blocks = ~0ull;
  bool zero_tail = true; ///< zeros after the last frame, as pieces have them, are skipped
  bool verify = true;    ///< every block against its CID
};

class car_parser {
public:
  /// `block` is valid during the call only; its error stops the parser.
  using on_block = std::function<status(const cid& id, bytes_view block, const car_position& where)>;

  explicit car_parser(on_block visit, const car_limits& limits = {}) : visit_{std::move(visit)}, limits_{limits} {}

  /// Errors: errc::malformed, errc::corrupt (a block that is not what its CID
  /// says; the CID is the value), errc::too_large, errc::unsupported, those of
  /// the visitor. After an error the parser refuses everything with it.
  status feed(bytes_view data);
  /// The end: errc::malformed if the CAR is cut short.
  status finish();

  /// Once the header is complete.
  const std::optional<std::vector<cid>>& roots() const { return roots_; }
  std::uint64_t blocks() const { return blocks_; }
  /// Bytes of the CAR version 1 up to the end of the last whole frame: without
  /// its zero tail.
  std::uint64_t payload_size() const { return frame_ - start_; }

private:
  status step(bytes_view& data);
  status read_length(bytes_view& data);
  status read_body(bytes_view& data);
  status take_frame(bytes_view frame);
  status skip_zeros(bytes_view& data);
  status read_v2_front(bytes_view& data);
  status after_end(bytes_view& data);
  error at_frame(error e) const;

  on_block visit_;
  car_limits limits_;
  std::optional<std::vector<cid>> roots_;
  std::optional<car_v2_header> v2_;   ///< once known
  bool v2_front_ = false;             ///< the pragma came, the data have not begun
  std::uint64_t start_ = 0;           ///< of the CAR version 1
  std::uint64_t position_ = 0;        ///< of the next byte that is fed
  std::uint64_t frame_ = 0;           ///< where the frame that is being read starts
  bytes length_;                      ///< bytes of its length so far
  std::optional<std::uint64_t> size_; ///< its length, once known
  bytes body_;                        ///< what came of it
  std::uint64_t blocks_ = 0;
  bool in_tail_ = false;
  status state_;
};

} // namespace weir
