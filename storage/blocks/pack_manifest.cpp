#include "storage/blocks/pack_manifest.hpp"

#include "storage/car/car_v2.hpp"
#include "storage/pieces/piece_file.hpp"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

constexpr std::string_view first_line = "weir-pack 1";
constexpr std::string_view growing_line = "growing", references_line = "references";
constexpr std::string_view last_line = "end";

error bad_manifest(std::string why) {
  return fail(errc::malformed, "not the description of a pack: " + std::move(why));
}

/// One decimal number off the front.
template <class T>
bool take_number(std::string_view& text, T& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word))
    return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<std::string_view> take_line(std::string_view& text) {
  auto end = text.find('\n');
  if (end == text.npos)
    return std::nullopt;
  auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool read_segment(std::string_view line, pack_segment& s) {
  return take(line, "segment ") && take_number(line, s.offset) && take(line, " ") && take_number(line, s.size)
         && line.empty() && s.size > 0 && s.offset + s.size > s.offset;
}

} // namespace

result<std::string> encode(const pack_manifest& m) {
  const auto& file = m.file.native();
  if (file.empty() || file.find('\n') != file.npos || file.find('\0') != file.npos)
    return fail(errc::invalid_path, "the file of a pack cannot have such a name", file);
  std::string text{first_line};
  text += "\nid " + std::to_string(m.id) + "\nfile " + file + "\n";
  for (const auto& s : m.segments)
    text += "segment " + std::to_string(s.offset) + " " + std::to_string(s.size) + "\n";
  if (m.growing)
    text += std::string{growing_line} + "\n";
  if (m.references)
    text += std::string{references_line} + "\n";
  text += last_line;
  return text += "\n";
}

result<pack_manifest> decode_pack_manifest(std::string_view text) {
  pack_manifest m;
  if (take_line(text) != first_line)
    return bad_manifest("its first line");
  auto id = take_line(text);
  if (!id || !take(*id, "id ") || !take_number(*id, m.id) || !id->empty())
    return bad_manifest("its id");
  auto file = take_line(text);
  if (!file || !take(*file, "file ") || file->empty() || file->find('\0') != file->npos)
    return bad_manifest("its file");
  m.file = *file;
  for (;;) {
    auto line = take_line(text);
    if (!line)
      return bad_manifest("it is cut short");
    if (*line == last_line)
      break;
    if ((*line == growing_line || *line == references_line) && !m.growing && !m.references && m.segments.size() == 1
        && m.segments[0].offset == 0) {
      (*line == growing_line ? m.growing : m.references) = true;
      continue;
    }
    if (m.growing || m.references)
      return bad_manifest("something follows the word that says what it is");
    pack_segment s;
    if (!read_segment(*line, s))
      return bad_manifest("a segment");
    m.segments.push_back(s);
  }
  if (!text.empty() || m.segments.empty())
    return bad_manifest(text.empty() ? "it has no segments" : "something follows its end");
  return m;
}

result<std::vector<pack_segment>> find_pack_segments(const std::filesystem::path& file) {
  WEIR_TRY(auto car, locate_car_payload(file));
  const auto padded = padded_size_of(car.size);
  if (!car.v2 && valid_piece_size(padded) && unpadded_size_of(padded) == car.size && padded >= index_entry_size * 4) {
    WEIR_TRY(auto index, read_piece_index(file, padded));
    std::vector<pack_segment> segments;
    for (const auto& s : index)
      if (s.size <= padded && s.offset <= padded - s.size)
        segments.push_back({unpadded_size_of(s.offset), unpadded_size_of(s.size)});
    std::sort(segments.begin(), segments.end(), [](auto& a, auto& b) { return a.offset < b.offset; });
    segments.erase(std::unique(segments.begin(), segments.end()), segments.end());
    if (!segments.empty())
      return segments;
  }
  if (car.size == 0)
    return fail(errc::malformed, "an empty file is no CAR", file.string());
  return std::vector<pack_segment>{{car.offset, car.size}};
}

} // namespace weir
