// SPDX-License-Identifier: MIT
// stream: a video in real time through a network with early exits: what is answered in time, late, or
// dropped.
//
// The video may be a camera, a folder of images or a file of records as well.
// Frames arrive as the video's frame rate, or --fps, says, whether the network is ready or not; one that
// could not be answered within --mtl is dropped at once. With --floor a frame that would be dropped is
// answered from an earlier exit, by the thresholds of a larger risk, in place of that; with --in-time a frame
// that would be late, or make another late, answers from the exit that it has reached.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <flexdnn/stream/frame_server.hpp>
#include <flexdnn/stream/level_choice.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "common/any_source.hpp"
#include "common/failure.hpp"
#include "common/frame_estimate.hpp"
#include "common/stream_outcome.hpp"
#include "common/stream_report.hpp"

using namespace examples;

namespace {

using clock = std::chrono::steady_clock;

using estimate = flexdnn::level_choice<frame_estimate>;

/// Ctrl-C ends the stream, and what was played is told.
volatile std::sig_atomic_t interrupted = 0;

struct options {
  std::string video, format, model, weights, out;
  double risk = 0.01, tolerated_ms = 50.0, quantile = 0.9;
  std::optional<double> floor, rate;
  std::optional<std::int64_t> limit;
  bool backbone = false, in_time = false, json = false;
};

/// Levels of risk from the one asked for up to the floor.
std::vector<std::size_t> levels_of(const model& m, const options& o) {
  const std::size_t first = level_of(m, o.risk), last = o.floor ? level_of(m, *o.floor) : first;
  if (last < first) throw std::runtime_error("--floor is below --risk");
  std::vector<std::size_t> levels;
  for (std::size_t l = first; l <= last; ++l) levels.push_back(l);
  return levels;
}

/// Reads a frame and runs it; on the server's thread.
class viewer {
 public:
  viewer(const any_source& video, const model& m, classifier& network, std::vector<std::size_t> levels,
         std::size_t exits, stream_log& log)
      : video_(&video),
        log_(&log),
        reader_(m.make_reader()),
        network_(&network),
        levels_(std::move(levels)),
        frame_(m.data.frame.size()),
        exits_(exits) {}

  void operator()(const flexdnn::served_frame& f) noexcept {
    if (in_time_) network_->answer_by(clock::now() + std::chrono::nanoseconds(f.slack));
    network_->set_level(levels_[std::min(f.level, levels_.size() - 1)]);
    double ignored = 0.0;
    if (!reader_->read(video_->view(f.bytes), frame_))
      return;  // a size that the constructor has read already
    const prediction a = network_->run(frame_, ignored);
    ++exits_[static_cast<std::size_t>(a.exit)];
    frame_note* const note = log_->at(f.number);
    if (note == nullptr) return;
    note->confidence = a.confidence, note->label = a.label;
    note->exit = static_cast<std::uint16_t>(a.exit), note->level = static_cast<std::uint16_t>(f.level);
    note->answered = std::chrono::nanoseconds(clock::now() - start_).count();
  }

  void start(clock::time_point now) { start_ = now; }

  /// From now on frames answer from the exit that they have reached when their time is up. Nanoseconds that a
  /// frame takes at least: to be read, and to the first exit.
  std::int64_t keep_in_time(std::span<const std::byte> frame) {
    in_time_ = true;
    clock::time_point start;
    for (int i = 0; i < 2; ++i) {
      start = clock::now();
      if (!reader_->read(video_->view(frame), frame_)) return 0;
    }
    return std::chrono::nanoseconds(clock::now() - start).count() + network_->time_exits(frame_);
  }

  [[nodiscard]] const std::vector<std::uint64_t>& exits() const { return exits_; }

 private:
  const any_source* video_;
  stream_log* log_;
  clock::time_point start_;
  std::shared_ptr<frame_reader> reader_;
  classifier* network_;
  std::vector<std::size_t> levels_;
  std::vector<float> frame_;
  std::vector<std::uint64_t> exits_;
  bool in_time_ = false;
};

double ms(std::int64_t nanoseconds) { return 1e-6 * static_cast<double>(nanoseconds); }

template <class Line>
void show(const Line& line) {
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::fprintf(stderr,
               "\r%6llu frames, %zu wait, p50 %.2f ms, p99 %.2f ms, level %zu, dropped %llu, late %llu ",
               count(line.counts().arrived), line.waiting(), ms(line.latencies().quantile(0.5)),
               ms(line.latencies().quantile(0.99)), line.estimate().level() + 1, count(line.counts().dropped),
               count(line.counts().late));
}

/// How long a frame takes, the second time.
std::int64_t first_service(const viewer& view, std::span<const std::byte> frame) {
  std::int64_t ns = 0;
  for (int i = 0; i < 2; ++i) {
    viewer trial = view;
    const clock::time_point begin = clock::now();
    trial({frame});
    ns = std::chrono::nanoseconds(clock::now() - begin).count();
  }
  return ns;
}

outcome play(any_source& video, double rate, viewer& view, stream_log& log, std::size_t levels,
             const options& o) {
  std::vector<std::byte> frame(video.frame_bytes());
  bool more = video.read(frame);
  if (!more) {
    require(video.ending());
    throw std::runtime_error(o.video + ": has no frame");
  }
  const flexdnn::quantile_estimate usual(o.quantile, first_service(view, frame));
  std::vector<frame_estimate> each(levels, frame_estimate(usual));
  if (o.in_time) each.back() = frame_estimate(usual, view.keep_in_time(frame));
  const auto serve = [&view](const flexdnn::served_frame& f) noexcept { view(f); };
  const auto nanoseconds = [](auto duration) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(duration);
  };
  flexdnn::frame_server<decltype(serve), estimate> server(
      video.frame_bytes(), nanoseconds(std::chrono::duration<double, std::milli>(o.tolerated_ms)),
      estimate(each), serve);
  const bool live = !o.json && isatty(2) != 0;
  const clock::time_point start = clock::now();
  clock::time_point shown = start;
  view.start(start);
  std::signal(SIGINT, [](int) { interrupted = 1; });
  for (std::int64_t k = 0; more && interrupted == 0 && (!o.limit || k < *o.limit); ++k) {
    std::this_thread::sleep_until(start +
                                  nanoseconds(std::chrono::duration<double>(static_cast<double>(k) / rate)));
    if (frame_note* const note = log.at(static_cast<std::uint64_t>(k)); note != nullptr)
      *note = {.arrived = std::chrono::nanoseconds(clock::now() - start).count()};
    server.arrive([&](std::span<std::byte> to) noexcept { std::ranges::copy(frame, to.begin()); });
    more = video.read(frame);
    if (!live || clock::now() - shown < std::chrono::milliseconds(200)) continue;
    shown = clock::now();
    show(server.snapshot());
  }
  server.finish();
  const double seconds = std::chrono::duration<double>(clock::now() - start).count();
  const auto end = server.snapshot();
  if (live) show(end), std::fprintf(stderr, "\n");
  const auto& taken = end.estimate().taken();
  return {end.counts(),
          ms(end.latencies().quantile(0.5)),
          ms(end.latencies().quantile(0.99)),
          1e-9 * static_cast<double>(end.busy_time()) / seconds,
          view.exits(),
          {taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(levels)}};
}

void run(const options& o) {
  if (o.limit && *o.limit < 1) {
    throw std::runtime_error("limit is " + std::to_string(*o.limit) + ", wanted at least 1");
  }
  if (o.rate && !(*o.rate > 0.0 && std::isfinite(*o.rate))) {
    throw std::runtime_error("--fps is " + text_of("%g", *o.rate) + ", wanted above 0");
  }
  if (!o.out.empty()) check_report_folder(o.out);
  const model& m = find_model(o.model);
  if (!m.adaptive() && o.floor) throw std::runtime_error(std::string(m.name) + " has no exits to --floor");
  const bool adaptive = m.adaptive() && !o.backbone;
  const std::vector<std::size_t> levels = adaptive ? levels_of(m, o) : std::vector<std::size_t>{0};
  opened engines;
  require(m.open(weights_path(m, o.weights), levels.front(), engines));
  any_source video = open_frames(o.video, m.data.frame, o.format);
  const double rate = o.rate.value_or(video.frame_rate());
  if (!(rate > 0.0)) {
    throw std::runtime_error(o.video + " does not say how many frames a second it has: give --fps");
  }
  // An hour at 30 frames a second is 108,000; memory that no frame came to is never touched.
  stream_log log(o.out.empty() ? 0 : static_cast<std::size_t>(o.limit.value_or(1'000'000)));
  viewer view(video, m, adaptive ? *engines.adaptive : *engines.backbone, levels,
              adaptive ? m.exits.size() : 1, log);
  const outcome r = play(video, rate, view, log, levels.size(), o);
  if (const flexdnn::status end = video.ending(); !end) std::fprintf(stderr, "note: %s\n", end.message());
  const std::vector<row> rows = rows_of(r, m, levels);
  const std::string facts = o.video + ": " + video.what() + ", " + text_of("%.4g", rate) +
                            " frames a second, answers within " + text_of("%g", o.tolerated_ms) + " ms";
  const std::string speed = "Latency: p50 " + text_of("%.2f", r.p50_ms) + " ms, p99 " +
                            text_of("%.2f", r.p99_ms) + " ms; the server was busy " +
                            text_of("%.1f", 100.0 * r.busy) + " % of the time.";
  if (!o.out.empty()) {
    write_stream_report(o.out, m, {std::string(m.name), facts + ". " + speed, rows, o.tolerated_ms, adaptive},
                        log.first(r.counts.arrived));
  }
  if (o.json) {
    json line = json_of(r);
    line["model"] = m.name, line["fps"] = rate, line["mtl_ms"] = o.tolerated_ms;
    std::printf("%s\n", line.dump().c_str());
    return;
  }
  using side = flexdnn::text_table::side;
  flexdnn::text_table table({{"", side::left}, {"frames"}, {"share"}});
  for (const row& cells : rows) table.row(cells);
  std::printf("%s on %s\n\n%s\n%s\n", std::string(m.name).c_str(), facts.c_str(), table.text().c_str(),
              speed.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Plays a video in real time through a network with early exits.", "stream");
  options o;
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
  program.add_option("--mtl", o.tolerated_ms, "the latency tolerated at most, ms")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program
      .add_option("--quantile", o.quantile, "of the last service times, which a frame is expected to take")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  program.add_option("--limit", o.limit, "only the first so many frames");
  program.add_option("--out", o.out, "folder for report.html and frames.csv, a row each frame");
  program.add_flag("--backbone", o.backbone, "the network to its end, without exits")->excludes("--floor");
  program
      .add_flag("--in-time", o.in_time,
                "a frame whose time is up answers from the exit that it has reached, however unsure")
      ->excludes("--backbone");
  program.add_flag("--json", o.json, "one JSON line in the end");
  return run_program(program, argc, argv, [&] { run(o); });
}
