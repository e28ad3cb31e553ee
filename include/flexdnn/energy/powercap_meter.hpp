// SPDX-License-Identifier: MIT
// powercap_meter: joules that the processors' own counters report (RAPL), through Linux's powercap.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "../io/quoted.hpp"

namespace flexdnn {

namespace detail {

/// The first line of a small file of the kernel's.
inline status read_line(const std::string& path, std::string& line) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
  char text[64];
  if (!file || std::fgets(text, sizeof text, file.get()) == nullptr) {
    const char* const trouble = errno == 0 ? "is empty" : std::strerror(errno);
    const char* const advice = errno == EACCES ? " (Linux lets root alone read it)" : "";
    return status::error(code::cannot_open, "%s: %s%s", quoted(path, keep::back).text(), trouble, advice);
  }
  line = text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return {};
}

inline status read_count(const std::string& path, std::uint64_t& count) {
  std::string line;
  errno = 0;
  if (const status s = read_line(path, line); !s) return s;
  const bool digits = !line.empty() && line.size() < 20 && line.find_first_not_of("0123456789") == line.npos;
  if (!digits) {
    return status::error(code::malformed, "%s: got %s, wanted a number of microjoules",
                         quoted(path, keep::back).text(), quoted(line).text());
  }
  count = std::strtoull(line.c_str(), nullptr, 10);
  return {};
}

}  // namespace detail

/// Measures whole processors, whoever uses them, and their memory where it is counted apart: the zones named
/// package-N and dram below /sys/class/powercap (core and uncore are in the package, psys holds it). Counters
/// wrap after some 260 kJ: read at least once in so many.
class powercap_meter {
 public:
  /// Joules count from now. On an error the meter stays as it was. Errors: cannot_open where there is no such
  /// zone, as in most virtual machines, or no permission; malformed.
  status open(const std::string& folder = "/sys/class/powercap") {
    std::vector<zone> found;
    std::error_code trouble;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
      zone z{.path = entry.path().string()};
      std::string name;
      if (!detail::read_line(z.path + "/name", name)) continue;
      if (!name.starts_with("package-") && name != "dram") continue;
      if (const status s = detail::read_count(z.path + "/max_energy_range_uj", z.range); !s) return s;
      if (const status s = detail::read_count(z.path + "/energy_uj", z.last); !s) return s;
      found.push_back(std::move(z));
    }
    if (found.empty()) {
      return status::error(code::cannot_open, "%s: has no zone package-N, so that no energy is measured here",
                           quoted(folder, keep::back).text());
    }
    zones_ = std::move(found);
    microjoules_ = 0;
    return {};
  }

  /// Since open(). On an error joules stays as it was.
  status read(double& joules) {
    std::vector<std::uint64_t> now(zones_.size());
    for (std::size_t i = 0; i < zones_.size(); ++i) {
      if (const status s = detail::read_count(zones_[i].path + "/energy_uj", now[i]); !s) return s;
    }
    for (std::size_t i = 0; i < zones_.size(); ++i) {
      zone& z = zones_[i];
      microjoules_ += now[i] >= z.last ? now[i] - z.last : now[i] + z.range - std::min(z.range, z.last);
      z.last = now[i];
    }
    joules = 1e-6 * static_cast<double>(microjoules_);
    return {};
  }

  [[nodiscard]] std::size_t zones() const { return zones_.size(); }

 private:
  struct zone {
    std::string path{};
    std::uint64_t range = 0, last = 0;
  };

  std::vector<zone> zones_;
  std::uint64_t microjoules_ = 0;
};

}  // namespace flexdnn
