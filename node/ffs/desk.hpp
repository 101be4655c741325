#pragma once
// What the faces of FFS (the HTTP API and the remote API) ask of it, in one
// place: views of its records, requests to its actors, and the transactions of
// instances, tokens, defaults and addresses. Who may is the face's to say;
// whose it is is looked at here: what is another instance's does not exist.
#include "actors/ffs/options.hpp"
#include "actors/support/domain.hpp"
#include "adapters/rpc/ffs_services.hpp"
#include "messages/actors/wallets.hpp"
#include "messages/actors/webhooks.hpp"
#include "node/ffs/deal_feed.hpp"

#include <caf/event_based_actor.hpp>
#include <map>
#include <mutex>

namespace weir::ffs {

struct desk_parts {
  committer commits;
  content_actor contents;
  wallet_actor wallet;
  manager_actor manager; ///< null in a role without FFS: errc::unsupported
  config_limits limits;
  outside_world world;
  std::shared_ptr<domain_clock> clock;
  webhooks_actor webhooks; ///< null in a role without FFS
  std::vector<scheduler_options> schedulers;
  std::function<unix_ms(const std::string& hash)> last_use; ///< of a token
};

/// Any thread.
class desk final : public rpc::ffs_services {
public:
  explicit desk(desk_parts parts)
      : p_{std::move(parts)}, feed_{[log = p_.commits.records](revision after) { return log->read_log(after); }} {}
  const config_limits& limits() const { return p_.limits; }

  // desk_views.cpp
  result<instance> find(const reader& r, const instance_id& id) const override;
  result<page_of<instance>> instances(const reader& r, const page_wish& p) const override;
  /// How many jobs of each instance have not ended.
  result<std::map<std::string, std::uint64_t>> open_jobs(const reader& r) const;
  result<cid_view> cid_info(const reader& r, const instance_id& of, const cid& id) const override;
  result<page_of<cid_entry>> cids(const reader& r, const instance_id& of, const page_wish& p) const override;
  result<ffs::job> job(const reader& r, const instance_id& of, const job_id& id) const override;
  result<page_of<ffs::job>> jobs(const reader& r, const instance_id& of, const job_filter& f, const page_wish& p,
                                 bool ascending) const override;
  result<page_of<log_line>> log(const reader& r, const instance_id& of, const cid& id, const std::string& job,
                                const page_wish& p) const override;
  result<open_read> from_hot(const reader& r, const instance_id& of, const cid& id,
                             const std::string& path) const override;
  // desk_records.cpp
  result<quota> used(const reader& r, const instance& of) const override;
  result<page_of<deal_record>> deals(const reader& r, const instance_id& of, const deal_filter& f) const override;
  result<std::vector<retrieval>> retrievals(const reader& r, const instance_id& of) const override;
  result<std::vector<pinned>> pins(const reader& r) const override;
  void collect_staged(asker who, unix_ms before, answer<std::vector<cid>> done) override;

  // desk_configs.cpp
  result<cid_config> node_default(const reader& r) const override;
  status check(const reader& r, const instance_id& of, const cid_config& config) const override;
  void push(asker who, push_config wish, answer<push_answer> done) override;
  void replace(asker who, replace_cid wish, answer<push_answer> done) override;
  void remove(asker who, remove_cid wish, answer<nothing> done) override;
  void cancel(asker who, cancel_job wish, answer<ffs::job> done) override;
  void stage(asker who, stage_cid wish, answer<content> done) override;
  void bring(asker who, bring_hot wish, answer<nothing> done);
  void set_default(asker who, const instance_id& of, config_change change, answer<cid_config> done) override;
  void set_node_default(asker who, config_change change, answer<cid_config> done) override;

  // desk_instances.cpp
  void make_instance(asker who, const std::string& name, const std::string& scheduler,
                     answer<made_instance> done) override;
  void change_instance(asker who, const instance_id& of, instance_change change, answer<instance> done) override;
  void delete_instance(asker who, const instance_id& of, answer<nothing> done) override;
  result<std::vector<access_token>> tokens(const reader& r, const instance_id& of) const override;
  void make_token(asker who, const instance_id& of, token_wish wish, std::uint32_t most,
                  answer<made_token> done) override;
  void revoke_token(asker who, const instance_id& of, const std::string& name, answer<nothing> done) override;

  // desk_webhooks.cpp
  unix_ms last_use(const access_token& t) const override;
  result<std::vector<scheduler_view>> schedulers(const reader& r) const override;
  status wire(instance& what, const std::string& scheduler) const override;
  result<std::vector<webhook>> webhooks(const reader& r, const instance_id& of) const override;
  result<webhook> find_webhook(const reader& r, const instance_id& of, const std::string& id) const;
  void make_webhook(asker who, const instance_id& of, const webhook_change& wish, answer<webhook> done) override;
  void change_webhook(asker who, const instance_id& of, const std::string& id, const webhook_change& wish,
                      answer<webhook> done) override;
  void remove_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) override;
  void test_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) override;

  // desk_wallets.cpp
  result<bool> verify(const std::string& signer, const bytes& message, const bytes& signature) const override;
  void wallets(asker who, const instance_id& of, answer<std::vector<wallet_balance>> done) override;
  void make_wallet(asker who, const instance_id& of, const std::string& name, bool preferred,
                   answer<wallet_address> done) override;
  void choose_wallet(asker who, const instance_id& of, const std::string& chosen, answer<wallet_address> done) override;
  void send(asker who, const instance_id& of, const std::string& from, const std::string& to,
            const token_amount& amount, answer<cid> done) override;
  void fund(asker who, const instance_id& of, const std::string& to, const token_amount& amount,
            answer<cid> done) override;
  void sign(asker who, const instance_id& of, const std::string& signer, bytes message, answer<bytes> done) override;

private:
  snapshot look() const { return p_.commits.records->snapshot(); }
  /// The answer of an actor. Without one: errc::unsupported.
  template <class Answer, class Handle, class Message>
  void ask(asker who, const Handle& whom, Message message, answer<Answer> done,
           std::chrono::milliseconds time = std::chrono::seconds{60}) const;
  /// Of the instance's powergate.
  template <class Answer, class Message>
  void ask_powergate(asker who, Message message, answer<Answer> done,
                     std::chrono::milliseconds time = std::chrono::seconds{60}) const;
  /// What `out` is after the commit.
  template <class T>
  void commit(asker who, build_transaction build, std::shared_ptr<T> out, answer<T> done) const;
  void remove_next(asker who, const instance_id& id, answer<nothing> done) const;
  /// Null when it is not known.
  powergate_actor known_gate(const instance_id& of) const;
  void keep_gate(const instance_id& of, const powergate_actor& gate) const;
  void forget_gate(const instance_id& of) const;
  result<address> own_address(const instance_id& of, const std::string& text) const;
  void make_default(asker who, const instance_id& of, const wallet_address& made, answer<wallet_address> done) const;
  void send_from(asker who, send_fil wish, answer<cid> done) const;

  desk_parts p_;
  mutable deal_feed feed_; ///< in what order deal records changed
  mutable std::mutex lock_;
  mutable std::map<instance_id, powergate_actor> gates_; ///< of those that asked last: each request spares one
};

template <class Answer, class Handle, class Message>
void desk::ask(asker who, const Handle& whom, Message message, answer<Answer> done,
               std::chrono::milliseconds time) const {
  if (!whom)
    return done(fail(errc::unsupported, "This node's role does not do that; ask a node with both roles."));
  who->request(whom, time, std::move(message))
      .then([done](const Answer& a) { done(a); }, [done](const caf::error& e) { done(from_caf(e)); });
}

template <class Answer, class Message>
void desk::ask_powergate(asker who, Message message, answer<Answer> done, std::chrono::milliseconds time) const {
  auto of = message.instance;
  auto gone = [this, who, message, done, time, of](const caf::error& e) {
    if (e != caf::sec::request_receiver_down)
      return done(from_caf(e));
    forget_gate(of); // it ended before it took the message
    ask_powergate<Answer>(who, message, done, time);
  };
  if (auto known = known_gate(of)) {
    who->request(known, time, std::move(message)).then([done](const Answer& a) { done(a); }, gone);
    return;
  }
  ask<powergate_actor>(who, p_.manager, open_instance{of},
                       [this, who, message = std::move(message), done, time, of](result<powergate_actor> opened) {
                         if (!opened)
                           return done(std::move(opened).error());
                         keep_gate(of, *opened);
                         ask<Answer>(who, *opened, message, done, time);
                       });
}

template <class T>
void desk::commit(asker who, build_transaction build, std::shared_ptr<T> out, answer<T> done) const {
  p_.commits.commit(who, std::move(build),
                    [out, done](const status& s) { s ? done(std::move(*out)) : done(s.error()); });
}

} // namespace weir::ffs
