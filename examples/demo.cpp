// SPDX-License-Identifier: MIT
// demo: networks with early exits on video: easy frames leave early, and what that saves.
#include "common/clip.hpp"
#include "common/failure.hpp"
#include "common/report.hpp"
#include "common/timeline.hpp"

using namespace examples;

namespace {
struct options {
  std::string data, model, weights;
  double risk = 0.01;
  std::optional<std::int64_t> limit;
};

void show_frames(const model& m, const clip& c, const std::vector<frame_result>& results) {
  const std::vector<stretch> stretches = stretches_of(c, results.size());
  std::printf(
      "Each frame's exit, 1 to %zu (%s), in order; a frame is red or marked x where the label is wrong.\n",
      m.exits.size(), m.exits.back().name.c_str());
  print_timeline(stretches, results);
  if (stretches.back().last < results.size()) {
    std::printf("  ... the first %zu of %zu frames\n", stretches.back().last, results.size());
  }
  std::printf("\n%s\n", frame_list(m, stretches, results).c_str());
}

/// Runs one model and prints its table; its frames too where asked for.
json show(const model& m, const clip& c, std::size_t count, const options& o, bool frames) {
  const std::size_t level = level_of(m, o.risk);
  opened engines;
  require(m.open(weights_path(m, o.weights), {level}, engines));
  const std::vector<frame_result> results = evaluate(m, engines, c.frames, count);
  const summary s = summarize(m, results);
  std::printf("%s at risk %g: %zu frames of %s\n\n", std::string(m.name).c_str(), m.risks[level], count,
              c.source.c_str());
  if (frames) show_frames(m, c, results);
  std::printf("%s\n", table_of(m, s).c_str());
  std::fflush(stdout);
  print_notes(s);
  return json_of(m, m.risks[level], s);
}

/// Without a directory each network has the clip that it knows.
json show_on(const model& m, const options& o, bool frames) {
  if (!m.adaptive()) {
    throw std::runtime_error(std::string(m.name) + " has no exits: examples/evaluate runs it");
  }
  const std::string shipped = FLEXDNN_SOURCE_DIR "/examples/data";
  const bool signs = m.name.starts_with("gtsrb");
  const clip c = load_clip(!o.data.empty() ? o.data : signs ? shipped + "/gtsrb" : shipped, m.data.frame);
  std::size_t count = c.frames.size();
  if (o.limit)
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, static_cast<std::uint64_t>(*o.limit)));
  return show(m, c, count, o, frames);
}

void run(const options& o) {
  if (o.limit && *o.limit < 1) {
    throw std::runtime_error("limit is " + std::to_string(*o.limit) + ", wanted at least 1");
  }
  std::vector<const char*> names{"cifar10_resnet56_exits", "cifar10_resnet20_exits"};
  if (o.data.empty()) names = {"gtsrb_resnet20", "cifar10_resnet56_exits"};
  if (!o.model.empty()) names = {o.model.c_str()};
  json first;
  for (const char* name : names) {
    json result = show_on(find_model(name), o, first.is_null());
    if (first.is_null()) first = std::move(result);
  }
  std::printf(
      "Shares are of the backbone's figures on the same frames, run in turn with the network in this\n"
      "process; a frame's time is the shortest of its %d runs. The first network's figures again:\n\n%s\n",
      runs_a_frame, first.dump().c_str());
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Runs networks with early exits on video frames, in turn with their backbones.", "demo");
  options o;
  program.add_option("--data", o.data,
                     "directory of records: CIFAR-10's binary files (test_batch.bin, or data_batch*.bin), or "
                     "a clip; default: "
                     "ten tracks of traffic signs, then four video sequences");
  program.add_option("--model", o.model,
                     "one model, in place of gtsrb_resnet20 and cifar10_resnet56_exits, or with --data of "
                     "cifar10_resnet56_exits and cifar10_resnet20_exits");
  program
      .add_option("--weights", o.weights, "safetensors file of --model; default: weights/MODEL.safetensors")
      ->needs("--model");
  program
      .add_option("--risk", o.risk,
                  "accuracy that leaving early may cost, as a share of frames: the largest calibrated "
                  "level at or below it is used")
      ->capture_default_str();
  program.add_option("--limit", o.limit, "only the first so many frames");
  return run_program(program, argc, argv, [&] { run(o); });
}
