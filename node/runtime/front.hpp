#pragma once
// The three listeners and what stands behind them, on one loop thread. They
// are bound first, so that their ports are known, and answer 503 until the
// domain is there (`open_doors`).
#include "actors/tree.hpp"
#include "node/api/services.hpp"
#include "node/api/token_uses.hpp"
#include "node/config/options.hpp"
#include "node/runtime/listeners.hpp"

#include <map>
#include <memory>
#include <string>

namespace weir {

struct watch_counts;

class front {
public:
  struct parts_list {
    std::shared_ptr<records::record_store> records;
    record_store_actor store;
    watch_hub_actor hub;
    std::shared_ptr<const watch_counts> watches; ///< of the hub
    timer_actor timer;
    std::shared_ptr<block_store> blocks;
    std::shared_ptr<api::token_uses> uses;
    std::filesystem::path data;
  };

  /// Binds. errc::already_exists names a port that is in use.
  static result<std::unique_ptr<front>> bind(caf::actor_system& system, const node_options& options,
                                             const listener_memory& memory, parts_list parts);
  ~front();

  /// Reads the totals, then serves. `chain` may be null; `control` is the devnet's, or empty.
  status open_doors(const tree& domain, std::shared_ptr<ffs::desk> desk, const chain_actor& chain,
                    const std::string& control);
  /// What the chain said of itself, once that is known.
  void know_chain(const chain_info& info);
  /// Asks the chain who it is until it answers, then tells on the loop thread.
  void ask_chain(const chain_actor& chain, std::function<void(const chain_info&)> known);
  /// Calls it on the loop thread now and every hour.
  void hourly(std::function<void()> what);
  /// Ends the streams, then the listeners.
  void close_doors();
  /// Ends what lives on the loop; after the domain.
  void stop();

  /// "api", "gateway", "pieces": URL of each.
  std::map<std::string, std::string> urls() const;
  std::map<std::string, std::uint16_t> ports() const;

private:
  struct impl;
  explicit front(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir
