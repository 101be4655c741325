// add: streams files and folders to the node, one content per argument.
#include "node/cli/commands/shared.hpp"
#include "node/cli/commands/wait.hpp"
#include "node/cli/tree_walk.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::cli {

namespace {

/// A file that must stay what it was when its reading began.
class steady_file {
public:
  static result<steady_file> open(const found_file& f) {
    steady_file out;
    auto fd = open_file(f.disk_path, O_RDONLY);
    if (!fd) {
      auto e = fd.error();
      e.message = "This file cannot be read.";
      e.value = printable(f.disk_path);
      return e;
    }
    out.fd_ = std::move(*fd);
    out.path_ = f.disk_path;
    out.left_ = f.size;
    if (::fstat(out.fd_.get(), &out.before_) != 0)
      return os_error(errno, "This file cannot be read.", f.disk_path);
    if (static_cast<std::uint64_t>(out.before_.st_size) != f.size)
      return out.changed();
    return out;
  }

  result<std::size_t> read(std::span<std::uint8_t> into) {
    if (left_ == 0)
      return std::size_t{0};
    auto n = ::read(fd_.get(), into.data(), std::min<std::uint64_t>(into.size(), left_));
    if (n < 0)
      return os_error(errno, "This file cannot be read.", path_);
    if (n == 0)
      return changed();
    left_ -= static_cast<std::uint64_t>(n);
    return static_cast<std::size_t>(n);
  }

  status unchanged() const {
    struct stat now {};
    if (::fstat(fd_.get(), &now) != 0)
      return os_error(errno, "This file cannot be read.", path_);
    bool same = now.st_size == before_.st_size && now.st_mtim.tv_sec == before_.st_mtim.tv_sec
                && now.st_mtim.tv_nsec == before_.st_mtim.tv_nsec;
    return same ? status{} : status{changed()};
  }

private:
  error changed() const {
    return fail(errc::changed, "The file changed while it was read; nothing was added. Add it again.",
                printable(path_));
  }

  file_descriptor fd_;
  std::string path_;
  std::uint64_t left_ = 0;
  struct stat before_ {};
};

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

  status send_file(const found_file& f) {
    WEIR_TRY(auto file, steady_file::open(f));
    auto source = [&](std::span<std::uint8_t> into) -> result<std::size_t> {
      auto got = file.read(into);
      if (got) {
        done_ += *got;
        bar_.update(done_);
      }
      return got;
    };
    auto sent = c_.node().put(upload_ + "/files/" + coded(f.path, true), f.size, source);
    if (!sent) {
      auto e = sent.error();
      if (e.value.empty())
        e.value = printable(f.disk_path);
      return e;
    }
    return file.unchanged();
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
        {"wait", "STATE", "come back when it is stored, packed or active", false, {"stored", "packed", "active"}}},
       1,
       10000,
       add},
  };
}

} // namespace weir::cli
