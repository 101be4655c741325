// Sending chain messages and finding out what became of them.
#include "actors/deals/wallet_state.hpp"
#include "storage/support/crash_point.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

constexpr std::chrono::seconds chain_time{30};
constexpr unsigned ticks_to_push_again = 10;

} // namespace

void wallet_state::send(order o) {
  orders.push_back(std::move(o));
  send_next();
}

/// The next order waits until the message before it is known to have landed or failed.
void wallet_state::send_next() {
  if (sending || !open.empty() || orders.empty())
    return;
  sending = true;
  auto o = std::make_shared<order>(std::move(orders.front()));
  orders.pop_front();
  prepare_order(o);
}

void wallet_state::prepare_order(std::shared_ptr<order> o) {
  auto fails = [this, o](const caf::error& e) { finish_order(o, from_caf(e)); };
  self->request(chain, chain_time, chain::get_nonce{o->what.from})
      .then(
          [this, o, fails](std::uint64_t nonce) {
            chain_call call{o->what.from, o->what.to, o->what.value, nonce, o->what.method, o->what.params, 0, {}, {}};
            self->request(chain, chain_time, chain::estimate_gas{call})
                .then(
                    [this, o, nonce](chain_call priced) {
                      priced.nonce = nonce;
                      intend_and_push(o, priced);
                    },
                    fails);
          },
          fails);
}

void wallet_state::intend_and_push(std::shared_ptr<order> o, const chain_call& call) {
  auto key = keys->load(call.from);
  if (!key) {
    finish_order(o, key.error());
    return;
  }
  auto m = sign_order(o->what, call, *key, d.world.uuid(), d.clock->now());
  auto build = [m](const records::reader& newest) { return intend(newest, m); };
  d.commits.commit(self, build, [this, o, m](const status& s) {
    if (!s) {
      finish_order(o, s.error());
      return;
    }
    crash_point("message.intended");
    open[m.id] = m;
    push(m,
         [this, o, m](const status& pushed) { finish_order(o, pushed ? result<chain_message>{m} : pushed.error()); });
  });
}

/// An error of the connection leaves the message intended: it is pushed again
/// at the next tick. An error of the chain node about the message itself may
/// also mean that it has it already; `search` finds out.
void wallet_state::push(const chain_message& m, std::function<void(const status&)> done) {
  self->request(chain, chain_time, chain::push_message{m.signed_message})
      .then(
          [this, m, done](const cid&) {
            crash_point("message.pushed");
            auto build = [id = m.id](const records::reader& newest) { return mark_sent(newest, id); };
            d.commits.commit(self, build, [this, m, done](const status& s) {
              if (s && open.contains(m.id))
                open[m.id].state = message_state::sent;
              done(s);
            });
          },
          [m, done](const caf::error& e) {
            auto why = from_caf(e);
            spdlog::warn("message {} could not be pushed, tried again: {}", m.cid.text(), to_string(why));
            done(why.code == errc::chain_error ? status{why} : status{});
          });
}

void wallet_state::finish_order(const std::shared_ptr<order>& o, const result<chain_message>& r) {
  sending = false;
  o->in_pool(r);
  send_next();
}

void wallet_state::hear(const tick&) {
  for (auto& [id, m] : open)
    search(m);
}

void wallet_state::search(const chain_message& m) {
  auto landed = [this, m](const std::optional<message_receipt>& receipt) {
    if (receipt) {
      auto build = [id = m.id, r = *receipt](const records::reader& newest) { return mark_landed(newest, id, r); };
      d.commits.commit(self, build, [this, m](const status&) { closed(m); });
      return;
    }
    // The pool may have forgotten it; the chain knows the same bytes again.
    if (m.state == message_state::intended || ++unheard[m.id] % ticks_to_push_again == 0)
      push(m, [this, m](const status& s) {
        if (!s && s.error().message.find("nonce") != std::string::npos)
          lost(m, s.error());
      });
  };
  self->request(chain, chain_time, chain::search_message{m.cid}).then(landed, [](const caf::error&) {});
}

void wallet_state::lost(const chain_message& m, const error& why) {
  auto words = "Another message took its nonce: " + why.message;
  auto build = [id = m.id, words](const records::reader& newest) { return mark_lost(newest, id, words); };
  d.commits.commit(self, build, [this, m](const status&) { closed(m); });
}

void wallet_state::closed(const chain_message& m) {
  if (open.erase(m.id) == 0)
    return;
  unheard.erase(m.id);
  checking = false;
  look_at_needs();
  send_next();
}

} // namespace weir
