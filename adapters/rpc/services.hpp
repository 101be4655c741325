#pragma once
// What the server needs of the node. Functions are called on the KJ
// thread while the server runs.
#include "adapters/rpc/ffs_services.hpp"
#include "messages/actors/buckets.hpp"
#include "messages/actors/content.hpp"
#include "messages/actors/records.hpp"
#include "storage/records/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::rpc {

enum class scope : std::uint8_t { read, store, wallet, admin };
inline constexpr std::size_t scope_count = 4;

/// Whom a token stands for.
struct caller {
  owner_id owner;
  std::uint8_t scopes = 0; ///< bits, one for each scope, as in ffs::scope
  instance_id instance;    ///< whose token it is (FFS); empty: a user's or the operator's
  unix_ms expires;         ///< 0 is never

  bool has(scope s) const { return (scopes >> static_cast<unsigned>(s) & 1) != 0; }
  /// The operator.
  bool admin() const { return instance.value.empty() && has(scope::admin); }
  /// Whether this one may know that a thing of `of` exists.
  bool sees(const owner_id& of) const { return admin() || of == owner; }
};

struct about {
  std::string version;
  std::string network;
  epoch now = no_epoch;
};

struct explained {
  bool safe = false;
  std::vector<std::string> sentences;
  std::string next;
  epoch next_at = no_epoch;
  std::vector<rejection> rejections;
};

/// Handles that do not run in this node's role are null: errc::unsupported.
struct services {
  std::shared_ptr<records::record_store> records;
  watch_hub_actor hub;
  content_actor contents;
  retriever_actor retriever;
  bucket_creator_actor buckets;
  std::function<unix_ms()> clock;
  /// errc::unauthenticated. Cheap: it is asked again when records changed.
  std::function<result<caller>(std::string_view token)> identify;
  std::function<about()> node;
  std::function<result<explained>(const records::reader&, const content_id&)> explain;
  std::shared_ptr<ffs_services> ffs;
};

/// How long an actor may take; what fetches or hashes much gets `slow_time`.
inline constexpr std::chrono::seconds ask_time{60};
inline constexpr std::chrono::minutes slow_time{15};

} // namespace weir::rpc
