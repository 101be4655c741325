#include "actors/content/mender.hpp"

#include "actors/retrieval/sources.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/hash/block_cid.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace weir {

using records::fact;

namespace {

constexpr std::chrono::seconds fetch_time{120};
constexpr std::size_t named_contents = 8;

/// Contents in whose part of the piece the place is.
status add_contents_at(const records::reader& state, const block_place& place, std::vector<content_id>& out) {
  WEIR_TRY(auto keys, state.keys<records::piece_contents>(place.piece));
  for (auto& [piece, id, part] : keys) {
    WEIR_TRY(auto p, state.find<placement>({id, part}));
    if (p && p->value.offset <= place.offset && place.offset < p->value.offset + p->value.length)
      out.push_back(id);
  }
  return {};
}

} // namespace

result<std::vector<content_id>> contents_with(const records::reader& state, const block_index& index,
                                              const block_ledger& ledger, const cid& block, std::size_t limit) {
  WEIR_TRY(auto found, ledger.holders(block, limit));
  WEIR_TRY(auto places, index.find(block));
  for (auto& place : places)
    WEIR_CHECK(add_contents_at(state, place, found));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > limit)
    found.resize(limit);
  return found;
}

namespace {

struct mender_state {
  explicit mender_state(mender_actor::pointer self) : self{self} {}

  // ---- damage

  void damaged(const cid& block, const std::string& file) {
    if (file.empty())
      spdlog::error("block {} is damaged; it was moved aside", block.text());
    else
      spdlog::error("{} is not what it was: block {} is no longer served from it", file, block.text());
    say_damaged(block, file);
    if (std::find(waiting.begin(), waiting.end(), block) != waiting.end())
      return;
    waiting.push_back(block);
    if (waiting.size() == 1)
      mend_next();
  }

  void say_damaged(const cid& block, const std::string& file) {
    auto contents = contents_with(*d.look(), *index, shelf->ledger(), block, named_contents);
    event said{event_kind::store_damaged, block.text(), {}, {}};
    std::string names;
    std::set<owner_id> owners;
    for (auto& id : contents ? *contents : std::vector<content_id>{}) {
      auto c = d.look()->find<content>(id);
      if (c && *c)
        owners.insert((*c)->value.owner);
      names += (names.empty() ? "" : ",") + id.value;
    }
    if (owners.size() == 1) // what is of several is told to the operator only
      said.owner = *owners.begin();
    if (!names.empty())
      said.fields.push_back(fact(contents->size() == 1 ? "content" : "contents", names));
    if (!file.empty())
      said.fields.push_back(fact("file", file));
    say(std::move(said));
  }

  void say(event what) {
    auto said = std::make_shared<bool>(false);
    auto build = [said, what = std::move(what)](const records::reader&) -> result<transaction_builder> {
      transaction_builder t;
      if (!std::exchange(*said, true))
        t.say(what);
      return t;
    };
    d.commits.commit(self, build, [](const status&) {});
  }

  // ---- a good copy of the first that waits

  void mend_next() {
    auto block = waiting.front();
    bytes data;
    if (shelf->blocks().get(block, data)) {
      replace(block, data);
      next();
      return;
    }
    auto ranges = ranges_of(*d.look(), *index, block);
    if (!fetcher || !ranges || ranges->empty()) {
      spdlog::warn("block {}: no provider has it", block.text());
      next();
      return;
    }
    ask(block, std::make_shared<std::deque<fetch_range>>(ranges->begin(), ranges->end()));
  }

  void next() {
    waiting.pop_front();
    if (!waiting.empty())
      mend_next();
  }

  void ask(const cid& block, std::shared_ptr<std::deque<fetch_range>> ranges) {
    if (ranges->empty() || served(block)) {
      if (!served(block))
        spdlog::warn("block {}: no provider could give it", block.text());
      next();
      return;
    }
    auto range = ranges->front();
    ranges->pop_front();
    self->request(fetcher, fetch_time, range)
        .then(
            [this, block, ranges](const chunk& data) {
              if (!data || !verify_block(block, *data)) {
                ask(block, ranges);
                return;
              }
              received(block, *data);
              next();
            },
            [this, block, ranges](const caf::error&) { ask(block, ranges); });
  }

  bool served(const cid& block) const { return shelf->blocks().has(block); }

  void received(const cid& block, const bytes& data) {
    if (!served(block)) // else somebody was faster
      replace(block, data);
  }

  /// In the pieces that have it, each of which is whole for providers again;
  /// else as a loose block.
  void replace(const cid& block, const bytes& data) {
    auto done = put_back(block, data);
    if (done)
      say({event_kind::store_repaired, block.text(), {}, {}});
    else
      spdlog::error("block {} could not be replaced: {}", block.text(), to_string(done.error()));
  }

  status put_back(const cid& block, const bytes& data) {
    WEIR_TRY(auto places, index->find(block));
    status done = served(block) ? status{} : status{block_not_found(block)};
    for (auto& place : places)
      if (auto mended = shelf->blocks().mend(block, data, shelf->path_of(place.piece), place.offset); mended)
        done = mended;
    if (done)
      return {};
    WEIR_TRY(auto owners, contents_with(*d.look(), *index, shelf->ledger(), block, named_contents));
    for (auto& id : owners) // a loose block that nobody holds is garbage
      WEIR_CHECK(shelf->ledger().hold(id, block));
    return shelf->blocks().put(block, data);
  }

  static constexpr const char* name = "mender";
  mender_actor::pointer self;
  domain d;
  std::shared_ptr<piece_shelf> shelf;
  std::unique_ptr<block_index> index;
  fetcher_actor fetcher;
  std::deque<cid> waiting; ///< the first is being mended
};

mender_actor::behavior_type mender(self_of<mender_actor, mender_state> self, domain d,
                                   std::shared_ptr<piece_shelf> shelf, fetcher_actor fetcher) {
  prepare(self);
  auto& state = self->state;
  state.index = std::make_unique<block_index>(d.commits.records);
  state.d = std::move(d);
  state.shelf = std::move(shelf);
  state.fetcher = std::move(fetcher);
  return {
      [self](atom::wake, const cid& block, const std::string& file) { self->state.damaged(block, file); },
      [self](atom::commit, const cid& block, const chunk& data) { self->state.received(block, *data); },
  };
}

} // namespace

mender_actor spawn_mender(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                          fetcher_actor fetcher) {
  if (d.detach)
    return system.spawn<caf::detached>(mender, std::move(d), std::move(shelf), std::move(fetcher));
  return system.spawn(mender, std::move(d), std::move(shelf), std::move(fetcher));
}

} // namespace weir
