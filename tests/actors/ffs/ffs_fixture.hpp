#pragma once
// FFS over the whole domain on the deterministic scheduler: two instances, four
// providers, and what a test does with them.
#include "actors/ffs/instances.hpp"
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {

using ffs::job_state;

struct ffs_fixture : domain_fixture {
  instance_id a{"a"}, b{"b"};

  void SetUp() override {
    add_providers(4);
    start();
    make(a);
    make(b);
  }

  void make(const instance_id& id) {
    ffs::instance i;
    i.id = id;
    i.name = id.value;
    access_token t;
    t.hash = "hash of " + id.value;
    t.instance = id;
    auto made = ffs::create(*records->snapshot(), i, t);
    ASSERT_TRUE(made);
    ASSERT_TRUE(ask<committed_ptr>(gate, atom::commit_v, made->take()));
  }

  ffs::powergate_actor gate_of(const instance_id& id) {
    auto found = ask<ffs::powergate_actor>(domain_tree.ffs, ffs::open_instance{id});
    EXPECT_TRUE(found);
    return *found;
  }
  cid stage(const instance_id& of, const bytes& data) { return upload("staged", data, {}, 6, ffs::owner_of(of)).cid; }
  result<ffs::job_id> push(const instance_id& of, const cid& id, const ffs::cid_config& config) {
    auto answer = ask<ffs::push_answer>(gate_of(of), ffs::push_config{of, id, config, true, false});
    run();
    return answer ? result<ffs::job_id>{answer->job} : result<ffs::job_id>{answer.error()};
  }
  ffs::job job_of(const instance_id& of, const ffs::job_id& id) { return get<ffs::job>({of, id}); }
  ffs::cid_entry entry(const instance_id& of, const cid& id) { return get<ffs::cid_entry>({of, id}); }

  static ffs::cid_config hot_only() {
    ffs::cid_config c;
    c.cold.enabled = false;
    return c;
  }
  static ffs::cid_config both(std::uint32_t copies = 1) {
    ffs::cid_config c;
    c.cold.rep_factor = copies;
    c.cold.deal_start_offset = 200;
    return c;
  }
  std::vector<deal> deals_of(const instance_id& of, const cid& id) {
    auto content = entry(of, id).cold.content;
    std::vector<deal> found;
    for (auto& d : all<deal>())
      if (d.content == content)
        found.push_back(d);
    return found;
  }
};

} // namespace weir::test
