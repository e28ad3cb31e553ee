// SPDX-License-Identifier: MIT
// bag: what a bag of models would save, and what is left of it once networks are really changed: the paper's
// motivation (Fang et al. 2020, section 2) with the widths of train.py.
//
// For each frame of a clip the oracle picks the cheapest width that is right, the widest where none is. The
// clip is then run: with all widths in memory; with one at a time, which is let go, allocated, read, checked,
// folded and packed anew at every change; the backbone alone; and ours, at each of its risks. In turn,
// several rounds; the shortest of each counts.
#include <fcntl.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <flexdnn/io/text_table.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../../examples/common/failure.hpp"
#include "replay.hpp"
#include "trace.hpp"

using namespace comparators;

namespace {

using clock = std::chrono::steady_clock;

struct options {
  std::string data_set, weights, images, choices;
  std::size_t first = 0, frames = 400, rounds = 3;
  bool by_macs = false, cold = false, json = false;
};

std::size_t resident_kib() {
  std::size_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// A network as it comes from disk; cold: what the system keeps of the file is let go first.
std::unique_ptr<loaded_network> open(const variant& v, const std::string& folder, bool cold) {
  const std::string path = folder + "/" + v.file + ".safetensors";
  if (cold) {
    const flexdnn::detail::descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    (void)posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }
  std::unique_ptr<loaded_network> net = v.allocate();
  examples::require(net->load(read_weights_file(v, folder)));
  return net;
}

/// Frames [first, first + count) of a stream, normalised.
std::vector<std::vector<float>> clip_of(const stream& s, const options& o) {
  if (o.first >= s.images.size() || o.frames > s.images.size() - o.first) {
    throw std::runtime_error(o.images + " has " + std::to_string(s.images.size()) + " frames, wanted " +
                             std::to_string(o.first + o.frames));
  }
  std::vector<std::vector<float>> clip(o.frames);
  for (std::size_t i = 0; i < o.frames; ++i) read_frame(s, o.first + i, 32, clip[i]);
  return clip;
}

/// One way to run the clip.
struct way {
  std::string name;
  std::function<void()> run;
  std::size_t kib = 0;
  double seconds = 1e9, accuracy = 0.0;
};

void run(const options& o) {
  std::vector<variant> family;
  for (variant& v : o.data_set == "gtsrb" ? gtsrb_family() : cifar10_family()) {
    if (v.system == "width" || v.system == "ours") family.push_back(std::move(v));
  }
  stream s = load_stream(o.images, o.data_set);
  const std::vector<std::vector<float>> clip = clip_of(s, o);
  const std::size_t record = s.images.record_size();
  s.images.bytes = {s.images.bytes.begin() + static_cast<std::ptrdiff_t>(o.first * record),
                    s.images.bytes.begin() + static_cast<std::ptrdiff_t>((o.first + o.frames) * record)};
  s.clips = {s.clips.begin() + static_cast<std::ptrdiff_t>(o.first),
             s.clips.begin() + static_cast<std::ptrdiff_t>(o.first + o.frames)};
  const stream_trace t = trace(family, o.weights, s, std::min<std::size_t>(o.frames, 200), "bag");
  std::vector<std::size_t> widths = cheapest_first(t, "width");
  if (o.by_macs) std::ranges::sort(widths, {}, [&](std::size_t v) { return family[v].macs.back(); });
  const auto backbone = static_cast<std::size_t>(
      std::ranges::find(family, std::string("width_16"), &variant::name) - family.begin());
  std::vector<std::size_t> chosen;
  std::size_t changes = 0;
  for (std::size_t i = 0; i < o.frames; ++i) {
    const auto right =
        std::ranges::find_if(widths, [&](std::size_t v) { return t.variants[v].labels[0][i] == t.truth[i]; });
    chosen.push_back(right == widths.end() ? backbone : *right);
    changes += i > 0 && chosen[i] != chosen[i - 1] ? 1U : 0U;
  }
  // All in memory, as the system counts it.
  std::vector<std::unique_ptr<loaded_network>> all(family.size());
#if defined(__GLIBC__)
  malloc_trim(0);  // what the trace has held is not counted as there already
#endif
  const std::size_t before = resident_kib();
  for (const std::size_t v : widths) all[v] = open(family[v], o.weights, false);
  for (const std::size_t v : widths) (void)all[v]->run(clip[0], {});
  const std::size_t bag_kib = resident_kib() - before;
  const variant& ours = family.back();
  all.back() = open(ours, o.weights, false);
  std::size_t right = 0;
  const auto look = [&](loaded_network& net, std::size_t i, std::span<const float> thresholds = {}) {
    right += net.run(clip[i], thresholds).label == t.truth[i] ? 1U : 0U;
  };
  const auto kib = [](const variant& v) { return (v.parameter_bytes + v.engine_bytes) / 1024; };
  std::size_t largest = 0;
  for (const std::size_t v : chosen) largest = std::max(largest, kib(family[v]));
  std::vector<way> ways;
  const auto add = [&](std::string name, std::size_t held, std::function<void()> how) {
    ways.push_back({std::move(name), std::move(how), held});
  };
  add("backbone", kib(family[backbone]), [&] {
    for (std::size_t i = 0; i < o.frames; ++i) look(*all[backbone], i);
  });
  add("bag, all in memory", bag_kib, [&] {
    for (std::size_t i = 0; i < o.frames; ++i) look(*all[chosen[i]], i);
  });
  add("bag, one in memory", largest, [&] {
    std::unique_ptr<loaded_network> one;
    for (std::size_t i = 0; i < o.frames; ++i) {
      if (i == 0 || chosen[i] != chosen[i - 1]) {
        one.reset();
        one = open(family[chosen[i]], o.weights, o.cold);
      }
      look(*one, i);
    }
  });
  for (const auto& [risk, thresholds] : ours.levels) {
    char name[32];
    std::snprintf(name, sizeof name, "ours, risk %g", risk);
    add(name, kib(ours), [&, levels = thresholds] {
      for (std::size_t i = 0; i < o.frames; ++i) look(*all.back(), i, levels);
    });
  }
  for (std::size_t round = 0; round < o.rounds; ++round) {
    for (way& w : ways) {
      right = 0;
      const clock::time_point start = clock::now();
      w.run();
      w.seconds = std::min(w.seconds, std::chrono::duration<double>(clock::now() - start).count());
      w.accuracy = static_cast<double>(right) / static_cast<double>(o.frames);
    }
  }
  double load = 0.0, allocate = 0.0;
  for (const std::size_t v : widths) {
    load += t.variants[v].load_seconds / static_cast<double>(widths.size());
    allocate += t.variants[v].allocate_seconds / static_cast<double>(widths.size());
  }
  if (!o.choices.empty()) {
    std::string text = "frame,variant\n";
    for (std::size_t i = 0; i < o.frames; ++i)
      text += std::to_string(o.first + i) + "," + family[chosen[i]].name + "\n";
    const std::array whole{std::as_bytes(std::span(text))};
    examples::require(flexdnn::write_file(o.choices, whole));
  }
  using side = flexdnn::text_table::side;
  flexdnn::text_table table({{"", side::left}, {"right"}, {"ms a frame"}, {"saved"}, {"KiB"}});
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const way& w : ways) {
    char ms[32];
    std::snprintf(ms, sizeof ms, "%.3f", 1e3 * w.seconds / static_cast<double>(o.frames));
    const double saved = 1.0 - w.seconds / ways[0].seconds;
    table.row(
        {w.name, flexdnn::percent(w.accuracy, 1.0), ms, flexdnn::percent(saved, 1.0), std::to_string(w.kib)});
    rows.push_back({{"way", w.name},
                    {"accuracy", w.accuracy},
                    {"seconds", w.seconds},
                    {"saved", saved},
                    {"kib", w.kib}});
  }
  if (o.json) {
    const nlohmann::ordered_json line{{"frames", o.frames},
                                      {"changes", changes},
                                      {"load_seconds", load},
                                      {"allocate_seconds", allocate},
                                      {"ways", rows}};
    std::printf("%s\n", line.dump().c_str());
    return;
  }
  std::printf(
      "%zu frames, %zu changes among %zu widths; a network takes %.2f ms to allocate, %.2f to load (file "
      "warm)\n\n%s",
      o.frames, changes, widths.size(), 1e3 * allocate, 1e3 * load, table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("What a bag of models saves once networks are really changed.", "bag");
  options o;
  program.add_option("--data-set", o.data_set, "gtsrb or cifar10")
      ->required()
      ->check(CLI::IsMember({"gtsrb", "cifar10"}));
  program.add_option("--weights", o.weights, "folder that train.py wrote, with ours beside")
      ->required()
      ->check(CLI::ExistingDirectory);
  program.add_option("--images", o.images, "records in the order of the stream")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("--first", o.first, "frame of the clip")->capture_default_str();
  program.add_option("--frames", o.frames, "of the clip")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--rounds", o.rounds, "that the clip is run in every way")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.add_option("--choices", o.choices, "CSV to write: which width the oracle picked, frame by frame");
  program.add_flag("--by-macs", o.by_macs, "the cheapest by MACs, not by measured time");
  program.add_flag("--cold", o.cold, "files are read from disk, not from what the system keeps of them");
  program.add_flag("--json", o.json, "one JSON line");
  return examples::run_program(program, argc, argv, [&] { run(o); });
}
