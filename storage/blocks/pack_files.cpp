#include "storage/blocks/pack_files.hpp"

#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <sys/stat.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

struct own_name {
  std::string_view prefix, extension;
};
constexpr own_name car_name{"own-", ".car"}, reference_name{"ref-", ".refs"};

std::optional<std::uint64_t> number_in(const fs::path& file, const own_name& form) {
  auto name = file.stem().string();
  if (file.extension() != form.extension || !name.starts_with(form.prefix))
    return std::nullopt;
  std::uint64_t number = 0;
  auto from = name.data() + form.prefix.size(), to = name.data() + name.size();
  auto [end, wrong] = std::from_chars(from, to, number);
  return wrong == std::errc{} && end == to ? std::optional{number} : std::nullopt;
}

} // namespace

fs::path absolute_name(const fs::path& file) {
  return fs::absolute(file).lexically_normal();
}

std::string own_pack_name(std::uint64_t number, bool references) {
  const auto& form = references ? reference_name : car_name;
  return std::string{form.prefix} + std::to_string(number) + std::string{form.extension};
}

std::optional<std::uint64_t> own_pack_number(const fs::path& file) {
  auto number = number_in(file, car_name);
  return number ? number : number_in(file, reference_name);
}

bool is_reference_name(const fs::path& file) {
  return number_in(file, reference_name).has_value();
}

result<std::shared_ptr<pack_set::pack>> open_pack(pack_manifest manifest, fs::path file) {
  auto p = std::make_shared<pack_set::pack>();
  p->manifest = std::move(manifest);
  p->file = std::move(file);
  auto fd = open_file(p->file, O_RDONLY);
  if (!fd)
    return fd.error().code == errc::not_found ? result<std::shared_ptr<pack_set::pack>>{p} : fd.error();
  struct stat info;
  if (::fstat(fd->get(), &info) < 0)
    return os_error(errno, "a pack could not be read", p->file);
  p->bytes = static_cast<std::uint64_t>(info.st_size);
  p->fd = *std::move(fd);
  return p;
}

} // namespace weir
