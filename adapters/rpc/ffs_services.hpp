#pragma once
// What the remote API needs of FFS: the same desk that the HTTP API stands at
// (node/ffs). Reads look at records; requests are asked by an actor, on whose
// thread the answer comes. Whoever calls has looked at the scopes.
#include "messages/actors/content.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/ffs.hpp"
#include "messages/types/ffs_views.hpp"
#include "storage/records/reader.hpp"

#include <caf/fwd.hpp>

#include <functional>

namespace weir::rpc {

class ffs_services {
public:
  using reader = records::reader;
  using asker = caf::event_based_actor*;
  template <class T>
  using answer = std::function<void(result<T>)>;
  /// Called for each try, with what there is.
  using config_change = std::function<result<ffs::cid_config>(const ffs::cid_config& before)>;
  using instance_change = std::function<status(ffs::instance& what)>;

  virtual ~ffs_services() = default;

  virtual result<ffs::instance> find(const reader& r, const instance_id& id) const = 0;
  virtual result<ffs::page_of<ffs::instance>> instances(const reader& r, const ffs::page_wish& p) const = 0;
  virtual result<ffs::cid_view> cid_info(const reader& r, const instance_id& of, const cid& id) const = 0;
  virtual result<ffs::page_of<ffs::cid_entry>> cids(const reader& r, const instance_id& of,
                                                    const ffs::page_wish& p) const = 0;
  virtual result<ffs::job> job(const reader& r, const instance_id& of, const ffs::job_id& id) const = 0;
  virtual result<ffs::page_of<ffs::job>> jobs(const reader& r, const instance_id& of, const ffs::job_filter& f,
                                              const ffs::page_wish& p, bool ascending) const = 0;
  virtual result<ffs::page_of<ffs::log_line>> log(const reader& r, const instance_id& of, const cid& id,
                                                  const std::string& job, const ffs::page_wish& p) const = 0;
  /// Of all instances with an empty id.
  virtual result<ffs::page_of<ffs::deal_record>> deals(const reader& r, const instance_id& of,
                                                       const ffs::deal_filter& f) const = 0;
  /// What the instance uses of its quota, counted now.
  virtual result<ffs::quota> used(const reader& r, const ffs::instance& of) const = 0;
  virtual result<std::vector<ffs::retrieval>> retrievals(const reader& r, const instance_id& of) const = 0;
  virtual result<std::vector<ffs::pinned>> pins(const reader& r) const = 0;
  virtual result<std::vector<access_token>> tokens(const reader& r, const instance_id& of) const = 0;
  /// To the minute; 0: never.
  virtual unix_ms last_use(const access_token& t) const = 0;
  /// Their secrets are in them; no face shows one.
  virtual result<std::vector<ffs::webhook>> webhooks(const reader& r, const instance_id& of) const = 0;
  virtual result<std::vector<ffs::scheduler_view>> schedulers(const reader& r) const = 0;
  virtual result<ffs::cid_config> node_default(const reader& r) const = 0;
  /// errc::invalid_argument: a push would not take it.
  virtual status check(const reader& r, const instance_id& of, const ffs::cid_config& config) const = 0;
  /// What the retriever is asked for; errc::not_found, errc::precondition.
  virtual result<open_read> from_hot(const reader& r, const instance_id& of, const cid& id,
                                     const std::string& path) const = 0;
  virtual result<bool> verify(const std::string& signer, const bytes& message, const bytes& signature) const = 0;

  virtual void push(asker who, ffs::push_config wish, answer<ffs::push_answer> done) = 0;
  virtual void replace(asker who, ffs::replace_cid wish, answer<ffs::push_answer> done) = 0;
  virtual void remove(asker who, ffs::remove_cid wish, answer<nothing> done) = 0;
  virtual void cancel(asker who, ffs::cancel_job wish, answer<ffs::job> done) = 0;
  /// The staged content, once its blocks are here.
  virtual void stage(asker who, ffs::stage_cid wish, answer<content> done) = 0;
  virtual void set_default(asker who, const instance_id& of, config_change change, answer<ffs::cid_config> done) = 0;
  virtual void set_node_default(asker who, config_change change, answer<ffs::cid_config> done) = 0;

  /// A scheduler of "" is the default one; errc::not_found with those that there are.
  virtual void make_instance(asker who, const std::string& name, const std::string& scheduler,
                             answer<ffs::made_instance> done) = 0;
  /// For a change of an instance: wires it to this scheduler. errc::not_found with those that there are.
  virtual status wire(ffs::instance& what, const std::string& scheduler) const = 0;
  /// Its name, its limits and its scheduler.
  virtual void change_instance(asker who, const instance_id& of, instance_change change,
                               answer<ffs::instance> done) = 0;
  virtual void delete_instance(asker who, const instance_id& of, answer<nothing> done) = 0;
  /// At most the scopes of `most`.
  virtual void make_token(asker who, const instance_id& of, ffs::token_wish wish, std::uint32_t most,
                          answer<ffs::made_token> done) = 0;
  virtual void revoke_token(asker who, const instance_id& of, const std::string& name, answer<nothing> done) = 0;

  /// With its secret.
  virtual void make_webhook(asker who, const instance_id& of, const ffs::webhook_change& wish,
                            answer<ffs::webhook> done) = 0;
  virtual void change_webhook(asker who, const instance_id& of, const std::string& id, const ffs::webhook_change& wish,
                              answer<ffs::webhook> done) = 0;
  virtual void remove_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) = 0;
  /// errc::not_found: there is none; every other error is what came of the try.
  virtual void test_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) = 0;

  virtual void wallets(asker who, const instance_id& of, answer<std::vector<wallet_balance>> done) = 0;
  virtual void make_wallet(asker who, const instance_id& of, const std::string& name, bool preferred,
                           answer<wallet_address> done) = 0;
  virtual void choose_wallet(asker who, const instance_id& of, const std::string& chosen,
                             answer<wallet_address> done) = 0;
  virtual void send(asker who, const instance_id& of, const std::string& from, const std::string& to,
                    const token_amount& amount, answer<cid> done) = 0;
  virtual void fund(asker who, const instance_id& of, const std::string& to, const token_amount& amount,
                    answer<cid> done) = 0;
  virtual void sign(asker who, const instance_id& of, const std::string& signer, bytes message, answer<bytes> done) = 0;
  /// What was staged before that time, and no job needs.
  virtual void collect_staged(asker who, unix_ms before, answer<std::vector<cid>> done) = 0;
};

} // namespace weir::rpc
