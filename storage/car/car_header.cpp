#include "storage/car/car_header.hpp"

#include "messages/types/varint.hpp"
#include "storage/filecoin/cbor.hpp"

namespace weir {

namespace {

error bad_header(std::string why) {
  return fail(errc::malformed, "not a CAR header: " + std::move(why));
}

} // namespace

bytes car_header(const std::vector<cid>& roots) {
  filecoin::cbor_writer body;
  body.map(2);
  body.text("roots");
  body.array(roots.size());
  for (const auto& root : roots)
    body.link(root);
  body.text("version");
  body.uint(1);
  auto map = body.take();
  bytes out;
  put_varint(out, map.size());
  out.insert(out.end(), map.begin(), map.end());
  return out;
}

result<std::vector<cid>> decode_car_header(bytes_view header) {
  filecoin::cbor_reader in{header};
  std::vector<cid> roots;
  std::optional<std::uint64_t> version;
  bool has_roots = false;
  for (auto fields = in.map(); fields > 0 && in.ok(); --fields) {
    auto key = in.text();
    if (key == "roots" && !has_roots && !version) {
      has_roots = true;
      for (auto count = in.array(); count > 0 && in.ok(); --count)
        roots.push_back(in.link());
    } else if (key == "version" && !version) {
      version = in.uint();
    } else {
      return bad_header("unknown or repeated field, or out of order");
    }
  }
  if (auto all = in.finish(); !all)
    return bad_header(all.error().message);
  if (version && *version != 1)
    return fail(errc::unsupported, "this version of CAR is not read here", std::to_string(*version), "1");
  if (!version || !has_roots)
    return bad_header("it has no version or no roots");
  return roots;
}

std::uint64_t car_frame_prefix_size(const cid& id, std::uint64_t block_size) {
  return varint_size(id.data().size() + block_size) + id.data().size();
}

std::uint64_t car_frame_size(const cid& id, std::uint64_t block_size) {
  return car_frame_prefix_size(id, block_size) + block_size;
}

} // namespace weir
