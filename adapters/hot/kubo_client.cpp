#include "adapters/hot/kubo_client.hpp"

#include "adapters/hot/kubo_answer.hpp"
#include "storage/hash/block_cid.hpp"

#include <nlohmann/json.hpp>

namespace weir::hot {

using nlohmann::json;

namespace {

result<cid> cid_at(const json& object, const char* name) {
  auto at = object.is_object() ? object.find(name) : object.end();
  return cid::parse(at != object.end() ? text_of(*at, "/") : std::string{});
}

} // namespace

struct kubo_client::query {
  std::string command;
  http::query args;
  loop::milliseconds timeout{0}; ///< zero: `answer_timeout`
};

http::client_request kubo_client::request(const query& what) const {
  http::client_request r;
  r.verb = "POST";
  auto args = what.args.text();
  r.url = options_.url + "/api/v0/" + what.command + (args.empty() ? "" : "?" + args);
  if (auto who = authorization(options_.who); !who.empty())
    r.fields.add("Authorization", who);
  r.connect_timeout = options_.connect_timeout;
  r.stall_timeout = options_.quiet;
  r.timeout = what.timeout.count() == 0 ? options_.answer_timeout : what.timeout;
  r.max_body = 4 << 20;
  return r;
}

http::call_ptr kubo_client::ask(const query& what, then<json> done) {
  auto r = request(what);
  r.stall_timeout = r.timeout; // it thinks, and then says it all
  return client_.fetch(std::move(r), [done = std::move(done)](result<http::client_response> got) {
    if (!got)
      return done(got.error());
    done(got->status == 200 ? parse_answer(kubo_peer, got->body) : kubo_refusal(got->status, got->body));
  });
}

http::call_ptr kubo_client::id(then<kubo_id> done) {
  return ask({"id", {}}, [done = std::move(done)](result<json> got) {
    if (!got)
      return done(got.error());
    kubo_id out{text_of(*got, "ID"), text_of(*got, "AgentVersion"), {}};
    if (auto list = got->find("Addresses"); list != got->end() && list->is_array())
      for (const auto& a : *list)
        out.addresses.push_back(a.is_string() ? a.get<std::string>() : std::string{});
    done(std::move(out));
  });
}

http::call_ptr kubo_client::version(then<std::string> done) {
  return ask({"version", {}}, [done = std::move(done)](result<json> got) {
    done(got ? result<std::string>{text_of(*got, "Version")} : got.error());
  });
}

http::call_ptr kubo_client::repo_stat(then<kubo_repo> done) {
  return ask({"repo/stat", {}}, [done = std::move(done)](result<json> got) {
    if (!got)
      return done(got.error());
    done(kubo_repo{number_of(*got, "RepoSize"), number_of(*got, "StorageMax"), number_of(*got, "NumObjects"),
                   text_of(*got, "RepoPath")});
  });
}

http::call_ptr kubo_client::put_block(const cid& id, bytes block, then_status done) {
  struct whole : car_feed {
    bytes data;
    std::size_t sent = 0;
    http::upload_step read(std::span<std::uint8_t> into) override {
      auto step = std::min(into.size(), data.size() - sent);
      if (step == 0)
        return http::upload_step::end();
      std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(sent), step, into.begin());
      sent += step;
      return http::upload_step::bytes(step);
    }
    error problem() const override { return {}; }
  };
  auto feed = std::make_shared<whole>();
  feed->data = std::move(block);
  auto form = form_of(feed);
  query what{"block/put", {}};
  what.args.add("cid-codec", id.codec() == codec::dag_pb ? "dag-pb" : id.codec() == codec::raw ? "raw" : "dag-cbor");
  auto r = request(what);
  r.source = form.source;
  r.fields.add("Content-Type", form.content_type);
  return client_.fetch(std::move(r), [id, done = std::move(done)](result<http::client_response> got) {
    if (!got)
      return done(got.error());
    if (got->status != 200)
      return done(kubo_refusal(got->status, got->body));
    auto made = parse_answer(kubo_peer, got->body);
    auto key = made ? cid::parse(text_of(*made, "Key")) : result<cid>{made.error()};
    if (!key)
      return done(key.error());
    if (key->digest().size() != id.digest().size() || to_bytes(key->multihash()) != to_bytes(id.multihash()))
      return done(fail(errc::corrupt, "The IPFS node made another block of it.", key->text(), id.text()));
    done({});
  });
}

http::call_ptr kubo_client::get_block(const cid& id, bool offline, then<bytes> done) {
  query what{"block/get", {}};
  what.args.add("arg", id.text());
  if (offline)
    what.args.add("offline", "true");
  auto r = request(what);
  r.max_body = max_block_size;
  return client_.fetch(std::move(r), [id, done = std::move(done)](result<http::client_response> got) {
    if (!got)
      return done(got.error());
    if (got->status != 200)
      return done(kubo_refusal(got->status, got->body));
    if (auto right = verify_block(id, as_bytes(got->body)); !right)
      return done(right.error());
    done(to_bytes(as_bytes(got->body)));
  });
}

http::call_ptr kubo_client::pin(const cid& id, const std::string& name, loop::milliseconds timeout,
                                std::function<void(std::uint64_t)> progress, then_status done) {
  query what{"pin/add", {}, timeout};
  what.args.add("arg", id.text());
  what.args.add("recursive", "true");
  what.args.add("progress", "true"); // a line each half second: a sign of life
  if (!name.empty())
    what.args.add("name", name);
  auto pinned = std::make_shared<bool>(false);
  auto lines = std::make_shared<json_lines>(kubo_peer, [pinned, progress](const json& line) -> weir::status {
    WEIR_CHECK(line_problem(line));
    if (line.contains("Pins"))
      *pinned = true;
    else if (progress)
      progress(number_of(line, "Progress"));
    return {};
  });
  auto end = [lines, pinned, done = std::move(done)](weir::status how) {
    auto read = lines->finish();
    if (how && !read)
      how = read;
    if (how && !*pinned)
      how = fail(errc::unreachable, "The IPFS node ended its answer before it had pinned.");
    done(how);
  };
  auto s = std::make_shared<kubo_stream>();
  return client_.stream(request(what), s->events(
                                           s, [lines](bytes_view part) { lines->feed(part); }, end));
}

http::call_ptr kubo_client::pinned(const cid& id, then<bool> done) {
  query what{"pin/ls", {}};
  what.args.add("arg", id.text());
  what.args.add("type", "recursive");
  return ask(what, [done = std::move(done)](result<json> got) {
    if (!got && got.error().code == errc::not_found)
      return done(false);
    if (!got)
      return done(got.error());
    auto keys = got->find("Keys");
    done(keys != got->end() && keys->is_object() && !keys->empty());
  });
}

http::call_ptr kubo_client::pins(std::function<void(const kubo_pin&)> each, then_status done) {
  query what{"pin/ls", {}, loop::milliseconds{3'600'000}};
  what.args.add("type", "recursive");
  what.args.add("stream", "true");
  what.args.add("names", "true");
  auto lines = std::make_shared<json_lines>(kubo_peer, [each](const json& line) -> weir::status {
    WEIR_CHECK(line_problem(line));
    WEIR_TRY(auto id, cid::parse(text_of(line, "Cid")));
    each({std::move(id), text_of(line, "Name"), text_of(line, "Type")});
    return {};
  });
  auto end = [lines, done = std::move(done)](const weir::status& how) {
    auto read = lines->finish();
    done(how ? read : how);
  };
  auto s = std::make_shared<kubo_stream>();
  auto r = request(what);
  r.max_body = UINT64_MAX;
  return client_.stream(std::move(r), s->events(
                                          s, [lines](bytes_view part) { lines->feed(part); }, end));
}

http::call_ptr kubo_client::unpin(const cid& id, then_status done) {
  query what{"pin/rm", {}};
  what.args.add("arg", id.text());
  return ask(what, [done = std::move(done)](const result<json>& got) {
    bool gone = got || got.error().message.find("not pinned") != std::string::npos;
    done(gone ? status{} : status{got.error()});
  });
}

http::call_ptr kubo_client::dag_size(const cid& id, then<std::uint64_t> done) {
  query what{"dag/stat", {}, options_.quiet_import};
  what.args.add("arg", id.text());
  what.args.add("progress", "false");
  what.args.add("offline", "true");
  return ask(what, [done = std::move(done)](const result<json>& got) {
    done(got ? result<std::uint64_t>{number_of(*got, "TotalSize")} : result<std::uint64_t>{got.error()});
  });
}

http::call_ptr kubo_client::import_car(const cid& root, car_feed_ptr feed, loop::milliseconds timeout,
                                       then<kubo_import> done) {
  query what{"dag/import", {}, timeout};
  what.args.add("pin-roots", "true");
  what.args.add("stats", "true");
  auto form = form_of(feed);
  auto r = request(what);
  r.source = form.source;
  r.fields.add("Content-Type", form.content_type);
  r.stall_timeout = options_.quiet_import;
  auto made = std::make_shared<kubo_import>();
  auto lines = std::make_shared<json_lines>(kubo_peer, [made](const json& line) -> weir::status {
    WEIR_CHECK(line_problem(line));
    if (auto stats = line.find("Stats"); stats != line.end() && stats->is_object()) {
      made->blocks = number_of(*stats, "BlockCount");
      made->bytes = number_of(*stats, "BlockBytesCount");
    }
    auto root = line.find("Root");
    if (root == line.end() || !root->is_object())
      return {};
    if (auto why = text_of(*root, "PinErrorMsg"); !why.empty())
      return error_in_words(why, 500);
    WEIR_TRY(made->root, cid_at(*root, "Cid"));
    return {};
  });
  auto end = [root, made, lines, feed, done = std::move(done)](const weir::status& how) {
    auto read = lines->finish();
    if (auto why = feed->problem(); why.code != errc::none)
      return done(why); // ours, not Kubo's
    if (!how || !read)
      return done(how ? read.error() : how.error());
    if (made->root != root)
      return done(fail(errc::protocol, "The IPFS node took in another root.", made->root.text(), root.text()));
    done(*made);
  };
  auto s = std::make_shared<kubo_stream>();
  auto call = client_.stream(std::move(r), s->events(
                                               s, [lines](bytes_view part) { lines->feed(part); }, end));
  feed->more = [weak = std::weak_ptr{call}] {
    if (auto c = weak.lock())
      c->resume_upload();
  };
  return call;
}

http::call_ptr kubo_client::export_car(const cid& root, bool offline, loop::milliseconds timeout,
                                       std::function<void(bytes_view)> data, then_status done) {
  query what{"dag/export", {}, timeout};
  what.args.add("arg", root.text());
  what.args.add("progress", "false");
  if (offline)
    what.args.add("offline", "true");
  auto r = request(what);
  r.max_body = UINT64_MAX;
  auto s = std::make_shared<kubo_stream>();
  return client_.stream(std::move(r), s->events(s, std::move(data), std::move(done)));
}

} // namespace weir::hot
