// weir_bench [NAME] [--json]: runs the benchmarks whose name contains NAME.
// Exit status 1 when a figure misses its bound, 2 on a usage error.
#include "storage/commp/kernel.hpp"
#include "tests/bench/bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include <sys/utsname.h>
#include <unistd.h>

namespace weir::bench {

std::vector<benchmark>& all() {
  static std::vector<benchmark> list;
  return list;
}

bool add(benchmark b) {
  all().push_back(std::move(b));
  return true;
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double resident_mib() {
  std::ifstream statm{"/proc/self/statm"};
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

namespace {

void print_json(const benchmark& b, const figure& f) {
  std::printf(R"({"bench":"%s","figure":"%s","value":%.6g,"unit":"%s","good":%s)", b.name.c_str(), f.name.c_str(),
              f.value, f.unit.c_str(), f.good() ? "true" : "false");
  if (f.at_least)
    std::printf(R"(,"atLeast":%g)", *f.at_least);
  if (f.at_most)
    std::printf(R"(,"atMost":%g)", *f.at_most);
  std::printf("}\n");
}

void print_line(const figure& f) {
  std::printf("  %-44s %10.2f %-6s", f.name.c_str(), f.value, f.unit.c_str());
  if (f.at_least)
    std::printf(" at least %g: %s", *f.at_least, f.good() ? "yes" : "NO");
  if (f.at_most)
    std::printf(" at most %g: %s", *f.at_most, f.good() ? "yes" : "NO");
  std::printf("\n");
}

std::string processor() {
  std::ifstream info{"/proc/cpuinfo"};
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      return line.substr(line.find(':') + 2);
  return "unknown";
}

/// What the figures were measured on, before the first of them.
void print_machine(bool json) {
  utsname system{};
  (void)::uname(&system);
  const auto kernel = std::string{commp::best_kernel().name};
  std::printf(json ? R"({"processor":"%s","cores":%u,"system":"%s %s","kernel":"%s"})"
                     "\n"
                   : "%s, %u cores, %s %s; commP by the %s kernel\n",
              processor().c_str(), std::thread::hardware_concurrency(), system.sysname, system.release, kernel.c_str());
}

/// True when every figure is within its bound.
bool run(const benchmark& b, bool json) {
  report made;
  if (!json)
    std::printf("%s: %s\n", b.name.c_str(), b.what.c_str());
  std::fflush(stdout);
  b.run(made);
  for (auto& f : made.figures())
    json ? print_json(b, f) : print_line(f);
  std::fflush(stdout);
  return std::ranges::all_of(made.figures(), &figure::good);
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  using namespace weir::bench;
  std::string wanted;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    std::string word{argv[i]};
    if (word == "--json")
      json = true;
    else if (wanted.empty() && !word.starts_with("-"))
      wanted = word;
    else
      return std::fprintf(stderr, "usage: weir_bench [NAME] [--json]\n"), 2;
  }
  std::ranges::sort(all(), {}, &benchmark::name);
  print_machine(json);
  bool good = true;
  bool found = false;
  for (auto& b : all())
    if (b.name.find(wanted) != std::string::npos) {
      found = true;
      good = run(b, json) && good;
    }
  if (!found)
    return std::fprintf(stderr, "no benchmark is named like '%s'\n", wanted.c_str()), 2;
  return good ? 0 : 1;
}
