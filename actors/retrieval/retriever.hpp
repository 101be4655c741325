#pragma once
// Gives contents out by path and range, every block verified.
//
// in:  open_read, read_bytes, list_folder, close_read (API, gateway)
// out: ranges from providers for blocks that are not here (fetcher);
//      retrieval.done, retrieval.failed; good copies of damaged blocks (mender)
// A provider that lies or vanishes is not asked again in this read; the next
// one is. A local block that turns out damaged is fetched and put back.
// Survives a restart: nothing; reads are opened again.
#include "actors/content/mender.hpp"
#include "actors/content/options.hpp"
#include "actors/retrieval/read_source.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/fetch.hpp"

namespace weir {

struct retriever_parts {
  std::shared_ptr<block_store> blocks;
  std::filesystem::path pieces;
  fetcher_actor fetcher; ///< null in a node without a network
  mender_actor mender;
};

retriever_actor spawn_retriever(caf::actor_system& system, domain d, retriever_parts parts,
                                content_options options = {});

} // namespace weir
