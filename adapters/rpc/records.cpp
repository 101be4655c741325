#include "adapters/rpc/records.hpp"

#include "messages/types/record_states.hpp"
#include "storage/filecoin/address_text.hpp"

#include <capnp/dynamic.h>

namespace weir::rpc {

namespace {

using dynamic = capnp::DynamicStruct::Builder;

std::string text_of(const cid& v) {
  return v.empty() ? std::string{} : v.text();
}
std::string text_of(const address& v) {
  return v.empty() ? std::string{} : filecoin::to_text(v);
}
const std::string& text_of(const std::string& v) {
  return v;
}

/// Called by `fields` with each name and member.
template <class Record>
struct visitor {
  dynamic to;

  template <class T>
  void operator()(std::string_view name, const T& v, std::uint32_t /* since */ = 1) {
    std::string named{name};
    KJ_IF_MAYBE (field, to.getSchema().findFieldByName(named.c_str()))
      put(*field, v);
  }

  using field = capnp::StructSchema::Field;
  void put(field f, const std::string& v) { to.set(f, capnp::Text::Reader{v.c_str(), v.size()}); }
  template <std::integral T>
  void put(field f, T v) {
    to.set(f, v);
  }
  void put(field f, const cid& v) { put(f, text_of(v)); }
  void put(field f, const address& v) { put(f, text_of(v)); }
  void put(field f, epoch v) { to.set(f, v.value); }
  void put(field f, unix_ms v) { to.set(f, v.value); }
  void put(field f, deal_id v) { to.set(f, v.value); }
  void put(field f, revision v) { to.set(f, v.value); }
  void put(field f, const token_amount& v) { put(f, v.decimal()); }
  void put(field f, errc v) { put(f, std::string{to_string(v)}); }
  template <class Tag>
  void put(field f, const strong<Tag, std::string>& v) {
    put(f, v.value);
  }
  /// The schema's enumerants are in the order of ours.
  template <class State>
  requires std::is_enum_v<State>
  void put(field f, State v) { to.set(f, capnp::DynamicEnum{f.getType().asEnum(), static_cast<std::uint16_t>(v)}); }
  /// A struct inside.
  template <class T>
  requires requires(const T& v, visitor<T>& inside) { T::fields(v, inside); }
  void put(field f, const T& v) {
    visitor<T> inside{to.init(f).as<capnp::DynamicStruct>()};
    T::fields(v, inside);
  }
  void put(field f, const std::vector<moment>& life) {
    auto list = to.init(f, static_cast<unsigned>(life.size())).template as<capnp::List<wire::Moment>>();
    for (unsigned i = 0; i < life.size(); ++i) {
      std::string name{to_string(static_cast<typename states_of<Record>::type>(life[i].state))};
      list[i].setState(name.c_str());
      list[i].setAt(life[i].at.value);
      list[i].setTime(life[i].time.value);
    }
  }
  void put(field f, const std::vector<rejection>& all) {
    fill_list(to.init(f, static_cast<unsigned>(all.size())).template as<capnp::List<wire::Rejection>>(), all);
  }
  template <class T>
  requires requires(const T& v, visitor<T>& inside) { T::fields(v, inside); }
  void put(field f, const std::vector<T>& all) {
    auto list = to.init(f, static_cast<unsigned>(all.size())).template as<capnp::DynamicList>();
    for (unsigned i = 0; i < all.size(); ++i) {
      visitor<T> inside{list[i].template as<capnp::DynamicStruct>()};
      T::fields(all[i], inside);
    }
  }
  template <class T>
  void put(field f, const std::vector<T>& all) {
    auto list = to.init(f, static_cast<unsigned>(all.size())).template as<capnp::List<capnp::Text>>();
    for (unsigned i = 0; i < all.size(); ++i)
      list.set(i, text_of(all[i]).c_str());
  }
};

template <class Record>
void visit(dynamic to, const Record& r) {
  visitor<Record> v{to};
  Record::fields(r, v);
}

} // namespace

void fill(wire::Content::Builder to, const content& r) {
  visit(to, r);
}
void fill(wire::Bucket::Builder to, const bucket& r) {
  visit(to, r);
}
void fill(wire::Piece::Builder to, const piece& r) {
  visit(to, r);
}
void fill(wire::Placement::Builder to, const placement& r) {
  visit(to, r);
}
void fill(wire::Deal::Builder to, const deal& r) {
  visit(to, r);
}
void fill(wire::Provider::Builder to, const provider& r) {
  visit(to, r);
}
void fill(wire::Selection::Builder to, const selection& r) {
  visit(to, r);
}
void fill(wire::Rejection::Builder to, const rejection& r) {
  visit(to, r);
}

void fill(wire::InstanceInfo::Builder to, const ffs::instance& r) {
  visit(to, r);
  to.setOwner(ffs::owner_of(r.id).value.c_str());
}
void fill(wire::Quota::Builder to, const ffs::quota& r) {
  visit(to, r);
}
void fill(wire::CidConfig::Builder to, const ffs::cid_config& r) {
  visit(to, r);
}
void fill(wire::CidInfo::Builder to, const ffs::cid_entry& r) {
  visit(to, r);
}
void fill(wire::Job::Builder to, const ffs::job& r) {
  visit(to, r);
}
void fill(wire::LogLine::Builder to, const ffs::log_line& r) {
  visit(to, r);
}
void fill(wire::Retrieval::Builder to, const ffs::retrieval& r) {
  visit(to, r);
}
void fill(wire::DealRecord::Builder to, const ffs::deal_record& r) {
  fill(to.initDeal(), r.what);
  to.setInstance(r.instance.value.c_str());
  to.setCid(text_of(r.cid).c_str());
  to.setUpdated(r.updated.value);
}
void fill(wire::Pinned::Builder to, const ffs::pinned& r) {
  to.setCid(text_of(r.cid).c_str());
  to.setInstance(r.instance.value.c_str());
  to.setStaged(r.staged);
  to.setSince(r.since.value);
}
void fill(wire::Token::Builder to, const access_token& r) {
  to.setName(r.name.c_str());
  to.setCreated(r.created.value);
  to.setExpires(r.expires.value);
  auto scopes = to.initScopes(static_cast<unsigned>(__builtin_popcount(r.scopes & ffs::scope::all)));
  for (unsigned i = 0, at = 0; at < scopes.size(); ++i)
    if ((r.scopes >> i & 1) != 0)
      scopes.set(at++, static_cast<wire::Scope>(i));
}

void fill(wire::Webhook::Builder to, const ffs::webhook& r) {
  visit(to, r);
  to.setState(r.failures > 0              ? wire::WebhookState::FAILING
              : r.last_success.value == 0 ? wire::WebhookState::NEW
                                          : wire::WebhookState::DELIVERING);
}
void fill(wire::ErrCause::Builder to, const ffs::err_cause& r) {
  visit(to, r);
}
void fill(wire::Scheduler::Builder to, const ffs::scheduler_view& r) {
  visit(to, r);
}

void fill(wire::Problem::Builder to, const error& e) {
  to.setCode(std::string{to_string(e.code)}.c_str());
  to.setMessage(to_string(e).c_str());
}

} // namespace weir::rpc
