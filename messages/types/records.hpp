#pragma once
// over 400 lines: one list of records, each with its fields; splitting it would hide the whole.
// The shared records: what a cluster agrees on. Each struct lists its fields
// once, in `fields`; the binary codec (storage/records) and the JSON of the
// API (node/) are both made from that list. Fields are only ever appended;
// `since` is the version of the record that first had the field.
#include "messages/types/address.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/deal_terms.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/states.hpp"
#include "messages/types/token_amount.hpp"

#include <string>
#include <vector>

namespace weir {

/// How many copies on distinct providers are promised unless the owner says otherwise (seed 001).
inline constexpr std::uint32_t default_copies = 6;
/// Seed 001: a bucket that is older than this is processed whatever its size.
inline constexpr epoch_delta bucket_max_age = 2 * epochs_per_day;
/// Seed 001: three months, after which the GC looks at buckets and failing contents.
inline constexpr epoch_delta collect_after = 90 * epochs_per_day;

/// What is wrong right now, for people and for `explain`; code none is "nothing".
struct problem {
  errc code = errc::none;
  std::string message;

  bool any() const { return code != errc::none; }
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("code", s.code);
    v("message", s.message);
  }
};

/// When a state was reached: chain epoch and wall clock.
struct moment {
  std::uint8_t state = 0; ///< value of the state's enumeration
  epoch at = no_epoch;
  unix_ms time;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("state", s.state);
    v("at", s.at);
    v("time", s.time);
  }
};

struct content {
  static constexpr std::uint32_t version = 3;
  content_id id;
  owner_id owner;
  std::string name;           ///< what its owner called it; UTF-8
  weir::cid cid;              ///< root of its DAG
  std::uint64_t size = 0;     ///< bytes of its files
  std::uint64_t dag_size = 0; ///< bytes of its blocks, each counted once
  std::uint64_t blocks = 0;
  std::uint64_t files = 0;
  content_state state = content_state::stored;
  std::uint32_t copies = default_copies;
  bool local = true;       ///< its blocks are held by this cluster
  bucket_id bucket;        ///< seed 001: "bucket-uuid"; empty while unassigned
  std::string bucket_name; ///< the dedicated bucket it asked for; empty is the global one
  epoch created_at = no_epoch;
  unix_ms created;
  weir::problem problem;
  epoch failing_since = no_epoch;
  bool may_be_dropped = false; ///< its owner allows the GC to drop the bytes of a failed content
  std::vector<moment> life;    ///< first time at each station
  content_use use = content_use::promise;
  deal_terms terms;
  bool unverified = false; ///< imported: what its pieces hold is known by the label of a deal alone, nobody has read it

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("id", s.id);
    v("owner", s.owner);
    v("name", s.name);
    v("cid", s.cid);
    v("size", s.size);
    v("dagSize", s.dag_size);
    v("blocks", s.blocks);
    v("files", s.files);
    v("state", s.state);
    v("copies", s.copies);
    v("local", s.local);
    v("bucket", s.bucket);
    v("bucketName", s.bucket_name);
    v("createdAt", s.created_at);
    v("created", s.created);
    v("problem", s.problem);
    v("failingSince", s.failing_since);
    v("mayBeDropped", s.may_be_dropped);
    v("life", s.life);
    v("use", s.use, 2);
    v("terms", s.terms, 2);
    v("unverified", s.unverified, 3);
  }
};

struct bucket {
  static constexpr std::uint32_t version = 1;
  bucket_id id;
  owner_id owner;   ///< of a dedicated bucket; empty for the global one
  std::string name; ///< of a dedicated bucket, kept by its successors; empty is global
  bucket_state state = bucket_state::init;
  bucket_ready ready = bucket_ready::open;
  std::uint64_t threshold = 0; ///< bytes; ready when `size` is over it
  std::uint64_t max_count = 0; ///< contents; 0 is no limit
  epoch_delta every = 0;       ///< schedule in epochs; 0 is none
  epoch due_at = no_epoch;     ///< when age or schedule make it ready
  std::uint64_t size = 0;      ///< bytes of blocks of its contents
  std::uint64_t count = 0;
  epoch created_at = no_epoch;
  unix_ms created;
  epoch ready_at = no_epoch;
  epoch complete_at = no_epoch;
  std::vector<weir::cid> pieces; ///< what it was packed into, once complete
  weir::problem problem;

  bool global() const { return name.empty(); }
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("id", s.id);
    v("owner", s.owner);
    v("name", s.name);
    v("state", s.state);
    v("ready", s.ready);
    v("threshold", s.threshold);
    v("maxCount", s.max_count);
    v("every", s.every);
    v("dueAt", s.due_at);
    v("size", s.size);
    v("count", s.count);
    v("createdAt", s.created_at);
    v("created", s.created);
    v("readyAt", s.ready_at);
    v("completeAt", s.complete_at);
    v("pieces", s.pieces);
    v("problem", s.problem);
  }
};

/// A piece: an FRC-0058 aggregate of CARs, filled with zeros to its padded size.
struct piece {
  static constexpr std::uint32_t version = 1;
  weir::cid cid;                  ///< piece CID v1
  std::uint64_t padded_size = 0;  ///< power of two, bytes
  std::uint64_t payload_size = 0; ///< bytes before the filling, without the index
  weir::cid root;                 ///< label of the deals: root of its first segment
  piece_state state = piece_state::built;
  bucket_id bucket;
  /// The most that any of its contents was promised, not counting those with terms of their own.
  std::uint32_t copies = default_copies;
  bool local = true; ///< its file is held here and can be hosted
  std::uint32_t segments = 0;
  std::uint32_t contents = 0;
  epoch created_at = no_epoch;
  unix_ms created;
  weir::problem problem;
  epoch failing_since = no_epoch;

  /// What a provider downloads: exactly the unpadded bytes.
  std::uint64_t unpadded_size() const { return padded_size / 128 * 127; }
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("cid", s.cid);
    v("paddedSize", s.padded_size);
    v("payloadSize", s.payload_size);
    v("root", s.root);
    v("state", s.state);
    v("bucket", s.bucket);
    v("copies", s.copies);
    v("local", s.local);
    v("segments", s.segments);
    v("contents", s.contents);
    v("createdAt", s.created_at);
    v("created", s.created);
    v("problem", s.problem);
    v("failingSince", s.failing_since);
  }
};

/// Where (a part of) a content lies in a piece. Key: content, part.
struct placement {
  static constexpr std::uint32_t version = 1;
  content_id content;
  std::uint32_t part = 0; ///< contents over the largest piece are split
  std::uint32_t parts = 1;
  weir::cid piece;
  std::uint32_t segment = 0; ///< number of the segment in the piece
  std::uint64_t offset = 0;  ///< of the segment's CAR in the unpadded piece, bytes
  std::uint64_t length = 0;  ///< of the segment's CAR, bytes
  weir::cid root;            ///< root of this part's DAG: first block of the part in the CAR

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("content", s.content);
    v("part", s.part);
    v("parts", s.parts);
    v("piece", s.piece);
    v("segment", s.segment);
    v("offset", s.offset);
    v("length", s.length);
    v("root", s.root);
  }
};

/// One storage deal. Everything that the signed proposal holds is here, so
/// that the same bytes are signed again after a crash.
struct deal {
  static constexpr std::uint32_t version = 2;
  deal_uuid uuid;
  weir::cid piece;
  std::uint64_t padded_size = 0;
  address client;
  address provider;
  std::string label;
  bool verified = false;
  epoch start = no_epoch;
  epoch end = no_epoch;
  token_amount price_per_epoch; ///< for the whole piece
  token_amount provider_collateral;
  token_amount client_collateral;
  deal_state state = deal_state::intended;
  weir::cid proposal;         ///< CID of the signed proposal as the chain has it
  std::string transfer_token; ///< bearer token of this deal at the piece host; never shown
  deal_id id;                 ///< 0 until published
  weir::cid publish_message;
  std::uint64_t sector = 0;
  epoch sector_start = no_epoch;
  epoch created_at = no_epoch;
  unix_ms created;
  weir::problem problem;      ///< with the provider's own words
  deal_uuid replaces;         ///< the deal that this one renews or replaces
  std::uint32_t attempts = 0; ///< sendings of the proposal
  std::vector<moment> life;
  content_id content;        ///< made for this content alone, on its terms; empty: for its piece
  std::string round;         ///< of these terms, when it was made
  bool keep_unsealed = true; ///< the provider was asked to keep an unsealed copy
  bool imported = false;     ///< made by somebody else and taken over by its id

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("uuid", s.uuid);
    v("piece", s.piece);
    v("paddedSize", s.padded_size);
    v("client", s.client);
    v("provider", s.provider);
    v("label", s.label);
    v("verified", s.verified);
    v("start", s.start);
    v("end", s.end);
    v("pricePerEpoch", s.price_per_epoch);
    v("providerCollateral", s.provider_collateral);
    v("clientCollateral", s.client_collateral);
    v("state", s.state);
    v("proposal", s.proposal);
    v("transferToken", s.transfer_token);
    v("id", s.id);
    v("publishMessage", s.publish_message);
    v("sector", s.sector);
    v("sectorStart", s.sector_start);
    v("createdAt", s.created_at);
    v("created", s.created);
    v("problem", s.problem);
    v("replaces", s.replaces);
    v("attempts", s.attempts);
    v("life", s.life);
    v("content", s.content, 2);
    v("round", s.round, 2);
    v("keepUnsealed", s.keep_unsealed, 2);
    v("imported", s.imported, 2);
  }
};

/// What we know of a storage provider: its chain entry, its ask, our own results.
struct provider {
  static constexpr std::uint32_t version = 3;
  address id;
  std::vector<std::string> multiaddrs;
  std::string peer_id;
  std::uint64_t sector_size = 0;
  bool reachable = false;
  token_amount price; ///< attoFIL per GiB and epoch
  token_amount verified_price;
  std::uint64_t min_piece = 0;
  std::uint64_t max_piece = 0;
  epoch ask_expiry = no_epoch;
  epoch asked_at = no_epoch;
  std::uint64_t deals_made = 0;
  std::uint64_t deals_failed = 0;
  std::uint64_t retrievals_ok = 0;
  std::uint64_t retrievals_failed = 0;
  epoch avoid_until = no_epoch; ///< after a failure, with back-off
  weir::problem problem;
  std::string country;           ///< ISO 3166-1 alpha-2, as the operator knows it; empty: unknown
  token_amount power;            ///< quality-adjusted bytes, as the chain counts them
  std::uint64_t power_share = 0; ///< billionths of the whole network's
  std::uint64_t sectors_live = 0;
  std::uint64_t sectors_active = 0;
  std::uint64_t sectors_faulty = 0; ///< not proven at this time

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("id", s.id);
    v("multiaddrs", s.multiaddrs);
    v("peerId", s.peer_id);
    v("sectorSize", s.sector_size);
    v("reachable", s.reachable);
    v("price", s.price);
    v("verifiedPrice", s.verified_price);
    v("minPiece", s.min_piece);
    v("maxPiece", s.max_piece);
    v("askExpiry", s.ask_expiry);
    v("askedAt", s.asked_at);
    v("dealsMade", s.deals_made);
    v("dealsFailed", s.deals_failed);
    v("retrievalsOk", s.retrievals_ok);
    v("retrievalsFailed", s.retrievals_failed);
    v("avoidUntil", s.avoid_until);
    v("problem", s.problem);
    v("country", s.country, 2);
    v("power", s.power, 3);
    v("powerShare", s.power_share, 3);
    v("sectorsLive", s.sectors_live, 3);
    v("sectorsActive", s.sectors_active, 3);
    v("sectorsFaulty", s.sectors_faulty, 3);
  }
};

/// Why a provider was not chosen for a piece; kept with the last selection.
struct rejection {
  address provider;
  errc code = errc::none;
  std::string reason;
  std::string value;
  std::string limit;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("provider", s.provider);
    v("code", s.code);
    v("reason", s.reason);
    v("value", s.value);
    v("limit", s.limit);
  }
};

/// The last selection of providers for a piece. Key: piece.
struct selection {
  static constexpr std::uint32_t version = 1;
  weir::cid piece;
  epoch at = no_epoch;
  std::uint32_t wanted = 0;
  std::vector<address> chosen;
  std::vector<rejection> rejections;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("piece", s.piece);
    v("at", s.at);
    v("wanted", s.wanted);
    v("chosen", s.chosen);
    v("rejections", s.rejections);
  }
};

/// What became of the last planning for a content with terms of its own, piece
/// by piece. Key: content.
struct content_selection {
  static constexpr std::uint32_t version = 2;
  content_id content;
  std::string round; ///< of its terms; what is from another one is over
  std::vector<selection> made;
  weir::problem problem; ///< why no more deals can be made in this round
  std::string value;     ///< what broke a limit, and the limit, where the problem is one
  std::string limit;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("content", s.content);
    v("round", s.round);
    v("made", s.made);
    v("problem", s.problem);
    v("value", s.value, 2);
    v("limit", s.limit, 2);
  }
};

/// An address whose key the node holds (the key is not here).
struct wallet_address {
  static constexpr std::uint32_t version = 2;
  address addr;
  std::string name;
  bool is_default = false; ///< of the node, or of its instance
  unix_ms created;
  instance_id instance; ///< whose it is (FFS); empty: the node's

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("addr", s.addr);
    v("name", s.name);
    v("isDefault", s.is_default);
    v("created", s.created);
    v("instance", s.instance, 2);
  }
};

enum class message_state : std::uint8_t { intended, sent, landed, failed };

/// A chain message that Weir sends (escrow, funding): intent before effect.
struct chain_message {
  static constexpr std::uint32_t version = 1;
  std::string id;      ///< UUID
  std::string purpose; ///< "add-escrow", "fund"
  address from;
  address to;
  token_amount value;
  std::uint64_t method = 0;
  bytes params;
  std::uint64_t nonce = 0;
  bytes signed_message; ///< CBOR; sent again unchanged after a crash
  weir::cid cid;
  message_state state = message_state::intended;
  std::int64_t exit_code = 0;
  epoch landed_at = no_epoch;
  epoch created_at = no_epoch;
  weir::problem problem;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("id", s.id);
    v("purpose", s.purpose);
    v("from", s.from);
    v("to", s.to);
    v("value", s.value);
    v("method", s.method);
    v("params", s.params);
    v("nonce", s.nonce);
    v("signedMessage", s.signed_message);
    v("cid", s.cid);
    v("state", s.state);
    v("exitCode", s.exit_code);
    v("landedAt", s.landed_at);
    v("createdAt", s.created_at);
    v("problem", s.problem);
  }
};

/// An API token, kept only as its SHA-256. Key: the hash in hex.
struct access_token {
  static constexpr std::uint32_t version = 2;
  std::string hash;
  std::string name;
  owner_id owner;
  bool admin = false;
  unix_ms created;
  unix_ms expires; ///< 0 is never
  bool revoked = false;
  instance_id instance;     ///< that it opens (FFS); empty: a user's or the operator's
  std::uint32_t scopes = 0; ///< of a token of an instance: ffs::scope bits

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("hash", s.hash);
    v("name", s.name);
    v("owner", s.owner);
    v("admin", s.admin);
    v("created", s.created);
    v("expires", s.expires);
    v("revoked", s.revoked);
    v("instance", s.instance, 2);
    v("scopes", s.scopes, 2);
  }
};

/// The answer that was given to a write with this idempotency key. Key: owner, key.
struct idempotent_answer {
  static constexpr std::uint32_t version = 1;
  std::string key;
  owner_id owner;
  std::string request_hash;
  std::string answer;
  unix_ms created;

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("key", s.key);
    v("owner", s.owner);
    v("requestHash", s.request_hash);
    v("answer", s.answer);
    v("created", s.created);
  }
};

} // namespace weir
