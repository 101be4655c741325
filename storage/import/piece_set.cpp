#include "storage/import/piece_set.hpp"

#include "storage/car/car_file.hpp"
#include "storage/car/car_header.hpp"
#include "storage/import/import_log.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/pieces/piece_file.hpp"

#include <unordered_set>

namespace weir {

namespace fs = std::filesystem;

namespace {

std::string_view key_of(const cid& id) {
  return as_text(id.multihash());
}

class set_writer : public block_sink, public leaf_places {
public:
  set_writer(const fs::path& folder, const piece_set_options& o, import_log& log)
      : folder_{folder}, options_{o}, log_{log}, room_{unpadded_size_of(o.piece_size)} {}

  /// The blocks of the pieces that are there; a piece whose file is not what
  /// it was is made again, and all after it.
  status take_over() {
    for (std::size_t i = 0; i < log_.pieces().size(); ++i) {
      const auto& p = log_.pieces()[i];
      auto path = path_of(p.id);
      std::error_code wrong;
      if (fs::file_size(path, wrong) != p.car.size || wrong)
        return log_.forget_from(i);
      auto seen = [&](const car_entry& e) {
        seen_.emplace(key_of(e.id));
        return status{};
      };
      if (auto read = scan_car(path, {0, p.car.size, std::nullopt}, seen); !read)
        return log_.forget_from(i);
    }
    return {};
  }

  /// As far as the piece that is open has room for them.
  std::size_t places(std::size_t size, std::span<std::uint8_t*> out) override {
    if (!open_)
      return 0;
    const auto taken = open_->size() + max_digest_size, left = taken < room_ ? room_ - taken : 0;
    const auto frame = size + max_digest_size; // and its head, which is shorter than that
    return open_->places(size, out.first(std::min<std::uint64_t>(out.size(), left / frame)));
  }

  bool holds(const cid& id) const {
    return id.hash_code() == hash_code::identity || seen_.count(std::string{key_of(id)}) > 0;
  }

  /// The last piece, which has the root. When every block was there already
  /// there is none to write, unless nothing was written at all.
  status finish(const cid& root) {
    if (!open_ && (!log_.pieces().empty()))
      return {};
    if (!open_)
      WEIR_CHECK(begin(root));
    return close(root.hash_code() == hash_code::identity || root_here(root) ? root : first_);
  }

private:
  fs::path path_of(const cid& piece) const { return folder_ / (piece.text() + ".car"); }
  bool root_here(const cid& root) const { return last_ == root; }

  status begin(const cid& first) {
    first_ = first;
    WEIR_TRY(open_, car_builder::create(folder_ / "unfinished.car", first));
    return {};
  }

  status close(const cid& root) {
    WEIR_TRY(auto car, open_->finish(root));
    open_.reset();
    set_piece made{piece_cid_v1(car.commp.root), car};
    WEIR_CHECK(name_piece_file(folder_ / "unfinished.car", path_of(made.id)));
    WEIR_CHECK(log_.add(made));
    if (options_.finished)
      options_.finished(made);
    return {};
  }

  status write(const cid& id, bytes_view block) override {
    if (!seen_.emplace(key_of(id)).second)
      return {};
    const auto frame = car_frame_size(id, block.size());
    if (car_header({id}).size() + frame > room_)
      return fail(errc::too_large, "a block does not fit into a piece of this size", std::to_string(block.size()),
                  std::to_string(room_));
    // Room for the longest header that the root may ask for in the end.
    if (open_ && open_->size() + frame + max_digest_size > room_)
      WEIR_CHECK(close(first_));
    if (!open_)
      WEIR_CHECK(begin(id));
    last_ = id;
    return open_->put(id, block);
  }

  const fs::path& folder_;
  const piece_set_options& options_;
  import_log& log_;
  std::uint64_t room_;
  std::unordered_set<std::string> seen_; ///< multihashes of all pieces
  std::unique_ptr<car_builder> open_;
  cid first_, last_;
};

} // namespace

std::string profile_text(const tree_import_options& o) {
  const auto& p = o.how;
  std::string out = p.chunks.text();
  for (std::uint64_t part :
       {std::uint64_t(p.cid_version), p.hash, std::uint64_t(p.raw_leaves),
        std::uint64_t(p.layout == unixfs::dag_layout::trickle), std::uint64_t(p.file_links),
        std::uint64_t(p.directory_links), std::uint64_t(p.hamt_fanout),
        std::uint64_t(p.measure == unixfs::directory_measure::block), p.shard_threshold, std::uint64_t(p.inline_limit),
        std::uint64_t(o.hidden), std::uint64_t(o.keep_mode), std::uint64_t(o.keep_mtime)})
    out += " " + std::to_string(part);
  return out;
}

result<piece_set> import_to_pieces(const fs::path& source, const fs::path& folder, const piece_set_options& options) {
  if (!valid_piece_size(options.piece_size))
    return fail(errc::invalid_argument, "no piece has this size", std::to_string(options.piece_size),
                "powers of two from 128 B to 64 GiB");
  WEIR_CHECK(make_folder(folder));
  auto fingerprint = profile_text(options.import) + " " + std::to_string(options.piece_size) + " "
                     + to_hex(as_bytes(fs::absolute(source).string() + options.fingerprint));
  WEIR_TRY(auto log, import_log::open(folder, fingerprint));
  set_writer writer{folder, options, *log};
  WEIR_CHECK(writer.take_over());
  log->held_by([&](const cid& id) { return writer.holds(id); });
  piece_set out;
  out.resumed = log->pieces().size();
  auto import = options.import;
  import.places = &writer;
  import.memory = log.get();
  WEIR_TRY(out.whole, import_tree(source, writer, import));
  WEIR_CHECK(writer.finish(out.whole.id));
  out.pieces = log->pieces();
  WEIR_CHECK(log->remove());
  return out;
}

} // namespace weir
