#include "actors/buckets/draft.hpp"

#include "actors/deals/rollup_rules.hpp"

namespace weir {

using records::fact;

namespace {

std::pair<owner_id, std::string> name_of(const bucket& b) {
  return {b.owner, b.name};
}

} // namespace

result<open_buckets> find_open_buckets(const records::reader& state) {
  open_buckets open;
  WEIR_CHECK(state.each<bucket>([&](const stored<bucket>& b) {
    if (b.value.state == bucket_state::init && b.value.ready == bucket_ready::open)
      open.emplace(name_of(b.value), b.value.id);
  }));
  return open;
}

bucket_draft::bucket_draft(const records::reader& state, open_buckets open, setting s)
    : state_{state}, open_{std::move(open)}, set_{std::move(s)} {}

result<bucket_draft::draft*> bucket_draft::look(const bucket_id& id) {
  auto known = drafts_.find(id);
  if (known != drafts_.end())
    return &known->second;
  WEIR_TRY(auto found, state_.get<bucket>(id));
  auto copy = found.value;
  return &drafts_.emplace(id, draft{std::move(found), std::move(copy), false, false}).first->second;
}

bucket_draft::draft& bucket_draft::make(const create_bucket& spec) {
  auto b = new_bucket(spec, set_.policy, bucket_id{set_.uuid()}, set_.now, set_.time);
  made_.say(event_kind::bucket_created, b.id.value, b.owner, {fact("name", b.name), fact("threshold", b.threshold)});
  open_[name_of(b)] = b.id;
  auto id = b.id;
  return drafts_.emplace(id, draft{std::nullopt, std::move(b), false, false}).first->second;
}

/// A dedicated bucket that was collected meanwhile is not made again with
/// made-up limits: its content goes to the global one.
result<bucket_draft::draft*> bucket_draft::bucket_for(const content& c) {
  if (c.terms.own)
    return &make({c.owner, "own/" + c.id.value, 0, 1, 0});
  if (!c.bucket_name.empty() && is_open({c.owner, c.bucket_name}))
    return look(open_.at({c.owner, c.bucket_name}));
  if (is_open({}))
    return look(open_.at({}));
  return &make({});
}

/// The GC may have collected an empty bucket since the index was made.
bool bucket_draft::is_open(const std::pair<owner_id, std::string>& name) {
  auto named = open_.find(name);
  if (named == open_.end())
    return false;
  if (drafts_.contains(named->second))
    return true;
  auto found = state_.find<bucket>(named->second);
  if (found && !*found) {
    open_.erase(named);
    return false;
  }
  return true; // or its record cannot be read, which `look` will say
}

status bucket_draft::assign(const content_id& id) {
  WEIR_TRY(auto found, state_.find<content>(id));
  if (!found || found->value.state != content_state::stored || found->value.use != content_use::promise)
    return {};
  auto c = found->value;
  WEIR_TRY(auto* d, bucket_for(c));
  fill(d->after, c, set_.policy, set_.now);
  d->filled = true;
  c.bucket = d->after.id;
  reach(c, content_state::in_bucket, set_.now, set_.time);
  made_.update(*found, c);
  made_.say(event_kind::content_assigned, c.id.value, c.owner, {fact("bucket", c.bucket)});
  d->own = c.terms.own;
  settle(*d, d->own ? bucket_ready::closed : why_ready(d->after, set_.now));
  return {};
}

result<bucket> bucket_draft::create(const create_bucket& spec) {
  if (spec.name.empty())
    return fail(errc::invalid_argument, "A bucket needs a name.");
  if (spec.every < 0)
    return fail(errc::invalid_argument, "A schedule cannot be negative.", std::to_string(spec.every));
  if (is_open({spec.owner, spec.name}))
    return fail(errc::already_exists, "An open bucket of this name exists; close it first.", spec.name);
  return make(spec).after;
}

result<bucket> bucket_draft::close(const close_bucket& which) {
  auto id = which.id;
  if (id.value.empty()) {
    auto named = open_.find({which.owner, which.name});
    if (named == open_.end())
      return fail(errc::not_found, "No open bucket has this name.", which.name);
    id = named->second;
  }
  WEIR_TRY(auto* d, look(id));
  auto& b = d->after;
  bool theirs = b.global() || which.owner.value.empty() || b.owner == which.owner;
  if (!theirs)
    return fail(errc::not_found, "There is no such bucket.", id.value);
  if (b.ready != bucket_ready::open)
    return fail(errc::precondition, "The bucket takes no contents any more.", std::string{to_string(b.ready)});
  settle(*d, bucket_ready::closed);
  return b;
}

status bucket_draft::look_at_time() {
  auto names = open_; // settling changes it
  for (auto& [name, id] : names) {
    if (!is_open(name))
      continue;
    WEIR_TRY(auto* d, look(id));
    settle(*d, why_ready(d->after, set_.now));
  }
  return {};
}

/// A ready bucket takes no more contents. A dedicated one gets its successor
/// at once, so that its owner sees where the next contents go; the global one
/// when the next content comes.
void bucket_draft::settle(draft& d, bucket_ready why) {
  if (why == bucket_ready::open || d.after.ready != bucket_ready::open)
    return;
  make_ready(d.after, why, set_.now);
  made_.say(event_kind::bucket_ready, d.after.id.value, d.after.owner,
            {fact("why", std::string{to_string(why)}), fact("size", d.after.size), fact("count", d.after.count)});
  open_.erase(name_of(d.after));
  if (!d.after.global() && !d.own)
    make(successor_of(d.after));
}

transaction_builder bucket_draft::take() && {
  for (auto& [id, d] : drafts_) {
    if (d.filled)
      made_.say(event_kind::bucket_filled, id.value, d.after.owner,
                {fact("size", d.after.size), fact("count", d.after.count), fact("threshold", d.after.threshold)});
    if (!d.before)
      made_.create(d.after);
    else if (d.filled || d.after.ready != d.before->value.ready)
      made_.update(*d.before, d.after);
  }
  return std::move(made_);
}

} // namespace weir
