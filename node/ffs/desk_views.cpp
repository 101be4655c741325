// Instances, CIDs, jobs and logs as they are.
#include "actors/ffs/instances.hpp"
#include "node/ffs/desk.hpp"

namespace weir::ffs {

namespace {

/// Records that a filtered list looks at before it answers with what it has.
constexpr std::size_t max_looked_at = 20'000;

/// Records in the order of their keys, those that `keep` wants; `name` is the text of a key.
template <class R, class Keep, class Name>
result<page_of<R>> list(const records::reader& r, records::scan_range range, std::size_t limit, Keep keep, Name name) {
  page_of<R> out;
  out.at = r.at();
  std::size_t looked = 0;
  std::string last;
  WEIR_CHECK(r.each<R>(
      [&](stored<R> found) {
        if (out.items.size() == limit || looked == max_looked_at) {
          out.next = last;
          return false;
        }
        ++looked;
        last = name(found.value);
        if (keep(found.value))
          out.items.push_back(std::move(found.value));
        return true;
      },
      range));
  return out;
}

/// The deals of its content: a view, never a copy.
result<std::vector<deal>> proposals_of(const records::reader& r, const content_id& of) {
  WEIR_TRY(auto c, r.find<content>(of));
  bool own = c && c->value.terms.own;
  std::vector<deal> out;
  status failed;
  auto take = [&](const stored<placement>& p) -> status {
    WEIR_TRY(auto keys, r.keys<records::piece_deals>(p.value.piece));
    for (auto& key : keys) {
      WEIR_TRY(auto d, r.find<deal>(std::get<1>(key)));
      if (d && d->value.content == (own ? of : content_id{}))
        out.push_back(std::move(d->value));
    }
    return {};
  };
  WEIR_CHECK(r.each<placement>([&](const stored<placement>& p) { return (failed = take(p)).ok(); },
                               {records::encode_prefix(of), {}}));
  WEIR_CHECK(failed);
  return out;
}

/// Ids in the order of time, of one CID or of all.
result<std::vector<job_id>> ids_of(const records::reader& r, const instance_id& of, const job_filter& f) {
  std::vector<job_id> ids;
  if (f.cids.size() == 1) {
    WEIR_TRY(auto keys, r.keys<records::ffs_cid_jobs>(of, f.cids[0]));
    for (auto& key : keys)
      ids.push_back(std::get<2>(key));
    return ids;
  }
  WEIR_CHECK(r.scan_raw(table_id::ffs_jobs, {records::encode_prefix(of), {}},
                        [&](std::string_view key, std::string_view, revision) {
                          if (auto parsed = records::decode_key<records::ffs_job_key>(key))
                            ids.push_back(std::get<1>(*parsed));
                          return true;
                        }));
  return ids;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char ch) { return ch < 0x80 ? static_cast<char>(std::tolower(ch)) : ch; });
  return text;
}

std::string place_of(const log_line& line) {
  return to_hex(as_bytes(records::encode_key(records::table_of<log_line>::key(line))));
}

} // namespace

result<instance> desk::find(const reader& r, const instance_id& id) const {
  return ffs::find(r, id);
}

result<page_of<instance>> desk::instances(const reader& r, const page_wish& p) const {
  records::scan_range range{{}, p.after.empty() ? std::string{} : records::encode_key(instance_id{p.after})};
  auto wanted = [q = lower(p.search)](const instance& i) {
    return !i.deleting && (lower(i.name).find(q) != std::string::npos || i.id.value.starts_with(q));
  };
  return list<instance>(r, std::move(range), p.limit, wanted, [](const instance& i) { return i.id.value; });
}

result<std::map<std::string, std::uint64_t>> desk::open_jobs(const reader& r) const {
  std::map<std::string, std::uint64_t> open;
  WEIR_CHECK(r.scan_raw(records::ffs_open_jobs::id, {}, [&](std::string_view key, std::string_view, revision) {
    if (auto k = records::decode_key<records::ffs_open_jobs::key_type>(key))
      ++open[std::get<2>(*k).value];
    return true;
  }));
  return open;
}

result<cid_view> desk::cid_info(const reader& r, const instance_id& of, const cid& id) const {
  WEIR_TRY(auto e, r.find<cid_entry>({of, id}));
  if (!e)
    return fail(errc::not_found, "The instance does not keep this CID.", id.text());
  cid_view out;
  out.entry = std::move(e->value);
  WEIR_TRY(out.proposals, proposals_of(r, out.entry.cold.content));
  WEIR_TRY(auto chosen, r.find<content_selection>(out.entry.cold.content));
  if (chosen)
    out.selections = std::move(chosen->value.made);
  WEIR_TRY(auto kept, r.find<content>(out.entry.cold.content));
  out.unverified = kept && kept->value.unverified;
  return out;
}

result<page_of<cid_entry>> desk::cids(const reader& r, const instance_id& of, const page_wish& p) const {
  std::string after;
  if (!p.after.empty()) {
    WEIR_TRY(auto id, cid::parse(p.after));
    after = records::encode_key(records::ffs_cid_key{of, id});
  }
  return list<cid_entry>(
      r, {records::encode_prefix(of), after}, p.limit,
      [&](const cid_entry& e) { return p.search.empty() || e.cid.text().starts_with(p.search); },
      [](const cid_entry& e) { return e.cid.text(); });
}

result<ffs::job> desk::job(const reader& r, const instance_id& of, const job_id& id) const {
  WEIR_TRY(auto j, r.find<ffs::job>({of, id}));
  if (!j)
    return fail(errc::not_found, "There is no such job.", id.value);
  return std::move(j->value);
}

result<page_of<ffs::job>> desk::jobs(const reader& r, const instance_id& of, const job_filter& f, const page_wish& p,
                                     bool ascending) const {
  WEIR_TRY(auto ids, ids_of(r, of, f));
  if (!ascending)
    std::reverse(ids.begin(), ids.end());
  page_of<ffs::job> out;
  out.at = r.at();
  std::string last;
  std::size_t looked = 0;
  for (auto& id : ids) {
    if (!p.after.empty() && (ascending ? id.value <= p.after : id.value >= p.after))
      continue;
    if (out.items.size() == p.limit || looked++ == max_looked_at) {
      out.next = last;
      break;
    }
    last = id.value;
    WEIR_TRY(auto j, r.find<ffs::job>({of, id}));
    if (j && f.wants(j->value))
      out.items.push_back(std::move(j->value));
  }
  return out;
}

result<page_of<log_line>> desk::log(const reader& r, const instance_id& of, const cid& id, const std::string& job,
                                    const page_wish& p) const {
  std::string after;
  if (!p.after.empty()) {
    auto raw = from_hex(p.after);
    if (!raw)
      return fail(errc::invalid_argument, "after is what `next` said.", p.after);
    after = as_text(*raw);
  }
  return list<log_line>(
      r, {records::encode_prefix(of, id), after}, p.limit,
      [&](const log_line& line) { return job.empty() || line.job.value == job; }, place_of);
}

result<open_read> desk::from_hot(const reader& r, const instance_id& of, const cid& id, const std::string& path) const {
  WEIR_TRY(auto e, r.find<cid_entry>({of, id}));
  if (!e)
    return fail(errc::not_found, "The instance does not keep this CID.", id.text());
  if (!e->value.hot.enabled)
    return fail(errc::precondition, "It is not in hot storage; push a config that enables it.", id.text());
  return open_read{owner_of(of), {}, path, read_from::local, id};
}

} // namespace weir::ffs
