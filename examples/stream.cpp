// SPDX-License-Identifier: MIT
// stream: a video in real time through a network with early exits: what is answered in time, late, or
// dropped.
//
// The video may be a camera, a folder of images or a file of records as well.
// Frames arrive as the video's frame rate, or --fps, says, whether the network is ready or not; one that
// could not be answered within --mtl is dropped at once. With --floor a frame that would be dropped is
// answered from an earlier exit, by the thresholds of a larger risk, in place of that; with --in-time a frame
// that would be late, or make another late, answers from the exit that it has reached; with --budget-macs
// frames are answered from earlier exits where MACs run short. --out writes a page, a row each frame, and the
// video with what became of each frame below it.
#include <CLI/CLI.hpp>
#include <cmath>
#include <csignal>
#include <cstdio>

#include "common/any_source.hpp"
#include "common/failure.hpp"
#include "common/stream_player.hpp"
#include "common/stream_report.hpp"

using namespace examples;

namespace {

/// Ctrl-C ends the stream, and what was played is told; once more, and no video is written of it.
volatile std::sig_atomic_t interrupted = 0;

/// Levels of risk from the one asked for up to the floor.
std::vector<std::size_t> levels_of(const model& m, const stream_options& o) {
  const std::size_t first = level_of(m, o.risk), last = o.floor ? level_of(m, *o.floor) : first;
  if (last < first) throw std::runtime_error("--floor is below --risk");
  std::vector<std::size_t> levels;
  for (std::size_t l = first; l <= last; ++l) levels.push_back(l);
  return levels;
}

void check_positive(const char* option, const std::optional<double>& value) {
  if (value && !(*value > 0.0 && std::isfinite(*value)))
    throw std::runtime_error(std::string(option) + " is " + text_of("%g", *value) + ", wanted above 0");
}

/// What can be told before anything is played.
void check(const stream_options& o) {
  if (o.limit && *o.limit < 1) {
    throw std::runtime_error("limit is " + std::to_string(*o.limit) + ", wanted at least 1");
  }
  check_positive("--fps", o.rate);
  check_positive("--mtl", o.tolerated_ms);
  check_positive("--budget-macs", o.budget_macs);
  if (o.budget_macs && !o.floor)
    throw std::runtime_error("--budget-macs wants --floor, the largest risk that it may be kept by");
  if (!o.comparators.empty() && o.out.empty())
    throw std::runtime_error("--comparators is for the report: wants --out");
}

void check_levels(const model& m, const stream_options& o, const std::vector<std::size_t>& levels) {
  const char* const wants_exits = o.floor          ? "--floor"
                                  : o.gate > 0.0F  ? "--gate"
                                  : o.decay > 0.0F ? "--decay"
                                                   : nullptr;
  if (!m.adaptive() && wants_exits != nullptr)
    throw std::runtime_error(std::string(m.name) + " has no exits to " + wants_exits);
  for (const std::size_t l : levels) {
    if (o.budget_macs && !(m.level_macs[l] > 0.0))
      throw std::runtime_error(std::string(m.name) +
                               " does not say the MACs of its levels: no --budget-macs");
  }
}

/// Frames that are noted, 32 bytes each: nine hours at 30 a second where nobody says how many come.
std::size_t most_noted(const stream_options& o, const any_source& video) {
  const auto wanted = static_cast<std::size_t>(o.limit.value_or(1'000'000));
  return std::min(wanted, video.size() > 0 ? video.size() : std::size_t{10'000'000});
}

void tell(const outcome& r, const stream_setting& s, const std::string& facts) {
  const stream_options& o = s.given;
  if (o.json) {
    json line = json_of(r, s.network);
    line["model"] = s.network.name, line["fps"] = s.rate, line["mtl_ms"] = o.tolerated_ms;
    if (o.budget_macs) line["budget_macs"] = *o.budget_macs;
    std::printf("%s\n", line.dump().c_str());
  } else {
    std::vector<flexdnn::text_table::column> columns;
    for (const std::string& name : heading_of(r)) columns.push_back({name});
    columns[0].align = flexdnn::text_table::side::left;
    flexdnn::text_table table(columns);
    for (const row& cells : rows_of(r, s.network, s.levels)) table.row(cells);
    std::printf("%s on %s\n\n%s\n%s\n", std::string(s.network.name).c_str(), facts.c_str(),
                table.text().c_str(), summary_of(r, s.network).c_str());
  }
  std::fflush(stdout);
}

void run(const stream_options& o) {
  check(o);
  const model& m = find_model(o.model);
  const bool adaptive = m.adaptive() && !o.backbone;
  const std::vector<std::size_t> levels = adaptive ? levels_of(m, o) : std::vector<std::size_t>{0};
  check_levels(m, o, levels);
  const stream_labels labels(o.labels, m);
  std::optional<stream_energy> energy;
  if (!o.energy.empty()) energy.emplace(o.energy);
  const csv_rows others = o.comparators.empty() ? csv_rows() : read_csv(o.comparators);
  opened engines;
  require(m.open(weights_path(m, o.weights), {levels.front(), o.gate, o.decay}, engines));
  any_source video = open_frames(o.video, m.data.frame, o.format);
  if (video.size() > 0) labels.check_length(video.size(), false);
  const double rate = o.rate.value_or(video.frame_rate());
  if (!(rate > 0.0)) {
    throw std::runtime_error(o.video + " does not say how many frames a second it has: give --fps");
  }
  if (!o.out.empty()) check_report_folder(o.out);
  const stream_setting setting{
      o, m, adaptive ? *engines.adaptive : *engines.backbone, adaptive, levels, rate, labels};
  stream_log log(o.out.empty() ? 0 : most_noted(o, video));
  std::signal(SIGINT, [](int) { interrupted = 1; });
  outcome r = play(video, setting, log, energy ? &*energy : nullptr, interrupted);
  std::string trouble;
  try {
    if (energy) r.energy = energy_of(r, m, *energy);
  } catch (const std::exception& e) {
    trouble = e.what();  // what was played is told all the same
  }
  const bool whole = interrupted == 0;
  interrupted = 0;
  if (const flexdnn::status end = video.ending(); !end && whole)
    std::fprintf(stderr, "note: %s\n", end.message());
  const std::string facts = o.video + ": " + video.what() + ", " + text_of("%.4g", rate) +
                            " frames a second, answers within " + text_of("%g", o.tolerated_ms) + " ms";
  const auto frames = log.first(r.counts.arrived);
  if (!o.out.empty() && frames.size() < r.counts.arrived) {
    std::fprintf(stderr, "note: the first %zu frames are in the report and the video\n", frames.size());
  }
  tell(r, setting, facts);
  if (!o.out.empty()) {
    write_stream_report(o.out, r, setting, facts, frames, others);
    const std::string note = write_stream_video(o.out, setting, frames, interrupted);
    if (!note.empty()) std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  if (!trouble.empty()) throw std::runtime_error(trouble);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Plays a video in real time through a network with early exits.", "stream");
  stream_options o;
  program
      .add_option(
          "--video", o.video,
          "a file or device that ffmpeg reads, a folder of images, or records (.bin) of the model's extent")
      ->required();
  program.add_option("--format", o.format,
                     "of an input that is no file, as ffmpeg calls it: lavfi, v4l2, rtsp; --video names it");
  program.add_option("--model", o.model, "one of " + known_models())->required();
  program.add_option("--weights", o.weights, "safetensors file; default: weights/MODEL.safetensors");
  program.add_option("--risk", o.risk, "accuracy that leaving early may cost, as a share of frames")
      ->capture_default_str();
  program.add_option("--floor", o.floor,
                     "the largest risk that a frame may be answered at where it would be dropped otherwise");
  program.add_option("--fps", o.rate, "frames that arrive in a second; default: the video's");
  program.add_option("--mtl", o.tolerated_ms, "the latency tolerated at most, ms")->capture_default_str();
  program
      .add_option("--quantile", o.quantile, "of the last service times, which a frame is expected to take")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  program.add_option("--limit", o.limit, "only the first so many frames");
  program.add_option("--out", o.out,
                     "folder for report.html, frames.csv (a row each frame) and annotated.mp4 (ffmpeg)");
  program.add_option("--labels", o.labels,
                     "CSV file, a row each frame, a column label or class: tells how many answers are right");
  program.add_option(
      "--energy", o.energy,
      "joules: model (by MACs and bytes), powercap (the processors' counters), or the file that a "
      "meter writes meanwhile: Unix time,watts");
  program.add_option(
      "--budget-macs", o.budget_macs,
      "MACs that may be spent a second: where they run short, frames are answered at risks up to --floor");
  program.add_option("--comparators", o.comparators,
                     "CSV file of other systems' figures, a table of the report");
  program
      .add_option(
          "--gate", o.gate,
          "a frame whose first exit differs by less from the last one that went on is answered as that")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  program.add_option("--decay", o.decay, "weight of a frame in the average that the next one is answered by")
      ->check(CLI::Range(0.0, 0.999))
      ->capture_default_str();
  program.add_flag("--backbone", o.backbone, "the network to its end, without exits")
      ->excludes("--floor", "--gate", "--decay");
  program
      .add_flag("--in-time", o.in_time,
                "a frame whose time is up answers from the exit that it has reached, however unsure")
      ->excludes("--backbone");
  program.add_flag("--json", o.json, "one JSON line in the end");
  return run_program(program, argc, argv, [&] { run(o); });
}
