#include "actors/pieces/restorer.hpp"

#include "actors/retrieval/sources.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/car/car_file.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/ipld/links.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/support/crash_point.hpp"

#include <deque>

#include <spdlog/spdlog.h>

namespace weir {

using records::fact;

namespace {

/// A 64 GiB piece over a slow line.
constexpr std::chrono::minutes download_time{24 * 60};

using done_fn = std::function<void(const status&)>;

status say_local(const records::reader& newest, const cid& id, transaction_builder& t) {
  WEIR_TRY(auto p, newest.get<piece>(id));
  auto after = p.value;
  after.local = true;
  t.update(p, after);
  if (!p.value.local)
    t.say(event_kind::piece_restored, id.text(), {}, {fact("paddedSize", after.padded_size)});
  return {};
}

struct restorer_state {
  explicit restorer_state(restorer_actor::pointer self) : self{self} {}

  struct download {
    piece what;
    std::deque<provider_endpoint> sources;
    std::string problems;
    std::vector<done_fn> done;
    std::shared_ptr<const void> claim; ///< the dropper leaves the file alone
  };

  // ---- pieces

  void bring(const cid& id, done_fn done) {
    auto running = downloads.find(id);
    if (running != downloads.end()) {
      running->second.done.push_back(std::move(done));
      return;
    }
    auto state = d.look();
    auto p = state->get<piece>(id);
    auto sources = sources_of(*state, id);
    if (!p || !sources) {
      done(p ? sources.error() : p.error());
      return;
    }
    auto& x = downloads[id];
    x.what = p->value;
    x.sources.assign(sources->begin(), sources->end());
    x.done.push_back(std::move(done));
    x.claim = shelf->claim(id);
    std::error_code missing;
    auto size = std::filesystem::file_size(shelf->path_of(id), missing);
    if (!missing && size == x.what.unpadded_size())
      here(id);
    else
      next_source(id);
  }

  void next_source(const cid& id) {
    auto& x = downloads[id];
    if (x.sources.empty()) {
      finish(id, fail(errc::unreachable, "No provider could give the piece back." + x.problems, id.text()));
      return;
    }
    auto from = x.sources.front();
    x.sources.pop_front();
    auto into = shelf->path_of(id).string() + ".fetch";
    self->request(fetcher, download_time, fetch_piece{from, id, x.what.unpadded_size(), into})
        .then([this, id, from, into](nothing) { verify(id, from, into); },
              [this, id, from](const caf::error& e) { failed(id, from, from_caf(e)); });
  }

  void verify(const cid& id, const provider_endpoint& from, const std::filesystem::path& file) {
    auto go_on = [this]() -> status {
      return d.stopping->load() ? status{fail(errc::cancelled, "The node is stopping.")} : status{};
    };
    auto found = commp_of_file(file, go_on);
    auto size = downloads[id].what.padded_size;
    if (found && piece_cid_v1(extended_to(*found, size).root) == id) {
      auto named = name_piece_file(file, shelf->path_of(id));
      count(from.provider, id, fail(errc::none));
      named ? here(id) : finish(id, named);
      return;
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    failed(id, from, found ? fail(errc::corrupt, "What it gave is not the piece.") : found.error());
  }

  void failed(const cid& id, const provider_endpoint& from, const error& e) {
    if (e.code == errc::cancelled || e.code == errc::disk_full) {
      finish(id, e);
      return;
    }
    downloads[id].problems += " " + filecoin::to_text(from.provider) + ": " + e.message;
    count(from.provider, id, e);
    next_source(id);
  }

  void count(const address& from, const cid& id, const error& e) {
    auto counted = std::make_shared<bool>(false);
    auto build = [counted, from, id, e](const records::reader& newest) -> result<transaction_builder> {
      return std::exchange(*counted, true) ? transaction_builder{} : count_retrieval(newest, from, id, e);
    };
    d.commits.commit(self, build, [](const status&) {});
  }

  /// Its blocks are served out of it before the record says that it is here.
  void here(const cid& id) {
    if (auto shelved = shelf->put_up(id); !shelved) {
      finish(id, shelved);
      return;
    }
    auto build = [id](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto p, newest.get<piece>(id));
      if (!p.value.local)
        WEIR_CHECK(say_local(newest, id, t));
      return t;
    };
    d.commits.commit(self, build, [this, id](const status& s) { finish(id, s); });
  }

  void finish(const cid& id, const status& s) {
    auto x = downloads.extract(id);
    for (auto& done : x.mapped().done)
      done(s);
  }

  // ---- contents

  struct restoring {
    content what;
    std::deque<cid> pieces; ///< to be brought
    /// Those that are here. They are claimed until a record says that their
    /// content is: before that the dropper would see nobody who needs them.
    std::vector<std::pair<cid, std::shared_ptr<const void>>> brought;
    caf::typed_response_promise<content> answer;
  };
  using restoring_ptr = std::shared_ptr<restoring>;

  caf::typed_response_promise<content> restore(const restore_content& wanted) {
    auto x = std::make_shared<restoring>();
    x->answer = self->make_response_promise<content>();
    auto state = d.look();
    auto c = state->find<content>(wanted.id);
    bool theirs = c && *c && (wanted.owner.value.empty() || (*c)->value.owner == wanted.owner);
    if (!theirs || (*c)->value.state == content_state::removed) {
      x->answer.deliver(to_caf(c ? fail(errc::not_found, "There is no such content.", wanted.id.value) : c.error()));
      return x->answer;
    }
    x->what = (*c)->value;
    if (x->what.local) {
      x->answer.deliver(x->what);
      return x->answer;
    }
    auto seen = state->each<placement>([&](const stored<placement>& p) { x->pieces.push_back(p.value.piece); },
                                       {records::encode_prefix(wanted.id), {}});
    seen ? next_piece(x) : give_up(x, seen.error());
    return x->answer;
  }

  /// That the DAG of an imported content is in its piece was said by the label of a deal, and by nobody else. A
  /// piece that is one CAR is looked into; of another one it is enough that the blocks are here now.
  status look_inside(const restoring& x) {
    auto car = car_file::open(shelf->path_of(x.brought.front().first));
    block_source& source = car ? static_cast<block_source&>(**car) : shelf->blocks();
    auto walked = for_each_block(x.what.cid, source, [this](const cid&, bytes_view) -> status {
      return d.stopping->load() ? status{fail(errc::cancelled, "The node is stopping.")} : status{};
    });
    if (walked || walked.error().code == errc::cancelled)
      return walked;
    return fail(errc::corrupt, "The piece does not hold what the label of the imported deal says.", x.what.cid.text());
  }

  void next_piece(restoring_ptr x) {
    if (x->pieces.empty()) {
      auto inside = x->what.unverified ? look_inside(*x) : status{};
      inside ? commit_local(x) : give_up(x, inside.error());
      return;
    }
    auto id = x->pieces.front();
    x->pieces.pop_front();
    x->brought.emplace_back(id, shelf->claim(id));
    bring(id, [this, x](const status& s) { s ? next_piece(x) : give_up(x, s.error()); });
  }

  void commit_local(restoring_ptr x) {
    crash_point("restore.before_commit");
    auto build = [x](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto c, newest.get<content>(x->what.id));
      x->what = c.value;
      if (c.value.local || c.value.state == content_state::removed)
        return t;
      for (auto& [id, claim] : x->brought) // written even if nothing changes: a drop that is under way fails
        WEIR_CHECK(say_local(newest, id, t));
      x->what.local = true;
      x->what.unverified = false;
      t.update(c, x->what);
      t.say(event_kind::content_restored, x->what.id.value, x->what.owner, {fact("cid", x->what.cid)});
      return t;
    };
    d.commits.commit(self, build, [this, x](const status& s) {
      if (s)
        x->answer.deliver(x->what);
      else
        give_up(x, s.error());
    });
  }

  void give_up(restoring_ptr x, const error& e) {
    spdlog::warn("content {} could not be restored: {}", x->what.id.value, to_string(e));
    x->answer.deliver(to_caf(e));
  }

  static constexpr const char* name = "restorer";
  restorer_actor::pointer self;
  domain d;
  std::shared_ptr<piece_shelf> shelf;
  fetcher_actor fetcher;
  std::map<cid, download> downloads;
};

restorer_actor::behavior_type restorer(self_of<restorer_actor, restorer_state> self, domain d,
                                       std::shared_ptr<piece_shelf> shelf, fetcher_actor fetcher) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.shelf = std::move(shelf);
  state.fetcher = std::move(fetcher);
  return {
      [self](atom::start, const cid& piece_id) {
        auto answer = self->make_response_promise<nothing>();
        self->state.bring(piece_id, [answer](const status& s) mutable {
          s ? answer.deliver(nothing{}) : answer.deliver(to_caf(s.error()));
        });
        return answer;
      },
      [self](const restore_content& wanted) { return self->state.restore(wanted); },
  };
}

} // namespace

restorer_actor spawn_restorer(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                              fetcher_actor fetcher) {
  if (d.detach)
    return system.spawn<caf::detached>(restorer, std::move(d), std::move(shelf), std::move(fetcher));
  return system.spawn(restorer, std::move(d), std::move(shelf), std::move(fetcher));
}

} // namespace weir
