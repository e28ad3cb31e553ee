// SPDX-License-Identifier: MIT
// evaluate_folder: any known model on photographs in a folder a class: accuracy, MACs and measured time.
#include "common/photographs.hpp"
#include "common/report.hpp"

using namespace examples;

namespace {
struct options {
  std::string model, weights, images, classes;
  double risk = 0.01;
  std::optional<std::int64_t> limit;
  bool json = false;
};

void run(options o) {
  const model& m = find_model(o.model);
  const std::size_t level = level_of(m, o.risk);
  o.weights = weights_path(m, o.weights);
  if (o.limit && *o.limit < 1) {
    throw std::runtime_error("limit is " + std::to_string(*o.limit) + ", wanted at least 1");
  }
  std::optional<class_list> list;
  if (!o.classes.empty()) list.emplace(o.classes, m.data.class_count);
  const auto photographs = find_photographs(o.images, list ? &*list : nullptr, m.data.class_count);
  std::size_t count = photographs.size();
  if (o.limit)
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, static_cast<std::uint64_t>(*o.limit)));
  opened engines;
  require(m.open(o.weights, {level}, engines));

  const auto source = [&](std::size_t i, std::span<float> frame) {
    load_photograph(photographs[i].path, m.data, frame.data());
    return photographs[i].label;
  };
  const summary s = summarize(m, evaluate(m, engines, count, source));
  print_notes(s);
  const double risk = m.adaptive() ? m.risks[level] : 0.0;
  if (o.json) {
    std::printf("%s\n", json_of(m, risk, s).dump().c_str());
    return;
  }
  std::printf("%s: %zu photographs, the shortest of %d runs of each\n\n%s", std::string(m.name).c_str(),
              count, runs_a_frame, table_of(m, s).c_str());
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App program(
      "Runs a model on photographs, IMAGES/CLASS/*.jpg: the largest square in the middle of each, brought "
      "to\n"
      "the model's extent by a triangle filter (bilinear).",
      "evaluate_folder");
  options o;
  program.add_option("--model", o.model, "one of " + known_models())->required();
  program.add_option("--weights", o.weights,
                     "safetensors file; default where it is there: weights/MODEL.safetensors");
  program.add_option("--images", o.images, "folder with a folder of images for each class")->required();
  program.add_option("--classes", o.classes,
                     "text file, a line a class: NAME in the order of classes, or NAME INDEX; default: the "
                     "folders, sorted, are classes 0, 1, ...");
  program
      .add_option("--risk", o.risk,
                  "accuracy that leaving early may cost, as a share of frames: the largest calibrated "
                  "level at or below it is used")
      ->capture_default_str();
  program.add_option("--limit", o.limit, "only the first so many photographs");
  program.add_flag("--json", o.json, "print one JSON object and nothing else");
  return run_program(program, argc, argv, [&] { run(o); });
}
