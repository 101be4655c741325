// How a provider takes its deals from acceptance to their end.
#include "adapters/devnet/provider/provider.hpp"

#include "adapters/devnet/chain/miner_params.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/multiaddr.hpp"
#include "storage/filecoin/rle_plus.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>

namespace weir::devnet {

namespace {

constexpr std::size_t publish_batch_size = 8;
constexpr epoch_delta settled_after = 20; ///< epochs after which a provider no longer fears a reorg
constexpr std::size_t checks_per_wake = 4;
constexpr std::uint64_t first_retry_ms = 200, last_retry_ms = 15'000;
const token_amount escrow_step = token_amount{10} * token_amount{1'000'000'000'000'000'000};

status compare_commp(const std::filesystem::path& file, const cid& piece, std::uint64_t padded_size,
                     const job_thread& thread) {
  WEIR_TRY(auto fd, open_file(file, O_RDONLY));
  commp_stream stream;
  bytes buffer(1 << 20);
  for (std::uint64_t at = 0;;) {
    WEIR_TRY(auto got, read_at(fd.get(), buffer, at, file));
    if (got == 0)
      break;
    stream.update(bytes_view{buffer}.first(got));
    at += got;
    if (thread.stopping())
      return fail(errc::shutting_down);
  }
  auto c = stream.finish();
  if (c.padded_size > padded_size)
    return fail(errc::corrupt, "commp mismatch: the data is larger than the piece");
  auto found = piece_cid_v1(extended_to(c, padded_size).root);
  if (found != piece)
    return fail(errc::corrupt, "commp mismatch: expected " + piece.text() + ", actual " + found.text());
  return {};
}

} // namespace

void provider::work() {
  bool open = !address_known_ || now().slash_at != no_epoch;
  for (auto& [id, d] : book_.deals())
    open = open || !is_over(d.step);
  if (!open)
    return;
  auto head = chain_.head();
  if (!head)
    return; // the next head wakes it again
  head_ = *head;
  announce_address();
  std::size_t checks = 0, at = 0;
  for (auto& [id, d] : book_.deals()) {
    bool old = d.step == deal_step::active && head_ > d.since + settled_after && head_ < d.proposal().end;
    if (is_over(d.step) || (old && (at++ < next_check_ || checks++ >= checks_per_wake)))
      continue;
    look_at(d);
  }
  next_check_ = checks < checks_per_wake ? 0 : next_check_ + checks_per_wake;
  publish_batch();
  settle();
  if (auto b = now(); b.slash_at != no_epoch && head_ >= b.slash_at)
    terminate_all();
  update_activity();
}

void provider::look_at(provider_deal& d) {
  switch (d.step) {
  case deal_step::accepted:
    return want_bytes(d);
  case deal_step::publishing:
    return look_for_publishing(d);
  case deal_step::sealing:
    return seal(d);
  case deal_step::activating:
    return look_for_activation(d);
  case deal_step::active:
    return look_at_active(d);
  default:
    return;
  }
}

void provider::move(provider_deal& d, deal_step to, std::string problem) {
  d.step = to;
  d.since = head_;
  d.problem = std::move(problem);
  if (!d.problem.empty())
    spdlog::info("devnet {}: deal {}: {}", options_.name, filecoin::mk12::to_text(d.params.id), d.problem);
  if (auto saved = book_.save(d); !saved)
    spdlog::error("devnet {}: {}", options_.name, to_string(saved.error()));
  if (is_over(to))
    drop_piece(d.proposal().piece);
}

void provider::drop_piece(const cid& piece) {
  for (auto& [id, d] : book_.deals())
    if (d.proposal().piece == piece && !is_over(d.step))
      return;
  std::error_code ec;
  for (auto* suffix : {"", ".part", ".done"})
    std::filesystem::remove(piece_path(piece).string() + suffix, ec);
}

// --- bytes

void provider::want_bytes(provider_deal& d) {
  if (head_ > d.proposal().start)
    return move(d, deal_step::failed, "the deal's start epoch passed before its data had come");
  if (in_hasher_.contains(d.params.id))
    return;
  std::error_code ec;
  if (std::filesystem::exists(piece_path(d.proposal().piece), ec))
    return check_commp(d);
  start_download(d);
}

void provider::start_download(const provider_deal& d) {
  auto source = parse_transfer(d.params.data.params);
  if (!source)
    return;
  retrieval::download_request r;
  r.url = source->url;
  for (auto& [name, value] : source->headers)
    r.fields.add(name, value);
  r.size = d.params.data.size;
  r.into = piece_path(d.proposal().piece);
  if (now().disconnect)
    r.break_off_after = r.size / 2;
  ++downloading_;
  bool posted = loop_.post([this, id = d.params.id, piece = d.proposal().piece, r = std::move(r)]() mutable {
    // One download a deal and a piece; after a failure not before its time.
    bool taken = downloads_.contains(id) || retries_.contains(id);
    for (auto& [other, running] : downloads_)
      taken = taken || running->into() == r.into;
    if (taken) {
      --downloading_;
      return;
    }
    auto started = retrieval::download::start(loop_, client_, std::move(r), [this, id](status s) {
      // After `start` is back, in any case.
      loop_.post([this, id, s] {
        downloads_.erase(id);
        thread_.post([this, id, s] { downloaded(id, s); });
        --downloading_;
      });
    });
    downloads_[id] = std::move(started);
  });
  if (!posted)
    --downloading_;
}

void provider::downloaded(const uuid& id, status s) {
  auto* d = book_.find(id);
  if (!d || d->step != deal_step::accepted)
    return;
  if (s) {
    download_failures_.erase(id);
    check_commp(*d);
    update_activity();
    return;
  }
  auto failures = ++download_failures_[id];
  spdlog::info("devnet {}: download for deal {}: {}", options_.name, filecoin::mk12::to_text(id), to_string(s.error()));
  auto wait = std::min(last_retry_ms, first_retry_ms << std::min(failures - 1, 10));
  loop_.post([this, id, wait] {
    auto& t = retries_[id];
    t = std::make_unique<loop::timer>(loop_);
    t->start(loop::milliseconds{wait}, [this, id] {
      retries_.erase(id);
      wake();
    });
  });
  update_activity();
}

void provider::check_commp(const provider_deal& d) {
  if (!in_hasher_.insert(d.params.id).second)
    return;
  ++hashing_;
  bool posted = hasher_.post([this, id = d.params.id, file = piece_path(d.proposal().piece), piece = d.proposal().piece,
                              size = d.proposal().padded_size] {
    auto s = compare_commp(file, piece, size, hasher_);
    thread_.post([this, id, s] { checked(id, s); });
    --hashing_;
  });
  if (!posted)
    --hashing_;
}

void provider::checked(const uuid& id, status s) {
  in_hasher_.erase(id);
  auto* d = book_.find(id);
  if (!d || d->step != deal_step::accepted)
    return;
  if (s && now().wrong_commp)
    s = fail(errc::corrupt, "commp mismatch: expected " + d->proposal().piece.text() + ", actual another one");
  if (!s && s.error().code != errc::corrupt)
    return; // the file went meanwhile: the next wake starts over
  if (s)
    move(*d, deal_step::verified);
  else
    move(*d, deal_step::failed, s.error().message);
  update_activity();
  wake();
}

// --- publishing

void provider::publish_batch() {
  if (now().never_publish)
    return;
  std::vector<provider_deal*> batch;
  token_amount collateral;
  bool ripe = false;
  for (auto& [id, d] : book_.deals()) {
    if (d.step != deal_step::verified)
      continue;
    if (head_ >= d.proposal().start) {
      move(d, deal_step::failed, "the deal's start epoch passed before it was published");
      continue;
    }
    if (batch.size() == publish_batch_size)
      break;
    ripe = ripe || head_ >= d.since + options_.publish_wait;
    collateral = collateral + d.proposal().provider_collateral;
    batch.push_back(&d);
  }
  ripe = ripe || batch.size() == publish_batch_size;
  if (batch.empty() || !ripe || !have_collateral(collateral))
    return;
  std::vector<filecoin::client_deal_proposal> proposals;
  for (auto* d : batch)
    proposals.push_back(d->params.proposal);
  filecoin::message m;
  m.to = address::from_id(actor::market);
  m.method = filecoin::market::publish_storage_deals;
  m.params = filecoin::market::encode_publish(proposals);
  auto ready = chain_.prepare(key_, std::move(m));
  if (!ready)
    return;
  for (auto* d : batch) {
    d->message = *ready;
    d->message_cid = d->publish_cid = filecoin::signed_message_cid(*ready);
    move(*d, deal_step::publishing);
  }
  (void)chain_.push(*ready); // sent again until it lands
}

bool provider::have_collateral(const token_amount& needed) {
  auto balance = chain_.market_balance(options_.id);
  if (!balance)
    return false;
  if (balance->available() >= needed)
    return true;
  if (!escrow_message_.empty()) {
    auto landed = chain_.search(escrow_message_);
    if (landed && *landed)
      escrow_message_ = {};
    return false;
  }
  filecoin::message m;
  m.to = address::from_id(actor::market);
  m.method = filecoin::market::add_balance;
  m.params = filecoin::market::encode_add_balance(options_.id);
  m.value = needed - balance->available() + escrow_step;
  auto ready = chain_.prepare(key_, std::move(m));
  if (ready && chain_.push(*ready))
    escrow_message_ = filecoin::signed_message_cid(*ready);
  return false;
}

/// Sends the deal's message again; if the chain has no place for it any more
/// (a reorg lost it), the deal goes back to `when_lost`.
void provider::resend(provider_deal& d, deal_step when_lost) {
  auto sent = chain_.push(d.message);
  if (!sent && sent.error().message.find("nonce too low") != std::string::npos) {
    auto landed = chain_.search(d.message_cid);
    if (landed && !*landed)
      move(d, when_lost);
  }
}

void provider::look_for_publishing(provider_deal& d) {
  auto landed = chain_.search(d.publish_cid);
  if (!landed)
    return;
  if (!*landed)
    return resend(d, deal_step::verified);
  auto& m = **landed;
  if (m.exit_code != 0)
    return move(d, deal_step::failed, "publishing failed with exit code " + std::to_string(m.exit_code));
  auto params = filecoin::market::decode_publish(d.message.msg.params);
  auto done = filecoin::market::decode_published(m.returned);
  if (!params || !done)
    return move(d, deal_step::failed, "what publishing returned does not parse");
  for (std::size_t i = 0; i < params->size(); ++i)
    if ((*params)[i] == d.params.proposal) {
      d.deal_id = done->id_at(i).value;
      break;
    }
  if (d.deal_id == 0)
    return move(d, deal_step::failed, "the chain did not take the deal");
  move(d, deal_step::sealing);
  d.since = m.height;
}

// --- sealing

std::uint64_t provider::next_sector() const {
  std::uint64_t next = 0;
  for (auto& [id, d] : book_.deals())
    if (d.step >= deal_step::activating && d.deal_id != 0)
      next = std::max(next, d.sector + 1);
  return next;
}

void provider::seal(provider_deal& d) {
  if (head_ <= d.since + settled_after) {
    auto landed = chain_.search(d.publish_cid);
    if (landed && !*landed) {
      d.deal_id = 0;
      d.message_cid = d.publish_cid;
      return move(d, deal_step::publishing);
    }
  }
  if (head_ > d.proposal().start)
    return move(d, deal_step::failed, "the deal's start epoch passed before its sector was sealed");
  if (now().never_seal || head_ < d.since + options_.seal_epochs)
    return;
  auto number = next_sector();
  std::vector<sector_activation> sectors{{number, {{d.proposal().piece, d.proposal().padded_size, {d.deal_id}}}}};
  filecoin::message m;
  m.to = options_.id;
  m.method = method::prove_commit_sectors;
  m.params = encode_prove_commit(sectors);
  auto ready = chain_.prepare(key_, std::move(m));
  if (!ready)
    return;
  d.sector = number;
  d.message = *ready;
  d.message_cid = filecoin::signed_message_cid(*ready);
  move(d, deal_step::activating);
  (void)chain_.push(*ready);
}

void provider::look_for_activation(provider_deal& d) {
  auto landed = chain_.search(d.message_cid);
  if (!landed)
    return;
  if (!*landed)
    return resend(d, deal_step::sealing);
  if ((*landed)->exit_code != 0)
    return move(d, deal_step::failed, "activation failed with exit code " + std::to_string((*landed)->exit_code));
  move(d, deal_step::active);
}

void provider::look_at_active(provider_deal& d) {
  if (head_ >= d.proposal().end)
    return;
  if (head_ <= d.since + settled_after) {
    auto landed = chain_.search(d.message_cid);
    if (landed && !*landed)
      move(d, deal_step::activating);
    return;
  }
  auto view = chain_.deal(d.deal_id);
  if (view && !view->present)
    move(d, deal_step::ended, "the chain has ended the deal");
}

// --- the end

void provider::settle() {
  std::vector<std::uint64_t> ids;
  std::vector<provider_deal*> deals;
  for (auto& [id, d] : book_.deals())
    if (d.step == deal_step::active && head_ >= d.proposal().end) {
      ids.push_back(d.deal_id);
      deals.push_back(&d);
    }
  if (ids.empty())
    return;
  std::sort(ids.begin(), ids.end());
  filecoin::cbor_writer params;
  params.byte_string(filecoin::encode_rle_plus(ids));
  filecoin::message m;
  m.to = address::from_id(actor::market);
  m.method = method::settle_payments;
  m.params = params.take();
  auto ready = chain_.prepare(key_, std::move(m));
  if (!ready || !chain_.push(*ready))
    return;
  for (auto* d : deals)
    move(*d, deal_step::ended);
}

void provider::terminate_all() {
  std::vector<std::uint64_t> sectors;
  std::vector<provider_deal*> deals;
  for (auto& [id, d] : book_.deals())
    if (d.step == deal_step::active) {
      sectors.push_back(d.sector);
      deals.push_back(&d);
    }
  if (!sectors.empty()) {
    std::sort(sectors.begin(), sectors.end());
    filecoin::message m;
    m.to = options_.id;
    m.method = method::terminate_sectors;
    m.params = encode_terminate(sectors);
    auto ready = chain_.prepare(key_, std::move(m));
    if (!ready || !chain_.push(*ready))
      return; // at the next head again
    for (auto* d : deals)
      move(*d, deal_step::ended, "the provider has ended its sectors");
  }
  (void)set({{"slash-at", "off"}});
}

void provider::announce_address() {
  if (address_known_)
    return;
  auto part = base_url_.substr(7); // after http://
  auto colon = part.rfind(':');
  auto mine = filecoin::multiaddr::parse("/ip4/" + part.substr(0, colon) + "/tcp/" + part.substr(colon + 1) + "/http");
  auto known = chain_.multiaddrs(options_.id);
  if (!mine || !known)
    return;
  if (*known == std::vector<bytes>{mine->data()}) {
    address_known_ = true;
    return;
  }
  if (!address_message_.empty()) {
    auto landed = chain_.search(address_message_);
    if (!landed || !*landed)
      return;
  }
  filecoin::message m;
  m.to = options_.id;
  m.method = method::change_multiaddrs;
  m.params = encode_multiaddrs({mine->data()});
  auto ready = chain_.prepare(key_, std::move(m));
  if (ready && chain_.push(*ready))
    address_message_ = filecoin::signed_message_cid(*ready);
}

} // namespace weir::devnet
