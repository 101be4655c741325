#pragma once
// A DAG, a node that gives it out, and a layer over whatever a test puts there.
#include "adapters/hot/layer.hpp"
#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/unixfs/file_importer.hpp"
#include "tests/adapters/actor_fixture.hpp"
#include "tests/support/temp_dir.hpp"

namespace weir::test {

/// The CAR of what `blocks` has below the root, in parts; counts its readings.
struct retriever_state_of_test {
  std::map<std::uint64_t, std::pair<bytes, std::size_t>> reads;
  std::uint64_t last = 0;
};
inline bytes car_of(memory_blocks& blocks, const cid& root) {
  bytes out;
  car_writer writer{[&](bytes_view data) {
    out.insert(out.end(), data.begin(), data.end());
    return status{};
  }};
  EXPECT_TRUE(write_car(root, blocks, writer));
  return out;
}
inline retriever_actor::behavior_type fake_retriever(retriever_actor::stateful_pointer<retriever_state_of_test> self,
                                                     memory_blocks* blocks) {
  return {
      [self, blocks](const open_read& what) -> caf::result<read_ticket> {
        if (!blocks->has(what.root))
          return to_caf(block_not_found(what.root));
        self->state.reads[++self->state.last] = {car_of(*blocks, what.root), 0};
        return read_ticket{self->state.last, {}, true};
      },
      [](const read_bytes&) -> caf::result<chunk> { return to_caf(fail(errc::unsupported)); },
      [](const list_folder&) -> caf::result<std::vector<directory_entry>> { return to_caf(fail(errc::unsupported)); },
      [self](const read_dag& what) -> caf::result<dag_part> {
        auto found = self->state.reads.find(what.read);
        if (found == self->state.reads.end())
          return to_caf(fail(errc::not_found));
        auto& [car, at] = found->second;
        auto step = std::min<std::size_t>(car.size() - at, 1 << 20);
        auto from = car.begin() + static_cast<std::ptrdiff_t>(at);
        at += step;
        return dag_part{std::make_shared<const bytes>(from, from + static_cast<std::ptrdiff_t>(step)), 1, at,
                        at == car.size()};
      },
      [self](const close_read& what) { self->state.reads.erase(what.read); },
  };
}

struct hot_fixture : actor_fixture {
  hot_fixture() {
    auto opened = records::record_store::open(dir / "records");
    EXPECT_TRUE(opened);
    records = std::move(*opened);
    options.again = {loop::milliseconds{1}, loop::milliseconds{5}, 4};
    options.wall = [] { return unix_ms{1'700'000'000'000}; };
  }
  ~hot_fixture() override { finish(); }

  /// After the routes: `make` runs on the loop.
  void layer_over(std::function<hot::backend_ptr()> make) {
    begin();
    layer_at(std::move(make));
  }
  void layer_at(std::function<hot::backend_ptr()> make) {
    if (!later)
      loop.run([&] { later = std::make_shared<hot::delays>(loop); });
    retriever = system->spawn(fake_retriever, &blocks);
    hot::backend_ptr there;
    loop.run([&] { there = make(); });
    auto node = std::make_shared<hot::node_side>(hot::node_side{retriever});
    layer = hot::spawn_hot_layer(*host, {there, hot::claim_book{records, "test"}, later, node}, options);
  }
  void finish() {
    if (!host)
      return; // never begun, or over: the loop does not run
    layer = nullptr;
    caf::anon_send_exit(retriever, caf::exit_reason::user_shutdown);
    retriever = nullptr;
    host->shutdown();
    loop.run([&] { later.reset(); });
    later.reset();
    end();
  }
  cid make_file(std::size_t size, std::uint8_t seed = 1) {
    bytes data(size);
    std::uint32_t x = seed;
    for (auto& b : data)
      b = static_cast<std::uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    unixfs::file_importer importer{blocks};
    EXPECT_TRUE(importer.write(data));
    return importer.finish()->id;
  }
  result<ffs::hot_info> add(const cid& id, const char* who = "a", std::uint64_t seconds = 0) {
    return ask<ffs::hot_info>(layer, ffs::hot_add{instance_id{who}, id, seconds});
  }
  result<ffs::hot_info> pin(const cid& id, const char* who = "a", std::uint64_t seconds = 0) {
    return ask<ffs::hot_info>(layer, ffs::hot_pin{instance_id{who}, id, seconds});
  }
  result<ffs::hot_info> check(const cid& id, const char* who = "a") {
    return ask<ffs::hot_info>(layer, ffs::hot_check{instance_id{who}, id});
  }
  /// For what may take longer than `ask` waits.
  template <class What>
  result<ffs::hot_info> ask_long(What what) {
    caf::scoped_actor self{*system};
    std::optional<result<ffs::hot_info>> out;
    self->request(layer, std::chrono::seconds{120}, std::move(what))
        .receive([&](ffs::hot_info& got) { out.emplace(std::move(got)); },
                 [&](caf::error& e) { out.emplace(from_caf(e)); });
    return *std::move(out);
  }
  result<nothing> remove(const cid& id, const char* who = "a") {
    return ask<nothing>(layer, ffs::hot_remove{instance_id{who}, id});
  }
  result<bytes> read(const cid& id, std::uint64_t seconds = 0) {
    auto opened = ask<ffs::hot_reading>(layer, ffs::hot_get{id, seconds});
    if (!opened)
      return opened.error();
    bytes out;
    while (true) {
      auto part = ask<ffs::hot_part>(layer, ffs::hot_next{opened->read});
      if (!part)
        return part.error();
      out.insert(out.end(), part->car->begin(), part->car->end());
      if (part->done)
        return out;
      EXPECT_LE(part->car->size(), max_chunk);
    }
  }

  temp_dir dir;
  memory_blocks blocks;
  std::shared_ptr<records::record_store> records;
  std::shared_ptr<hot::delays> later;
  retriever_actor retriever;
  hot::layer_options options;
  ffs::hot_layer_actor layer;
};

/// For bytes that nobody wants to see.
inline testing::AssertionResult same(const result<bytes>& got, const bytes& wanted) {
  if (!got)
    return testing::AssertionFailure() << to_string(got.error());
  if (*got == wanted)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << got->size() << " bytes that differ from the " << wanted.size() << " wanted";
}

/// What stands between the boundaries of a form with one file.
inline bytes file_of(std::string_view body) {
  auto from = body.find("\r\n\r\n"), to = body.rfind("\r\n--");
  return from == body.npos || to == body.npos ? bytes{} : to_bytes(as_bytes(body.substr(from + 4, to - from - 4)));
}

} // namespace weir::test
