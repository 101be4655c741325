#include "node/cli/tools/import_options.hpp"

#include "node/cli/units.hpp"
#include "storage/hash/digest.hpp"

namespace weir::cli {

namespace {

result<std::uint64_t> hash_named(const std::string& name) {
  if (name == "sha2-256")
    return hash_code::sha2_256;
  if (name == "sha2-512")
    return hash_code::sha2_512;
  if (name == "sha3-256")
    return hash_code::sha3_256;
  if (name == "blake2b-256")
    return hash_code::blake2b_256;
  return fail(errc::usage, "--hash is sha2-256, sha2-512, sha3-256 or blake2b-256.", name);
}

/// Leaves `into` alone when the option is not there.
template <class T>
status take_number(const parsed& given, std::string_view name, T& into) {
  if (!given.has(name))
    return {};
  auto n = parse_number(given.get(name));
  if (!n)
    return fail(errc::usage, "--" + std::string{name} + " is a number.", given.get(name));
  into = static_cast<T>(*n);
  return {};
}

status take_version(const parsed& given, unixfs::profile& how) {
  if (given.has("cid-version")) {
    how.cid_version = given.get("cid-version") == "0" ? 0 : 1;
    how.raw_leaves = how.cid_version == 1;
  }
  if (given.has("hash")) {
    WEIR_TRY(how.hash, hash_named(given.get("hash")));
    if (how.hash != hash_code::sha2_256 && how.cid_version == 0) {
      how.cid_version = 1;
      how.raw_leaves = true;
    }
  }
  if (given.has("raw-leaves"))
    how.raw_leaves = given.get("raw-leaves") == "true";
  return {};
}

status take_attributes(const parsed& given, tree_import_options& out) {
  out.keep_mode = given.has("preserve-mode");
  out.keep_mtime = given.has("preserve-mtime");
  if (!out.keep_mode && !out.keep_mtime)
    return {};
  if (given.get("raw-leaves") == "true")
    return fail(errc::usage, "Raw leaves have no place for mode and time: leave --raw-leaves away.");
  out.how.raw_leaves = false;
  return {};
}

status take_inline(const parsed& given, unixfs::profile& how) {
  if (!given.has("inline"))
    return {};
  how.inline_limit = 32;
  return take_number(given, "inline-limit", how.inline_limit);
}

} // namespace

std::vector<option> import_option_table() {
  return {
      {"profile", "NAME", "unixfs-v1-2025 (unless told), unixfs-v0-2015, legacy-cid-v0, legacy-cid-v1, …"},
      {"cid-version", "0|1", "version of the CIDs; 0 also means leaves that are not raw", false, {"0", "1"}},
      {"raw-leaves", "true|false", "leaves are the bytes themselves", false, {"true", "false"}},
      {"chunker", "TEXT", "size-BYTES, rabin-MIN-AVG-MAX or buzhash"},
      {"max-file-links", "N", "links of a file's node"},
      {"max-directory-links", "N", "entries of a folder before it becomes a HAMT; 0 is by its size"},
      {"max-hamt-fanout", "N", "width of a HAMT: a power of two from 8 to 1024"},
      {"hash", "NAME", "sha2-256, sha2-512, sha3-256 or blake2b-256"},
      {"inline", "", "small blocks go into their CID"},
      {"inline-limit", "BYTES", "up to this size; 32 unless told"},
      {"trickle", "", "the trickle layout"},
      {"hidden", "", "names that begin with a dot, too"},
      {"preserve-mode", "", "keep permissions"},
      {"preserve-mtime", "", "keep times of modification"},
  };
}

result<tree_import_options> import_options_of(const parsed& given) {
  tree_import_options out;
  if (given.has("profile")) {
    auto named = unixfs::find_profile(given.get("profile"));
    if (!named)
      return fail(errc::usage, "There is no such profile; there are " + named.error().limit + ".",
                  given.get("profile"));
    out.how = *named;
  }
  WEIR_CHECK(take_version(given, out.how));
  if (given.has("chunker")) {
    auto chunks = unixfs::chunking::parse(given.get("chunker"));
    if (!chunks)
      return fail(errc::usage, "--chunker: " + chunks.error().message + ".", given.get("chunker"));
    out.how.chunks = *chunks;
  }
  WEIR_CHECK(take_number(given, "max-file-links", out.how.file_links));
  WEIR_CHECK(take_number(given, "max-directory-links", out.how.directory_links));
  WEIR_CHECK(take_number(given, "max-hamt-fanout", out.how.hamt_fanout));
  WEIR_CHECK(take_inline(given, out.how));
  if (given.has("trickle"))
    out.how.layout = unixfs::dag_layout::trickle;
  out.hidden = given.has("hidden");
  WEIR_CHECK(take_attributes(given, out));
  if (auto good = unixfs::check(out.how); !good)
    return fail(errc::usage, good.error().message, good.error().value, good.error().limit);
  return out;
}

} // namespace weir::cli
