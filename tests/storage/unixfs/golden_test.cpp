// What Kubo said about 45 trees (tests/data/unixfs.json): root, blocks and the
// bytes of `ipfs dag export`, repeated by our importer, walk and CAR writer.
#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/digest.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/unixfs/directory_builder.hpp"

#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace weir::unixfs {
namespace {

using nlohmann::json;

/// Options whose cases wait for their hash function.
const std::set<std::string> not_supported{"--hash=blake3"};

const json& golden() {
  static const json cases = json::parse(std::ifstream{WEIR_TEST_DATA "/unixfs.json"});
  return cases;
}

bytes content(const std::string& seed, std::size_t size) {
  bytes out;
  for (std::size_t i = 0; out.size() < size; ++i) {
    auto block = sha2_256(as_bytes(seed + ":" + std::to_string(i)));
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(size);
  return out;
}

bytes content_of(const json& entry) {
  if (entry.contains("text"))
    return to_bytes(as_bytes(entry["text"].get<std::string>()));
  auto once = content(entry.at("seed"), entry.at("size"));
  bytes out;
  for (int i = 0; i < entry.value("repeat", 1); ++i)
    out.insert(out.end(), once.begin(), once.end());
  return out;
}

/// As `ipfs add` reads its options, over Kubo's defaults.
struct options {
  profile how = unixfs_v0_2015();
  bool keep_attributes = false;

  explicit options(const json& list) {
    for (const std::string option : list) {
      auto equals = option.find('=');
      set(option.substr(0, equals), equals == option.npos ? "true" : option.substr(equals + 1));
    }
  }

  void set(const std::string& name, const std::string& value) {
    if (name == "--cid-version")
      how.cid_version = std::stoi(value);
    else if (name == "--raw-leaves")
      how.raw_leaves = value == "true";
    else if (name == "--chunker")
      how.chunks = *chunking::parse(value);
    else if (name == "--max-file-links")
      how.file_links = std::stoul(value);
    else if (name == "--max-directory-links")
      how.directory_links = std::stoul(value);
    else if (name == "--max-hamt-fanout")
      how.hamt_fanout = std::stoul(value);
    else if (name == "--trickle")
      how.layout = dag_layout::trickle;
    else if (name == "--inline-limit")
      how.inline_limit = std::stoul(value);
    else if (name == "--hash")
      how.hash = value == "sha2-512"   ? hash_code::sha2_512
                 : value == "sha3-256" ? hash_code::sha3_256
                                       : hash_code::blake2b_256;
    else if (name == "--preserve-mode" || name == "--preserve-mtime")
      keep_attributes = true;
    else
      EXPECT_TRUE(name == "--hidden" || name == "--inline") << name;
  }

  attributes of(const json& entry) const {
    attributes attr;
    if (keep_attributes && entry.contains("mode"))
      attr.mode = std::stoul(entry["mode"].get<std::string>(), nullptr, 8);
    if (keep_attributes && entry.contains("mtime"))
      attr.mtime = timestamp{entry["mtime"], entry.value("nsec", 0u)};
    return attr;
  }
};

/// Written in odd pieces, so that chunks and writes do not coincide.
imported import_bytes(block_sink& sink, const profile& how, bytes_view data, attributes attr = {}) {
  file_importer importer{sink, how, attr};
  for (std::size_t at = 0, step = 1; at < data.size(); at += step, step = step * 3 + 1)
    EXPECT_TRUE(importer.write(data.subspan(at, std::min(step, data.size() - at))));
  auto done = importer.finish();
  EXPECT_TRUE(done) << to_string(done.error());
  return *done;
}

std::string formatted(std::string pattern, unsigned number) {
  char text[64];
  std::snprintf(text, sizeof text, pattern.c_str(), number); // NOLINT: the patterns are ours
  return text;
}

void add_entry(directory_builder& tree, block_sink& sink, const options& o, const json& entry) {
  const std::string path = entry["path"], type = entry["type"];
  if (type == "dir") {
    EXPECT_TRUE(tree.add_directory(path, o.of(entry)));
  } else if (type == "symlink") {
    EXPECT_TRUE(tree.add_symlink(path, entry["target"].get<std::string>()));
  } else if (type == "file") {
    EXPECT_TRUE(tree.add(path, import_bytes(sink, o.how, content_of(entry), o.of(entry))));
  } else {
    auto folder = path.empty() ? path : path + "/";
    for (unsigned i = 0; i < entry["count"].get<unsigned>(); ++i) {
      auto data = content(entry["seed"].get<std::string>() + "/" + std::to_string(i), entry["size"]);
      EXPECT_TRUE(tree.add(folder + formatted(entry["pattern"], i), import_bytes(sink, o.how, data)));
    }
  }
}

imported import_case(block_sink& sink, const options& o, const json& entries) {
  if (entries.size() == 1 && entries[0]["path"] == "" && entries[0]["type"] == "file")
    return import_bytes(sink, o.how, content_of(entries[0]), o.of(entries[0]));
  directory_builder tree{sink, o.how};
  for (const auto& entry : entries)
    add_entry(tree, sink, o, entry);
  auto done = tree.finish();
  EXPECT_TRUE(done) << to_string(done.error());
  return *done;
}

class golden_case : public testing::TestWithParam<std::size_t> {};

TEST_P(golden_case, root_blocks_and_car_are_kubos) {
  const auto& expected = golden()[GetParam()];
  for (const std::string option : expected["options"])
    if (not_supported.count(option) > 0)
      GTEST_SKIP() << "not supported yet: " << option;
  memory_blocks blocks;
  auto done = import_case(blocks, options{expected["options"]}, expected["entries"]);
  EXPECT_EQ(done.id.text(), expected["root"]);

  auto hash = *hash_stream::create(hash_code::sha2_256);
  commp_stream commp;
  car_writer car{[&](bytes_view data) {
    hash.update(data);
    commp.update(data);
    return status{};
  }};
  auto written = write_car(done.id, blocks, car);
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_EQ(car.blocks(), expected["blocks"]);
  EXPECT_EQ(car.size(), expected["car_bytes"]);
  EXPECT_EQ(to_hex(hash.finish().view()), expected["car_sha256"]);
  auto piece = commp.finish();
  EXPECT_EQ(piece_cid_v1(piece.root).text(), expected["piece_cid"]);
  EXPECT_EQ(piece.padded_size, expected["padded_piece_size"]);
  auto planned = measure_car(done.id, blocks);
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->bytes, expected["car_bytes"]);
  EXPECT_EQ(planned->blocks, expected["blocks"]);
  EXPECT_EQ(planned->block_bytes, expected["block_bytes"]);
}

INSTANTIATE_TEST_SUITE_P(kubo, golden_case, testing::Range<std::size_t>(0, golden().size()), [](const auto& info) {
  std::string name = golden()[info.param]["name"];
  for (auto& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = c == '+' ? 'p' : '_';
  return name;
});

} // namespace
} // namespace weir::unixfs
