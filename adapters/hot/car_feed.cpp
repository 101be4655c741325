#include "adapters/hot/car_feed.hpp"

#include "messages/types/ids.hpp"
#include "storage/ipld/links.hpp"

#include <algorithm>
#include <cstring>

namespace weir::hot {

namespace {

/// The text before the file, the file, the text behind it.
struct form {
  car_feed_ptr feed;
  std::string before, after;
  bool file_done = false;

  static http::upload_step copy(std::string& text, std::span<std::uint8_t> into) {
    auto step = std::min(text.size(), into.size());
    std::memcpy(into.data(), text.data(), step);
    text.erase(0, step);
    return http::upload_step::bytes(step);
  }
  http::upload_step read(std::span<std::uint8_t> into) {
    if (!before.empty())
      return copy(before, into);
    if (!file_done) {
      auto step = feed->read(into);
      if (step.what != http::upload_step::kind::end)
        return step;
      file_done = true;
    }
    return after.empty() ? http::upload_step::end() : copy(after, into);
  }
};

} // namespace

form_body form_of(car_feed_ptr feed) {
  auto boundary = "weir-" + make_uuid();
  auto state = std::make_shared<form>();
  state->feed = std::move(feed);
  state->before = "--" + boundary
                  + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dag.car\"\r\n"
                    "Content-Type: application/octet-stream\r\n\r\n";
  state->after = "\r\n--" + boundary + "--\r\n";
  return {{[state](std::span<std::uint8_t> into) { return state->read(into); }, std::nullopt},
          "multipart/form-data; boundary=" + boundary};
}

car_check::car_check(cid root)
    : root_{std::move(root)}, parser_{[this](const cid& id, bytes_view block, const car_position&) {
        return take(id, block);
      }} {
  want(root_);
}

car_check::key car_check::key_of(const cid& id) {
  auto digest = id.digest();
  key out{0, 0};
  auto first = std::min<std::size_t>(8, digest.size());
  std::memcpy(&out.first, digest.data(), first);
  auto second = std::min<std::size_t>(8, digest.size() - first);
  if (second > 0)
    std::memcpy(&out.second, digest.data() + first, second);
  return out;
}

void car_check::want(const cid& id) {
  if (id.hash_code() == hash_code::identity)
    return; // it carries its block
  auto k = key_of(id);
  if (!seen_.contains(k))
    missing_.try_emplace(k, id);
}

status car_check::take(const cid& id, bytes_view block) {
  auto k = key_of(id);
  missing_.erase(k);
  if (!seen_.insert(k).second)
    return {};
  bytes_ += block.size();
  std::vector<cid> links;
  auto read = links_of(id, block, links);
  if (!read && read.error().code != errc::unsupported) // what we cannot read may have none
    return read;
  for (const auto& link : links)
    want(link);
  return {};
}

status car_check::finish() {
  WEIR_CHECK(parser_.finish());
  auto& roots = parser_.roots();
  if (!roots || std::find(roots->begin(), roots->end(), root_) == roots->end())
    return fail(errc::protocol, "This is the CAR of another root.", root_.text());
  if (!missing_.empty())
    return block_not_found(missing_.begin()->second);
  return {};
}

} // namespace weir::hot
