// What a provider answers over HTTP.
#include "adapters/devnet/provider/provider.hpp"
#include "adapters/http/content.hpp"
#include "adapters/http/ranges.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace weir::devnet {

namespace {

namespace mk12 = filecoin::mk12;

constexpr std::size_t max_store = 4 << 20, max_question = 1 << 20;
constexpr std::size_t max_hung = 256;
constexpr int calls_per_second = 50;
constexpr std::uint64_t flood_size = std::uint64_t{10} << 30;
constexpr std::size_t max_spoilt = 64 << 20;
constexpr epoch_delta ask_life = 10 * 365 * epochs_per_day;

/// Zeros without end, at the pace of whoever takes them.
void flood(const http::exchange_ptr& x, std::uint64_t left) {
  static const auto zeros = std::make_shared<const bytes>(1 << 20);
  while (left > 0 && x->open()) {
    auto n = std::min<std::uint64_t>(left, zeros->size());
    left -= n;
    if (!x->write({zeros, bytes_view{*zeros}.first(n)})) {
      x->on_drain([x, left] { flood(x, left); });
      return;
    }
  }
  if (x->open())
    x->end();
}

/// Answers with a piece that is not what it should be.
void send_spoilt(http::exchange& x, int fd, std::uint64_t size, bool cut_short) {
  auto plan = http::plan_content(x.request(), size, "application/piece", {});
  if (plan.answer)
    return x.respond(std::move(*plan.answer));
  if (plan.length > max_spoilt)
    return x.respond(http::response::empty(500));
  bytes data(plan.length);
  (void)read_at(fd, data, plan.offset, "piece");
  if (cut_short)
    data.resize(data.size() / 2);
  else if (!data.empty())
    data[data.size() / 2] ^= 1;
  auto head = plan.first;
  head.length = plan.length;
  x.begin(std::move(head));
  x.write(std::move(data));
  x.end();
}

/// Says that it is what was asked for, and does not end.
void send_without_end(const http::exchange_ptr& x, std::uint64_t size) {
  auto plan = http::plan_content(x->request(), size, "application/piece", {});
  if (plan.answer)
    return x->respond(std::move(*plan.answer));
  plan.first.length.reset(); // chunked
  x->begin(std::move(plan.first));
  flood(x, flood_size);
}

} // namespace

/// An exchange on its way through the thread: it always comes back to the loop.
struct provider::held_exchange {
  loop::uv_loop& loop;
  http::exchange_ptr x;
  held_exchange(loop::uv_loop& l, http::exchange_ptr what) : loop{l}, x{std::move(what)} {}
  held_exchange(const held_exchange&) = delete;
  held_exchange& operator=(const held_exchange&) = delete;
  ~held_exchange() {
    if (x)
      loop.wake([x = std::move(x)]() mutable { x.reset(); });
  }
  void respond(http::response r) {
    loop.wake([x = std::move(x), r = std::move(r)]() mutable { x->respond(std::move(r)); });
    x = nullptr;
  }
};

void provider::add_routes() {
  using held = std::shared_ptr<held_exchange>;
  routes_ = {};
  routes_.add("POST", "/market/mk12/store", [this](http::exchange_ptr x) {
    on_market(std::move(x), max_store, [this](held h, bytes body) { store(h, body); });
  });
  routes_.add("GET", "/market/mk12/status", [this](http::exchange_ptr x) {
    on_market(std::move(x), max_question, [this](held h, bytes body) { tell_status(h, body); });
  });
  routes_.add("GET", "/market/mk12/ask", [this](http::exchange_ptr x) {
    on_market(std::move(x), max_question, [this](held h, bytes body) { tell_ask(h, body); });
  });
  routes_.add("GET", "/piece/{cid}", [this](http::exchange_ptr x) { on_piece(x); });
}

/// True: it is dealt with, badly.
bool provider::misbehaves(const http::exchange_ptr& x) {
  auto b = now();
  if (b.offline) {
    x->abort();
    return true;
  }
  if (b.hang) {
    if (hung_.size() >= max_hung)
      hung_.erase(hung_.begin());
    hung_.push_back(x);
    return true;
  }
  return false;
}

bool provider::over_rate(const http::exchange_ptr& x) {
  auto& peer = x->request().peer;
  auto second = loop_.now().count() / 1000;
  if (rate_.size() > 1000)
    rate_.clear();
  auto& [since, count] = rate_[peer.substr(0, peer.rfind(':'))];
  if (since != second) {
    since = second;
    count = 0;
  }
  return ++count > calls_per_second;
}

void provider::on_market(http::exchange_ptr x, std::size_t limit,
                         std::function<void(std::shared_ptr<held_exchange>, bytes)> job) {
  if (misbehaves(x))
    return;
  if (over_rate(x))
    return x->respond(http::response::text(429, "Too Many Requests\n"));
  if (x->request().header("Content-Type").value_or("") != "application/cbor")
    return x->respond(http::response::empty(400));
  auto* raw = x.get();
  raw->read_all(limit, [this, x = std::move(x), job = std::move(job)](result<std::string> body) {
    if (!body)
      return x->respond(http::response::empty(400));
    auto held = std::make_shared<held_exchange>(loop_, x);
    auto data = to_bytes(as_bytes(*body));
    if (!thread_.post([held, data = std::move(data), job] { job(held, data); }))
      x->respond(http::response::text(503, "timeout reading request"));
  });
}

void provider::answer(const std::shared_ptr<held_exchange>& x, bytes cbor) {
  auto b = now();
  if (b.slow > 0)
    thread_.pause(std::chrono::milliseconds{b.slow});
  if (b.answer == answer_kind::flood) {
    loop_.wake([e = std::move(x->x)] {
      e->begin({200, {{"Content-Type", "application/cbor"}}, flood_size});
      flood(e, flood_size);
    });
    x->x = nullptr;
    return;
  }
  if (b.answer == answer_kind::garbage)
    cbor = to_bytes(as_bytes("<html>this is not CBOR</html>"));
  http::response r;
  r.body = std::move(cbor);
  x->respond(std::move(r));
}

void provider::store(const std::shared_ptr<held_exchange>& x, bytes_view body) {
  auto p = mk12::decode_deal_params(body);
  if (!p)
    return x->respond(http::response::empty(400));
  auto reason = try_store(*p);
  if (reason.empty() && now().lose_answer)
    return x->respond(http::response::text(503, "timeout reading request"));
  answer(x, mk12::encode(mk12::deal_response{reason.empty(), reason}));
}

std::string provider::try_store(const mk12::deal_params& p) {
  chain_facts facts;
  auto& proposal = p.proposal.proposal;
  auto head = chain_.head();
  if (!head)
    return "failed validation: server error: getting chain head";
  facts.head = head_ = *head;
  if (auto key = chain_.account_key(proposal.client))
    facts.client_key = *key;
  auto least = chain_.least_collateral(proposal.padded_size, proposal.verified);
  if (!least)
    return "failed validation: server error: getting collateral bounds";
  facts.least_collateral = *least;
  if (auto balance = chain_.market_balance(proposal.client))
    facts.client_escrow = *balance;
  if (auto held = proposal.verified ? chain_.datacap(proposal.client) : token_amount{})
    facts.client_datacap = *held;
  if (auto why = refusal(p, facts, options_.rules, now()); !why.empty())
    return why;
  auto proposal_cid = filecoin::proposal_cid(proposal);
  for (auto& [id, d] : book_.deals())
    if (filecoin::proposal_cid(d.proposal()) == proposal_cid)
      return count_repeated(),
             "store deal: market deal with the same proposalCID " + proposal_cid.text() + " already exists: 1";
  if (book_.find(p.id))
    return count_repeated(), "store deal: store deal success: updated 0 rows instead of 1";
  provider_deal d;
  d.params = p;
  d.since = facts.head;
  if (auto added = book_.add(std::move(d)); !added)
    return "store deal: " + added.error().message;
  update_activity();
  wake();
  return {};
}

void provider::tell_status(const std::shared_ptr<held_exchange>& x, bytes_view body) {
  auto q = mk12::decode_status_request(body);
  if (!q)
    return x->respond(http::response::empty(400));
  mk12::status_response r;
  r.id = q->id;
  auto* d = book_.find(q->id);
  if (!d) {
    r.problem = "no storage deal found with deal UUID " + mk12::to_text(q->id);
    return answer(x, mk12::encode(r));
  }
  bool sealed = d->step == deal_step::active || d->step == deal_step::ended;
  r.transfer_size = r.bytes_received = 1; // Curio's
  mk12::deal_status s;
  s.problem = d->problem;
  s.status = sealed ? "Sealed" : "Processing";
  s.sealing = sealed ? "Sealed and Indexed" : "Not assigned to sector";
  s.proposal = d->proposal();
  s.signed_proposal = filecoin::signed_proposal_cid(d->params.proposal);
  if (sealed) {
    s.publish_message = d->publish_cid;
    s.id = deal_id{d->deal_id};
  }
  r.deal = std::move(s);
  answer(x, mk12::encode(r));
}

void provider::tell_ask(const std::shared_ptr<held_exchange>& x, bytes_view body) {
  auto q = mk12::decode_ask_request(body);
  if (!q)
    return x->respond(http::response::empty(400));
  if (q->miner != options_.id)
    return x->respond(http::response::empty(500)); // Curio: "no ask found for the given miner"
  auto b = now();
  mk12::ask a;
  a.miner = options_.id;
  a.price = token_amount{b.price};
  a.verified_price = token_amount{b.verified_price};
  a.min_piece = b.min_piece;
  a.max_piece = b.max_piece;
  a.timestamp = head_;
  a.expiry = head_ + ask_life;
  a.sequence = 1;
  auto signature = key_.sign(mk12::encode(a));
  answer(x, mk12::encode(mk12::ask_response{mk12::signed_ask{std::move(a), std::move(signature)}}));
}

void provider::on_piece(const http::exchange_ptr& x) {
  if (misbehaves(x))
    return;
  auto id = cid::parse(x->request().capture("cid"));
  if (!id)
    return x->respond(http::response::text(400, "not a CID\n"));
  auto path = piece_path(*id);
  auto file = open_file(path, O_RDONLY);
  struct stat info {};
  if (!file || ::fstat(file->get(), &info) != 0)
    return x->respond(http::response::text(404, "piece not found\n"));
  auto b = now();
  auto size = static_cast<std::uint64_t>(info.st_size);
  if (b.retrieval == answer_kind::garbage)
    return x->respond(http::response::text(200, "<html>this is not a piece</html>"));
  if (b.retrieval == answer_kind::flood)
    return send_without_end(x, size);
  if (b.corrupt_retrieval || b.short_retrieval)
    return send_spoilt(*x, file->get(), size, b.short_retrieval);
  http::content c;
  c.type = "application/piece";
  c.etag = http::entity_tag(id->text());
  c.file = loop::owned_fd{file->release()};
  c.size = size;
  http::respond_content(*x, std::move(c));
}

} // namespace weir::devnet
