// What a provider does on the chain with all its deals: publishing them,
// collateral, payments, the end of sectors, and saying where it is.
#include "adapters/devnet/provider/provider.hpp"

#include "adapters/devnet/chain/miner_params.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/multiaddr.hpp"
#include "storage/filecoin/rle_plus.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

constexpr std::size_t publish_batch_size = 8;
constexpr epoch_delta message_life = 10; ///< epochs after which a message that has not landed never will
const token_amount escrow_step = token_amount{10} * token_amount{1'000'000'000'000'000'000};

} // namespace

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
    if (!d.publish_cid.empty()) { // given up, but it may have landed all the same
      auto landed = chain_.search(d.publish_cid);
      if (!landed || *landed) {
        if (landed)
          move(d, deal_step::publishing);
        continue;
      }
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

/// Sent, and it may still land.
bool provider::under_way(errand& e) {
  if (e.message.empty() || head_ > e.sent + message_life)
    return false;
  auto landed = chain_.search(e.message);
  if (landed && *landed)
    e = {};
  return !e.message.empty();
}

void provider::run_errand(errand& e, filecoin::message m) {
  auto ready = chain_.prepare(key_, std::move(m));
  if (ready && chain_.push(*ready))
    e = {filecoin::signed_message_cid(*ready), head_};
}

bool provider::have_collateral(const token_amount& needed) {
  auto balance = chain_.market_balance(options_.id);
  if (!balance)
    return false;
  if (balance->available() >= needed)
    return true;
  if (under_way(escrow_))
    return false;
  filecoin::message m;
  m.to = address::from_id(actor::market);
  m.method = filecoin::market::add_balance;
  m.params = filecoin::market::encode_add_balance(options_.id);
  m.value = needed - balance->available() + escrow_step;
  run_errand(escrow_, std::move(m));
  return false;
}

/// Sends the deal's message again; if the chain has no place for it any more
/// (a reorg lost it, or one before it), the deal goes back to `when_lost`.
void provider::resend(provider_deal& d, deal_step when_lost) {
  auto sent = chain_.push(d.message);
  bool too_late = !sent && sent.error().message.find("nonce too low") != std::string::npos;
  if (!too_late && head_ <= d.since + message_life)
    return;
  auto landed = chain_.search(d.message_cid);
  if (landed && !*landed)
    move(d, when_lost);
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
}

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
  if (under_way(address_))
    return;
  filecoin::message m;
  m.to = options_.id;
  m.method = method::change_multiaddrs;
  m.params = encode_multiaddrs({mine->data()});
  run_errand(address_, std::move(m));
}

} // namespace weir::devnet
