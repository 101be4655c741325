// offline car, commp, aggregate, manifest, verify: data made ready for deals
// without a node, to travel on disks. The first three are `car create`,
// `commp` and `piece aggregate` under the names that people look for here.
#include "node/cli/progress.hpp"
#include "node/cli/tools/car_facts.hpp"
#include "node/cli/tools/input.hpp"
#include "node/cli/tools/manifest.hpp"
#include "node/cli/tools/output.hpp"
#include "node/cli/tools/tools.hpp"
#include "node/cli/tree_walk.hpp"
#include "node/json/writer.hpp"
#include "storage/pieces/piece_cid.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

/// Where it is, and what the manifest calls it.
struct found_car {
  std::string path, name;
};

/// The CARs below a folder, by the names that they have in it.
status cars_below(const std::string& folder, std::vector<found_car>& out) {
  return walk_tree(folder, [&](const found_file& f) -> status {
    if (f.type == found_file::kind::file && f.path.ends_with(".car"))
      out.push_back({f.disk_path, f.path});
    return {};
  });
}

result<std::vector<found_car>> cars_of(const parsed& given) {
  std::vector<found_car> out;
  std::error_code ignored;
  for (const auto& path : given.arguments) {
    if (path == "-") {
      WEIR_CHECK(each_line("-", 4096, [&](const std::string& line) -> status {
        if (!line.empty())
          out.push_back({line, line});
        return {};
      }));
    } else if (!fs::is_directory(path, ignored)) {
      out.push_back({path, path});
    } else if (given.arguments.size() == 1) {
      WEIR_CHECK(cars_below(path, out));
    } else {
      return fail(errc::usage, "Name one folder, or files.", path);
    }
  }
  if (out.empty())
    return fail(errc::not_found, "There is no CAR here (a file whose name ends with .car).", given.arguments[0]);
  return out;
}

error in_file(error e, const std::string& name) {
  e.message = name + ": " + e.message;
  return e;
}

result<manifest_entry> entry_of(const parsed& given, const found_car& found, progress& bar) {
  std::error_code ignored;
  bar.start(found.name, fs::file_size(found.path, ignored));
  WEIR_TRY(auto car, read_car_facts(found.path, [&](std::uint64_t done) { bar.update(done); }));
  if (!car.good)
    return in_file(car.good.error(), found.name);
  auto root = only_root(car);
  if (!root)
    return in_file(root.error(), found.name);
  WEIR_CHECK(fit_piece_size(given, car.commp));
  return manifest_entry{found.name, *root, piece_cid_v1(car.commp.root), car.size, car.commp.padded_size};
}

/// A manifest on its way to where it was asked for.
class manifest_output {
public:
  explicit manifest_output(context& c) : c_{c}, path_{c.given().get("output", "-")} {
    auto format = c.given().get("format");
    lines_ = format.empty() ? path_.ends_with(".jsonl") || (path_ == "-" && c.json()) : format == "jsonl";
  }
  status open() {
    if (path_ != "-") {
      WEIR_TRY(file_, whole_output::open(path_, c_.given().has("force")));
    }
    return lines_ ? status{} : write(csv_head());
  }
  status add(const manifest_entry& e) {
    ++cars_;
    bytes_ += e.car_size;
    if (lines_)
      return write(json_line(e));
    WEIR_TRY(auto line, csv_line(e));
    return write(line);
  }
  status finish() {
    if (!file_)
      return {};
    WEIR_CHECK(file_->finish());
    if (!c_.json()) {
      c_.line(std::to_string(cars_) + (cars_ == 1 ? " CAR, " : " CARs, ") + std::to_string(bytes_) + " bytes  "
              + path_);
      return {};
    }
    json::writer w;
    w.begin_object().member("file", path_).member("cars", cars_).member("bytes", bytes_).end_object();
    c_.object(w.take());
    return {};
  }

private:
  status write(const std::string& line) {
    if (file_)
      return file_->write(as_bytes(line + '\n'));
    c_.out() << line << '\n' << std::flush;
    return {};
  }

  context& c_;
  std::string path_;
  bool lines_;
  std::unique_ptr<whole_output> file_;
  std::uint64_t cars_ = 0, bytes_ = 0;
};

status write_manifest(context& c) {
  WEIR_TRY(auto cars, cars_of(c.given()));
  manifest_output out{c};
  WEIR_CHECK(out.open());
  progress bar{c.err(), error_is_terminal() && !c.json()};
  for (const auto& car : cars) {
    WEIR_TRY(auto entry, entry_of(c.given(), car, bar));
    bar.finish();
    WEIR_CHECK(out.add(entry));
  }
  return out.finish();
}

int manifest(context& c) {
  return c.done(write_manifest(c));
}

// --------------------------------------------------------------------- verify

/// What is another way than the manifest says.
struct mismatch {
  std::string_view what;
  std::string is, wanted;
};

void compare(std::vector<mismatch>& found, std::string_view what, std::string is, std::string wanted) {
  if (is != wanted)
    found.push_back({what, std::move(is), std::move(wanted)});
}

/// A piece may be larger than its data need, never smaller.
commitment as_wanted(const commitment& c, std::uint64_t piece_size) {
  return piece_size > c.padded_size ? extended_to(c, piece_size) : c;
}

std::string roots_text(const std::vector<cid>& roots) {
  std::string out;
  for (const auto& r : roots)
    out += (out.empty() ? "" : " ") + r.text();
  return out.empty() ? "none" : out;
}

std::vector<mismatch> mismatches_of(const manifest_entry& e, const std::string& path, progress& bar) {
  bar.start(e.file, e.car_size);
  auto car = read_car_facts(path, [&](std::uint64_t done) { bar.update(done); });
  if (!car)
    return {{"file", to_string(car.error()), "readable"}};
  std::vector<mismatch> found;
  auto commp = as_wanted(car->commp, e.piece_size);
  compare(found, "size", std::to_string(car->size), std::to_string(e.car_size));
  compare(found, "root", roots_text(car->roots), e.payload.text());
  compare(found, "piece CID", piece_cid_v1(commp.root).text(), e.piece.text());
  compare(found, "piece size", std::to_string(commp.padded_size), std::to_string(e.piece_size));
  if (!car->good)
    found.push_back({"blocks", to_string(car->good.error()), "whole"});
  return found;
}

void tell(context& c, const manifest_entry& e, const std::vector<mismatch>& found) {
  if (!c.json()) {
    for (const auto& m : found)
      c.line(e.file + ": " + std::string{m.what} + " is " + m.is + ", wanted " + m.wanted);
    return;
  }
  json::writer w;
  w.begin_object().member("file", e.file).member("good", found.empty()).key("mismatches").begin_array();
  for (const auto& m : found)
    w.begin_object().member("what", m.what).member("is", m.is).member("wanted", m.wanted).end_object();
  w.end_array().end_object();
  c.object(w.take());
}

fs::path folder_of(const parsed& given) {
  if (given.arguments.size() > 1)
    return given.arguments[1];
  return given.arguments[0] == "-" ? fs::path{} : fs::path{given.arguments[0]}.parent_path();
}

int verify(context& c) {
  std::size_t cars = 0, bad = 0;
  auto folder = folder_of(c.given());
  progress bar{c.err(), error_is_terminal() && !c.json()};
  auto read = each_entry(c.argument(0), [&](const manifest_entry& e) -> status {
    auto found = mismatches_of(e, (folder / e.file).string(), bar);
    bar.finish();
    tell(c, e, found);
    ++cars;
    bad += found.empty() ? 0 : 1;
    return {};
  });
  if (!read)
    return c.fail(read.error());
  if (!c.json())
    c.line(std::to_string(cars - bad) + " of " + std::to_string(cars) + " CARs are what the manifest says.");
  return bad == 0 ? 0 : 1;
}

/// One implementation, another name.
command also(std::vector<command> group, std::string_view known, std::string_view name, std::string_view example) {
  auto found = std::find_if(group.begin(), group.end(), [&](const command& c) { return c.name == known; });
  auto c = std::move(*found);
  c.name = name;
  c.example = example;
  return c;
}

} // namespace

std::vector<command> offline_commands() {
  const option size{"piece-size", "SIZE", "of each piece, when that is larger than its CAR needs"};
  return {
      also(car_create_commands(), "car create", "offline car", "weir offline car photos -o cars/ --piece-size 32GiB"),
      also(car_commands(), "commp", "offline commp", "weir offline commp data.car"),
      also(piece_commands(), "piece aggregate", "offline aggregate", "weir offline aggregate a.car b.car -o pieces/"),
      {"offline manifest",
       "DIR|CAR…|-",
       "List CARs with root, piece CID, size and piece size, each checked; - reads their names from standard input.",
       "weir offline manifest cars/ -o cars/manifest.csv",
       {{"output", "FILE|-", "-o: where it goes; standard output otherwise"},
        {"format", "NAME", "csv, or jsonl: a JSON object a line, as with --json", false, {"csv", "jsonl"}},
        size,
        {"force", "", "over a file that is there"}},
       1,
       100000,
       manifest},
      {"offline verify",
       "MANIFEST|- [DIR]",
       "Check CARs against a manifest of either form; names every mismatch, and then fails.",
       "weir offline verify cars/manifest.csv",
       {},
       1,
       2,
       verify},
  };
}

} // namespace weir::cli
