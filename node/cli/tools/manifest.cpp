#include "node/cli/tools/manifest.hpp"

#include "node/cli/tools/input.hpp"
#include "node/json/value.hpp"
#include "node/json/writer.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir::cli {

namespace {

constexpr std::array<std::string_view, 5> columns{"payload_cid", "filename", "piece_cid", "payload_size", "piece_size"};
constexpr std::array<std::string_view, 5> members{"payloadCid", "file", "pieceCid", "carSize", "pieceSize"};
/// In the order of `columns`.
using texts = std::array<std::string, columns.size()>;

constexpr std::size_t longest_line = 64 << 10;

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\" ") == text.npos)
    return text;
  std::string out{'"'};
  for (char c : text)
    out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + '"';
}

result<std::vector<std::string>> csv_fields(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false, ended = false; // inside of quotes; behind them
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      out.back() += line[i++];
    } else if (line[i] == '"' && (quoted || (out.back().empty() && !ended))) {
      ended = quoted;
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      out.emplace_back();
      ended = false;
    } else if (ended || (line[i] == '"' && !quoted)) {
      return fail(errc::malformed, "A quote is in the middle of a field.");
    } else {
      out.back() += line[i];
    }
  }
  if (quoted)
    return fail(errc::malformed, "A quote is not closed.");
  return out;
}

result<std::uint64_t> size_of(std::string_view name, const std::string& text) {
  std::uint64_t n = 0;
  auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (wrong != std::errc{} || end != text.data() + text.size() || text.empty())
    return fail(errc::malformed, std::string{name} + " is a number of bytes.", text);
  return n;
}

result<manifest_entry> entry_of(const texts& t) {
  manifest_entry e;
  e.file = t[1];
  if (e.file.empty())
    return fail(errc::malformed, "A file has a name.");
  WEIR_TRY(e.payload, cid::parse(t[0]));
  WEIR_TRY(auto piece, cid::parse(t[2]));
  WEIR_TRY(e.piece, to_piece_cid_v1(piece));
  WEIR_TRY(e.car_size, size_of(columns[3], t[3]));
  WEIR_TRY(e.piece_size, size_of(columns[4], t[4]));
  if (!valid_piece_size(e.piece_size))
    return fail(errc::malformed, "A piece's size is a power of two.", t[4]);
  return e;
}

class line_reader {
public:
  result<std::optional<manifest_entry>> read(const std::string& line) {
    if (!json_ && where_.empty() && !line.empty() && line[0] == '{')
      json_ = true;
    if (line.empty())
      return std::optional<manifest_entry>{};
    if (json_) {
      WEIR_TRY(auto entry, from_json(line));
      return std::optional{std::move(entry)};
    }
    WEIR_TRY(auto fields, csv_fields(line));
    if (where_.empty()) {
      WEIR_CHECK(read_head(fields));
      return std::optional<manifest_entry>{};
    }
    WEIR_TRY(auto entry, from_csv(fields));
    return std::optional{std::move(entry)};
  }

private:
  status read_head(const std::vector<std::string>& fields) {
    for (auto name : columns) {
      auto at = std::find(fields.begin(), fields.end(), name);
      if (at == fields.end())
        return fail(errc::malformed, "The first line of a manifest names its columns; one is missing.",
                    std::string{name});
      where_.push_back(static_cast<std::size_t>(at - fields.begin()));
    }
    width_ = fields.size();
    return {};
  }
  result<manifest_entry> from_csv(const std::vector<std::string>& fields) const {
    if (fields.size() != width_)
      return fail(errc::malformed, "This line has another number of fields than the first.",
                  std::to_string(fields.size()), std::to_string(width_));
    texts t;
    for (std::size_t i = 0; i < t.size(); ++i)
      t[i] = fields[where_[i]];
    return entry_of(t);
  }
  static result<manifest_entry> from_json(const std::string& line) {
    WEIR_TRY(auto v, json::parse(line));
    texts t;
    for (std::size_t i = 0; i < t.size(); ++i)
      t[i] = v[members[i]].string();
    return entry_of(t);
  }

  bool json_ = false;
  std::vector<std::size_t> where_; ///< of each column, once the head was read
  std::size_t width_ = 0;
};

} // namespace

std::string csv_head() {
  std::string out;
  for (auto name : columns)
    out += (out.empty() ? "" : ",") + std::string{name};
  return out;
}

result<std::string> csv_line(const manifest_entry& e) {
  if (std::ranges::any_of(e.file, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return fail(errc::invalid_path, "This name has control characters; rename the file.", e.file);
  return e.payload.text() + ',' + csv_field(e.file) + ',' + e.piece.text() + ',' + std::to_string(e.car_size) + ','
         + std::to_string(e.piece_size);
}

std::string json_line(const manifest_entry& e) {
  json::writer w;
  w.begin_object().member("file", e.file).member("payloadCid", e.payload.text()).member("pieceCid", e.piece.text());
  w.member("carSize", e.car_size).member("pieceSize", e.piece_size).end_object();
  return w.take();
}

status each_entry(const std::string& path, const std::function<status(const manifest_entry&)>& take) {
  line_reader lines;
  std::size_t number = 0, entries = 0;
  WEIR_CHECK(each_line(path, longest_line, [&](std::string line) -> status {
    ++number;
    if (line.ends_with('\r'))
      line.pop_back();
    auto read = lines.read(line);
    if (!read) {
      auto e = read.error();
      e.message = "Line " + std::to_string(number) + " of the manifest: " + e.message;
      return e;
    }
    if (!*read)
      return {};
    ++entries;
    return take(**read);
  }));
  return entries > 0 ? status{} : status{fail(errc::malformed, "There is no CAR in this manifest.", path)};
}

} // namespace weir::cli
