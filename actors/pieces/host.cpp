#include "actors/pieces/host.hpp"

#include "actors/pieces/builder.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

namespace weir {

namespace {

/// Takes the same time wherever the texts differ.
bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

struct host_state {
  explicit host_state(piece_host_actor::pointer self) : self{self} {}

  result<bool> may_have(const piece_access& wanted) const {
    auto state = d.look();
    bool may = false;
    WEIR_TRY(auto keys, state->keys<records::piece_deals>(wanted.piece));
    for (auto& key : keys) {
      WEIR_TRY(auto found, state->get<deal>(std::get<1>(key)));
      may |= is_good(found.value.state) && !found.value.transfer_token.empty()
             && same_secret(found.value.transfer_token, wanted.token);
    }
    return may;
  }

  result<hosted_piece> look(const piece_access& wanted) const {
    WEIR_TRY(bool may, may_have(wanted));
    if (!may)
      return fail(errc::unauthenticated, "A piece is given to whoever shows the token of one of its live deals.");
    auto path = piece_path(folder, wanted.piece);
    std::error_code failed;
    auto size = std::filesystem::file_size(path, failed);
    if (failed)
      return fail(errc::not_found, "The file of this piece is not here.", wanted.piece.text());
    return hosted_piece{path.string(), size};
  }

  static constexpr const char* name = "piece_host";
  piece_host_actor::pointer self;
  domain d;
  std::filesystem::path folder;
};

piece_host_actor::behavior_type piece_host(self_of<piece_host_actor, host_state> self, domain d,
                                           std::filesystem::path folder) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.folder = std::move(folder);
  return {[self](const piece_access& wanted) { return reply(self->state.look(wanted)); }};
}

} // namespace

piece_host_actor spawn_piece_host(caf::actor_system& system, domain d, std::filesystem::path folder) {
  return system.spawn(piece_host, std::move(d), std::move(folder));
}

} // namespace weir
