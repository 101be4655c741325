// Blocks that stay in the user's own files.
#include "storage/blocks/block_store_state.hpp"
#include "storage/blocks/own_pack.hpp"
#include "storage/blocks/reference_file.hpp"
#include "storage/support/crash_point.hpp"

#include <unordered_set>

namespace weir {

class block_store::reference_writer_impl : public reference_writer {
public:
  explicit reference_writer_impl(state& s) : state_{s} {}

  status begin(const std::filesystem::path& file) override {
    WEIR_CHECK(failed_);
    source_ = file;
    begun_ = false;
    return file.is_absolute() ? status{}
                              : fail(errc::invalid_path, "a file is referred to by its whole path only", file);
  }

  status add(const cid& id, std::uint64_t offset, std::uint32_t size) override {
    WEIR_CHECK(failed_);
    if (taken_.size() >= most_blocks_of_own_pack)
      WEIR_CHECK(commit());
    if (id.hash_code() == hash_code::identity || !taken_.emplace(as_text(id.multihash())).second)
      return {};
    WEIR_TRY(bool here, state_.stays(id.multihash()));
    if (here)
      return {};
    if (!out_) {
      WEIR_TRY(auto name, state_.packed->name_own_pack(true));
      WEIR_TRY(out_, reference_file::create(name));
    }
    if (!begun_)
      WEIR_CHECK(out_->begin(source_));
    begun_ = true;
    return out_->append(id.multihash(), offset, size);
  }

  status commit() override {
    WEIR_CHECK(failed_);
    auto out = std::exchange(out_, nullptr);
    taken_.clear();
    begun_ = false;
    if (!out)
      return {};
    auto done = out->finish();
    crash_point("packs.written");
    if (done)
      done = state_.add_pack(out->file(), false, {});
    if (!done)
      (void)remove_file(out->file());
    return failed_ = done;
  }

private:
  state& state_;
  std::unique_ptr<reference_file> out_;
  std::filesystem::path source_;
  bool begun_ = false; ///< its record is written
  status failed_;      ///< what was added since the last commit is lost
  std::unordered_set<std::string> taken_;
};

std::unique_ptr<reference_writer> block_store::references() {
  return std::make_unique<reference_writer_impl>(*state_);
}

} // namespace weir
