// Deliveries of the deal maker: from a committed intent to the provider's
// answer. What may have arrived is asked for by its UUID before it is sent.
#include "actors/deals/maker_state.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

namespace {

constexpr std::size_t deliveries_at_once = 16;
constexpr std::chrono::seconds sign_time{30};
constexpr std::chrono::seconds carrier_time{120};

/// The 16 bytes that the text of a UUID stands for.
bytes uuid_bytes(const deal_uuid& id) {
  std::string digits;
  for (char c : id.value)
    if (c != '-')
      digits.push_back(c);
  return from_hex(digits).value_or(bytes{});
}

} // namespace

void maker_state::deliver(const deal& x, bool may_have_arrived) {
  auto [at, fresh] = deliveries.try_emplace(x.uuid);
  if (!fresh)
    return;
  at->second = std::make_shared<delivery>();
  at->second->record = x;
  at->second->may_have_arrived = may_have_arrived;
  to_deliver.push_back(at->second);
  next_delivery();
}

void maker_state::next_delivery() {
  while (delivering < deliveries_at_once && !to_deliver.empty()) {
    auto x = to_deliver.front();
    to_deliver.pop_front();
    ++delivering;
    begin(x);
  }
}

void maker_state::begin(delivery_ptr x) {
  if (x->may_have_arrived)
    ask_status(x);
  else
    sign(x);
}

provider_endpoint maker_state::endpoint_of(const address& id) const {
  auto found = d.look()->find<provider>(id);
  return {id, found && *found ? (*found)->value.multiaddrs : std::vector<std::string>{}};
}

void maker_state::ask_status(delivery_ptr x) {
  auto unknown = [this, x](const caf::error&) { ask_later(x); };
  self->request(parts.wallet, sign_time, signature_request{x->record.client, uuid_bytes(x->record.uuid)})
      .then(
          [this, x, unknown](const bytes& signature) {
            get_deal_status question{endpoint_of(x->record.provider), x->record, signature};
            self->request(parts.carrier, carrier_time, question)
                .then([this, x](const provider_deal_status& s) { heard_status(x, s); }, unknown);
          },
          unknown);
}

void maker_state::heard_status(delivery_ptr x, const provider_deal_status& s) {
  if (s.known && s.failed)
    ended(x, deal_state::failed, errc::deal_rejected, s.message.empty() ? s.status : s.message);
  else if (s.known)
    accepted(x);
  else if (d.clock->now() + policy.resend_margin >= x->record.start)
    ended(x, deal_state::failed, errc::timeout, "It could not be sent again before its start.");
  else
    sign(x);
}

void maker_state::sign(delivery_ptr x) {
  auto proposal = filecoin::encode(proposal_of(x->record));
  self->request(parts.wallet, sign_time, signature_request{x->record.client, proposal})
      .then(
          [this, x](const bytes& signature) {
            crash_point("deal.signed");
            send(x, signature);
          },
          [this, x](const caf::error& e) {
            ended(x, deal_state::failed, errc::signature, "It could not be signed: " + from_caf(e).message);
          });
}

void maker_state::send(delivery_ptr x, const bytes& signature) {
  auto& r = x->record;
  proposal_parcel parcel{endpoint_of(r.provider),  r, signature, {}, parts.piece_url(r.piece), r.transfer_token,
                         r.padded_size / 128 * 127};
  if (auto root = cid::parse(r.label))
    parcel.payload_root = *root;
  if (auto sig = filecoin::signature_from_bytes(signature))
    x->record.proposal = filecoin::signed_proposal_cid({proposal_of(r), *sig});
  self->request(parts.carrier, carrier_time, std::move(parcel))
      .then(
          [this, x](const proposal_answer& answer) {
            crash_point("deal.answered");
            if (answer.accepted)
              accepted(x);
            else
              ended(x, deal_state::rejected, errc::deal_rejected, answer.message);
          },
          [this, x](const caf::error& e) { send_failed(x, from_caf(e)); });
  crash_point("deal.sent");
}

/// Only what surely did not arrive is over at once; of the rest the provider is
/// asked, for a bounded time. One that took it and is given up on cannot use
/// it: the token of an ended deal opens no download.
void maker_state::send_failed(delivery_ptr x, const error& e) {
  if (e.code == errc::shutting_down)
    return;
  if (e.code == errc::unreachable || e.code == errc::unsupported)
    ended(x, deal_state::failed, e.code, e.message);
  else
    ask_later(x);
}

void maker_state::ask_later(delivery_ptr x) {
  leave_slot();
  if (d.clock->finalized() >= x->record.start) {
    ++delivering;
    ended(x, deal_state::failed, errc::timeout, "The provider never said whether it took the proposal.");
    return;
  }
  // The time that silent requests took counts as much as the pauses between them.
  auto now = self->clock().now();
  if (now - x->unknown_since.value_or(now) >= policy.patience) {
    ++delivering;
    ended(x, deal_state::failed, errc::timeout,
          "The provider did not say within " + std::to_string(policy.patience.count())
              + " s of waiting whether it took the proposal; another one is asked.");
    return;
  }
  x->may_have_arrived = true;
  if (!x->unknown_since)
    x->unknown_since = now;
  run_after(self, d.commits.timer, x->wait.next(), [this, x] {
    to_deliver.push_back(x);
    next_delivery();
  });
}

void maker_state::accepted(delivery_ptr x) {
  auto build = [this, x](const records::reader& newest) {
    return accept_deal(newest, x->record.uuid, x->record.proposal, moment_now());
  };
  d.commits.commit(self, build, [this, x](const status&) { finished(x); });
}

void maker_state::ended(delivery_ptr x, deal_state how, errc code, const std::string& words) {
  spdlog::info("deal {} with its provider: {}: {}", x->record.uuid.value, to_string(how), words);
  auto build = [this, x, how, code, words](const records::reader& newest) {
    return end_deal(newest, x->record.uuid, how, {code, words}, policy, moment_now());
  };
  d.commits.commit(self, build, [this, x](const status&) { finished(x); });
}

void maker_state::finished(delivery_ptr x) {
  crash_point("deal.committed");
  deliveries.erase(x->record.uuid);
  leave_slot();
  promises.mark({x->record.piece, x->record.content});
  work();
}

void maker_state::leave_slot() {
  --delivering;
  next_delivery();
}

} // namespace weir
