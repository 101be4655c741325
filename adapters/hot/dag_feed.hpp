#pragma once
// The DAG below a root as the node has it: a CAR from the retriever, two parts
// ahead at most. For the layer's actor, on its thread.
#include "adapters/hot/car_feed.hpp"
#include "messages/actors/ffs_layers.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <deque>

namespace weir::hot {

class dag_feed : public car_feed, public std::enable_shared_from_this<dag_feed> {
public:
  /// An upload may ask after the actor's end: `alive` is gone by then.
  dag_feed(ffs::hot_layer_actor::pointer self, std::weak_ptr<int> alive, retriever_actor from,
           loop::milliseconds part_time)
      : self_{self}, alive_{std::move(alive)}, from_{std::move(from)}, part_time_{part_time} {}
  ~dag_feed() override;

  void open(const cid& root);
  http::upload_step read(std::span<std::uint8_t> into) override;
  error problem() const override { return why_; }
  /// Of the blocks that have come.
  std::uint64_t block_bytes() const { return block_bytes_; }

private:
  void ask();
  void came(const dag_part& part);
  void failed(const caf::error& why);

  ffs::hot_layer_actor::pointer self_;
  std::weak_ptr<int> alive_;
  retriever_actor from_;
  loop::milliseconds part_time_;
  std::uint64_t read_ = 0;
  bool open_ = false, asked_ = false, over_ = false;
  std::deque<chunk> parts_;
  std::size_t at_ = 0; ///< in the first
  std::uint64_t block_bytes_ = 0;
  error why_{errc::none, {}, {}, {}};
};

} // namespace weir::hot
