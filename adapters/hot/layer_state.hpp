#pragma once
// State of the actor of layer.hpp. Internal to it.
#include "adapters/hot/dag_feed.hpp"
#include "adapters/hot/layer.hpp"
#include "adapters/hot/turns.hpp"

#include <unordered_set>

namespace weir::hot {

struct layer_state {
  static constexpr const char* name = "hot_layer";
  using pointer = ffs::hot_layer_actor::stateful_pointer<layer_state>;

  explicit layer_state(pointer owner) : self{owner} {}
  ~layer_state();

  void open(layer_parts parts, layer_options how);

  caf::typed_response_promise<ffs::hot_info> keep(const instance_id& who, const cid& id, std::uint64_t timeout,
                                                  bool add);
  caf::typed_response_promise<ffs::hot_info> check(const ffs::hot_check& what);
  caf::typed_response_promise<nothing> remove(const ffs::hot_remove& what);
  caf::typed_response_promise<ffs::hot_reading> get(const ffs::hot_get& what);
  caf::typed_response_promise<ffs::hot_part> next(const ffs::hot_next& what);
  void close(const ffs::hot_close& what) { readings.erase(what.read); }

  /// A request that has not been answered.
  struct pending {
    virtual ~pending() = default;
    virtual void give_up(const error& why) = 0;
    cid id;
    holder_ptr hold = std::make_shared<holder>();
  };
  template <class T>
  struct ticket : pending {
    caf::typed_response_promise<T> promise;
    void give_up(const error& why) override { promise.deliver(to_caf(why)); }
  };
  template <class T>
  using ticket_ptr = std::shared_ptr<ticket<T>>;

  /// `begin` is called when it is this request's turn.
  template <class T>
  caf::typed_response_promise<T> enter(const cid& id, effort how, std::function<void(ticket_ptr<T>)> begin);
  template <class T>
  void end(const ticket_ptr<T>& t, result<T> how);

  struct keeping {
    ticket_ptr<ffs::hot_info> to;
    instance_id who;
    bool add = false;
    loop::milliseconds deadline{0};
    int failures = 0;
    bool fresh = false; ///< this request made the claim
    hot::claim claim;
    std::shared_ptr<dag_feed> feed;
  };
  using keeping_ptr = std::shared_ptr<keeping>;
  void look(const keeping_ptr& k);
  void decide(const keeping_ptr& k, bool pinned);
  void attempt(const keeping_ptr& k);
  void kept(const keeping_ptr& k, std::uint64_t size);
  void failed(const keeping_ptr& k, const error& why, void (layer_state::*again)(const keeping_ptr&));
  void drop(const keeping_ptr& k, const error& why);
  void unpin(const ticket_ptr<nothing>& t, const instance_id& who, int failures);

  struct reading {
    std::shared_ptr<checked_reader> from;
    bytes first;
    bool begun = false, busy = false;
    loop::milliseconds used{0};
  };
  bool make_room();

  ffs::hot_info info_of(const claim& c) const;
  loop::milliseconds time_of(std::uint64_t seconds) const;
  /// For callbacks that may come after the actor's end.
  template <class F>
  auto guarded(F what) {
    return [weak = std::weak_ptr{alive}, what = std::move(what)](auto&&... got) mutable {
      if (weak.lock())
        what(std::forward<decltype(got)>(got)...);
    };
  }

  pointer self;
  std::optional<layer_parts> parts;
  layer_options options;
  std::unique_ptr<turns> line;
  std::unordered_set<std::shared_ptr<pending>> running;
  std::map<std::uint64_t, std::shared_ptr<reading>> readings;
  std::uint64_t last_reading = 0;
  std::shared_ptr<int> alive = std::make_shared<int>();
};

template <class T>
caf::typed_response_promise<T> layer_state::enter(const cid& id, effort how, std::function<void(ticket_ptr<T>)> begin) {
  auto t = std::make_shared<ticket<T>>();
  t->id = id;
  t->promise = self->make_response_promise<T>();
  if (running.size() >= options.most_waiting) {
    t->give_up(
        fail(errc::overloaded, "Too many requests wait at this hot layer.", {}, std::to_string(options.most_waiting)));
    return t->promise;
  }
  running.insert(t);
  line->enter(id, how, [begin = std::move(begin), t] { begin(t); });
  return t->promise;
}

template <class T>
void layer_state::end(const ticket_ptr<T>& t, result<T> how) {
  if (running.erase(t) == 0)
    return;
  t->hold->what.reset();
  if (how)
    t->promise.deliver(*std::move(how));
  else
    t->give_up(how.error());
  line->leave(t->id);
}

} // namespace weir::hot
