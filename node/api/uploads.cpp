// Uploads: open one, send files as raw bytes, commit it to become a content.
#include "node/api/endpoints.hpp"
#include "node/api/reference_paths.hpp"
#include "node/api/upload_stream.hpp"
#include "node/json/record.hpp"

#include <filesystem>

namespace weir::api {

namespace {

result<upload_id> upload_of(const call& c) {
  auto id = c.capture("id");
  auto known = c.node->uploads.find(id);
  if (known == c.node->uploads.end() || !c.who.sees(known->second))
    return fail(errc::not_found, "There is no such upload; it may have been committed or dropped.", id);
  return upload_id{id};
}

result<open_upload> wish_of(const caller& who, const json::value& body) {
  open_upload wish;
  wish.owner = who.owner;
  wish.name = body["name"].string();
  wish.bucket_name = body["bucket"].string();
  wish.may_be_dropped = body["mayBeDropped"].boolean();
  if (wish.name.empty())
    return fail(errc::invalid_argument, "A content needs a name.");
  if (body.has("copies")) {
    auto copies = body["copies"].u64();
    if (!copies || *copies == 0 || *copies > 64)
      return fail(errc::invalid_argument, "copies is a number.", body["copies"].string(), "1 to 64");
    wish.copies = static_cast<std::uint32_t>(*copies);
  }
  return wish;
}

void open(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto wish = wish_of(ready.who, body);
    if (!good(ready, wish))
      return;
    ask(ready, ready.node->contents, *wish, [ready](const upload_id& id) {
      ready.node->uploads[id.value] = ready.who.owner;
      json::writer w;
      w.begin_object().member("id", id.value).end_object();
      ready.json(201, w);
    });
  });
}

void put_file(call c) {
  auto upload = upload_of(c);
  if (good(c, upload))
    receive_file(c, *upload, c.capture("path"));
}

void put_car(call c) {
  auto upload = upload_of(c);
  if (good(c, upload))
    receive_car(c, *upload);
}

/// What is asked of the content actor. A client that says how large the file
/// is means the one that it sees.
result<refer_file> reference_of(const call& c, const json::value& body) {
  WEIR_TRY(auto upload, upload_of(c));
  if (body.has("more")) {
    auto more = body["more"].u64();
    if (!more || *more == 0 || *more > UINT32_MAX)
      return fail(errc::invalid_argument, "more is what the answer before had.", body["more"].string());
    return refer_file{upload, {}, {}, static_cast<std::uint32_t>(*more)};
  }
  WEIR_TRY(auto file, allowed_reference(c.node->options.reference_root, body["file"].string()));
  std::error_code code;
  if (body.has("size") && body["size"].u64() != std::filesystem::file_size(file, code))
    return fail(errc::changed, "The node finds a file of another size under this name; is it the same machine?", file);
  return refer_file{upload, body["path"].string(), file, 0};
}

void put_reference(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto wanted = reference_of(ready, body);
    if (!good(ready, wanted))
      return;
    auto answer = [ready](const referred_file& f) {
      json::writer w;
      w.begin_object();
      if (f.more != 0)
        w.member("more", std::uint64_t{f.more}).member("done", f.done);
      else
        w.member("cid", f.made.cid.text()).member("size", f.made.size);
      w.end_object();
      ready.json(201, w);
    };
    ask(ready, ready.node->contents, *wanted, answer, slow_ask_time);
  });
}

void put_symlink(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto upload = upload_of(ready);
    if (good(ready, upload))
      ask(ready, ready.node->contents, add_symlink{*upload, body["path"].string(), body["target"].string()},
          [ready](nothing) { ready.json(201, std::string{"{}"}); });
  });
}

void put_folder(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto upload = upload_of(ready);
    if (good(ready, upload))
      ask(ready, ready.node->contents, add_folder{*upload, body["path"].string()},
          [ready](nothing) { ready.json(201, std::string{"{}"}); });
  });
}

void commit(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto upload = upload_of(ready);
    if (!good(ready, upload) || !runs(ready, ready.node->contents))
      return;
    auto id = *upload;
    ready.node->self->request(ready.node->contents, slow_ask_time, atom::commit_v, id)
        .then(
            [ready, id](const content& made) {
              ready.node->uploads.erase(id.value);
              ready.json(201, json::to_json(made));
            },
            [ready](const caf::error& e) { ready.fail(from_caf(e)); });
  });
}

void drop(call c) {
  auto upload = upload_of(c);
  if (!good(c, upload) || !runs(c, c.node->contents))
    return;
  auto id = *upload;
  c.node->self->request(c.node->contents, ask_time, atom::abort_v, id)
      .then(
          [c, id](nothing) {
            c.node->uploads.erase(id.value);
            c.reply(http::response::empty(204));
          },
          [c](const caf::error& e) { c.fail(from_caf(e)); });
}

} // namespace

endpoints upload_endpoints() {
  return {
      {"POST", "/uploads", access::user, "Opens an upload, which becomes one content.", "",
       "name bucket copies mayBeDropped", 201, open},
      {"PUT", "/uploads/{id}/files/{path*}", access::user,
       "A file as raw bytes; an empty path makes the content that one file.", "", "bytes", 201, put_file},
      {"PUT", "/uploads/{id}/car", access::user,
       "A CAR with one root, which becomes the content; every block is checked.", "", "bytes", 201, put_car},
      {"POST", "/uploads/{id}/references", access::admin,
       "A file that stays where it is on the node's machine. Of a large one a part is read: while the answer has "
       "`more`, "
       "send just that.",
       "", "path file size more", 201, put_reference},
      {"POST", "/uploads/{id}/symlinks", access::user, "A symbolic link.", "", "path target", 201, put_symlink},
      {"POST", "/uploads/{id}/folders", access::user, "An empty folder.", "", "path", 201, put_folder},
      {"POST", "/uploads/{id}/commit", access::user, "The content, once its bytes are durable.", "", "", 201, commit},
      {"DELETE", "/uploads/{id}", access::user, "Drops what was sent.", "", "", 204, drop},
  };
}

} // namespace weir::api
