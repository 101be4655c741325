#include "storage/unixfs/tree_reader.hpp"

#include "storage/ipld/dag_pb.hpp"
#include "storage/unixfs/directory_node.hpp"

#include <bit>

namespace weir::unixfs {

namespace {

error bad_folder(const cid& id, std::string why) {
  return fail(errc::malformed, "not a UnixFS folder: " + std::move(why), id.text());
}

/// A dag-pb node with its UnixFS message.
struct unixfs_node {
  pb_node pb;
  data message;
};

result<unixfs_node> load(block_source& source, const cid& id) {
  if (id.codec() != codec::dag_pb)
    return fail(errc::unsupported, "this block is not UnixFS", id.text());
  bytes block;
  WEIR_CHECK(source.get(id, block));
  auto pb = decode_dag_pb(block);
  if (!pb || !pb->data)
    return fail(errc::malformed, "not a UnixFS node: " + (pb ? "it has no data" : pb.error().message), id.text());
  auto message = decode(*pb->data);
  if (!message)
    return fail(errc::malformed, message.error().message, id.text());
  return unixfs_node{*std::move(pb), *std::move(message)};
}

bool is_folder(const unixfs_node& n) {
  return n.message.type == data_type::directory || n.message.type == data_type::hamt_shard;
}

result<std::size_t> fanout_of(const cid& id, const data& message) {
  auto fanout = message.fanout.value_or(0);
  if (fanout < 8 || fanout > 1024 || !std::has_single_bit(fanout))
    return bad_folder(id, "impossible fanout");
  if (message.hash_type != murmur3_x64_64)
    return fail(errc::unsupported, "a sharded folder with a foreign hash function", id.text());
  return static_cast<std::size_t>(fanout);
}

/// The index before a name in a shard: upper-case hexadecimal of fixed width.
std::optional<std::size_t> slot_of(std::string_view link_name, std::size_t fanout) {
  auto size = hamt_prefix_size(fanout);
  if (link_name.size() < size)
    return std::nullopt;
  std::size_t slot = 0;
  for (char c : link_name.substr(0, size)) {
    auto digit = std::string_view{"0123456789ABCDEF"}.find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    slot = slot << 4 | digit;
  }
  return slot < fanout ? std::optional{slot} : std::nullopt;
}

std::string_view name_in(const pb_link& link) {
  return link.name ? std::string_view{*link.name} : std::string_view{};
}

directory_link link_of(const pb_link& link, std::string_view name) {
  return {std::string{name}, link.hash, link.tsize.value_or(0)};
}

/// Counts the links of a folder while it is open.
class open_links {
public:
  open_links(std::size_t& all, std::size_t mine) : all_{all}, mine_{mine} { all_ += mine_; }
  open_links(const open_links&) = delete;
  open_links& operator=(const open_links&) = delete;
  ~open_links() { all_ -= mine_; }

private:
  std::size_t& all_;
  std::size_t mine_;
};

error no_such_name(std::string_view name) {
  return fail(errc::not_found, "the folder has no such name", std::string{name.substr(0, 512)});
}

} // namespace

/// How a shard was reached: what the names in it must hash to.
struct tree_reader::shard_place {
  const shard_place* above;
  std::size_t slot;
  std::size_t fanout;
  std::size_t depth;

  /// Follows the hash down to this place.
  static bool fits(const shard_place* place, hamt_path& path) {
    if (place == nullptr)
      return true;
    return fits(place->above, path) && path.next() == place->slot;
  }
};

result<node_info> tree_reader::stat(const cid& id) {
  node_info info{.id = id};
  if (id.codec() == codec::raw) {
    bytes block;
    WEIR_CHECK(source_.get(id, block));
    info.size = block.size();
    return info;
  }
  WEIR_TRY(auto n, load(source_, id));
  info.attr = n.message.attr;
  if (is_folder(n)) {
    info.kind = node_kind::directory;
  } else if (n.message.type == data_type::symlink) {
    info.kind = node_kind::symlink;
    info.target = as_text(n.message.content ? bytes_view{*n.message.content} : bytes_view{});
  } else if (n.message.type == data_type::file || n.message.type == data_type::raw) {
    auto content = n.message.content ? n.message.content->size() : 0;
    info.size = n.message.file_size.value_or(content);
  } else {
    return fail(errc::unsupported, "this kind of UnixFS node is not read here", id.text());
  }
  return info;
}

result<directory_link> tree_reader::find(const cid& folder, std::string_view name) {
  auto id = folder;
  std::optional<hamt_path> path;
  for (std::size_t used = 0;;) {
    WEIR_TRY(auto n, load(source_, id));
    if (!is_folder(n))
      return fail(errc::precondition, "this is not a folder", id.text());
    if (n.message.type == data_type::directory) {
      for (const auto& link : n.pb.links)
        if (name_in(link) == name)
          return link_of(link, name);
      return no_such_name(name);
    }
    WEIR_TRY(auto fanout, fanout_of(id, n.message));
    if (used != 0 && used != fanout)
      return bad_folder(id, "a shard has another fanout than the one above it");
    used = fanout;
    if (!path)
      path.emplace(name, fanout);
    auto slot = path->next();
    const pb_link* below = nullptr;
    for (const auto& link : n.pb.links) {
      auto text = name_in(link);
      auto here = slot_of(text, fanout);
      if (!here)
        return bad_folder(id, "a name without its index");
      if (here != slot)
        continue;
      text.remove_prefix(hamt_prefix_size(fanout));
      if (text == name)
        return link_of(link, name);
      if (text.empty())
        below = &link;
    }
    if (below == nullptr)
      return no_such_name(name);
    id = below->hash;
  }
}

result<node_info> tree_reader::resolve(const cid& root, std::string_view path) {
  auto id = root;
  auto rest = path;
  for (std::size_t depth = 0; !rest.empty();) {
    auto name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name.empty())
      continue;
    if (++depth > limits_.depth)
      return fail(errc::too_large, "the path is too long", std::string{path.substr(0, 512)},
                  std::to_string(limits_.depth) + " names");
    auto shown = std::string{path.substr(0, 512)};
    if (id.codec() == codec::raw)
      return fail(errc::invalid_path, "the path leads through a file", shown);
    auto link = find(id, name);
    if (!link && link.error().code == errc::precondition)
      return fail(errc::invalid_path, "the path leads through what is not a folder", shown);
    if (!link && link.error().code == errc::not_found && link.error().value == name.substr(0, 512))
      return fail(errc::not_found, "there is nothing at this path", shown);
    if (!link)
      return link.error();
    id = link->id;
  }
  return stat(id);
}

status tree_reader::list(const cid& folder, const std::function<status(const directory_link&)>& visit) {
  return list(folder, nullptr, visit);
}

status tree_reader::list(const cid& id, const shard_place* above,
                         const std::function<status(const directory_link&)>& visit) {
  WEIR_TRY(auto n, load(source_, id));
  if (!is_folder(n) || (above != nullptr && n.message.type != data_type::hamt_shard))
    return fail(above ? errc::malformed : errc::precondition, "this is not a folder", id.text());
  const open_links open{open_links_, n.pb.links.size()};
  if (open_links_ > limits_.open_links)
    return fail(errc::too_large, "the folders of this tree are too deep and wide", id.text(),
                std::to_string(limits_.open_links) + " links");
  if (n.message.type == data_type::directory) {
    for (const auto& link : n.pb.links)
      WEIR_CHECK(visit(link_of(link, name_in(link))));
    return {};
  }
  WEIR_TRY(auto fanout, fanout_of(id, n.message));
  if (above != nullptr && (above->fanout != fanout || n.pb.links.empty()))
    return bad_folder(id, "an empty shard, or one with another fanout than the one above it");
  const auto depth = above ? above->depth + 1 : 0;
  for (const auto& link : n.pb.links) {
    auto name = name_in(link);
    auto slot = slot_of(name, fanout);
    if (!slot)
      return bad_folder(id, "a name without its index");
    name.remove_prefix(hamt_prefix_size(fanout));
    const shard_place here{above, *slot, fanout, depth};
    if (name.empty()) {
      if ((depth + 2) * static_cast<std::size_t>(std::countr_zero(fanout)) > 64)
        return bad_folder(id, "it is deeper than its hash function allows");
      WEIR_CHECK(list(link.hash, &here, visit));
      continue;
    }
    hamt_path path{name, fanout};
    if (!shard_place::fits(&here, path))
      return bad_folder(id, "a name stands where it does not belong");
    WEIR_CHECK(visit(link_of(link, name)));
  }
  return {};
}

status tree_reader::walk(const cid& root, const std::function<status(const std::string&, const node_info&)>& visit) {
  std::uint64_t entries = 0;
  return walk({}, root, 0, entries, visit);
}

status tree_reader::walk(const std::string& path, const cid& id, std::size_t depth, std::uint64_t& entries,
                         const std::function<status(const std::string&, const node_info&)>& visit) {
  if (depth > limits_.depth || ++entries > limits_.entries)
    return fail(errc::too_large, "the tree has too many folders or entries", id.text(),
                std::to_string(limits_.depth) + " folders down, " + std::to_string(limits_.entries) + " entries");
  WEIR_TRY(auto info, stat(id));
  WEIR_CHECK(visit(path, info));
  if (info.kind != node_kind::directory)
    return {};
  return list(id, [&](const directory_link& link) {
    return walk(path.empty() ? link.name : path + "/" + link.name, link.id, depth + 1, entries, visit);
  });
}

bool is_safe_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos && name.find('\0') == name.npos;
}

} // namespace weir::unixfs
