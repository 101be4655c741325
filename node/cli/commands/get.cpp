// get: a file or a folder of a content, out of the node onto the disk. Every
// block was verified by the node. A file appears under its name when it is
// whole; links are made last, so that nothing is written through one.
#include "node/cli/commands/shared.hpp"
#include "node/cli/progress.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

struct pending_link {
  fs::path at;
  std::string source; ///< path inside the content
};

/// A name that the node sent must stay inside the folder it is for.
bool safe_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos && name.find('\0') == name.npos;
}

class getting {
public:
  getting(context& c, progress& bar, const json::value& content, std::string from)
      : c_{c}, bar_{bar}, base_{"/contents/" + coded(content["id"].text)}, from_{std::move(from)} {}

  /// What stands at a path of the content, then all below it.
  status run(const std::string& path, fs::path out) {
    WEIR_TRY(auto kind, kind_of(path));
    if (kind == "dir") {
      WEIR_CHECK(folder(path, out));
    } else {
      if (fs::is_directory(out))
        out /= path.empty() ? name_ : path.substr(path.rfind('/') + 1);
      WEIR_CHECK(file(path, out));
    }
    for (const auto& link : links_)
      WEIR_CHECK(make_link(link));
    return {};
  }

  std::uint64_t bytes() const { return done_; }
  std::uint64_t files() const { return files_; }

private:
  std::string listing(const std::string& path, const std::string& after) const {
    return base_ + "/files" + query_text({{"path", path}, {"from", from_}, {"limit", "500"}, {"after", after}});
  }

  /// A folder lists its entries, anything else lists itself: the parent tells which.
  result<std::string> kind_of(const std::string& path) {
    if (path.empty()) {
      WEIR_TRY(auto root, c_.node().get(base_ + "/files" + query_text({{"from", from_}, {"limit", "1"}})));
      name_ = root["name"].text;
      return root["type"].text;
    }
    WEIR_TRY(auto at, c_.node().get(base_ + "/files" + query_text({{"path", path}, {"from", from_}, {"limit", "1"}})));
    return at["type"].text;
  }

  status folder(const std::string& path, const fs::path& out) {
    std::error_code wrong;
    fs::create_directories(out, wrong);
    if (wrong)
      return fail(errc::io, "The folder cannot be made: " + wrong.message(), out.string());
    std::string after;
    do {
      WEIR_TRY(auto page, c_.node().get(listing(path, after)));
      for (const auto& e : page["entries"].items)
        WEIR_CHECK(entry(e, path, out));
      after = page["next"].string();
    } while (!after.empty());
    return {};
  }

  status entry(const json::value& e, const std::string& path, const fs::path& out) {
    const auto& name = e["name"].text;
    if (!safe_name(name))
      return fail(errc::invalid_path, "A name inside the content cannot be a file here.", printable(name));
    auto inside = path.empty() ? name : path + "/" + name;
    if (e["type"].text == "dir")
      return folder(inside, out / name);
    if (e["type"].text == "symlink") {
      links_.push_back({out / name, inside});
      return {};
    }
    return file(inside, out / name);
  }

  std::string data_path(const std::string& path) const {
    return base_ + "/data/" + coded(path, true) + query_text({{"from", from_}});
  }

  status file(const std::string& path, const fs::path& out) {
    auto part = out;
    part += ".part";
    WEIR_TRY(auto fd, open_file(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW));
    auto got = c_.node().download(data_path(path), [&](bytes_view data) -> status {
      WEIR_CHECK(write_all(fd.get(), data, part));
      bar_.update(done_ += data.size());
      return {};
    });
    if (!got) {
      ::unlink(part.c_str());
      return got;
    }
    ++files_;
    if (::rename(part.c_str(), out.c_str()) != 0)
      return os_error(errno, "The file cannot get its name.", out);
    return {};
  }

  status make_link(const pending_link& link) {
    std::string target;
    WEIR_CHECK(c_.node().download(data_path(link.source), [&](bytes_view data) -> status {
      target += as_text(data);
      return {};
    }));
    std::error_code ignored;
    fs::remove(link.at, ignored);
    if (::symlink(target.c_str(), link.at.c_str()) != 0)
      return os_error(errno, "The link cannot be made.", link.at);
    ++files_;
    return {};
  }

  context& c_;
  progress& bar_;
  std::string base_;
  std::string from_;
  std::string name_;
  std::vector<pending_link> links_;
  std::uint64_t done_ = 0;
  std::uint64_t files_ = 0;
};

int get(context& c) {
  auto wanted = take_apart(c.argument(0));
  auto found = contents_of(c.node(), wanted.name);
  if (!found)
    return c.fail(found.error());
  // The same bytes whichever content it is; one that is held here is quicker.
  const auto* content = &found->front();
  for (const auto& other : *found)
    if (other["local"].boolean())
      content = &other;
  progress bar{c.err(), error_is_terminal() && !c.json()};
  bar.start("getting", wanted.path.empty() ? (*content)["size"].u64().value_or(0) : 0);
  getting work{c, bar, *content, c.given().get("from")};
  if (auto done = work.run(wanted.path, c.given().get("output")); !done)
    return c.fail(done.error());
  bar.finish(std::to_string(work.files()) + (work.files() == 1 ? " file" : " files") + ", verified");
  if (c.json())
    c.object("{\"cid\":\"" + (*content)["cid"].text + "\",\"bytes\":" + std::to_string(work.bytes())
             + ",\"files\":" + std::to_string(work.files()) + "}");
  return 0;
}

int checked(context& c) {
  if (!c.given().has("output"))
    return c.fail(fail(errc::usage, "Say where to put it: -o OUT."));
  return get(c);
}

} // namespace

std::vector<command> get_commands() {
  return {
      {"get",
       "CID[/PATH]",
       "Get a file or a folder back, every block verified.",
       "weir get bafy…/photos/1.jpg -o 1.jpg",
       {{"output", "OUT", "file or folder to write; -o is short for it"},
        {"from", "WHERE", "only from here, or only from a provider", false, {"local", "provider"}}},
       1,
       1,
       checked},
  };
}

} // namespace weir::cli
