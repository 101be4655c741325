#pragma once
// Files of packs: their names and how they are opened (internal to storage/blocks).
#include "storage/blocks/flatfs.hpp"
#include "storage/blocks/pack_set.hpp"
#include "storage/car/car_parser.hpp"

#include <optional>

namespace weir {

inline constexpr const char* pack_index_folder = "index";

std::filesystem::path absolute_name(const std::filesystem::path& file);

/// own-N.car or ref-N.refs, and N of it.
std::string own_pack_name(std::uint64_t number, bool references);
std::optional<std::uint64_t> own_pack_number(const std::filesystem::path& file);

bool is_reference_name(const std::filesystem::path& file);

/// Without a descriptor when the file is missing.
result<std::shared_ptr<pack_set::pack>> open_pack(pack_manifest manifest, std::filesystem::path file);

inline car_limits limits_of_a_pack(bool verify) {
  return {.block_size = max_stored_block, .verify = verify};
}

inline car_payload payload_of(const pack_segment& s) {
  return {s.offset, s.size, std::nullopt};
}

} // namespace weir
