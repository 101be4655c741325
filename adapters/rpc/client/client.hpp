#pragma once
// weir_client: a Weir node from a C++ program over its remote API, without any
// of Cap'n Proto in sight. The calls block; the same in promises for programs
// that have a KJ loop of their own: promises.hpp.
//
//   auto node = client::session::open({.address = "unix:/var/lib/weir/rpc.sock"});
//   auto stored = (*node)->store_file("film.mp4", {.bucket = "films"});
//   (*node)->watch({.subjects = {stored->id}}, 0, [](const client::transaction& t) {
//     return t.events.back().kind != "content.active";   // false: enough
//   });
//
// A session belongs to the thread that opened it; a thread may have several.
// Errors are those of the catalogue; besides unreachable (no connection, or it
// was lost in the middle) and signature (the certificate is not to be trusted).
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::client {

struct endpoint {
  std::string address;     ///< "unix:PATH" or "HOST:PORT"
  std::string token;       ///< on the unix socket an empty one is the operator's
  bool tls = false;        ///< for HOST:PORT; always outside of loopback
  std::string ca_file;     ///< certificates to trust, PEM; the system's if empty
  std::string server_name; ///< that the certificate has; the address's host if empty (an IP address is none)
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds patience{60'000}; ///< a watch tries so long to connect again
};

struct about {
  std::string version, network;
  std::uint32_t protocol = 0;
  std::int64_t epoch = -1;
  std::uint64_t revision = 0, oldest_revision = 0;
};

struct content {
  std::string id, name, cid, state, bucket;
  std::uint64_t size = 0;
  std::uint32_t copies = 0;
  bool local = false;
};

struct upload_wish {
  std::string name;         ///< the file's if empty
  std::string bucket;       ///< "": the global one
  std::uint32_t copies = 0; ///< 0: the node's default
  bool may_be_dropped = false;
};

struct event {
  std::string kind, subject, owner;
};
struct transaction {
  std::uint64_t revision = 0, previous = 0;
  std::int64_t time = 0; ///< Unix ms
  std::vector<event> events;
};
struct watch_filter {
  std::vector<std::string> kinds;    ///< "content.stored", or "content"; empty: all
  std::vector<std::string> subjects; ///< ids; empty: all
};

// FFS: instance.hpp
class instance;
struct instance_info;
struct quota;
struct made_instance;
struct scheduler;
template <class T>
struct page_of;

/// As `from` of a watch: only what is still to come.
inline constexpr std::uint64_t from_now = UINT64_MAX;

class session {
public:
  static result<std::unique_ptr<session>> open(endpoint where);
  ~session();

  result<client::about> about();
  result<content> find(const std::string& id);
  /// Durable in the node when it returns; a folder with all that is in it.
  result<content> store_file(const std::filesystem::path& file, const upload_wish& wish = {});
  /// One file from `read`, which fills at most what it is given; 0 is the end.
  result<content> store(const std::function<result<std::size_t>(std::span<std::uint8_t>)>& read,
                        const upload_wish& wish);
  /// The bytes of a file (`path` in the content, "" if it is one), in order; an error of
  /// `take` ends it and is returned. Every block was verified by the node.
  result<std::uint64_t> download(const std::string& content, const std::string& path,
                                 const std::function<status(bytes_view)>& take);
  /// Every transaction behind `from` that fits, then what comes, until `visit` says
  /// false. Goes on behind the last one after a lost connection and a restart of
  /// the node: none is missed and none comes twice. The last revision.
  /// Errors: compacted, unauthenticated (also: revoked), unreachable (for `patience`).
  result<std::uint64_t> watch(const watch_filter& filter, std::uint64_t from,
                              const std::function<bool(const transaction&)>& visit);

  /// That of the token.
  client::instance instance();
  /// For the operator: any, with every scope; what is wrong with it says its first call.
  client::instance open_instance(const std::string& id);
  /// For the operator.
  result<made_instance> make_instance(const std::string& name, const std::string& scheduler = {});
  /// Wired to another scheduler: what waits goes over, what runs ends where it began.
  result<instance_info> move_instance(const std::string& id, const std::string& scheduler);
  /// Its quota, whole: instance::usage() says what it is now.
  result<instance_info> limit_instance(const std::string& id, const quota& limits);
  result<std::vector<scheduler>> schedulers();
  result<page_of<instance_info>> instances(const std::string& after, std::uint32_t limit);
  /// With all that is in it.
  status delete_instance(const std::string& id);

  struct impl; ///< the library's own

private:
  friend class client::instance;
  explicit session(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir::client
