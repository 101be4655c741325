#include "storage/support/data_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> subfolders{"records", "blocks", "pieces", "uploads", "devnet", "keys"};
constexpr std::array<std::string_view, 5> own_files{"lock", "version", "version.tmp", "network", "network.tmp"};

std::string_view line_of(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

/// Before anything is written: a mistyped path must not scatter files into someone's folder.
status check_is_ours(const fs::path& root) {
  std::error_code problem;
  if (fs::exists(root / "version", problem))
    return {};
  for (fs::directory_iterator it{root, problem}, end; !problem && it != end; it.increment(problem)) {
    auto name = it->path().filename().string();
    bool known = std::ranges::count(own_files, name) != 0 || std::ranges::count(subfolders, name) != 0;
    if (!known)
      return fail(errc::precondition, "the folder is not empty and not a data folder of Weir; choose another",
                  it->path().string());
  }
  if (problem)
    return os_error(problem.value(), "the data folder could not be read", root);
  return {};
}

result<file_descriptor> lock_folder(const fs::path& root) {
  auto path = root / "lock";
  WEIR_TRY(auto fd, open_file(path, O_RDWR | O_CREAT, 0644));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) < 0) {
    if (errno != EWOULDBLOCK)
      return os_error(errno, "the data folder could not be locked", path);
    auto holder = read_small_file(path, 64).value_or("");
    return fail(errc::data_in_use,
                "another node uses this data folder (process " + std::string{line_of(holder)}
                    + "); stop it or choose another folder",
                root.string());
  }
  auto holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) < 0)
    return os_error(errno, "the lock could not be written", path);
  WEIR_CHECK(write_all_at(fd.get(), as_bytes(holder), 0, path));
  return fd;
}

} // namespace

result<data_folder> data_folder::open(const fs::path& root) {
  std::error_code problem;
  fs::create_directories(root, problem);
  if (problem)
    return os_error(problem.value(), "the data folder could not be made", root);
  WEIR_CHECK(check_is_ours(root));
  WEIR_TRY(auto lock, lock_folder(root));
  data_folder folder{fs::absolute(root), std::move(lock)};
  WEIR_CHECK(folder.check_version());
  WEIR_CHECK(folder.make_subfolders());
  WEIR_CHECK(folder.read_network());
  return folder;
}

status data_folder::check_version() {
  auto path = root_ / "version";
  auto text = read_small_file(path, 64);
  if (!text && text.error().code == errc::not_found)
    return write_file_durably(path, as_bytes(std::to_string(format_version) + "\n"));
  if (!text)
    return text.error();
  auto line = line_of(*text);
  std::uint32_t found = 0;
  auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), found);
  if (code != std::errc{} || end != line.data() + line.size() || found == 0)
    return fail(errc::corrupt, "the version file of the data folder is damaged", path.string());
  if (found > format_version)
    return fail(errc::data_too_new, "the data folder was written by a newer Weir; run that one", std::to_string(found),
                std::to_string(format_version));
  return {};
}

status data_folder::make_subfolders() {
  for (auto name : subfolders)
    WEIR_CHECK(make_folder(root_ / name, name == "keys" ? 0700 : 0755));
  return {};
}

status data_folder::read_network() {
  auto text = read_small_file(root_ / "network", 256);
  if (text)
    network_ = line_of(*text);
  else if (text.error().code != errc::not_found)
    return text.error();
  return {};
}

status data_folder::belong_to(std::string_view network) {
  if (network.empty() || network.size() > 200 || network.find('\n') != network.npos)
    return fail(errc::invalid_argument, "not the name of a network", std::string{network});
  if (network == network_)
    return {};
  if (!network_.empty())
    return fail(errc::wrong_network, "the data folder belongs to the network '" + network_ + "' for ever",
                std::string{network}, network_);
  WEIR_CHECK(write_file_durably(root_ / "network", as_bytes(std::string{network} + "\n")));
  network_ = network;
  return {};
}

} // namespace weir
