#pragma once
// A simulated storage provider. It knows the world through the wire only:
// mk12 over HTTP as Curio serves it (POST /market/mk12/store, GET …/status,
// GET …/ask, CBOR bodies), the client's piece host, and the chain's JSON-RPC.
// It gives pieces back at GET /piece/{cid}, with ranges.
//
// HTTP is handled on the loop; everything else happens on a thread of its
// own, woken when the chain's head may have moved. What it promised is durable
// before it says so, and it goes on after a crash where it was.
#include "adapters/devnet/provider/acceptance.hpp"
#include "adapters/devnet/provider/chain_agent.hpp"
#include "adapters/devnet/provider/deal_book.hpp"
#include "adapters/devnet/provider/job_thread.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"
#include "adapters/retrieval/download.hpp"

#include <atomic>

namespace weir::devnet {

struct provider_options {
  address id;
  std::string name;
  std::string country;          ///< two letters
  std::filesystem::path folder; ///< made when missing
  std::uint16_t port = 0;       ///< 0: the one of the last run if it is free, else any
  std::string rpc_url;
  std::string rpc_token;
  behaviour defaults;
  deal_rules rules;
  epoch_delta publish_wait = 1;      ///< epochs that a deal waits for others to share its message
  epoch_delta seal_epochs = 10;      ///< from publishing to activation
  std::function<void()> on_activity; ///< it waits for the chain now; from any thread
};

/// What the clock has to know of a provider.
struct provider_activity {
  bool thinking = false; ///< a job runs
  bool working = false;  ///< a job runs, bytes come in, a commP is computed
  bool waiting = false;  ///< for the chain to move: deals on their way
  epoch due = no_epoch;  ///< the next epoch at which it has something to do
};

class provider {
public:
  /// `hasher` computes commPs, for all providers one after the other.
  provider(loop::uv_loop& loop, http::client& client, job_thread& hasher, filecoin::secret_key key,
           provider_options options);
  ~provider(); ///< stops

  status start();
  /// Answers end, what runs is left in a state that can be taken up.
  void stop();

  /// The head may have moved: looks at the chain and does what is to be done.
  /// Coalesced; from any thread.
  void wake();
  provider_activity activity() const;

  /// All or nothing, durable when it returns. From any thread.
  status set(const std::vector<std::pair<std::string, std::string>>& changes);
  behaviour now() const;

  /// The chain knows its address.
  bool announced() const { return address_known_; }
  const provider_options& options() const { return options_; }
  std::string base_url() const { return base_url_; }
  /// What `devnet providers` shows, counts by step.
  std::map<std::string, std::size_t> deal_counts() const;

private:
  using uuid = filecoin::mk12::uuid;
  /// A message that no deal stands behind, on its way.
  struct errand {
    cid message;
    epoch sent = no_epoch;
  };
  struct held_exchange;

  // provider_http.cpp, on the loop
  void add_routes();
  void on_market(http::exchange_ptr x, std::size_t limit,
                 std::function<void(std::shared_ptr<held_exchange>, bytes)> job);
  void on_piece(const http::exchange_ptr& x);
  void drop_hung();
  bool misbehaves(const http::exchange_ptr& x);
  bool over_rate(const http::exchange_ptr& x);
  // on the thread
  void answer(const std::shared_ptr<held_exchange>& x, bytes cbor);
  void store(const std::shared_ptr<held_exchange>& x, bytes_view body);
  std::string try_store(const filecoin::mk12::deal_params& p);
  void tell_status(const std::shared_ptr<held_exchange>& x, bytes_view body);
  void tell_ask(const std::shared_ptr<held_exchange>& x, bytes_view body);

  // provider_deals.cpp, provider_bytes.cpp, provider_chain.cpp, on the thread
  void work();
  void look_at(provider_deal& d);
  void want_bytes(provider_deal& d);
  void start_download(const provider_deal& d);
  void downloaded(const uuid& id, status s);
  void check_commp(const provider_deal& d);
  void checked(const uuid& id, status s);
  void publish_batch();
  bool under_way(errand& e);
  void run_errand(errand& e, filecoin::message m);
  bool have_collateral(const token_amount& needed);
  void look_for_publishing(provider_deal& d);
  void seal(provider_deal& d);
  void look_for_activation(provider_deal& d);
  void look_at_active(provider_deal& d);
  void settle();
  void terminate_all();
  void announce_address();
  void resend(provider_deal& d, deal_step when_lost);
  void move(provider_deal& d, deal_step to, std::string problem = {});
  void drop_piece(const cid& piece);
  std::uint64_t next_sector() const;
  std::filesystem::path piece_path(const cid& piece) const { return options_.folder / "pieces" / piece.text(); }
  void update_activity();
  void count_repeated();

  loop::uv_loop& loop_;
  http::client& client_;
  job_thread& hasher_;
  filecoin::secret_key key_;
  provider_options options_;
  chain_agent chain_;
  deal_book book_;
  epoch head_{0};
  errand escrow_, address_;
  std::atomic<bool> address_known_{false};
  std::set<uuid> in_hasher_;
  std::map<uuid, int> download_failures_;
  std::size_t next_check_ = 0;

  // on the loop
  std::map<uuid, std::shared_ptr<retrieval::download>> downloads_;
  std::map<uuid, std::unique_ptr<loop::timer>> retries_;
  std::vector<http::exchange_ptr> hung_;
  std::map<std::string, std::pair<std::int64_t, int>> rate_;
  http::router routes_;
  std::unique_ptr<http::server> server_;
  std::string base_url_;

  std::atomic<bool> woken_{false};
  std::atomic<int> downloading_{0}, hashing_{0};
  mutable std::mutex mutex_; ///< of what follows
  behaviour behaviour_;
  provider_activity activity_{.waiting = true};
  std::map<std::string, std::size_t> counts_;
  std::size_t repeated_ = 0; ///< proposals that were sent again although they had been taken
  job_thread thread_;
};

} // namespace weir::devnet
