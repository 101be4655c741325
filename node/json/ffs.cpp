#include "node/json/ffs.hpp"

#include "node/json/visitor.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::json {

namespace {

/// Called by `fields` with each name and member; takes what the object names.
class taker {
public:
  taker(const value& from, std::string path) : from_{from}, path_{std::move(path)} {}

  template <class T>
  void operator()(std::string_view name, T& field, std::uint32_t = 1) {
    names_.push_back(name);
    if (done_ && from_.has(name))
      done_ = take(path_ + std::string{name}, from_[name], field);
  }

  /// After all fields.
  status finish() {
    for (auto& [name, v] : from_.members)
      if (done_ && std::find(names_.begin(), names_.end(), name) == names_.end())
        done_ = fail(errc::invalid_argument, "The config has a member that is not known.", path_ + name);
    return done_;
  }

private:
  static status bad(const std::string& name, const value& v, std::string what) {
    return fail(errc::invalid_argument, name + " has to be " + what + ".", v.dump());
  }

  static status take(const std::string& name, const value& v, bool& out) {
    if (v.type != value::kind::boolean)
      return bad(name, v, "true or false");
    out = v.flag;
    return {};
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) static status take(const std::string& name, const value& v, T& out) {
    auto number = v.u64();
    if (!number || *number > std::numeric_limits<T>::max())
      return bad(name, v, "a number that is not negative");
    out = static_cast<T>(*number);
    return {};
  }
  static status take(const std::string& name, const value& v, std::int64_t& out) {
    auto number = v.i64();
    if (!number)
      return bad(name, v, "a whole number");
    out = *number;
    return {};
  }
  static status take(const std::string& name, const value& v, std::string& out) {
    if (!v.is_string())
      return bad(name, v, "a text");
    out = v.text;
    return {};
  }
  static status take(const std::string& name, const value& v, token_amount& out) {
    auto amount = token_amount::parse(v.string());
    if (!amount)
      return bad(name, v, "an amount of attoFIL in decimal digits");
    out = *amount;
    return {};
  }
  static status take(const std::string& name, const value& v, address& out) {
    if (v.is_string() && v.text.empty()) {
      out = {};
      return {};
    }
    auto parsed = filecoin::parse_address(v.string());
    if (!parsed)
      return bad(name, v, "an address");
    out = *parsed;
    return {};
  }
  template <class T>
  static status take(const std::string& name, const value& v, std::vector<T>& out) {
    if (!v.is_array())
      return bad(name, v, "a list");
    out.clear();
    for (auto& item : v.items)
      WEIR_CHECK(take(name, item, out.emplace_back()));
    return {};
  }
  template <class T>
  requires requires(T& v, taker& me) { T::fields(v, me); }
  static status take(const std::string& name, const value& v, T& out) {
    if (!v.is_object())
      return bad(name, v, "an object");
    taker inside{v, name + "."};
    T::fields(out, inside);
    return inside.finish();
  }

  const value& from_;
  std::string path_;
  std::vector<std::string_view> names_;
  status done_;
};

template <class T>
result<T> taken(const value& from, T preset) {
  taker t{from, {}};
  T::fields(preset, t);
  WEIR_CHECK(t.finish());
  return preset;
}

} // namespace

void members(writer& w, const ffs::instance& r) {
  visit(w, r);
}
void members(writer& w, const ffs::job& r) {
  visit(w, r);
}
void members(writer& w, const ffs::cid_entry& r) {
  visit(w, r);
}
void members(writer& w, const ffs::log_line& r) {
  visit(w, r);
}
void members(writer& w, const ffs::retrieval& r) {
  visit(w, r);
}
/// All but the secret.
void members(writer& w, const ffs::webhook& r) {
  auto shown = r;
  shown.secret = r.secret.empty() ? "" : "kept";
  visit(w, shown);
}
void members(writer& w, const ffs::cid_config& r) {
  visit(w, r);
}
void members(writer& w, const ffs::quota& r) {
  visit(w, r);
}

result<ffs::cid_config> config_from(const value& from, ffs::cid_config preset) {
  return taken(from, std::move(preset));
}
result<ffs::quota> quota_from(const value& from, ffs::quota preset) {
  return taken(from, std::move(preset));
}

} // namespace weir::json
