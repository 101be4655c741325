#include "node/runtime/process_figures.hpp"

#include <cstdio>
#include <sys/statvfs.h>
#include <unistd.h>

namespace weir {

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr)
    return 0;
  unsigned long whole = 0, resident = 0;
  int read = std::fscanf(file, "%lu %lu", &whole, &resident);
  std::fclose(file);
  return read == 2 ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t free_bytes(const std::filesystem::path& folder) {
  struct statvfs about {};
  return ::statvfs(folder.c_str(), &about) == 0 ? about.f_bavail * about.f_frsize : 0;
}

} // namespace weir
