#pragma once
// FFS with two schedulers: `default` on a hot layer of the test's choice, and
// `outside` on the fake layer "far".
#include "storage/unixfs/file_importer.hpp"
#include "tests/actors/ffs/fake_layer.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {

struct ffs_layers_fixture : ffs_fixture {
  layer_world_ptr far = std::make_shared<layer_world>();
  ffs::hot_layer_actor far_handle;

  ffs_layers_fixture() {
    ffs::scheduler_options outside;
    outside.name = "outside";
    outside.hot = "far";
    options.ffs.schedulers.push_back(outside);
  }
  void dress(tree_parts& parts) override {
    far->node = blocks;
    far->dead = false;
    far_handle = sys.spawn(fake_layer, far);
    parts.hot_layers["far"] = far_handle;
  }
  void undress() override {
    stop(far_handle);
    far_handle = ffs::hot_layer_actor{};
    far->node.reset();
    far->open.clear();
    far->unanswered.clear();
  }
  void crash_with_layer() {
    far->dead = true;
    crash();
  }

  void move(const instance_id& of, const std::string& to) {
    auto moved = ffs::move(*records->snapshot(), of, to);
    ASSERT_TRUE(moved) << to_string(moved.error());
    ASSERT_TRUE(ask<committed_ptr>(gate, atom::commit_v, moved->take()));
  }
  /// The blocks of a file that only the layer (or its network) has.
  cid file_at(memory_blocks& where, const bytes& data) {
    unixfs::file_importer importer{where};
    EXPECT_TRUE(importer.write(data));
    return importer.finish()->id;
  }
  result<content> stage_cid(const instance_id& of, const cid& id) {
    return ask<content>(gate_of(of), ffs::stage_cid{of, id, 5});
  }
  ffs::job newest_job(const instance_id& of, const cid& id) { return job_of(of, entry(of, id).latest); }
  std::size_t staged() const {
    auto contents = all<content>();
    return static_cast<std::size_t>(std::count_if(contents.begin(), contents.end(), [](auto& c) {
      return c.use == content_use::stage && c.state != content_state::removed;
    }));
  }
};

} // namespace weir::test
