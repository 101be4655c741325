#pragma once
// Who may do what, the whole of it: a row for every HTTP route and every method
// of the remote API. authorization_test.cpp walks the routers' own lists and
// the schema, and fails for what has no row here, or has one and is no more.
//
// The letters say who is let in; everybody else is refused:
//   r s w a   a token of an FFS instance with that scope alone: read, store, wallet, admin
//   u         a token of a user of the node
//   o         the operator
//   *         everybody, also without a token
#include <array>
#include <string_view>

namespace weir::test {

struct access_row {
  std::string_view what; ///< "GET /path", "Interface.method"
  std::string_view who;
};

inline constexpr access_row http_rows[] = {
    // the dashboard's and the machines' words
    {"GET /health", "*"},
    {"GET /ready", "*"},
    {"GET /metrics", "ruo"},
    {"GET /api/v1/openapi.json", "*"},
    {"POST /api/v1/session", "*"},
    {"DELETE /api/v1/session", "*"},
    // the node
    {"GET /api/v1/node", "ruo"},
    {"GET /api/v1/summary", "ruo"},
    {"GET /api/v1/flow", "ruo"},
    {"GET /api/v1/events", "ruo"},
    {"GET /api/v1/watch", "ruo"},
    {"GET /api/v1/store", "o"},
    {"POST /api/v1/store/check", "o"},
    {"POST /api/v1/store/gc", "o"},
    {"GET /api/v1/tokens", "o"},
    {"POST /api/v1/tokens", "o"},
    {"DELETE /api/v1/tokens/{name}", "o"},
    {"GET /api/v1/wallets", "o"},
    {"POST /api/v1/wallets", "o"},
    {"POST /api/v1/wallets/import", "o"},
    {"GET /api/v1/wallets/{addr}", "o"},
    {"POST /api/v1/wallets/{addr}/escrow", "o"},
    {"GET /api/v1/devnet", "o"},
    {"GET /api/v1/devnet/{word*}", "o"},
    {"POST /api/v1/devnet/{word*}", "o"},
    // contents, one's own
    {"GET /api/v1/contents", "ruo"},
    {"GET /api/v1/contents/{id}", "ruo"},
    {"PATCH /api/v1/contents/{id}", "suo"},
    {"DELETE /api/v1/contents/{id}", "suo"},
    {"POST /api/v1/contents/{id}/offload", "suo"},
    {"POST /api/v1/contents/{id}/restore", "suo"},
    {"GET /api/v1/contents/{id}/dag", "ruo"},
    {"GET /api/v1/contents/{id}/car", "ruo"},
    {"GET /api/v1/contents/{id}/explain", "ruo"},
    {"GET /api/v1/contents/{id}/proof", "ruo"},
    {"GET /api/v1/contents/{id}/files", "ruo"},
    {"GET /api/v1/contents/{id}/data/{path*}", "ruo"},
    {"POST /api/v1/uploads", "suo"},
    {"PUT /api/v1/uploads/{id}/files/{path*}", "suo"},
    {"PUT /api/v1/uploads/{id}/car", "suo"},
    {"POST /api/v1/uploads/{id}/references", "o"},
    {"POST /api/v1/uploads/{id}/symlinks", "suo"},
    {"POST /api/v1/uploads/{id}/folders", "suo"},
    {"POST /api/v1/uploads/{id}/commit", "suo"},
    {"DELETE /api/v1/uploads/{id}", "suo"},
    {"GET /api/v1/pins", "ruo"},
    {"POST /api/v1/pins", "suo"},
    {"DELETE /api/v1/pins/{cid}", "suo"},
    {"GET /api/v1/buckets", "ruo"},
    {"POST /api/v1/buckets", "suo"},
    {"GET /api/v1/buckets/{id}", "ruo"},
    {"POST /api/v1/buckets/{id}/close", "suo"},
    // what the chain and the providers know
    {"GET /api/v1/pieces", "ruo"},
    {"GET /api/v1/pieces/{cid}", "ruo"},
    {"GET /api/v1/deals", "ruo"},
    {"GET /api/v1/deals/{uuid}", "ruo"},
    {"GET /api/v1/providers", "ruo"},
    {"GET /api/v1/providers/{addr}", "ruo"},
    {"PATCH /api/v1/providers/{addr}", "o"},
    // FFS: the operator's
    {"GET /api/v1/ffs/instances", "o"},
    {"POST /api/v1/ffs/instances", "o"},
    {"PATCH /api/v1/ffs/instances/{instance}", "o"},
    {"DELETE /api/v1/ffs/instances/{instance}", "o"},
    {"GET /api/v1/ffs/schedulers", "o"},
    {"GET /api/v1/ffs/config", "o"},
    {"PUT /api/v1/ffs/config", "o"},
    {"GET /api/v1/ffs/deals", "o"},
    {"GET /api/v1/ffs/pinned", "o"},
    {"POST /api/v1/ffs/gc", "o"},
    {"POST /api/v1/ffs/instances/{instance}/wallets/{addr}/fund", "o"},
    // FFS: an instance's own
    {"GET /api/v1/ffs/instances/{instance}", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/config", "ro"},
    {"PUT /api/v1/ffs/instances/{instance}/config", "ao"},
    {"GET /api/v1/ffs/instances/{instance}/tokens", "ao"},
    {"POST /api/v1/ffs/instances/{instance}/tokens", "ao"},
    {"DELETE /api/v1/ffs/instances/{instance}/tokens/{name}", "ao"},
    {"GET /api/v1/ffs/instances/{instance}/cids", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/cids/{cid}", "ro"},
    {"PUT /api/v1/ffs/instances/{instance}/cids/{cid}", "so"},
    {"DELETE /api/v1/ffs/instances/{instance}/cids/{cid}", "so"},
    {"POST /api/v1/ffs/instances/{instance}/cids/{cid}/replace", "so"},
    {"GET /api/v1/ffs/instances/{instance}/cids/{cid}/data/{path*}", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/cids/{cid}/cold/{path*}", "ro"},
    {"POST /api/v1/ffs/instances/{instance}/stage", "so"},
    {"GET /api/v1/ffs/instances/{instance}/cids/{cid}/log", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/cids/{cid}/log/watch", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/jobs", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/jobs/{job}", "ro"},
    {"POST /api/v1/ffs/instances/{instance}/jobs/{job}/cancel", "so"},
    {"GET /api/v1/ffs/instances/{instance}/watch", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/deals", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/retrievals", "ro"},
    {"GET /api/v1/ffs/instances/{instance}/wallets", "wo"},
    {"POST /api/v1/ffs/instances/{instance}/wallets", "wo"},
    {"POST /api/v1/ffs/instances/{instance}/wallets/{addr}/default", "wo"},
    {"POST /api/v1/ffs/instances/{instance}/wallets/{addr}/send", "wo"},
    {"POST /api/v1/ffs/instances/{instance}/wallets/{addr}/sign", "wo"},
    {"POST /api/v1/ffs/verify", "ruo"},
};

inline constexpr access_row gateway_rows[] = {
    {"GET /health", "*"},
    {"GET /ipfs/{cid}", "ruo"},
    {"GET /ipfs/{cid}/{path*}", "ruo"},
};

/// Not by scopes: the piece host asks for the bearer token of a live deal.
inline constexpr access_row piece_rows[] = {
    {"GET /health", "*"},
    {"GET /piece/{cid}", ""},
};

/// Of the remote API. An FFS instance's capabilities exist for the operator by Manager.open.
inline constexpr access_row method_rows[] = {
    {"Weir.about", "*"},
    {"Weir.authenticate", "*"},
    {"Weir.ping", "*"},
    {"Subscription.cancel", "*"}, // nobody has it who was not given it
    {"Reading.listContents", "ruo"},
    {"Reading.getContent", "ruo"},
    {"Reading.explainContent", "ruo"},
    {"Reading.download", "ruo"},
    {"Reading.listBuckets", "ruo"},
    {"Reading.getBucket", "ruo"},
    {"Reading.listPieces", "ruo"},
    {"Reading.getPiece", "ruo"},
    {"Reading.listDeals", "ruo"},
    {"Reading.getDeal", "ruo"},
    {"Reading.listProviders", "ruo"},
    {"Reading.getProvider", "ruo"},
    {"Reading.watch", "ruo"},
    {"Reading.verify", "ruo"},
    {"Storing.upload", "suo"},
    {"Storing.changeContent", "suo"},
    {"Storing.removeContent", "suo"},
    {"Storing.offloadContent", "suo"},
    {"Storing.restoreContent", "suo"},
    {"Storing.createBucket", "suo"},
    {"Storing.closeBucket", "suo"},
    {"Upload.file", "suo"},
    {"Upload.symlink", "suo"},
    {"Upload.folder", "suo"},
    {"Upload.commit", "suo"},
    {"Upload.abandon", "suo"},
    {"FileSink.write", "suo"},
    {"FileSink.close", "suo"},
    {"InstanceReading.info", "ro"},
    {"InstanceReading.getDefaultConfig", "ro"},
    {"InstanceReading.validate", "ro"},
    {"InstanceReading.getCid", "ro"},
    {"InstanceReading.listCids", "ro"},
    {"InstanceReading.getJob", "ro"},
    {"InstanceReading.listJobs", "ro"},
    {"InstanceReading.watchJobs", "ro"},
    {"InstanceReading.listLog", "ro"},
    {"InstanceReading.watchLog", "ro"},
    {"InstanceReading.listDeals", "ro"},
    {"InstanceReading.listRetrievals", "ro"},
    {"InstanceReading.download", "ro"},
    {"InstanceStoring.push", "so"},
    {"InstanceStoring.replace", "so"},
    {"InstanceStoring.remove", "so"},
    {"InstanceStoring.cancelJob", "so"},
    {"InstanceWallets.list", "wo"},
    {"InstanceWallets.create", "wo"},
    {"InstanceWallets.chooseDefault", "wo"},
    {"InstanceWallets.send", "wo"},
    {"InstanceWallets.sign", "wo"},
    {"InstanceAdmin.setDefaultConfig", "ao"},
    {"InstanceAdmin.listTokens", "ao"},
    {"InstanceAdmin.createToken", "ao"},
    {"InstanceAdmin.revokeToken", "ao"},
    {"Manager.listInstances", "o"},
    {"Manager.createInstance", "o"},
    {"Manager.changeInstance", "o"},
    {"Manager.deleteInstance", "o"},
    {"Manager.open", "o"},
    {"Manager.getDefaultConfig", "o"},
    {"Manager.setDefaultConfig", "o"},
    {"Manager.fund", "o"},
    {"Manager.listDeals", "o"},
    {"Manager.listPinned", "o"},
    {"Manager.collectStaged", "o"},
};

} // namespace weir::test
