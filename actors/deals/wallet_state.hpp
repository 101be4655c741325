#pragma once
// The wallet's logic (internal to actors/deals; see wallet.hpp).
#include "actors/deals/outbox.hpp"
#include "actors/deals/wallet.hpp"

#include <deque>
#include <map>

#include <caf/typed_response_promise.hpp>

namespace weir {

struct wallet_state {
  explicit wallet_state(wallet_impl::pointer self) : self{self} {}

  void start();
  static std::vector<event_kind> kinds();
  void hear(const event& e);
  void hear(const tick& t);

  // keys
  result<wallet_address> find_default() const;
  caf::typed_response_promise<address> default_address();
  caf::typed_response_promise<wallet_address> create(const std::string& name);
  caf::typed_response_promise<wallet_address> import(const import_key& key);
  caf::typed_response_promise<wallet_address> keep(const result<filecoin::secret_key>& key, const std::string& name);
  void record_key(const address& addr, const std::string& name,
                  std::function<void(const result<wallet_address>&)> done);
  result<bytes> sign(const signature_request& r) const;

  // the seed: wallet_seed.cpp
  struct restoring {
    std::string words;
    filecoin::key_line line;
    std::uint32_t gap = 0, found = 0, at = 0; ///< `found`: one more than the last index that was used
    caf::typed_response_promise<restored_seed> answer;
    ~restoring() { filecoin::wipe_memory(words.data(), words.size()); }
  };
  using restoring_ptr = std::shared_ptr<restoring>;
  result<seed_answer> seed(bool words) const;
  result<exported_key> export_secret(const address& of) const;
  caf::typed_response_promise<restored_seed> restore(const restore_seed& wish);
  status may_restore(const restore_seed& wish, const filecoin::seed_info& what) const;
  void look_for_next(restoring_ptr r);
  void looked(restoring_ptr r, bool used);
  void take_seed(restoring_ptr r, std::uint32_t count);

  // addresses of instances, and sending: wallet_tenants.cpp
  caf::typed_response_promise<wallet_address> create_for(const create_address& wanted);
  caf::typed_response_promise<cid> transfer(send_fil wanted);

  // balances
  caf::typed_response_promise<std::vector<wallet_balance>> balances();

  // escrow
  struct need {
    address wallet;
    token_amount amount;
    std::vector<deal_uuid> deals;
    caf::typed_response_promise<nothing> answer;
  };
  caf::typed_response_promise<nothing> want_escrow(const escrow_need& n);
  caf::typed_response_promise<cid> add_escrow(const escrow_request& r);
  void look_at_deal(const deal_uuid& id);
  void look_at(const deal& deal_now);
  token_amount reserved(const address& wallet) const;
  void look_at_needs();
  void check(std::shared_ptr<need> n);
  void refill(std::shared_ptr<need> n, const token_amount& missing, const token_amount& balance);
  void refuse(const need& n, const error& e);
  void say_low(const address& wallet, const std::string& words);

  // DataCap: wallet_datacap.cpp
  caf::typed_response_promise<nothing> want_datacap(const datacap_need& n);
  status enough_datacap(const datacap_need& n, const token_amount& held) const;

  // outbox
  struct order {
    message_order what;
    std::function<void(const result<chain_message>&)> in_pool;
  };
  void send(order o);
  void send_next();
  void prepare_order(std::shared_ptr<order> o);
  void intend_and_push(std::shared_ptr<order> o, const chain_call& call);
  void push(const chain_message& m, std::function<void(const status&)> done);
  void search(const chain_message& m);
  void lost(const chain_message& m, const error& why);
  void closed(const chain_message& m);
  void finish_order(const std::shared_ptr<order>& o, const result<chain_message>& r);

  static constexpr const char* name = "wallet";
  wallet_impl::pointer self;
  domain d;
  std::shared_ptr<filecoin::keystore> keys;
  chain_actor chain;
  wallet_options options;

  /// What accepted and intended deals will lock.
  struct lock {
    address client;
    token_amount funds;
    std::uint64_t datacap = 0; ///< bytes
  };
  std::map<deal_uuid, lock> unpublished;
  std::vector<deal_uuid> promised; ///< were answered; their records are looked at before the next answer
  std::vector<deal_uuid> verified; ///< the same, of DataCap
  std::deque<std::shared_ptr<need>> needs;
  bool checking = false;
  std::set<address> low;
  std::deque<order> orders;
  bool sending = false;
  std::map<std::string, chain_message> open; ///< not known to have landed
  std::map<std::string, unsigned> unheard;   ///< ticks at which the chain did not have it
};

} // namespace weir
