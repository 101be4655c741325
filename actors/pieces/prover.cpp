#include "actors/pieces/prover.hpp"

#include "actors/pieces/builder.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/pieces/piece_prover.hpp"

namespace weir {

namespace {

struct prover_state {
  explicit prover_state(piece_prover_actor::pointer self) : self{self} {}

  status open(const records::reader& state, const cid& id) {
    if (last && last->piece() == id)
      return {};
    WEIR_TRY(auto found, state.get<piece>(id));
    auto opened = piece_prover::open(piece_path(folder, id), id, found.value.padded_size, found.value.segments);
    if (!opened && opened.error().code == errc::not_found)
      return fail(errc::precondition, "The file of its piece is not here; bring the content back first.", id.text());
    WEIR_TRY(last, std::move(opened));
    return {};
  }

  result<proof_list_ptr> prove(const prove_content& wanted) {
    auto state = d.look();
    std::vector<placement> places;
    WEIR_CHECK(state->each<placement>([&](const stored<placement>& p) { places.push_back(p.value); },
                                      {records::encode_prefix(wanted.content), {}}));
    if (places.empty())
      return fail(errc::precondition, "It is not packed into a piece yet.", wanted.content.value);
    auto out = std::make_shared<proof_list>();
    for (auto& p : places) {
      WEIR_CHECK(open(*state, p.piece));
      auto made = last->prove(p.offset, p.length, p.root);
      if (!made)
        last.reset(); // the file may be another one now
      WEIR_TRY(auto proof, std::move(made));
      out->parts.push_back(std::move(proof));
    }
    return proof_list_ptr{std::move(out)};
  }

  static constexpr const char* name = "piece_prover";
  piece_prover_actor::pointer self;
  domain d;
  std::filesystem::path folder;
  std::optional<piece_prover> last;
};

piece_prover_actor::behavior_type prover(self_of<piece_prover_actor, prover_state> self, domain d,
                                         std::filesystem::path folder) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.folder = std::move(folder);
  return {[self](const prove_content& wanted) { return reply(self->state.prove(wanted)); }};
}

} // namespace

piece_prover_actor spawn_piece_prover(caf::actor_system& system, domain d, std::filesystem::path folder) {
  if (d.detach)
    return system.spawn<caf::detached>(prover, std::move(d), std::move(folder));
  return system.spawn(prover, std::move(d), std::move(folder));
}

} // namespace weir
