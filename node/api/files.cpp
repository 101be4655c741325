// What is inside a content: folders, and the bytes of files.
#include "node/api/bytes.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/api/reading.hpp"
#include "node/json/record.hpp"

namespace weir::api {

namespace {

void write_entry(json::writer& w, const directory_entry& e) {
  w.begin_object().member("name", e.name).member("type", kind_name(e.type)).member("size", e.size).key("cid");
  json::write(w, e.cid);
  w.end_object();
}

/// What was asked for, and the entries in it; of what is no folder, itself.
void answer_entries(const call& c, const directory_entry& at, const std::vector<directory_entry>& entries, bool more) {
  json::writer w;
  w.begin_object().member("name", at.name).member("type", kind_name(at.type)).key("entries").begin_array();
  for (const auto& e : entries)
    write_entry(w, e);
  w.end_array().key("next");
  more && !entries.empty() ? w.value(entries.back().name) : w.null();
  w.end_object();
  c.json(200, w);
}

void list_files(call c) {
  auto p = page_of(c);
  auto from = source_of(c);
  if (!good(c, p) || !good(c, from))
    return;
  open_at(c, c.param("path"), *from, [c, p = *p](const content& of, const read_ticket& t) {
    auto open = std::make_shared<open_ticket>(*c.node, t);
    auto itself = t.entry;
    if (itself.name.empty())
      itself.name = of.name;
    if (t.entry.type != directory_entry::kind::directory)
      return answer_entries(c, itself, {itself}, false);
    ask(
        c, c.node->retriever, list_folder{t.read, p.after, static_cast<std::uint32_t>(p.limit)},
        [c, open, p, itself](const std::vector<directory_entry>& entries) {
          answer_entries(c, itself, entries, entries.size() == p.limit);
        },
        slow_ask_time);
  });
}

void send_file(call c) {
  auto from = source_of(c);
  if (!good(c, from))
    return;
  auto path = c.capture("path");
  open_at(c, path, *from, [c, path](const content& of, const read_ticket& t) {
    // The bytes of a link are its target.
    if (t.entry.type == directory_entry::kind::directory) {
      open_ticket closes{*c.node, t};
      return c.fail(fail(errc::invalid_path, "This is a folder; name a file inside it.", path));
    }
    auto name = path.substr(path.rfind('/') + 1);
    send_bytes(c, t, name.empty() ? of.name : name, true);
  });
}

} // namespace

std::string_view kind_name(directory_entry::kind k) {
  switch (k) {
  case directory_entry::kind::directory:
    return "dir";
  case directory_entry::kind::symlink:
    return "symlink";
  default:
    return "file";
  }
}

void open_at(const call& c, std::string path, read_from from,
             std::function<void(const content&, const read_ticket&)> then) {
  auto found = find_content(c, *c.node->newest());
  if (!good(c, found))
    return;
  ask(
      c, c.node->retriever, open_read{found->owner, found->id, std::move(path), from},
      [found = *found, then](const read_ticket& t) { then(found, t); }, slow_ask_time);
}

result<read_from> source_of(const call& c) {
  auto from = c.param("from");
  if (from.empty())
    return read_from::local_or_provider;
  if (from == "local")
    return read_from::local;
  if (from == "provider")
    return read_from::provider;
  return fail(errc::invalid_argument, "from is local or provider.", from);
}

endpoints file_endpoints() {
  return {
      {"GET", "/contents/{id}/files", access::user, "The entries of a folder inside a content, by name.",
       "path limit after from", "", 200, list_files},
      {"GET", "/contents/{id}/data/{path*}", access::user,
       "The bytes of a file; ranges, ETag. Always as an attachment.", "from", "", 200, send_file},
  };
}

} // namespace weir::api
