// Every way in which a commit can fail, against a store that fails on command.
#include "actors/support/committer.hpp"

#include "tests/support/actor_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <deque>

namespace weir::test {
namespace {

struct scripted {
  std::deque<errc> errors;
  int tries = 0;
};

/// `outcome_unknown` happens after the transaction was written.
record_store_actor::behavior_type failing_store(record_store_actor::pointer, std::shared_ptr<records::record_store> r,
                                                std::shared_ptr<scripted> script) {
  return {
      [r, script](atom::commit, const transaction& t) -> caf::result<committed_ptr> {
        ++script->tries;
        auto next = errc::none;
        if (!script->errors.empty()) {
          next = script->errors.front();
          script->errors.pop_front();
        }
        if (next != errc::none && next != errc::outcome_unknown)
          return to_caf(fail(next));
        auto done = r->commit(t, unix_ms{1});
        if (next == errc::outcome_unknown)
          return to_caf(fail(next));
        return reply(std::move(done));
      },
      [](const fold_log&) {},
      [](atom::status) { return record_store_status{}; },
  };
}

using worker_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

struct committing : actor_fixture {
  temp_dir dir;
  std::shared_ptr<records::record_store> records = *records::record_store::open(dir / "records");
  std::shared_ptr<scripted> script = std::make_shared<scripted>();
  std::optional<status> result;
  int blocked = 0;

  void commit(std::deque<errc> errors, bool patient = true) {
    script->errors = std::move(errors);
    auto store = sys.spawn(failing_store, records, script);
    auto timer = spawn_timer(sys);
    committer c{store, records, timer};
    auto worker = sys.spawn([&, c](worker_actor::pointer me) -> worker_actor::behavior_type {
      auto kept = std::make_shared<committer>(c);
      return {[this, me, kept, patient](atom::start) {
        auto build = [](const records::reader& newest) -> weir::result<transaction_builder> {
          transaction_builder t;
          WEIR_TRY(auto found, newest.find<wallet_address>(address::from_id(7)));
          if (!found)
            t.create(wallet_address{address::from_id(7), "x", false, {}});
          return t;
        };
        commit_options options;
        options.patient = patient;
        options.blocked = [this](const error&) { ++blocked; };
        kept->commit(
            me, build, [this, kept](const status& s) { result = s; }, options);
      }};
    });
    caf::anon_send(worker, atom::start_v);
    run();
    for (int i = 0; i < 10; ++i)
      advance(std::chrono::seconds{30});
    stop(worker, store, timer);
  }
  bool written() const { return (*records->snapshot()->find<wallet_address>(address::from_id(7))).has_value(); }
};

TEST_F(committing, a_conflict_is_built_again_from_what_is_there_now) {
  commit({errc::conflict, errc::conflict});
  ASSERT_TRUE(result);
  EXPECT_TRUE(*result);
  EXPECT_EQ(script->tries, 3);
  EXPECT_TRUE(written());
}

TEST_F(committing, an_unknown_outcome_is_read_before_it_is_tried_again) {
  commit({errc::outcome_unknown});
  ASSERT_TRUE(result);
  EXPECT_TRUE(*result);
  EXPECT_EQ(script->tries, 1);
  EXPECT_EQ(records->head(), revision{1});
}

TEST_F(committing, it_waits_for_a_leader_and_for_room) {
  commit({errc::not_leader, errc::overloaded, errc::timeout});
  ASSERT_TRUE(result);
  EXPECT_TRUE(*result);
  EXPECT_EQ(script->tries, 4);
}

TEST_F(committing, a_full_disk_keeps_the_work_and_is_told_once) {
  commit({errc::disk_full, errc::disk_full, errc::disk_full});
  ASSERT_TRUE(result);
  EXPECT_TRUE(*result);
  EXPECT_EQ(blocked, 1);
  EXPECT_TRUE(written());
}

TEST_F(committing, an_upload_is_told_of_a_full_disk_at_once) {
  commit({errc::disk_full}, false);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->error().code, errc::disk_full);
  EXPECT_FALSE(written());
}

TEST_F(committing, what_cannot_get_better_is_an_answer) {
  commit({errc::too_large});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->error().code, errc::too_large);
  EXPECT_EQ(script->tries, 1);
}

} // namespace
} // namespace weir::test
