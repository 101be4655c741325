#include "storage/import/import_log.hpp"

#include "messages/types/bytes.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <algorithm>
#include <charconv>

#include <fcntl.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t write_over = 1 << 20;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    auto word = line.substr(0, line.find(' '));
    words.push_back(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return words;
}

std::optional<std::uint64_t> number(std::string_view word) {
  std::uint64_t value = 0;
  auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (code != std::errc{} || end != word.data() + word.size())
    return std::nullopt;
  return value;
}

std::string identity_of(const struct stat& info) {
  std::string out;
  for (long long part : {static_cast<long long>(info.st_size), static_cast<long long>(info.st_mtim.tv_sec),
                         static_cast<long long>(info.st_mtim.tv_nsec), static_cast<long long>(info.st_ctim.tv_sec),
                         static_cast<long long>(info.st_ctim.tv_nsec), static_cast<long long>(info.st_ino)})
    out += (out.empty() ? "" : " ") + std::to_string(part);
  return out;
}

std::optional<set_piece> parse_piece(const std::vector<std::string_view>& w) {
  if (w.size() != 7)
    return std::nullopt;
  auto id = cid::parse(w[1]), root = cid::parse(w[4]);
  auto padded = number(w[2]), payload = number(w[3]), size = number(w[5]), blocks = number(w[6]);
  if (!id || !root || !padded || !payload || !size || !blocks)
    return std::nullopt;
  auto node = piece_root(*id);
  if (!node)
    return std::nullopt;
  return set_piece{*id, {*root, *size, *blocks, {*node, *padded, *payload}}};
}

std::string piece_line(const set_piece& p) {
  return "piece " + p.id.text() + " " + std::to_string(p.car.commp.padded_size) + " "
         + std::to_string(p.car.commp.payload_size) + " " + p.car.root.text() + " " + std::to_string(p.car.size) + " "
         + std::to_string(p.car.blocks) + "\n";
}

} // namespace

result<std::unique_ptr<import_log>> import_log::open(const fs::path& folder, const std::string& fingerprint) {
  std::unique_ptr<import_log> log{new import_log{folder / "unfinished.log"}};
  log->first_ = "weir import 1 " + fingerprint + "\n";
  WEIR_TRY(log->fd_, open_file(log->path_, O_WRONLY | O_CREAT));
  WEIR_CHECK(log->load());
  WEIR_CHECK(log->forget_from(log->pieces_.size())); // and of what came after the last piece
  return log;
}

status import_log::load() {
  pieces_.clear();
  ends_.clear();
  files_.clear();
  std::error_code wrong;
  const auto size = fs::file_size(path_, wrong);
  if (wrong)
    return os_error(wrong.value(), "the log of the import could not be read", path_);
  WEIR_TRY(auto text, read_small_file(path_, size + 1));
  auto last = text.rfind("\npiece ");
  if (last == text.npos || !text.starts_with(first_))
    return {};
  read(std::string_view{text}.substr(0, text.find('\n', last + 1) + 1));
  return {};
}

void import_log::read(std::string_view text) {
  known_file* current = nullptr;
  for (std::size_t at = first_.size(); at < text.size();) {
    auto end = text.find('\n', at);
    if (end == text.npos || !read_line(text.substr(at, end - at), current))
      return;
    at = end + 1;
    if (ends_.size() < pieces_.size())
      ends_.push_back(at);
  }
}

bool import_log::read_line(std::string_view line, known_file*& current) {
  auto w = words_of(line);
  if (w.empty())
    return false;
  if (w[0] == "piece") {
    auto piece = parse_piece(w);
    if (piece)
      pieces_.push_back(std::move(*piece));
    return piece.has_value();
  }
  if (w[0] == "leaf" && w.size() == 4 && current != nullptr) {
    auto id = cid::parse(w[1]);
    auto dag_size = number(w[2]), file_size = number(w[3]);
    if (id && dag_size && file_size)
      current->leaves.push_back({*id, *dag_size, *file_size});
    return id && dag_size && file_size;
  }
  auto start = w.size() == 9 && w[0] == "file" ? number(w[1]) : std::nullopt;
  if (!start)
    return false;
  std::string identity{line.substr(w[0].size() + w[1].size() + 2)};
  identity.resize(identity.size() - w[8].size() - 1);
  current = &files_[std::string{w[8]}];
  std::uint64_t known = 0;
  for (const auto& leaf : current->leaves)
    known += leaf.file_size;
  if (current->identity != identity || known != *start)
    *current = {identity, {}};
  return known == *start || *start == 0;
}

status import_log::forget_from(std::size_t piece) {
  auto size = piece == 0 || ends_.empty() ? 0 : ends_.at(std::min(piece, ends_.size()) - 1);
  if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0 || ::lseek(fd_.get(), 0, SEEK_END) < 0)
    return os_error(errno, "the log of the import could not be cut", path_);
  if (size == 0)
    text_ = first_;
  return load(); // nothing of what was cut off is remembered
}

status import_log::write_out() {
  auto text = std::move(text_);
  text_.clear();
  return write_all(fd_.get(), as_bytes(text), path_);
}

status import_log::add(const set_piece& p) {
  text_ += piece_line(p);
  pieces_.push_back(p);
  WEIR_CHECK(write_out());
  WEIR_CHECK(sync_file(fd_.get(), path_));
  return sync_folder(path_.parent_path());
}

status import_log::remove() {
  return remove_file(path_);
}

std::span<const unixfs::child> import_log::begin(const fs::path& file, const struct stat& info) {
  auto key = to_hex(as_bytes(file.string()));
  auto identity = identity_of(info);
  std::span<const unixfs::child> known;
  if (auto at = files_.find(key); at != files_.end() && at->second.identity == identity) {
    known = at->second.leaves;
    std::size_t good = 0;
    while (good < known.size() && held_ && held_(known[good].id))
      ++good;
    known = known.first(good);
  }
  std::uint64_t start = 0;
  for (const auto& leaf : known)
    start += leaf.file_size;
  text_ += "file " + std::to_string(start) + " " + identity + " " + key + "\n";
  return known;
}

void import_log::learn(const unixfs::child& leaf) {
  text_ += "leaf " + leaf.id.text() + " " + std::to_string(leaf.dag_size) + " " + std::to_string(leaf.file_size) + "\n";
  if (text_.size() > write_over)
    (void)write_out(); // what is missing costs the next run time, nothing else
}

} // namespace weir
