// Records out of the schema's form, from the list of fields that each has.
#include "adapters/rpc/records.hpp"
#include "storage/filecoin/address_text.hpp"

#include <capnp/dynamic.h>

namespace weir::rpc {

namespace {

/// Called by `fields` with each name and member.
struct taker {
  capnp::DynamicStruct::Reader from;
  std::string path;
  status done = {};

  template <class T>
  void operator()(std::string_view name, T& member, std::uint32_t = 1) {
    std::string named{name};
    KJ_IF_MAYBE (field, from.getSchema().findFieldByName(named.c_str()))
      if (done)
        done = take(path + named, from.get(*field), member);
  }

  using value = capnp::DynamicValue::Reader;
  static std::string text_of(value v) {
    auto t = v.as<capnp::Text>();
    return {t.begin(), t.size()};
  }
  template <std::integral T>
  static status take(const std::string&, value v, T& out) {
    out = v.as<T>();
    return {};
  }
  static status take(const std::string&, value v, std::string& out) {
    out = text_of(v);
    return {};
  }
  static status take(const std::string& name, value v, token_amount& out) {
    auto words = text_of(v);
    auto amount = token_amount::parse(words.empty() ? "0" : words);
    if (!amount)
      return fail(errc::invalid_argument, name + " has to be an amount of attoFIL in decimal digits.", words);
    out = *amount;
    return {};
  }
  static status take(const std::string& name, value v, address& out) {
    auto words = text_of(v);
    out = {};
    if (words.empty())
      return {};
    auto parsed = filecoin::parse_address(words);
    if (!parsed)
      return fail(errc::invalid_argument, name + " has to be an address.", words);
    out = *parsed;
    return {};
  }
  template <class T>
  static status take(const std::string& name, value v, std::vector<T>& out) {
    out.clear();
    for (auto item : v.as<capnp::DynamicList>())
      WEIR_CHECK(take(name, item, out.emplace_back()));
    return {};
  }
  template <class T>
  requires requires(T& v, taker& me) { T::fields(v, me); }
  static status take(const std::string& name, value v, T& out) {
    taker inside{v.as<capnp::DynamicStruct>(), name + "."};
    T::fields(out, inside);
    return inside.done;
  }
};

template <class T>
result<T> taken(capnp::DynamicStruct::Reader from) {
  T out;
  taker t{from, {}};
  T::fields(out, t);
  WEIR_CHECK(t.done);
  return out;
}

} // namespace

result<ffs::cid_config> config_from(wire::CidConfig::Reader from) {
  return taken<ffs::cid_config>(from);
}
result<ffs::quota> quota_from(wire::Quota::Reader from) {
  return taken<ffs::quota>(from);
}

} // namespace weir::rpc
