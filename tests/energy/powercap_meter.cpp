// SPDX-License-Identifier: MIT
// powercap_meter: joules add up over zones and past the end of a counter; what is no counter is told.
#include <flexdnn/energy/powercap_meter.hpp>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../io/support.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {

/// A tree like the kernel's.
struct powercap {
  temporary_directory folder{};

  void zone(const std::string& name, const std::string& kind, const std::string& range) const {
    std::filesystem::create_directory(folder.file(name));
    spill(folder.file(name + "/name"), kind + "\n");
    spill(folder.file(name + "/max_energy_range_uj"), range + "\n");
    count(name, "0");
  }
  void count(const std::string& name, const std::string& microjoules) const {
    spill(folder.file(name + "/energy_uj"), microjoules + "\n");
  }
};

}  // namespace

TEST_CASE("packages and their memory count, parts of a package and what holds it do not") {
  const powercap tree;
  tree.zone("intel-rapl:0", "package-0", "1000000");
  tree.zone("intel-rapl:1", "package-1", "1000000");
  tree.zone("intel-rapl:0:0", "core", "1000000");
  tree.zone("intel-rapl:0:1", "dram", "2000000");
  tree.zone("intel-rapl:2", "psys", "1000000");
  std::filesystem::create_directory(tree.folder.file("intel-rapl"));  // the driver: no zone
  tree.count("intel-rapl:0", "999000");
  powercap_meter meter;
  REQUIRE(meter.open(tree.folder.file("")));
  CHECK(meter.zones() == 3);
  double joules = -1.0;
  CHECK(meter.read(joules));
  CHECK(joules == 0.0);
  tree.count("intel-rapl:1", "500");
  tree.count("intel-rapl:0:0", "700");
  tree.count("intel-rapl:2", "70000");
  CHECK(meter.read(joules));
  CHECK(joules == doctest::Approx(500e-6));
  tree.count("intel-rapl:0", "1000");  // past its end: 1000 before it, 1000 behind
  tree.count("intel-rapl:0:1", "30000");
  CHECK(meter.read(joules));
  CHECK(joules == doctest::Approx(500e-6 + 2000e-6 + 30000e-6));
  CHECK(meter.read(joules));
  CHECK(joules == doctest::Approx(32500e-6));
}

TEST_CASE("a machine without counters, and counters that are none") {
  powercap_meter meter;
  const powercap tree;
  check_error(meter.open(tree.folder.file("")), code::cannot_open, "has no zone package-N");
  check_error(meter.open(tree.folder.file("missing")), code::cannot_open, "missing'|has no zone package-N");
  tree.zone("intel-rapl:0", "package-0", "1000000");
  REQUIRE(meter.open(tree.folder.file("")));
  double joules = 7.0;
  for (const char* wrong : {"", "many", "12x", "-3", "99999999999999999999"}) {
    tree.count("intel-rapl:0", wrong);
    check_error(meter.read(joules), code::malformed, "energy_uj'|wanted a number of microjoules");
    powercap_meter other;
    CHECK(other.open(tree.folder.file("")).code() == code::malformed);
  }
  std::filesystem::remove(tree.folder.file("intel-rapl:0/energy_uj"));
  check_error(meter.read(joules), code::cannot_open, "energy_uj'|No such file");
  CHECK(joules == 7.0);
  tree.count("intel-rapl:0", "1");
  REQUIRE(::chmod(tree.folder.file("intel-rapl:0/energy_uj").c_str(), 0) == 0);
  if (::geteuid() != 0) check_error(meter.read(joules), code::cannot_open, "Permission denied|root");
}
