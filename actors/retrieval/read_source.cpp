#include "actors/retrieval/read_source.hpp"

namespace weir {

namespace {

std::string key_of(const cid& id) {
  return std::string{as_text(id.multihash())};
}

} // namespace

void block_cache::put(const cid& id, bytes block) {
  auto key = key_of(id);
  if (index_.contains(key))
    return;
  size_ += block.size();
  order_.push_front({key, std::move(block)});
  index_[key] = order_.begin();
  while (size_ > limit_ && order_.size() > 1) {
    size_ -= order_.back().block.size();
    index_.erase(order_.back().key);
    order_.pop_back();
  }
}

bool block_cache::get(const cid& id, bytes& out) {
  auto found = index_.find(key_of(id));
  if (found == index_.end())
    return false;
  order_.splice(order_.begin(), order_, found->second);
  out = found->second->block;
  return true;
}

status read_source::read(const cid& id, bytes& out) {
  if (cache_.get(id, out))
    return {};
  auto problem = block_not_found(id);
  if (from_ != read_from::provider) {
    for (block_source* source : {static_cast<block_source*>(&loose_), static_cast<block_source*>(&pieces_)}) {
      auto got = source->get(id, out);
      if (got)
        return {};
      if (got.error().code == errc::corrupt)
        damaged_ = true;
      else if (got.error().code != errc::not_found)
        return got;
      if (got.error().code == errc::corrupt)
        problem = got.error();
    }
  }
  missing_ = id;
  return problem;
}

} // namespace weir
