// Scope read: lists and single records, downloads, watches.
#include "adapters/rpc/download.hpp"
#include "adapters/rpc/records.hpp"
#include "adapters/rpc/watch.hpp"
#include "messages/types/ask_summary.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/records/belongings.hpp"

#include <array>

namespace weir::rpc {

namespace {

constexpr std::uint32_t max_page = 1000;
constexpr std::size_t max_looked_at = 20'000;

/// The items of a page, and where the next one begins.
template <class R>
struct page_of {
  std::vector<R> items;
  std::string next;
  revision at;
};

/// `keep` also gets what says whose a piece or a deal is; what that looks at counts too.
template <class R, class Key, class Keep, class Name>
result<page_of<R>> list(const session& s, wire::Page::Reader p, Key key_of, Keep keep, Name name) {
  if (p.getLimit() == 0 || p.getLimit() > max_page)
    return fail(errc::invalid_argument, "limit is a number of items.", std::to_string(p.getLimit()), "1 to 1000");
  WEIR_TRY(auto r, look(s, p.getAt()));
  records::scan_range range;
  if (auto after = text(p.getAfter()); !after.empty()) {
    WEIR_TRY(auto key, key_of(after));
    range.after = records::encode_key(key);
  }
  page_of<R> out;
  out.at = r->at();
  records::belongings theirs{*r, s.who().owner};
  std::size_t looked = 0;
  std::string last;
  status failed;
  WEIR_CHECK(r->template each<R>(
      [&](records::stored<R> record) {
        if (out.items.size() == p.getLimit() || looked + theirs.looked() >= max_looked_at) {
          out.next = last;
          return false;
        }
        ++looked;
        last = name(record.value);
        result<bool> kept = keep(theirs, record.value);
        if (!kept)
          failed = kept.error();
        else if (*kept)
          out.items.push_back(std::move(record.value));
        return failed.ok();
      },
      range));
  WEIR_CHECK(failed);
  return out;
}

template <class R, class Results>
kj::Promise<void> show(result<page_of<R>> page, Results to) {
  if (!page)
    return to_exception(page.error());
  fill_list(to.initItems(static_cast<unsigned>(page->items.size())), page->items);
  to.setNext(page->next.c_str());
  to.setRevision(page->at.value);
  return kj::READY_NOW;
}

template <class Id>
auto plain(const std::string& t) -> result<Id> {
  return Id{t};
}
bool visible(const caller& who, const bucket& b) {
  return b.global() || who.sees(b.owner);
}
result<bool> mine(const session& s, records::belongings& theirs, const cid& piece) {
  return s.who().admin() ? result<bool>{true} : theirs.has(piece);
}
result<bool> mine(const session& s, records::belongings& theirs, const deal& d) {
  return s.who().admin() ? result<bool>{true} : theirs.has(d);
}

/// Deals of the piece that the caller may know of.
result<std::vector<deal>> deals_of(const session& s, const records::reader& r, const cid& piece) {
  records::belongings theirs{r, s.who().owner};
  WEIR_TRY(auto keys, r.keys<records::piece_deals>(piece));
  std::vector<deal> out;
  for (const auto& [of, uuid] : keys) {
    WEIR_TRY(auto found, r.find<deal>(uuid));
    WEIR_TRY(bool seen, found ? mine(s, theirs, found->value) : result<bool>{false});
    if (seen)
      out.push_back(std::move(found->value));
  }
  return out;
}

class reading final : public guarded<wire::Reading> {
public:
  using guarded::guarded;

protected:
  kj::Promise<void> listContents(ListContentsContext c) override;
  kj::Promise<void> getContent(GetContentContext c) override { return answered(content_into(c)); }
  kj::Promise<void> explainContent(ExplainContentContext c) override { return answered(explain_into(c)); }
  kj::Promise<void> download(DownloadContext c) override;
  kj::Promise<void> listBuckets(ListBucketsContext c) override;
  kj::Promise<void> getBucket(GetBucketContext c) override { return answered(bucket_into(c)); }
  kj::Promise<void> listPieces(ListPiecesContext c) override;
  kj::Promise<void> getPiece(GetPieceContext c) override { return answered(piece_into(c)); }
  kj::Promise<void> listDeals(ListDealsContext c) override;
  kj::Promise<void> getDeal(GetDealContext c) override { return answered(deal_into(c)); }
  kj::Promise<void> listProviders(ListProvidersContext c) override;
  kj::Promise<void> getProvider(GetProviderContext c) override { return answered(provider_into(c)); }
  kj::Promise<void> watch(WatchContext c) override;
  kj::Promise<void> verify(VerifyContext c) override { return answered(verify_into(c)); }

private:
  status verify_into(VerifyContext& c);
  status content_into(GetContentContext& c);
  status explain_into(ExplainContentContext& c);
  status bucket_into(GetBucketContext& c);
  status piece_into(GetPieceContext& c);
  status deal_into(GetDealContext& c);
  status provider_into(GetProviderContext& c);
  status asks_into(ListProvidersContext& c);
};

kj::Promise<void> reading::listContents(ListContentsContext c) {
  auto p = c.getParams();
  std::optional<content_state> state;
  if (auto name = text(p.getFilter().getState()); !name.empty()) {
    state = state_from_name<content_state>(name);
    if (!state)
      return to_exception(fail(errc::invalid_argument, "There is no such state of a content.", name));
  }
  bool removed = p.getFilter().getRemoved() || state == content_state::removed;
  auto keep = [&](auto&, const content& r) {
    return session_->who().sees(r.owner) && (!state || r.state == *state)
           && (removed || r.state != content_state::removed);
  };
  return show(
      list<content>(*session_, p.getPage(), plain<content_id>, keep, [](const content& r) { return r.id.value; }),
      c.getResults());
}

status reading::content_into(GetContentContext& c) {
  auto p = c.getParams();
  WEIR_TRY(auto found, find_content(*session_, text(p.getId()), revision{p.getAt()}));
  WEIR_TRY(auto r, look(*session_, p.getAt()));
  std::vector<placement> places;
  WEIR_CHECK(r->each<placement>([&](records::stored<placement> x) { places.push_back(std::move(x.value)); },
                                {records::encode_prefix(found.id), {}}));
  std::vector<deal> deals;
  std::vector<cid> seen;
  for (const auto& x : places) {
    if (std::find(seen.begin(), seen.end(), x.piece) != seen.end())
      continue;
    seen.push_back(x.piece);
    WEIR_TRY(auto more, deals_of(*session_, *r, x.piece));
    deals.insert(deals.end(), more.begin(), more.end());
  }
  auto to = c.getResults();
  fill(to.initContent(), found);
  fill_list(to.initPlacements(static_cast<unsigned>(places.size())), places);
  fill_list(to.initDeals(static_cast<unsigned>(deals.size())), deals);
  return {};
}

status reading::explain_into(ExplainContentContext& c) {
  WEIR_TRY(auto found, find_content(*session_, text(c.getParams().getId())));
  WEIR_TRY(auto e, session_->world().explain(*session_->world().records->snapshot(), found.id));
  auto to = c.getResults().initExplanation();
  to.setSafe(e.safe);
  auto sentences = to.initSentences(static_cast<unsigned>(e.sentences.size()));
  for (unsigned i = 0; i < e.sentences.size(); ++i)
    sentences.set(i, e.sentences[i].c_str());
  to.setNext(e.next.c_str());
  to.setNextAt(e.next_at.value);
  fill_list(to.initRejections(static_cast<unsigned>(e.rejections.size())), e.rejections);
  return {};
}

kj::Promise<void> reading::download(DownloadContext c) {
  auto p = c.getParams();
  auto found = find_content(*session_, text(p.getContent()));
  if (!found)
    return to_exception(found.error());
  c.allowCancellation();
  constexpr std::array sources{read_from::local_or_provider, read_from::local, read_from::provider};
  auto source = static_cast<std::size_t>(p.getSource());
  if (source >= sources.size())
    return to_exception(fail(errc::invalid_argument, "There is no such source.", std::to_string(source)));
  return send_file(session_, open_read{found->owner, found->id, text(p.getPath()), sources[source], {}}, c);
}

kj::Promise<void> reading::listBuckets(ListBucketsContext c) {
  auto keep = [&](auto&, const bucket& b) { return visible(session_->who(), b); };
  return show(list<bucket>(*session_, c.getParams().getPage(), plain<bucket_id>, keep,
                           [](const bucket& b) { return b.id.value; }),
              c.getResults());
}

status reading::bucket_into(GetBucketContext& c) {
  auto id = text(c.getParams().getId());
  WEIR_TRY(auto r, look(*session_, c.getParams().getAt()));
  WEIR_TRY(auto found, r->find<bucket>(bucket_id{id}));
  if (!found || !visible(session_->who(), found->value))
    return fail(errc::not_found, "There is no such bucket.", id);
  fill(c.getResults().initBucket(), found->value);
  return {};
}

kj::Promise<void> reading::listPieces(ListPiecesContext c) {
  auto key = [](const std::string& t) { return cid::parse(t); };
  auto keep = [&](auto& theirs, const piece& x) { return mine(*session_, theirs, x.cid); };
  return show(list<piece>(*session_, c.getParams().getPage(), key, keep, [](const piece& x) { return x.cid.text(); }),
              c.getResults());
}

status reading::piece_into(GetPieceContext& c) {
  auto name = text(c.getParams().getCid());
  WEIR_TRY(auto id, cid::parse(name));
  WEIR_TRY(auto r, look(*session_, c.getParams().getAt()));
  WEIR_TRY(auto found, r->find<piece>(id));
  records::belongings theirs{*r, session_->who().owner};
  WEIR_TRY(bool seen, mine(*session_, theirs, id));
  if (!found || !seen)
    return fail(errc::not_found, "There is no such piece.", name);
  WEIR_TRY(auto deals, deals_of(*session_, *r, id));
  WEIR_TRY(auto chosen, r->find<selection>(id));
  auto to = c.getResults();
  fill(to.initPiece(), found->value);
  fill_list(to.initDeals(static_cast<unsigned>(deals.size())), deals);
  if (chosen)
    fill(to.initSelection(), chosen->value);
  return {};
}

kj::Promise<void> reading::listDeals(ListDealsContext c) {
  auto keep = [&](auto& theirs, const deal& d) { return mine(*session_, theirs, d); };
  return show(list<deal>(*session_, c.getParams().getPage(), plain<deal_uuid>, keep,
                         [](const deal& d) { return d.uuid.value; }),
              c.getResults());
}

status reading::deal_into(GetDealContext& c) {
  auto uuid = text(c.getParams().getUuid());
  WEIR_TRY(auto r, look(*session_, c.getParams().getAt()));
  WEIR_TRY(auto found, r->find<deal>(deal_uuid{uuid}));
  records::belongings theirs{*r, session_->who().owner};
  WEIR_TRY(bool seen, found ? mine(*session_, theirs, found->value) : result<bool>{false});
  if (!seen)
    return fail(errc::not_found, "There is no such deal.", uuid);
  fill(c.getResults().initDeal(), found->value);
  return {};
}

/// With the first page only.
status reading::asks_into(ListProvidersContext& c) {
  WEIR_TRY(auto r, look(*session_, c.getParams().getPage().getAt()));
  ask_survey asks;
  WEIR_CHECK(r->each<provider>([&](const records::stored<provider>& x) { asks.add(x.value); }));
  auto found = std::move(asks).summary();
  auto to = c.getResults().initAsks();
  to.setProviders(found.providers);
  to.setMedian(found.median.decimal().c_str());
  to.setVerifiedMedian(found.verified_median.decimal().c_str());
  return {};
}

kj::Promise<void> reading::listProviders(ListProvidersContext c) {
  auto key = [](const std::string& t) { return filecoin::parse_address(t); };
  auto keep = [](auto&, const provider&) { return true; };
  if (c.getParams().getPage().getAfter().size() == 0)
    if (auto done = asks_into(c); !done)
      return to_exception(done.error());
  return show(list<provider>(*session_, c.getParams().getPage(), key, keep,
                             [](const provider& x) { return filecoin::to_text(x.id); }),
              c.getResults());
}

status reading::provider_into(GetProviderContext& c) {
  auto name = text(c.getParams().getAddress());
  WEIR_TRY(auto id, filecoin::parse_address(name));
  WEIR_TRY(auto r, look(*session_, c.getParams().getAt()));
  WEIR_TRY(auto found, r->find<provider>(id));
  if (!found)
    return fail(errc::not_found, "There is no such provider.", name);
  fill(c.getResults().initProvider(), found->value);
  return {};
}

status reading::verify_into(VerifyContext& c) {
  auto p = c.getParams();
  auto bytes_of = [](capnp::Data::Reader d) { return bytes{d.begin(), d.end()}; };
  WEIR_TRY(auto valid,
           session_->world().ffs->verify(text(p.getAddress()), bytes_of(p.getMessage()), bytes_of(p.getSignature())));
  c.getResults().setValid(valid);
  return {};
}

kj::Promise<void> reading::watch(WatchContext c) {
  auto wish = watch_wish_of(*session_, c.getParams());
  if (!wish)
    return to_exception(wish.error());
  c.getResults().setRevision(session_->world().records->head().value);
  return open_watch(session_, *std::move(wish), c.getParams().getWatcher())
      .then([c](wire::Subscription::Client made) mutable { c.getResults().setSubscription(kj::mv(made)); });
}

} // namespace

wire::Reading::Client make_reading(session_ptr s) {
  return kj::heap<reading>(std::move(s));
}

} // namespace weir::rpc
