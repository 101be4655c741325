#include "messages/types/event.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

using enum event_kind;

constexpr std::array catalogue{
    event_info{content_stored, "content.stored", "Its bytes are durable here."},
    event_info{content_assigned, "content.assigned", "It was put in a bucket."},
    event_info{content_packed, "content.packed", "It is part of a piece."},
    event_info{content_proposed, "content.proposed", "Every promised copy is accepted by a provider."},
    event_info{content_published, "content.published", "Every promised copy is published on chain."},
    event_info{content_active, "content.active", "Every promised copy is active at the chain's finality."},
    event_info{content_degraded, "content.degraded", "A promised copy was lost and has to be replaced."},
    event_info{content_failed, "content.failed", "It left the queue after three months without success."},
    event_info{content_problem, "content.problem", "Something keeps it from the next station, or no longer does."},
    event_info{content_offloaded, "content.offloaded", "Its local copy was dropped."},
    event_info{content_restored, "content.restored", "Its local copy was brought back."},
    event_info{content_removed, "content.removed", "Its owner removed it."},
    event_info{content_requeued, "content.requeued", "It went back to the unassigned contents."},
    event_info{bucket_created, "bucket.created", "A bucket takes contents."},
    event_info{bucket_filled, "bucket.filled", "The contents of a bucket changed."},
    event_info{bucket_ready, "bucket.ready", "A bucket takes no more contents and waits to be packed."},
    event_info{bucket_complete, "bucket.complete", "All contents of a bucket are in pieces."},
    event_info{bucket_problem, "bucket.problem", "Something keeps a bucket from being packed, or no longer does."},
    event_info{bucket_collected, "bucket.collected", "The record of an old bucket was removed."},
    event_info{piece_built, "piece.built", "A piece and its commitment exist."},
    event_info{piece_placed, "piece.placed", "All promised deals of a piece are active."},
    event_info{piece_degraded, "piece.degraded", "Deals of a piece have to be replaced."},
    event_info{piece_problem, "piece.problem", "Something keeps a piece from its deals, or no longer does."},
    event_info{piece_offloaded, "piece.offloaded", "The local file of a piece was dropped."},
    event_info{piece_restored, "piece.restored", "The file of a piece was brought back from a provider."},
    event_info{piece_retired, "piece.retired", "Nobody's promise needs a piece any more."},
    event_info{deal_intended, "deal.intended", "A proposal is about to be sent."},
    event_info{deal_proposed, "deal.proposed", "A provider accepted a proposal."},
    event_info{deal_rejected, "deal.rejected", "A provider refused a proposal."},
    event_info{deal_published, "deal.published", "A deal is on chain."},
    event_info{deal_activated, "deal.activated", "The sector of a deal started, not yet final."},
    event_info{deal_active, "deal.active", "A deal is active and final."},
    event_info{deal_failed, "deal.failed", "A deal did not become active in time."},
    event_info{deal_slashed, "deal.slashed", "The chain ended a deal early."},
    event_info{deal_expired, "deal.expired", "A deal reached its end."},
    event_info{deal_reverted, "deal.reverted", "A reorganisation of the chain took a deal a step back."},
    event_info{deal_renewed, "deal.renewed", "A deal near its end got a successor."},
    event_info{provider_seen, "provider.seen", "A provider became known."},
    event_info{provider_changed, "provider.changed", "The ask or the addresses of a provider changed."},
    event_info{provider_lost, "provider.lost", "A provider does not answer."},
    event_info{provider_selected, "provider.selected", "Providers were chosen for a piece."},
    event_info{wallet_created, "wallet.created", "The node holds a new address."},
    event_info{wallet_low, "wallet.low", "A wallet or its escrow is too low."},
    event_info{message_intended, "message.intended", "A chain message is about to be sent."},
    event_info{message_sent, "message.sent", "A chain message is in the pool."},
    event_info{message_landed, "message.landed", "A chain message was executed."},
    event_info{message_failed, "message.failed", "A chain message failed."},
    event_info{chain_lost, "chain.lost", "The chain node does not answer or lags behind."},
    event_info{chain_back, "chain.back", "The chain node answers again."},
    event_info{chain_reorg, "chain.reorg", "The chain was reorganised."},
    event_info{retrieval_done, "retrieval.done", "A content was fetched from a provider and verified."},
    event_info{retrieval_failed, "retrieval.failed", "A provider could not give a content back."},
    event_info{store_damaged, "store.damaged", "Damaged bytes were found."},
    event_info{store_repaired, "store.repaired", "Damaged bytes were replaced."},
    event_info{token_created, "token.created", "An access token was made."},
    event_info{token_revoked, "token.revoked", "An access token was revoked."},
    event_info{node_started, "node.started", "The node runs."},
    event_info{node_stopped, "node.stopped", "The node stopped in order."},
    event_info{content_changed, "content.changed", "Its name, or how many copies it is promised, changed."},
    event_info{instance_created, "instance.created", "An FFS instance was made."},
    event_info{instance_changed, "instance.changed", "Name, scheduler, quota or defaults of an instance changed."},
    event_info{instance_deleted, "instance.deleted", "An instance and its data are gone."},
    event_info{config_pushed, "config.pushed", "The wanted state of a CID was stored."},
    event_info{config_removed, "config.removed", "An instance let go of a CID."},
    event_info{job_queued, "job.queued", "A job waits for its turn."},
    event_info{job_started, "job.started", "A job is worked on."},
    event_info{job_progress, "job.progress", "A job came to its next step, or a deal of it did."},
    event_info{job_done, "job.done", "What the job wanted is so."},
    event_info{job_failed, "job.failed", "A job ended with an error."},
    event_info{job_cancelled, "job.cancelled", "A job was ended on request or by a newer one."},
    event_info{content_wanted, "content.wanted", "What its owner wishes for its deals changed."},
    event_info{retrieval_changed, "retrieval.changed", "An unfreeze began or ended."},
    event_info{webhook_changed, "webhook.changed", "A webhook was made, removed or its state changed."},
    event_info{job_stuck, "job.stuck", "A job that runs has made no progress for a day."},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < catalogue.size(); ++i)
    if (catalogue[i].kind != static_cast<event_kind>(i))
      return false;
  return true;
}
static_assert(in_order(), "the catalogue follows the order of the enumeration");
static_assert(catalogue.back().kind == job_stuck, "a kind without an entry");

} // namespace

std::span<const event_info> event_catalogue() {
  return catalogue;
}

std::string_view to_string(event_kind kind) {
  return catalogue.at(static_cast<std::size_t>(kind)).name;
}

std::optional<event_kind> event_kind_from_name(std::string_view name) {
  auto i = std::find_if(catalogue.begin(), catalogue.end(), [name](const auto& e) { return e.name == name; });
  if (i == catalogue.end())
    return std::nullopt;
  return i->kind;
}

} // namespace weir
