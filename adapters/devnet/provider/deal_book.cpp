#include "adapters/devnet/provider/deal_book.hpp"

#include "storage/support/file.hpp"

namespace weir::devnet {

namespace {

constexpr std::uint64_t version = 1;
constexpr std::size_t max_file = 8 << 20;

bytes encode_deal(const provider_deal& d) {
  filecoin::cbor_writer out;
  out.array(9);
  out.uint(version);
  out.byte_string(filecoin::mk12::encode(d.params));
  out.uint(static_cast<std::uint64_t>(d.step));
  out.text(d.problem.substr(0, filecoin::cbor_max_text));
  if (d.message_cid.empty())
    out.null();
  else
    out.byte_string(filecoin::encode(d.message));
  out.link_or_null(d.publish_cid);
  out.uint(d.deal_id);
  out.uint(d.sector);
  out.integer(d.since.value);
  return out.take();
}

result<provider_deal> decode_deal(bytes_view data) {
  filecoin::cbor_reader in{data};
  provider_deal d;
  in.array(9);
  if (in.uint() != version)
    in.refuse("unknown version");
  WEIR_TRY(d.params, filecoin::mk12::decode_deal_params(in.byte_string()));
  auto step = in.uint();
  if (step > static_cast<std::uint64_t>(deal_step::failed))
    in.refuse("unknown step");
  d.step = static_cast<deal_step>(step);
  d.problem = in.text();
  if (!in.take_null()) {
    WEIR_TRY(d.message, filecoin::decode_signed_message(in.byte_string()));
    d.message_cid = filecoin::signed_message_cid(d.message);
  }
  d.publish_cid = in.link_or_null();
  d.deal_id = in.uint();
  d.sector = in.uint();
  d.since = epoch{in.integer()};
  WEIR_CHECK(in.finish());
  return d;
}

} // namespace

std::string_view to_string(deal_step s) {
  constexpr std::string_view names[] = {"accepted",   "verified", "publishing", "sealing",
                                        "activating", "active",   "ended",      "failed"};
  return names[static_cast<std::size_t>(s)];
}

result<deal_book> deal_book::open(const std::filesystem::path& folder) {
  WEIR_CHECK(make_folder(folder));
  deal_book book;
  book.folder_ = folder;
  std::error_code ec;
  for (auto& entry : std::filesystem::directory_iterator{folder, ec}) {
    if (entry.path().extension() != ".deal")
      continue; // what a crash left of a file that was being written
    WEIR_TRY(auto text, read_small_file(entry.path(), max_file));
    auto d = decode_deal(as_bytes(text));
    if (!d)
      return fail(errc::corrupt, "a deal of a simulated provider cannot be read: " + d.error().message,
                  entry.path().string());
    auto id = d->params.id;
    book.deals_.emplace(id, *std::move(d));
  }
  return book;
}

provider_deal* deal_book::find(const filecoin::mk12::uuid& id) {
  auto found = deals_.find(id);
  return found == deals_.end() ? nullptr : &found->second;
}

status deal_book::save(const provider_deal& d) const {
  return write_file_durably(folder_ / (filecoin::mk12::to_text(d.params.id) + ".deal"), encode_deal(d));
}

result<provider_deal*> deal_book::add(provider_deal d) {
  WEIR_CHECK(save(d));
  auto id = d.params.id;
  return &deals_.insert_or_assign(id, std::move(d)).first->second;
}

} // namespace weir::devnet
