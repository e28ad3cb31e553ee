// SPDX-License-Identifier: MIT
// tune: measures how each convolution of a network is computed fastest on this machine, and writes what
// differs from the cost model's choice as a header of overrides.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "measure_steps.hpp"
#include "tuned_network.hpp"

namespace {

using namespace flexdnn;

[[nodiscard]] const char* name_of(algorithm how) {
  switch (how) {
    case algorithm::direct:
      return "direct";
    case algorithm::winograd2:
      return "winograd2";
    case algorithm::winograd4:
      return "winograd4";
    case algorithm::winograd6:
      return "winograd6";
    case algorithm::depthwise_rows:
      return "depthwise_rows";
  }
  return "";
}

/// What a choice must gain to be worth a line: medians of quiet samples repeat to 2 %.
constexpr double worthwhile = 0.97;

[[nodiscard]] std::string text_of(const shape& s) {
  return std::to_string(s.channels) + ", " + std::to_string(s.height) + ", " + std::to_string(s.width);
}

void print(const bench::tuned_step& step) {
  std::printf("%s on {%s}\n ", step.layer.c_str(), text_of(step.in).c_str());
  for (const bench::candidate& c : step.candidates) {
    const bool marked = c.how == step.chosen;
    std::printf(" %s%s %.1f us (%zu kept)", name_of(c.how), marked ? "*" : "", c.measured.seconds * 1e6,
                c.measured.kept);
  }
  std::printf("\n");
}

[[nodiscard]] std::string override_of(const bench::tuned_step& step) {
  constexpr tile t = tile_of<native>;
  const std::string tile_text = std::to_string(t.lanes) + ", " + std::to_string(t.vectors) + ", " +
                                std::to_string(t.pixels) + ", " + (t.winograd ? "true" : "false");
  return "template <>\ninline constexpr flexdnn::algorithm flexdnn::algorithm_of<" + step.layer +
         ",\n    flexdnn::shape{" + text_of(step.in) + "}, flexdnn::tile{" + tile_text +
         "}> = flexdnn::algorithm::" + name_of(step.fastest().how) + ";\n";
}

void write_header(const std::string& path, const std::vector<std::string>& overrides) {
  std::ofstream file(path);
  file << "// Overrides of flexdnn's cost model for " << tuned_network_text
       << ", measured by bench/tune.sh on one machine.\n"
          "// Include it before the network is used for the first time, in every translation unit alike.\n"
          "#pragma once\n\n#include <flexdnn/flexdnn.hpp>\n";
  for (const std::string& one : overrides) file << "\n" << one;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) try {
  std::string out;
  int rounds = 30;
  CLI::App app{"Measures the algorithms of " + std::string(tuned_network_text) + "'s convolutions.", "tune"};
  app.add_option("--out", out, "header to write");
  app.add_option("--rounds", rounds, "samples of each")->check(CLI::Range(5, 10'000));
  CLI11_PARSE(app, argc, argv);
  if (!out.empty() && std::ifstream(out)) throw std::runtime_error(out + " exists already");

  bench::pin_to_one_core();
  std::vector<std::string> overrides;
  double before = 0, after = 0;
  for (const bench::tuned_step& step : bench::measure_steps<tuned_network>(rounds)) {
    print(step);
    before += step.current().measured.seconds;
    after += step.fastest().measured.seconds;
    if (step.fastest().measured.seconds < worthwhile * step.current().measured.seconds) {
      overrides.push_back(override_of(step));
    }
  }
  std::printf("* the cost model's choice; all of them, each once: %.1f us, the fastest: %.1f us\n",
              before * 1e6, after * 1e6);
  if (out.empty()) {
    for (const std::string& one : overrides) std::printf("\n%s", one.c_str());
  } else {
    write_header(out, overrides);
    std::printf("%zu overrides written to %s\n", overrides.size(), out.c_str());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "tune: %s\n", error.what());
  return 1;
}
