#include "storage/unixfs/directory_builder.hpp"

#include "storage/ipld/utf8.hpp"
#include "storage/unixfs/directory_node.hpp"

#include <map>

namespace weir::unixfs {

/// A folder while it is one, else the node.
struct directory_builder::entry {
  std::unique_ptr<folder> below;
  child node;
};

struct directory_builder::folder {
  std::map<std::string, entry, std::less<>> entries;
  attributes attr;
};

namespace {

/// What has to be shown of a path, in characters that any terminal and JSON take.
std::string shown(std::string_view path) {
  std::string text;
  const bool plain = ipld::valid_utf8(path);
  for (auto c : path.substr(0, 512)) {
    auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte != 0x7f && (plain || byte < 0x80))
      text.push_back(c);
    else
      text += "\\x" + to_hex({&byte, 1});
  }
  return text;
}

error bad_path(std::string why, std::string_view path) {
  return fail(errc::invalid_path, std::move(why), shown(path));
}

status check_name(std::string_view name, std::string_view path, const directory_limits& limits) {
  if (name.empty() || name == "." || name == "..")
    return bad_path("a path inside a content has no empty names, no \".\" and no \"..\"", path);
  if (name.find('\0') != name.npos)
    return bad_path("a name cannot have a NUL character", path);
  if (!ipld::valid_utf8(name))
    return bad_path("a name that is not UTF-8 cannot be stored: rename the file", path);
  if (name.size() > limits.name_size)
    return fail(errc::too_large, "a name is too long", shown(name), std::to_string(limits.name_size) + " bytes");
  return {};
}

} // namespace

directory_builder::directory_builder(block_sink& sink, const profile& p, const directory_limits& limits)
    : writer_{sink, p}, limits_{limits}, root_{std::make_unique<folder>()}, usable_{check(p)} {}

directory_builder::~directory_builder() = default;

status directory_builder::count_entry(std::string_view path) {
  if (++entries_ > limits_.entries)
    return fail(errc::too_large, "too many files in one content", shown(path), std::to_string(limits_.entries));
  return {};
}

result<directory_builder::folder*> directory_builder::enter(folder& parent, const std::string& name,
                                                            std::string_view path) {
  auto [it, is_new] = parent.entries.try_emplace(name);
  if (is_new) {
    WEIR_CHECK(count_entry(path));
    it->second.below = std::make_unique<folder>();
  }
  if (!it->second.below)
    return fail(errc::already_exists, "there is a file where a folder is needed", shown(path));
  return it->second.below.get();
}

result<directory_builder::place> directory_builder::find_place(std::string_view path) {
  WEIR_CHECK(usable_);
  place p{root_.get(), {}};
  auto rest = path;
  for (std::size_t depth = 1;; ++depth) {
    if (depth > limits_.depth)
      return fail(errc::too_large, "a path has too many folders", shown(path), std::to_string(limits_.depth));
    auto slash = rest.find('/');
    auto name = rest.substr(0, slash);
    WEIR_CHECK(check_name(name, path, limits_));
    p.name = name;
    if (slash == rest.npos)
      return p;
    WEIR_TRY(p.parent, enter(*p.parent, p.name, path));
    rest.remove_prefix(slash + 1);
  }
}

status directory_builder::insert(std::string_view path, child node) {
  WEIR_TRY(auto p, find_place(path));
  auto [it, is_new] = p.parent->entries.try_emplace(std::move(p.name));
  if (!is_new)
    return fail(errc::already_exists, "two files have the same path", shown(path));
  it->second.node = std::move(node);
  return count_entry(path);
}

status directory_builder::add(std::string_view path, const imported& node) {
  WEIR_CHECK(insert(path, {node.id, node.dag_size, node.size}));
  blocks_below_ += node.blocks;
  return {};
}

status directory_builder::add_symlink(std::string_view path, std::string_view target, attributes attr) {
  if (target.empty() || target.size() > limits_.target_size)
    return fail(errc::too_large, "the target of a symbolic link is empty or too long", shown(path),
                std::to_string(limits_.target_size) + " bytes");
  WEIR_CHECK(usable_);
  WEIR_TRY(auto node, writer_.put_symlink(target, attr));
  return insert(path, std::move(node));
}

status directory_builder::add_directory(std::string_view path, attributes attr) {
  if (path.empty()) {
    root_->attr = attr;
    return {};
  }
  WEIR_TRY(auto p, find_place(path));
  WEIR_TRY(auto* made, enter(*p.parent, p.name, path));
  if (!attr.empty())
    made->attr = attr;
  return {};
}

result<child> directory_builder::write(folder& f) {
  std::vector<directory_entry> entries;
  entries.reserve(f.entries.size());
  while (!f.entries.empty()) { // taken apart on the way: the tree is not held twice
    auto taken = f.entries.extract(f.entries.begin());
    if (taken.mapped().below) {
      WEIR_TRY(taken.mapped().node, write(*taken.mapped().below));
    }
    entries.push_back({std::move(taken.key()), std::move(taken.mapped().node)});
  }
  return put_directory(writer_, entries, f.attr);
}

result<imported> directory_builder::finish() {
  WEIR_CHECK(usable_);
  WEIR_TRY(auto root, write(*root_));
  return imported{std::move(root.id), root.file_size, root.dag_size, blocks_below_ + writer_.blocks()};
}

} // namespace weir::unixfs
