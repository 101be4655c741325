// How a provider gets a deal's bytes and looks whether they are the piece.
#include "adapters/devnet/provider/provider.hpp"

#include "storage/pieces/piece_cid.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>

namespace weir::devnet {

namespace {

constexpr std::uint64_t first_retry_ms = 200, last_retry_ms = 15'000;

status compare_commp(const std::filesystem::path& file, const cid& piece, std::uint64_t padded_size,
                     const job_thread& thread) {
  WEIR_TRY(auto fd, open_file(file, O_RDONLY));
  commp_stream stream;
  bytes buffer(1 << 20);
  for (std::uint64_t at = 0;;) {
    WEIR_TRY(auto got, read_at(fd.get(), buffer, at, file));
    if (got == 0)
      break;
    stream.update(bytes_view{buffer}.first(got));
    at += got;
    if (thread.stopping())
      return fail(errc::shutting_down);
  }
  auto c = stream.finish();
  if (c.padded_size > padded_size)
    return fail(errc::corrupt, "commp mismatch: the data is larger than the piece");
  auto found = piece_cid_v1(extended_to(c, padded_size).root);
  if (found != piece)
    return fail(errc::corrupt, "commp mismatch: expected " + piece.text() + ", actual " + found.text());
  return {};
}

} // namespace

void provider::want_bytes(provider_deal& d) {
  if (head_ > d.proposal().start)
    return move(d, deal_step::failed, "the deal's start epoch passed before its data had come");
  if (in_hasher_.contains(d.params.id))
    return;
  std::error_code ec;
  if (std::filesystem::exists(piece_path(d.proposal().piece), ec))
    return check_commp(d);
  start_download(d);
}

void provider::start_download(const provider_deal& d) {
  auto source = parse_transfer(d.params.data.params);
  if (!source)
    return;
  retrieval::download_request r;
  r.url = source->url;
  for (auto& [name, value] : source->headers)
    r.fields.add(name, value);
  r.size = d.params.data.size;
  r.into = piece_path(d.proposal().piece);
  if (now().disconnect)
    r.break_off_after = r.size / 2;
  ++downloading_;
  bool posted = loop_.post([this, id = d.params.id, piece = d.proposal().piece, r = std::move(r)]() mutable {
    // One download a deal and a piece; after a failure not before its time.
    bool taken = downloads_.contains(id) || retries_.contains(id);
    for (auto& [other, running] : downloads_)
      taken = taken || running->into() == r.into;
    if (taken) {
      --downloading_;
      return;
    }
    auto started = retrieval::download::start(loop_, client_, std::move(r), [this, id](status s) {
      // After `start` is back, in any case.
      loop_.post([this, id, s] {
        downloads_.erase(id);
        thread_.post([this, id, s] { downloaded(id, s); });
        --downloading_;
      });
    });
    downloads_[id] = std::move(started);
  });
  if (!posted)
    --downloading_;
}

void provider::downloaded(const uuid& id, status s) {
  auto* d = book_.find(id);
  if (!d || d->step != deal_step::accepted)
    return;
  if (s) {
    download_failures_.erase(id);
    check_commp(*d);
    update_activity();
    return;
  }
  auto failures = ++download_failures_[id];
  spdlog::info("devnet {}: download for deal {}: {}", options_.name, filecoin::mk12::to_text(id), to_string(s.error()));
  auto wait = std::min(last_retry_ms, first_retry_ms << std::min(failures - 1, 10));
  loop_.post([this, id, wait] {
    auto& t = retries_[id];
    t = std::make_unique<loop::timer>(loop_);
    t->start(loop::milliseconds{wait}, [this, id] {
      retries_.erase(id);
      wake();
    });
  });
  update_activity();
}

void provider::check_commp(const provider_deal& d) {
  if (!in_hasher_.insert(d.params.id).second)
    return;
  ++hashing_;
  bool posted = hasher_.post([this, id = d.params.id, file = piece_path(d.proposal().piece), piece = d.proposal().piece,
                              size = d.proposal().padded_size] {
    auto s = compare_commp(file, piece, size, hasher_);
    thread_.post([this, id, s] { checked(id, s); });
    --hashing_;
  });
  if (!posted)
    --hashing_;
}

void provider::checked(const uuid& id, status s) {
  in_hasher_.erase(id);
  auto* d = book_.find(id);
  if (!d || d->step != deal_step::accepted)
    return;
  if (s && now().wrong_commp)
    s = fail(errc::corrupt, "commp mismatch: expected " + d->proposal().piece.text() + ", actual another one");
  if (!s && s.error().code != errc::corrupt)
    return; // the file went meanwhile: the next wake starts over
  if (s)
    move(*d, deal_step::verified);
  else
    move(*d, deal_step::failed, s.error().message);
  update_activity();
  wake();
}

} // namespace weir::devnet
