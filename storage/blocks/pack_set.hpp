#pragma once
// The packs of a block store: CARs and piece files that blocks are served
// from. `.packs/ID.pack` lists each (pack_manifest.hpp), `.packs/index` says
// what is in them and is made again when it is missing or damaged.
//
// A pack is added in steps, each of which a crash may be the last:
//   prepare   its blocks go into the index; without its list entry nothing serves them
//   list      its list entry is durable: it serves
//   settle    no loose copies of its blocks are left
// Files are not touched (but where a block is mended), and must not change or
// go while they are listed.
// Safe to use from several threads.
#include "messages/types/cid.hpp"
#include "storage/blocks/pack_index.hpp"
#include "storage/blocks/pack_manifest.hpp"
#include "storage/support/file.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <span>

namespace weir {

struct car_entry;

class pack_set {
public:
  struct pack {
    pack_manifest manifest;
    std::filesystem::path file;
    file_descriptor fd;                          ///< none: the file is missing
    mutable std::atomic<std::uint64_t> bytes{0}; ///< of the file; of a growing one those that serve
    mutable std::atomic<bool> leaving{false};    ///< about to be dropped: nobody may rely on it any more
    /// What nobody needs any more, about: of the store's own, since it was last counted.
    mutable std::atomic<std::uint64_t> let_go{0};
    mutable std::atomic<bool> counted{false};
    /// Where the last large block that was read ends, and how far the kernel was told to read.
    mutable std::atomic<std::uint64_t> read_to{0}, ahead_to{0};

    std::vector<pack_segment> segments() const;
    /// Whether a block that is in it needs no copy of its own elsewhere: the
    /// user may change his files.
    bool relied_on() const { return !leaving && !manifest.references; }
  };
  using pack_pointer = std::shared_ptr<const pack>;
  /// A place of a block in a pack that serves.
  struct found {
    pack_pointer in;
    pack_place place;
  };
  using on_entry = std::function<status(bytes_view multihash, const pack_place&)>;
  /// Asked now and then; its error stops and is returned.
  using on_progress = std::function<status()>;

  /// `store` is the folder of the block store. Nothing is made in it before
  /// the first pack. errc::corrupt for a list entry that cannot be read.
  static result<std::unique_ptr<pack_set>> open(const std::filesystem::path& store);

  bool empty() const { return count_.load(std::memory_order_relaxed) == 0; }
  std::vector<pack_pointer> packs() const;
  pack_pointer find(const std::filesystem::path& file) const;
  pack_totals totals() const;

  result<std::vector<found>> places(bytes_view multihash) const;
  /// The same, and whether the index has none, not even in a pack that does
  /// not serve: its generation then (pack_index.hpp), else 0.
  struct lookup {
    std::vector<found> places;
    std::uint64_t absent_at = 0;
  };
  result<lookup> look_up(bytes_view multihash) const;
  /// errc::io; errc::corrupt when the file ends before, or what it refers to
  /// is not as it was.
  static status read(const found& where, bytes& out);
  /// The place is damaged: nothing is served from it any more.
  status forget(bytes_view multihash, const pack_place& place);
  /// It was mended: it is served from there again.
  status remember(bytes_view multihash, const pack_place& place);
  /// Each block once, with its places in packs that serve.
  status for_each(const std::function<status(bytes_view multihash, const std::vector<found>&)>& visit) const;

  /// With `verify` every block is hashed: errc::corrupt names the first bad
  /// one, and nothing is added. errc::already_exists, errc::malformed, errc::io.
  result<pack_pointer> prepare(const std::filesystem::path& file, bool verify, const on_progress& go_on);
  status list(const pack_pointer& p);
  status settle(const pack_pointer& p);
  /// Loose copies may come: whatever opens the store next removes them, if the pack is still listed.
  status unsettle(const pack_pointer& p);
  /// Listed, but not settled before the last end of the process.
  std::vector<pack_pointer> unsettled() const;
  /// The blocks of a pack, one after the other, out of its file.
  static status scan(const pack& p, const on_entry& visit);
  static status scan_frames(const pack& p, const std::function<status(const car_entry&)>& visit);

  /// A name for a pack of the store's own: .packs/own-N.car, or ref-N.refs for
  /// one of references, not in use. What has such a name and is not listed is
  /// deleted when the store is opened.
  result<std::filesystem::path> name_own_pack(bool references = false);
  bool is_own(const pack& p) const;

  /// A pack that grows: durable blocks at the end of its file, group by group
  /// (pack_group.hpp). Its list entry says how far its file and the index are
  /// known to be good; what follows that is read when the store is opened.
  struct new_block {
    bytes_view multihash;
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint64_t absent_at = 0; ///< of `look_up`
  };
  /// `size`: of its header, all that is in the file so far for sure.
  result<pack_pointer> list_growing(const std::filesystem::path& file, std::uint64_t size);
  /// Its blocks up to `end` are durable: they are served.
  status extend(const pack_pointer& p, std::uint64_t end, std::span<const new_block> blocks);
  /// What is served is in the list entry and the index, durable; with `ended`
  /// it grows no more.
  status note_growth(const pack_pointer& p, bool ended);
  /// One that grew when the store was last closed and may go on.
  pack_pointer growing() const { return growing_; }

  /// Its blocks are no longer served from it. errc::not_found.
  status drop(const std::filesystem::path& file);

private:
  static void read_ahead(const pack& p, const pack_place& place);
  explicit pack_set(std::filesystem::path store) : store_{std::move(store)}, folder_{store_ / ".packs"} {}
  status load();
  status open_index();
  status read_list();
  status make_index_whole();
  status recover_growing();
  status recover(const pack_pointer& p);
  status save_beyond(const pack& p, const std::vector<car_entry>& beyond);
  status sweep_own();
  status fill(const pack& p, bool verify, const on_progress& go_on);
  status fill_verified(const pack& p, const pack_segment& s, const on_progress& go_on);
  void keep(const pack_pointer& p);
  std::filesystem::path list_entry(std::uint32_t id) const;
  std::vector<found> serving(const pack_places& places) const;

  std::filesystem::path store_, folder_;
  std::mutex changing_;               ///< one pack is added or dropped at a time
  mutable std::shared_mutex mutex_;   ///< of the four below
  std::unique_ptr<pack_index> index_; ///< made once, before the first pack
  std::map<std::uint32_t, pack_pointer> packs_;
  std::map<std::filesystem::path, pack_pointer> by_file_; ///< absolute names
  std::atomic<std::uint32_t> next_id_{1};
  pack_pointer growing_; ///< set once, by `open`
  std::atomic<std::uint64_t> next_own_{1};
  std::atomic<std::size_t> count_{0};
};

/// Throws the index away; the next `open` makes it again out of the packs.
/// Not while the store is open.
status discard_pack_index(const std::filesystem::path& store);

} // namespace weir
