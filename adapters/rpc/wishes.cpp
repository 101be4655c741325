// Records out of the schema's form, from the list of fields that each has.
#include "adapters/rpc/records.hpp"
#include "storage/filecoin/address_text.hpp"

#include <capnp/dynamic.h>

namespace weir::rpc {

namespace {

/// The schema's fields of a record, in the order of its own list; nothing where the schema has none. Looked for once.
template <class T>
class fields_of {
public:
  static const fields_of& get(capnp::StructSchema of) {
    static const fields_of found{of}; // there is one schema of each
    return found;
  }
  kj::Maybe<capnp::StructSchema::Field> operator[](std::size_t i) const { return found_[i]; }

private:
  struct finder {
    capnp::StructSchema of;
    std::vector<kj::Maybe<capnp::StructSchema::Field>> found;
    template <class M>
    void operator()(const char* name, const M&, std::uint32_t = 1) {
      found.push_back(of.findFieldByName(name));
    }
  };
  explicit fields_of(capnp::StructSchema of) {
    finder f{of, {}};
    const T example{};
    T::fields(example, f);
    found_ = std::move(f.found);
  }
  std::vector<kj::Maybe<capnp::StructSchema::Field>> found_;
};

/// A field's name with those of the structs that it is in: words only for an error.
struct place {
  const place* outer;
  const char* name;
  std::string text() const { return (outer != nullptr ? outer->text() + "." : "") + name; }
};

/// Called by `fields` with each name and member.
template <class Of>
struct taker {
  capnp::DynamicStruct::Reader from;
  const place* inside;
  const fields_of<Of>& known = fields_of<Of>::get(from.getSchema());
  std::size_t next = 0;
  status done = {};

  template <class T>
  void operator()(const char* name, T& member, std::uint32_t = 1) {
    KJ_IF_MAYBE (field, known[next++])
      if (done)
        done = take({inside, name}, from.get(*field), member);
  }

  using value = capnp::DynamicValue::Reader;
  static std::string text_of(value v) {
    auto t = v.as<capnp::Text>();
    return {t.begin(), t.size()};
  }
  template <std::integral T>
  static status take(const place&, value v, T& out) {
    out = v.as<T>();
    return {};
  }
  static status take(const place&, value v, std::string& out) {
    out = text_of(v);
    return {};
  }
  static status take(const place& at, value v, token_amount& out) {
    auto words = text_of(v);
    out = {};
    if (words.empty())
      return {};
    auto amount = token_amount::parse(words);
    if (!amount)
      return fail(errc::invalid_argument, at.text() + " has to be an amount of attoFIL in decimal digits.", words);
    out = *amount;
    return {};
  }
  static status take(const place& at, value v, address& out) {
    auto words = text_of(v);
    out = {};
    if (words.empty())
      return {};
    auto parsed = filecoin::parse_address(words);
    if (!parsed)
      return fail(errc::invalid_argument, at.text() + " has to be an address.", words);
    out = *parsed;
    return {};
  }
  template <class T>
  static status take(const place& at, value v, std::vector<T>& out) {
    out.clear();
    for (auto item : v.as<capnp::DynamicList>())
      WEIR_CHECK(take(at, item, out.emplace_back()));
    return {};
  }
  template <class T>
  requires requires(T& v, taker& me) { T::fields(v, me); }
  static status take(const place& at, value v, T& out) {
    taker<T> fields{v.as<capnp::DynamicStruct>(), &at};
    T::fields(out, fields);
    return fields.done;
  }
};

template <class T>
result<T> taken(capnp::DynamicStruct::Reader from) {
  T out;
  taker<T> t{from, nullptr};
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
