#include "actors/content/upload.hpp"

#include "storage/ipld/utf8.hpp"
#include "storage/support/steady_file.hpp"

#include <algorithm>

namespace weir {

namespace {

/// Sixteen leaves, which are hashed together.
constexpr std::uint64_t referred_buffer = 16 << 20;

} // namespace

status check_name(const std::string& name, std::size_t limit) {
  if (name.empty())
    return fail(errc::invalid_argument, "A content needs a name.");
  if (name.size() > limit)
    return fail(errc::too_large, "The name is too long.", std::to_string(name.size()), std::to_string(limit));
  bool control = std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (control || !ipld::valid_utf8(name))
    return fail(errc::invalid_argument, "A name is UTF-8 without control characters.", to_hex(as_bytes(name)));
  return {};
}

upload_session::upload_session(block_ledger& ledger, content_id id, upload_limits limits)
    : ledger_{ledger}, id_{std::move(id)}, limits_{limits}, sink_{ledger, id_, limits.pack_after}, tree_{sink_} {}

/// A content is one file (the empty path) or a folder, never both.
status upload_session::claim(const std::string& path) {
  bool file = path.empty();
  if ((file && is_folder_) || is_file_)
    return fail(errc::invalid_path, "A content is either one file or a folder.", path);
  (file ? is_file_ : is_folder_) = true;
  return {};
}

result<file_ticket> upload_session::open(const std::string& path, bool car) {
  if (car && !path.empty())
    return fail(errc::invalid_path, "A CAR is a whole content, and has no path.", path);
  if (open_.size() >= limits_.open_files)
    return fail(errc::overloaded, "Too many files of this upload are open at once.", path,
                std::to_string(limits_.open_files));
  WEIR_CHECK(claim(path));
  open_file_entry entry{path, {}, {}, 0, {}, {}};
  if (car)
    entry.car = std::make_unique<car_intake>(sink_);
  else
    entry.importer = std::make_unique<unixfs::file_importer>(sink_);
  open_.emplace(++last_, std::move(entry));
  return file_ticket{last_};
}

result<upload_session::open_file_entry*> upload_session::find(std::uint32_t file) {
  auto found = open_.find(file);
  if (found == open_.end())
    return fail(errc::not_found, "No such file of this upload is open.", std::to_string(file));
  return &found->second;
}

status upload_session::write(std::uint32_t file, bytes_view data) {
  WEIR_TRY(auto* entry, find(file));
  if (data.size() > max_chunk)
    return fail(errc::too_large, "The chunk is too long.", std::to_string(data.size()), std::to_string(max_chunk));
  if (size_ + data.size() > limits_.size)
    return fail(errc::too_large, "The content is too large.", {}, std::to_string(limits_.size));
  size_ += data.size();
  entry->size += data.size();
  return entry->car ? entry->car->feed(data) : entry->importer->write(data);
}

/// What it holds can be read once it is committed.
result<imported_file> upload_session::close_car(car_intake& car) {
  WEIR_CHECK(sink_.commit());
  WEIR_TRY(auto taken, car.finish(ledger_.blocks()));
  whole_ = uploaded{taken.root, taken.size, taken.dag_size, taken.blocks, taken.files};
  return imported_file{taken.root, taken.size};
}

result<imported_file> upload_session::close(std::uint32_t file) {
  WEIR_TRY(auto* entry, find(file));
  if (entry->car) {
    auto taken = close_car(*entry->car);
    if (!taken)
      is_file_ = false;
    open_.erase(file);
    return taken;
  }
  auto path = entry->path;
  auto made = entry->importer->finish();
  open_.erase(file);
  if (!made)
    return made.error();
  if (path.empty())
    only_file_ = *made;
  else
    WEIR_CHECK(tree_.add(path, *made));
  ++files_;
  return imported_file{made->id, made->size};
}

result<referred_file> upload_session::refer(const std::string& path, const std::string& file) {
  WEIR_TRY(auto source, steady_file::open_itself(file));
  if (source.size() > limits_.size - size_)
    return fail(errc::too_large, "The content is too large.", file, std::to_string(limits_.size));
  WEIR_TRY(auto ticket, open(path));
  WEIR_TRY(auto* entry, find(ticket.file));
  entry->referred = std::make_shared<steady_file>(std::move(source));
  entry->referred_name = file;
  return refer_more(ticket.file);
}

result<referred_file> upload_session::refer_more(std::uint32_t file) {
  WEIR_TRY(auto* entry, find(file));
  if (!entry->referred)
    return fail(errc::precondition, "This file is sent, not referred to.", entry->path);
  WEIR_CHECK(sink_.refer_to(entry->referred_name, entry->size));
  auto done = read_referred(file, *entry);
  sink_.end_reference();
  if (!done && open_.contains(file))
    WEIR_CHECK(abandon(file));
  return done;
}

result<referred_file> upload_session::read_referred(std::uint32_t file, open_file_entry& entry) {
  WEIR_CHECK(read_part(entry));
  referred_file out{file, entry.size, {}};
  if (entry.size < entry.referred->size())
    return out;
  WEIR_CHECK(entry.referred->unchanged());
  WEIR_TRY(out.made, close(file));
  out.more = 0;
  return out;
}

/// Whole chunks, but for the last: none is cut between two parts.
status upload_session::read_part(open_file_entry& entry) {
  auto left = std::min(limits_.referred_at_once, entry.referred->size() - entry.size);
  bytes buffer(static_cast<std::size_t>(std::min(referred_buffer, left)));
  while (left > 0) {
    WEIR_TRY(auto got, entry.referred->read(std::span{buffer}.first(std::min<std::uint64_t>(left, buffer.size()))));
    WEIR_CHECK(entry.importer->write(bytes_view{buffer}.first(got)));
    left -= got;
    entry.size += got;
    size_ += got;
  }
  return {};
}

status upload_session::abandon(std::uint32_t file) {
  WEIR_TRY(auto* entry, find(file));
  size_ -= entry->size;
  if (entry->path.empty())
    is_file_ = false;
  open_.erase(file);
  return {};
}

status upload_session::add_symlink(const std::string& path, const std::string& target) {
  WEIR_CHECK(claim(path));
  return tree_.add_symlink(path, target);
}

status upload_session::add_folder(const std::string& path) {
  if (is_file_)
    return claim(path);
  is_folder_ = true;
  return path.empty() ? status{} : tree_.add_directory(path);
}

result<uploaded> upload_session::finish() {
  if (!open_.empty())
    return fail(errc::precondition, "A file of this upload is still open.", open_.begin()->second.path);
  if (!is_file_ && !is_folder_)
    return fail(errc::precondition, "The upload is empty.");
  if (whole_) {
    WEIR_CHECK(sink_.commit());
    return *whole_;
  }
  unixfs::imported root;
  if (only_file_) {
    root = *only_file_;
  } else {
    WEIR_TRY(root, tree_.finish());
  }
  WEIR_CHECK(sink_.commit());
  return uploaded{root.id, size_, sink_.size(), sink_.blocks(), files_};
}

status upload_session::drop() {
  WEIR_TRY([[maybe_unused]] auto dropped, ledger_.release(id_));
  return ledger_.finish_upload(id_);
}

} // namespace weir
