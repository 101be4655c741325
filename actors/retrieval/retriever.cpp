#include "actors/retrieval/retriever.hpp"

#include "actors/retrieval/retriever_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/unixfs/file_reader.hpp"

namespace weir {

namespace {

directory_entry::kind kind_of(unixfs::node_kind k) {
  switch (k) {
  case unixfs::node_kind::file:
    return directory_entry::kind::file;
  case unixfs::node_kind::directory:
    return directory_entry::kind::directory;
  default:
    return directory_entry::kind::symlink;
  }
}

directory_entry entry_of(std::string name, const unixfs::node_info& info) {
  return {std::move(name), kind_of(info.kind), info.kind == unixfs::node_kind::symlink ? info.target.size() : info.size,
          info.id};
}

std::string last_name(const std::string& path, const content& c) {
  auto slash = path.find_last_of('/');
  auto base = slash == std::string::npos ? path : path.substr(slash + 1);
  return base.empty() ? c.name : base;
}

} // namespace

result<content> retriever_state::find_content(const open_read& wanted) const {
  auto none = fail(errc::not_found, "There is no such content.", wanted.content.value);
  if (!wanted.root.empty() && reads.size() < options.reads) {
    content whatever;
    whatever.owner = wanted.owner;
    whatever.cid = wanted.root;
    return whatever;
  }
  WEIR_TRY(auto found, d.look()->find<content>(wanted.content));
  if (!found || found->value.state == content_state::removed)
    return none;
  if (!wanted.owner.value.empty() && found->value.owner != wanted.owner)
    return none;
  if (wanted.from == read_from::local && !found->value.local)
    return fail(errc::precondition, "Its local copy was dropped; read it from a provider, or restore it.",
                wanted.content.value);
  if (reads.size() >= options.reads)
    return fail(errc::overloaded, "Too many reads are open at once; try again.", {}, std::to_string(options.reads));
  return found->value;
}

retriever_state::read_ptr retriever_state::make_read(const content& c, read_from from) {
  auto r = std::make_shared<open_one>();
  r->what = c;
  r->from = from;
  r->source = std::make_unique<read_source>(r->cache, *parts.blocks, *pieces, from);
  return r;
}

caf::typed_response_promise<read_ticket> retriever_state::open(const open_read& wanted) {
  auto answer = self->make_response_promise<read_ticket>();
  auto c = find_content(wanted);
  if (!c) {
    answer.deliver(to_caf(c.error()));
    return answer;
  }
  auto r = make_read(*c, wanted.from);
  auto resolve = [r, path = wanted.path]() -> status {
    unixfs::tree_reader tree{*r->source};
    WEIR_TRY(auto info, tree.resolve(r->what.cid, path));
    r->entry = entry_of(last_name(path, r->what), info);
    return {};
  };
  with_blocks(r, resolve, [this, r, answer](const status& s) mutable {
    if (!s) {
      answer.deliver(to_caf(s.error()));
      return;
    }
    reads.emplace(++last, r);
    answer.deliver(read_ticket{last, r->entry, r->what.local && r->from != read_from::provider});
  });
  return answer;
}

result<retriever_state::read_ptr> retriever_state::find(std::uint64_t number) const {
  auto found = reads.find(number);
  if (found == reads.end())
    return fail(errc::not_found, "No such read is open.", std::to_string(number));
  return found->second;
}

caf::typed_response_promise<chunk> retriever_state::read(const read_bytes& wanted) {
  auto answer = self->make_response_promise<chunk>();
  auto r = find(wanted.read);
  if (!r) {
    answer.deliver(to_caf(r.error()));
    return answer;
  }
  if (wanted.length > max_chunk) {
    answer.deliver(to_caf(fail(errc::too_large, "So much is not given at once.", std::to_string(wanted.length),
                               std::to_string(max_chunk))));
    return answer;
  }
  auto data = std::make_shared<bytes>();
  auto take = [read = *r, wanted, data]() -> status {
    data->clear();
    if (read->entry.type == directory_entry::kind::symlink) {
      unixfs::tree_reader tree{*read->source};
      WEIR_TRY(auto info, tree.stat(read->entry.cid));
      auto from = std::min<std::size_t>(wanted.offset, info.target.size());
      auto part =
          as_bytes(info.target).subspan(from).first(std::min<std::size_t>(wanted.length, info.target.size() - from));
      data->assign(part.begin(), part.end());
      return {};
    }
    if (wanted.offset >= read->entry.size)
      return {};
    return unixfs::read_file(*read->source, read->entry.cid, wanted.offset, wanted.length, [&](bytes_view part) {
      data->insert(data->end(), part.begin(), part.end());
      return status{};
    });
  };
  with_blocks(*r, take, [answer, data](const status& s) mutable {
    s ? answer.deliver(chunk{data}) : answer.deliver(to_caf(s.error()));
  });
  return answer;
}

/// Sharded folders have no order of their own: names are sorted here.
caf::typed_response_promise<std::vector<directory_entry>> retriever_state::list(const list_folder& wanted) {
  auto answer = self->make_response_promise<std::vector<directory_entry>>();
  auto r = find(wanted.read);
  if (!r) {
    answer.deliver(to_caf(r.error()));
    return answer;
  }
  auto limit = std::clamp<std::uint32_t>(wanted.limit, 1, 10'000);
  auto entries = std::make_shared<std::vector<directory_entry>>();
  auto take = [read = *r, wanted, limit, entries]() -> status {
    entries->clear();
    std::map<std::string, cid> names; // the first `limit` behind `after`
    unixfs::tree_reader tree{*read->source};
    WEIR_CHECK(tree.list(read->entry.cid, [&](const unixfs::directory_link& link) {
      if (wanted.after.empty() || link.name > wanted.after)
        names.emplace(link.name, link.id);
      if (names.size() > limit)
        names.erase(std::prev(names.end()));
      return status{};
    }));
    for (auto& [name, id] : names) {
      WEIR_TRY(auto info, tree.stat(id));
      entries->push_back(entry_of(name, info));
    }
    return {};
  };
  with_blocks(*r, take, [answer, entries](const status& s) mutable {
    s ? answer.deliver(std::move(*entries)) : answer.deliver(to_caf(s.error()));
  });
  return answer;
}

void retriever_state::close(const close_read& which) {
  reads.erase(which.read);
}

namespace {

retriever_actor::behavior_type retriever(self_of<retriever_actor, retriever_state> self, domain d,
                                         retriever_parts parts, content_options options) {
  prepare(self);
  auto& state = self->state;
  state.index = std::make_unique<block_index>(d.commits.records);
  state.pieces = std::make_unique<piece_source>(d.commits.records, parts.pieces);
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.options = options;
  return {
      [self](const open_read& wanted) { return self->state.open(wanted); },
      [self](const read_bytes& wanted) { return self->state.read(wanted); },
      [self](const list_folder& wanted) { return self->state.list(wanted); },
      [self](const read_dag& wanted) { return self->state.read(wanted); },
      [self](const close_read& which) { self->state.close(which); },
  };
}

} // namespace

retriever_actor spawn_retriever(caf::actor_system& system, domain d, retriever_parts parts, content_options options) {
  if (d.detach)
    return system.spawn<caf::detached>(retriever, std::move(d), std::move(parts), options);
  return system.spawn(retriever, std::move(d), std::move(parts), options);
}

} // namespace weir
