// add: streams files and folders to the node, one content per argument.
#include "node/cli/commands/shared.hpp"
#include "node/cli/commands/wait.hpp"
#include "node/cli/tree_walk.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "storage/support/steady_file.hpp"

#include <filesystem>

namespace weir::cli {

namespace {

error for_people(error e, const std::string& disk_path) {
  e.value = printable(disk_path);
  return e;
}

/// As the walk found it.
result<steady_file> open_found(const found_file& f) {
  auto file = steady_file::open(f.disk_path);
  if (!file)
    return for_people(file.error(), f.disk_path);
  if (file->size() != f.size)
    return fail(errc::changed, "The file changed while it was read; nothing was added. Add it again.",
                printable(f.disk_path));
  return file;
}

struct totals {
  std::uint64_t bytes = 0;
  std::uint64_t things = 0;
};

class adding {
public:
  adding(context& c, progress& bar) : c_{c}, bar_{bar} {}

  result<json::value> run(const std::string& path) {
    WEIR_TRY(auto name, content_name(path));
    totals all;
    WEIR_CHECK(walk_tree(path, [&](const found_file& f) -> status {
      all.bytes += f.size;
      ++all.things;
      return {};
    }));
    WEIR_TRY(auto opened, c_.node().send("POST", "/uploads", wish(name)));
    upload_ = "/uploads/" + coded(opened["id"].text);
    bar_.start("adding", all.bytes);
    auto sent = walk_tree(path, [&](const found_file& f) { return send(f); });
    auto made = sent ? c_.node().send("POST", upload_ + "/commit") : result<json::value>{sent.error()};
    if (!made) { // nothing half added stays
      (void)c_.node().send("DELETE", upload_);
      return made;
    }
    bar_.finish(std::to_string(all.things) + (all.things == 1 ? " file" : " files"));
    return made;
  }

private:
  std::string wish(const std::string& name) const {
    const auto& g = c_.given();
    json::writer w;
    w.begin_object().member("name", name);
    if (g.has("bucket"))
      w.member("bucket", g.get("bucket"));
    if (auto copies = parse_number(g.get("copies")); copies)
      w.member("copies", *copies);
    w.end_object();
    return w.take();
  }

  status send(const found_file& f) {
    if (f.type == found_file::kind::file)
      return send_file(f);
    json::writer w;
    w.begin_object().member("path", f.path);
    if (f.type == found_file::kind::link)
      w.member("target", f.target);
    w.end_object();
    auto where = f.type == found_file::kind::link ? "/symlinks" : "/folders";
    auto answer = c_.node().send("POST", upload_ + where, w.take());
    return answer ? status{} : status{answer.error()};
  }

  /// The node reads it where it lies: on this machine, then.
  status refer_to(const found_file& f) {
    WEIR_TRY(auto file, open_found(f)); // what this user may not read is not added
    WEIR_TRY(auto name, whole_name(f.disk_path));
    json::writer w;
    w.begin_object().member("path", f.path).member("file", name).member("size", f.size).end_object();
    auto body = w.take();
    const auto before = done_;
    for (;;) {
      WEIR_TRY(auto answer, c_.node().send("POST", upload_ + "/references", body));
      auto more = answer["more"].u64();
      if (!more)
        break;
      bar_.update(before + answer["done"].u64().value_or(0));
      json::writer next;
      body = next.begin_object().member("more", *more).end_object().take();
    }
    bar_.update(done_ += f.size);
    return file.unchanged();
  }

  /// Links on the way to it are gone; one at its end is the node's to refuse.
  static result<std::string> whole_name(const std::string& disk_path) {
    std::error_code code;
    const std::filesystem::path path{disk_path};
    auto folder = std::filesystem::canonical(path.has_parent_path() ? path.parent_path() : ".", code);
    if (code)
      return os_error(code.value(), "This file cannot be read", path);
    return (folder / path.filename()).string();
  }

  status send_file(const found_file& f) {
    if (c_.given().has("reference"))
      return refer_to(f);
    WEIR_TRY(auto file, open_found(f));
    auto source = [&](std::span<std::uint8_t> into) -> result<std::size_t> {
      auto got = file.read(into);
      if (got) {
        done_ += *got;
        bar_.update(done_);
      }
      return got;
    };
    auto sent = c_.node().put(upload_ + "/files/" + coded(f.path, true), f.size, source);
    if (!sent)
      return sent.error().value.empty() ? for_people(sent.error(), f.disk_path) : sent.error();
    auto same = file.unchanged();
    return same ? same : status{for_people(same.error(), f.disk_path)};
  }

  context& c_;
  progress& bar_;
  std::string upload_;
  std::uint64_t done_ = 0;
};

int add(context& c) {
  const auto& g = c.given();
  if (g.has("copies"))
    if (auto copies = parse_number(g.get("copies")); !copies || *copies == 0)
      return c.fail(fail(errc::usage, "--copies is a number from 1.", g.get("copies")));
  progress bar{c.err(), error_is_terminal() && !c.json()};
  for (const auto& path : g.arguments) {
    auto made = adding{c, bar}.run(path);
    if (!made)
      return c.fail(made.error());
    if (!g.has("wait") || g.get("wait") == "stored") {
      c.json() ? c.object(*made) : c.line((*made)["cid"].text + "  " + (*made)["name"].text);
      continue;
    }
    auto reached = wait_for_state(c, bar, (*made)["id"].text, g.get("wait"));
    if (!reached)
      return c.fail(reached.error());
    c.json() ? c.object(*reached) : c.line((*reached)["cid"].text + "  " + (*reached)["name"].text);
  }
  return 0;
}

} // namespace

std::vector<command> add_commands() {
  return {
      {"add",
       "PATH…",
       "Add files and folders: one content per argument.",
       "weir add photos --bucket photos --wait active",
       {{"bucket", "NAME", "into this bucket of yours; the global one otherwise"},
        {"copies", "N", "how many copies on distinct providers; 6 otherwise"},
        {"reference", "",
         "leave the bytes in these files, which the node reads where they lie: on its own machine, below its "
         "--reference-root, and unchanged until they are packed"},
        {"wait", "STATE", "come back when it is stored, packed or active", false, {"stored", "packed", "active"}}},
       1,
       10000,
       add},
  };
}

} // namespace weir::cli
