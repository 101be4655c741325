#include "adapters/devnet/chain/durable_chain.hpp"

#include "storage/filecoin/chain_hash.hpp"
#include "storage/support/checksum.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace weir::devnet {

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::size_t max_entry = 1 << 20, frame_size = 8;

enum kind : std::uint64_t { start = 0, pushed = 1, made = 2, reorged = 3 };

/// Everything of the parameters that decides what the chain does.
cid fingerprint(const chain_params& p) {
  filecoin::cbor_writer out;
  out.array(9 + p.accounts.size() + p.miners.size());
  out.text(p.network);
  out.uint(p.network_version);
  out.uint(p.seed);
  out.integer(p.finality);
  out.integer(p.min_duration);
  out.integer(p.max_duration);
  out.uint(p.sector_size);
  out.uint(p.base_fee);
  out.uint(p.collateral_per_kib);
  for (auto& a : p.accounts)
    out.addr(a.key);
  for (auto& m : p.miners)
    out.addr(m.worker);
  return filecoin::chain_cid(out.take());
}

bytes start_entry(const chain_params& p) {
  filecoin::cbor_writer out;
  out.array(4);
  out.uint(kind::start);
  out.uint(format_version);
  out.link(fingerprint(p));
  out.integer(p.genesis_time);
  return out.take();
}

std::uint32_t little_endian(bytes_view four) {
  return four[0] | four[1] << 8 | four[2] << 16 | static_cast<std::uint32_t>(four[3]) << 24;
}
void put_little_endian(bytes& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

error corrupt(const std::filesystem::path& path, std::uint64_t offset) {
  return fail(errc::corrupt, "the devnet's log does not replay; remove the devnet's folder to start a new chain",
              path.string() + " at " + std::to_string(offset));
}

} // namespace

result<std::unique_ptr<durable_chain>> durable_chain::open(const std::filesystem::path& folder, chain_params params) {
  WEIR_CHECK(make_folder(folder));
  auto path = folder / "chain.log";
  // The genesis time is in the first entry: read it before the chain is made.
  if (auto found = open_file(path, O_RDONLY)) {
    bytes head(frame_size + 256);
    WEIR_TRY(auto got, read_at(found->get(), head, 0, path));
    if (got > frame_size && got >= frame_size + little_endian(head)) {
      filecoin::cbor_reader in{bytes_view{head}.subspan(frame_size, little_endian(head))};
      in.array(4);
      in.uint();
      if (auto version = in.uint(); in.ok() && version > format_version)
        return fail(errc::data_too_new, "the devnet's chain was written by a newer Weir", std::to_string(version),
                    std::to_string(format_version));
      auto theirs = in.link();
      if (in.ok() && theirs != fingerprint(params))
        return fail(errc::wrong_network, "the devnet's folder holds a chain with other parameters (seed, limits)",
                    folder.string());
      params.genesis_time = in.integer();
    }
  }
  auto self = std::unique_ptr<durable_chain>{new durable_chain{std::move(params), path}};
  WEIR_TRY(self->file_, open_file(path, O_RDWR | O_CREAT));
  WEIR_CHECK(self->replay());
  if (self->size_ == 0) {
    WEIR_CHECK(self->write(start_entry(self->chain_.params()), true));
    WEIR_CHECK(sync_folder(folder));
  }
  return self;
}

status durable_chain::replay() {
  std::error_code ec;
  auto file_size = std::filesystem::file_size(path_, ec);
  bytes entry;
  for (;;) {
    std::uint8_t frame[frame_size];
    WEIR_TRY(auto got, read_at(file_.get(), frame, size_, path_));
    auto length = little_endian(bytes_view{frame});
    if (got < frame_size || size_ + frame_size + length > file_size)
      break; // cut short by a crash
    if (length > max_entry)
      return corrupt(path_, size_);
    entry.resize(length);
    WEIR_TRY(got, read_at(file_.get(), entry, size_ + frame_size, path_));
    if (got < length)
      break;
    if (crc32c(entry) != little_endian(bytes_view{frame}.subspan(4))) {
      if (size_ + frame_size + length == file_size)
        break; // the last one: written in part
      return corrupt(path_, size_);
    }
    if (auto done = replay_entry(entry); !done)
      return corrupt(path_, size_);
    size_ += frame_size + length;
  }
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0)
    return os_error(errno, "cannot cut the devnet's log after its last whole entry", path_);
  return {};
}

status durable_chain::replay_entry(bytes_view entry) {
  filecoin::cbor_reader in{entry};
  in.array();
  switch (in.uint()) {
  case kind::start:
    return {};
  case kind::pushed: {
    WEIR_TRY(auto m, filecoin::decode_signed_message(in.byte_string()));
    if (auto id = chain_.push(std::move(m)); !id)
      return id.error();
    return in.finish();
  }
  case kind::made: {
    epoch to{in.integer()};
    auto with_pool = in.boolean();
    auto block = in.link();
    WEIR_CHECK(in.finish());
    if (to <= chain_.head()->height() || chain_.advance(to, with_pool).back().at->block_cid != block)
      return fail(errc::corrupt);
    return {};
  }
  case kind::reorged: {
    auto depth = in.uint();
    auto what = in.boolean() ? reverted_messages::drop : reverted_messages::return_to_pool;
    WEIR_CHECK(in.finish());
    if (auto done = chain_.reorg(depth, what); !done)
      return done.error();
    return {};
  }
  default:
    return fail(errc::corrupt);
  }
}

status durable_chain::write(bytes_view entry, bool sync) {
  // After a failure memory is ahead of the disk for good: nothing more is taken.
  if (broken_)
    return fail(errc::io, "the devnet's log cannot be written; stop the devnet", path_.string());
  broken_ = true;
  bytes frame;
  put_little_endian(frame, static_cast<std::uint32_t>(entry.size()));
  put_little_endian(frame, crc32c(entry));
  frame.insert(frame.end(), entry.begin(), entry.end());
  WEIR_CHECK(write_all_at(file_.get(), frame, size_, path_));
  if (sync)
    WEIR_CHECK(sync_file(file_.get(), path_));
  size_ += frame.size();
  broken_ = false;
  return {};
}

result<cid> durable_chain::push(filecoin::signed_message m) {
  filecoin::cbor_writer out;
  out.array(2);
  out.uint(kind::pushed);
  out.byte_string(filecoin::encode(m));
  WEIR_TRY(auto id, chain_.push(std::move(m)));
  WEIR_CHECK(write(out.take(), true));
  return id;
}

result<chain_changes> durable_chain::advance(epoch to, bool with_pool) {
  if (to <= chain_.head()->height())
    return fail(errc::invalid_argument, "the chain is already at that epoch", std::to_string(to.value),
                std::to_string(chain_.head()->height().value));
  auto changes = chain_.advance(to, with_pool);
  filecoin::cbor_writer out;
  out.array(4);
  out.uint(kind::made);
  out.integer(to.value);
  out.boolean(with_pool);
  out.link(chain_.head()->block_cid);
  WEIR_CHECK(write(out.take(), !chain_.head()->messages.empty()));
  return changes;
}

result<chain_changes> durable_chain::reorg(std::size_t depth, reverted_messages what) {
  WEIR_TRY(auto changes, chain_.reorg(depth, what));
  filecoin::cbor_writer out;
  out.array(3);
  out.uint(kind::reorged);
  out.uint(depth);
  out.boolean(what == reverted_messages::drop);
  WEIR_CHECK(write(out.take(), true));
  return changes;
}

} // namespace weir::devnet
