// SPDX-License-Identifier: MIT
// evaluate: any known model on a file of records: accuracy, MACs and measured time against its backbone.
#include <cinttypes>
#include <flexdnn/io/file.hpp>

#include "common/failure.hpp"
#include "common/report.hpp"
#include "common/target.hpp"

using namespace examples;

namespace {
struct options {
  std::string model, weights, images, predictions;
  double risk = 0.01;
  std::optional<std::int64_t> limit;
  bool json = false;
};

void write_predictions(const std::string& path, const model& m, const std::vector<frame_result>& results) {
  std::string text = "index,label,exit\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const prediction& p = m.adaptive() ? results[i].adaptive : results[i].backbone;
    text += std::to_string(i) + ',' + std::to_string(p.label) + ',' + std::to_string(p.exit) + '\n';
  }
  const std::span<const std::byte> parts[] = {std::as_bytes(std::span(text))};
  require(flexdnn::write_file(path, parts));
}

void run(options o) {
  const model& m = find_model(o.model);
  const std::size_t level = level_of(m, o.risk);
  o.weights = weights_path(m, o.weights);
  if (o.limit && *o.limit < 1) {
    throw std::runtime_error("limit is " + std::to_string(*o.limit) + ", wanted at least 1");
  }
  if (!o.predictions.empty()) check_target(o.predictions, {o.images, o.weights});
  opened engines;
  require(m.open(o.weights, {level}, engines));
  flexdnn::records images;
  require(flexdnn::load_records(o.images, m.data.frame, images));
  std::size_t count = images.size();
  if (o.limit)
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, static_cast<std::uint64_t>(*o.limit)));

  const std::vector<frame_result> results = evaluate(m, engines, images, count);
  if (!o.predictions.empty()) write_predictions(o.predictions, m, results);
  const summary s = summarize(m, results);
  print_notes(s);
  const double risk = m.adaptive() ? m.risks[level] : 0.0;
  if (o.json) {
    std::printf("%s\n", json_of(m, risk, s).dump().c_str());
    return;
  }
  std::printf("%s", std::string(m.name).c_str());
  if (m.adaptive()) std::printf(" at risk %g", risk);
  std::printf(": %zu frames, the shortest of %d runs of each\n\n%s", count, runs_a_frame,
              table_of(m, s).c_str());
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Runs a model on labelled images; a model with exits runs in turn with its backbone.",
                   "evaluate");
  options o;
  program.add_option("--model", o.model, "one of " + known_models())->required();
  program.add_option("--weights", o.weights,
                     "safetensors file; default where it is there: weights/MODEL.safetensors");
  program.add_option("--images", o.images, "records: a label byte, then the planes' bytes (CIFAR-10)")
      ->required();
  program
      .add_option("--risk", o.risk,
                  "accuracy that leaving early may cost, as a share of frames: the largest calibrated "
                  "level at or below it is used")
      ->capture_default_str();
  program.add_option("--limit", o.limit, "only the first so many records");
  program.add_option("--predictions", o.predictions,
                     "file to write: index,label,exit of every record, counted from 0");
  program.add_flag("--json", o.json, "print one JSON object and nothing else");
  return run_program(program, argc, argv, [&] { run(o); });
}
