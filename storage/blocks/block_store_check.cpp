// Reads every copy of every block, and mends what another copy can mend.
#include "storage/blocks/block_store_state.hpp"

#include <algorithm>

namespace weir {

namespace {

cid raw_cid(bytes_view multihash) {
  return cid::v1(codec::raw, multihash);
}

bool is_damage(const status& s) {
  return !s && s.error().code == errc::corrupt;
}

} // namespace

class block_store::checker {
public:
  checker(block_store& store, const store_check_options& o) : store_{store}, state_{*store.state_}, options_{o} {}

  result<store_check> run() {
    WEIR_CHECK(check_loose());
    for (const auto& p : state_.packed->packs())
      WEIR_CHECK(check_pack(p));
    return std::move(out_);
  }

private:
  status go_on() const { return options_.go_on ? options_.go_on() : status{}; }

  void count() {
    ++out_.blocks;
    out_.bytes += block_.size();
  }

  /// True when it was good; damage is noted, what else may go wrong is the error.
  result<bool> judge(const cid& id, const status& read) {
    if (read) {
      count();
      return true;
    }
    if (!is_damage(read) && read.error().code != errc::not_found)
      return read.error();
    if (is_damage(read))
      out_.damaged.push_back(id);
    return false;
  }

  status check_loose() {
    bool removed = false;
    WEIR_CHECK(state_.files->for_each([&](bytes_view multihash, std::uint64_t) -> status {
      WEIR_CHECK(go_on());
      auto id = raw_cid(multihash);
      state_.verified.erase(multihash);
      auto read = state_.read_loose(id, block_);
      WEIR_TRY(bool good, judge(id, read));
      if (good)
        return check_doubled(id, removed);
      if (is_damage(read) && options_.repair && state_.read_packed(id, block_))
        out_.mended.push_back(id);
      return {};
    }));
    return removed ? state_.files->sync() : status{};
  }

  /// A loose copy of what a pack serves too.
  status check_doubled(const cid& id, bool& removed) {
    WEIR_TRY(auto places, state_.packed->places(id.multihash()));
    if (places.empty() || std::none_of(places.begin(), places.end(), [](auto& at) { return at.in->relied_on(); }))
      return {};
    out_.doubled.push_back(id);
    if (!options_.repair || !state_.read_packed(id, block_))
      return {};
    removed = true;
    return store_.remove(id);
  }

  status check_pack(const pack_set::pack_pointer& p) {
    if (!p->fd) {
      out_.unreadable.push_back(p->file);
      return {};
    }
    auto seen = pack_set::scan(*p, [&](bytes_view multihash, const pack_place& place) -> status {
      WEIR_CHECK(go_on());
      return check_place(raw_cid(multihash), {p, place});
    });
    auto code = seen ? errc::none : seen.error().code;
    bool dropped = state_.packed->find(p->file) != p;
    if (dropped || code == errc::none)
      return {};
    if (code != errc::malformed && code != errc::corrupt && code != errc::not_found)
      return seen;
    out_.unreadable.push_back(p->file);
    return {};
  }

  status check_place(const cid& id, const pack_set::found& where) {
    auto multihash = id.multihash();
    state_.verified.erase(multihash, number_of(where.place));
    auto read = state_.read_place(id, where, block_);
    WEIR_TRY(bool good, judge(id, read));
    if (!good)
      return is_damage(read) && options_.repair ? mend(id, where) : status{};
    WEIR_TRY(auto known, state_.packed->places(multihash));
    if (std::any_of(known.begin(), known.end(), [&](auto& at) { return at.place == where.place; }))
      return {};
    ++out_.unindexed;
    return options_.repair ? state_.packed->remember(multihash, where.place) : status{};
  }

  /// Its place was taken out of the index: what is read now is another copy.
  status mend(const cid& id, const pack_set::found& where) {
    if (!store_.get(id, block_))
      return {};
    WEIR_CHECK(state_.mend(id, block_, where.in->file, where.place.offset));
    out_.mended.push_back(id);
    return {};
  }

  block_store& store_;
  state& state_;
  const store_check_options& options_;
  store_check out_;
  bytes block_;
};

result<store_check> block_store::check_all(const store_check_options& o) {
  return checker{*this, o}.run();
}

} // namespace weir
