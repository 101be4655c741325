#pragma once
// Brings a DAG out of a hot layer outside into the node: GetFromHot, StageCid,
// and what a job has to store cold. What comes is a staged content of the
// instance; each block was checked by the layer and is again by the upload.
//
// in:  start, once; the DOWN of who asked
// out: the layer's reading as the file of an upload, part by part
// Survives a restart: nothing; an upload that was not committed is nothing.
// Errors: those of `hot_layer_actor` and `content_actor`.
#include "actors/support/domain.hpp"
#include "messages/actors/ffs_layers.hpp"

namespace weir::ffs {

using homecoming_actor = caf::typed_actor<caf::replies_to<atom::start>::with<content>>;

homecoming_actor spawn_homecoming(caf::actor_system& system, hot_layer_actor from, content_actor contents,
                                  instance_id of, hot_get what);

} // namespace weir::ffs
