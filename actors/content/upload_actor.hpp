#pragma once
// One upload on a thread of its own: chunks are hashed and written as they
// come, the answers are the sender's credit.
//
// in:  files, folders, symlinks of this upload; commit or abort, after which it ends
// out: the transaction {content, content.stored} once the blocks are durable
// Survives a restart: nothing; the ledger's list takes the blocks back.
#include "actors/content/options.hpp"
#include "actors/content/upload.hpp"
#include "actors/support/domain.hpp"

namespace weir {

using upload_actor =
    caf::typed_actor<caf::replies_to<open_file>::with<file_ticket>, caf::replies_to<write_file>::with<nothing>,
                     caf::replies_to<close_file>::with<imported_file>, caf::replies_to<refer_file>::with<referred_file>,
                     caf::replies_to<add_symlink>::with<nothing>, caf::replies_to<add_folder>::with<nothing>,
                     caf::replies_to<atom::commit, upload_id>::with<content>,
                     caf::replies_to<atom::abort, upload_id>::with<nothing>>;

struct upload_order {
  content_id id; ///< of the content that it becomes; the upload's id too
  open_upload what;
  content_options limits;
};

upload_actor spawn_upload(caf::actor_system& system, const domain& d, std::shared_ptr<block_ledger> ledger,
                          upload_order order);

} // namespace weir
