// How a provider takes its deals from acceptance to their end.
#include "adapters/devnet/provider/provider.hpp"

#include "adapters/devnet/chain/miner_params.hpp"

#include <spdlog/spdlog.h>

namespace weir::devnet {

namespace {

constexpr epoch_delta settled_after = 20; ///< epochs after which a provider no longer fears a reorg
constexpr std::size_t checks_per_wake = 4;

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

} // namespace weir::devnet
