// SPDX-License-Identifier: MIT
// One thread brings frames as they arrive, a frame_server's looks at them.
#include "stream_player.hpp"

#include <atomic>
#include <chrono>
#include <flexdnn/stream/frame_server.hpp>
#include <flexdnn/stream/level_choice.hpp>
#include <flexdnn/stream/rate_budget.hpp>
#include <functional>
#include <memory>
#include <thread>

#include "failure.hpp"
#include "frame_estimate.hpp"
#include "stream_view.hpp"

namespace examples {
namespace {

using clock = std::chrono::steady_clock;
using estimate = flexdnn::level_choice<frame_estimate>;

double ms(std::int64_t nanoseconds) { return 1e-6 * static_cast<double>(nanoseconds); }

template <class Duration>
std::chrono::nanoseconds nanoseconds(Duration d) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(d);
}

/// Reads a frame and runs it; on the server's thread.
class viewer {
 public:
  viewer(const any_source& source, const stream_setting& s, stream_log& log)
      : source_(&source),
        setting_(&s),
        log_(&log),
        reader_(s.network.make_reader()),
        frame_(s.network.data.frame.size()),
        exits_(s.adaptive ? s.network.exits.size() : 1),
        taken_(exits_.size()) {
    if (!s.given.budget_macs) return;
    for (const std::size_t level : s.levels) costs_.push_back(s.network.level_macs[level]);
    // A quarter of a second is saved at most, so that the start is not much above it, but a frame always.
    budget_.emplace(*s.given.budget_macs, std::max(0.25 * *s.given.budget_macs, costs_.front()));
  }

  /// Frames arrive from now on. late_so_far: of those answered.
  void start(clock::time_point now, std::function<std::uint64_t()> late_so_far) {
    start_ = now, late_so_far_ = std::move(late_so_far);
  }

  /// The level that the budget affords from the next frame on.
  std::size_t operator()(const flexdnn::served_frame& f) noexcept {
    settle();
    if (in_time_) setting_->engine.answer_by(clock::now() + std::chrono::nanoseconds(f.slack));
    setting_->engine.set_level(setting_->levels[std::min(f.level, setting_->levels.size() - 1)]);
    const prediction a = look(f.bytes);
    const auto exit = static_cast<std::size_t>(a.exit);
    const std::int16_t truth = setting_->labels.of(f.number, f.bytes, *source_);
    exits_[exit] += {1, 0, 0, a.macs};
    taken_[exit].fetch_add(1, std::memory_order_relaxed);
    last_ = {log_->at(f.number), exit, truth >= 0, truth == a.label, true};
    const auto now = std::chrono::nanoseconds(clock::now() - start_);
    if (last_.note != nullptr) {
      frame_note& note = *last_.note;
      note.confidence = a.confidence, note.label = static_cast<std::int16_t>(a.label);
      note.exit = static_cast<std::uint16_t>(a.exit), note.level = static_cast<std::uint16_t>(f.level);
      note.answered = now.count();
    }
    if (!budget_) return 0;
    budget_->earn(now.count());
    budget_->spend(static_cast<double>(a.macs));
    return budget_->affords(costs_);
  }

  /// Whether the last frame was late is known once the server has noted its end: told with the next one, by
  /// the server's own count, so that all that is told of a stream agrees.
  void settle() noexcept {
    if (!last_.is_open) return;
    const std::uint64_t late = late_so_far_();
    const bool in_time = late == late_;
    late_ = late;
    last_.is_open = false;
    if (last_.note != nullptr) last_.note->late = !in_time;
    if (in_time && last_.is_labelled) exits_[last_.exit] += {0, 1, last_.is_right ? 1U : 0U, 0};
  }

  /// Nanoseconds that a frame takes, the second time.
  std::int64_t first_service(std::span<const std::byte> frame) {
    setting_->engine.set_level(setting_->levels.front());
    clock::time_point begin;
    for (int i = 0; i < 2; ++i) {
      begin = clock::now();
      (void)look(frame);
    }
    return std::chrono::nanoseconds(clock::now() - begin).count();
  }

  /// From now on frames answer from the exit that they have reached when their time is up. Nanoseconds that a
  /// frame takes at least: to be read, and to the first exit.
  std::int64_t keep_in_time(std::span<const std::byte> frame) {
    in_time_ = true;
    clock::time_point begin;
    for (int i = 0; i < 2; ++i) {
      begin = clock::now();
      if (!reader_->read(source_->view(frame), frame_)) return 0;
    }
    return std::chrono::nanoseconds(clock::now() - begin).count() + setting_->engine.time_exits(frame_);
  }

  [[nodiscard]] const std::vector<exit_tally>& exits() const { return exits_; }
  /// By any thread.
  [[nodiscard]] std::span<const std::atomic<std::uint64_t>> taken() const { return taken_; }

 private:
  struct answered_frame {
    frame_note* note = nullptr;
    std::size_t exit = 0;
    bool is_labelled = false, is_right = false, is_open = false;
  };

  prediction look(std::span<const std::byte> frame) {
    double ignored = 0.0;
    // Of a size that the source has checked: what cannot be read is answered from the frame before.
    (void)static_cast<bool>(reader_->read(source_->view(frame), frame_));
    return setting_->engine.run(frame_, ignored);
  }

  const any_source* source_;
  const stream_setting* setting_;
  stream_log* log_;
  clock::time_point start_;
  std::function<std::uint64_t()> late_so_far_;
  std::shared_ptr<frame_reader> reader_;
  std::vector<float> frame_;
  std::vector<exit_tally> exits_;
  std::vector<std::atomic<std::uint64_t>> taken_;
  std::vector<double> costs_;
  std::optional<flexdnn::rate_budget> budget_;
  answered_frame last_;
  std::uint64_t late_ = 0;
  bool in_time_ = false;
};

std::vector<std::string> exit_names(const stream_setting& s) {
  std::vector<std::string> names;
  for (const exit_facts& e : s.network.exits) names.push_back(e.name);
  if (!s.adaptive) names.resize(1);
  return names;
}

std::vector<std::string> level_names(const stream_setting& s) {
  std::vector<std::string> names;
  for (const std::size_t l : s.levels) {
    if (s.adaptive) names.push_back(text_of("%g", s.network.risks[l]));
  }
  return names;
}

}  // namespace

outcome play(any_source& source, const stream_setting& s, stream_log& log, stream_energy* energy,
             const volatile std::sig_atomic_t& stop) {
  const stream_options& o = s.given;
  std::vector<std::byte> frame(source.frame_bytes());
  bool more = source.read(frame);
  if (!more) {
    require(source.ending());
    throw std::runtime_error(o.video + ": has no frame");
  }
  viewer view(source, s, log);
  const flexdnn::quantile_estimate usual(o.quantile, view.first_service(frame));
  std::vector<frame_estimate> each(s.levels.size(), frame_estimate(usual));
  if (o.in_time) each.back() = frame_estimate(usual, view.keep_in_time(frame));
  const auto serve = [&view](const flexdnn::served_frame& f) noexcept { return view(f); };
  flexdnn::frame_server<decltype(serve), estimate> server(
      source.frame_bytes(), nanoseconds(std::chrono::duration<double, std::milli>(o.tolerated_ms)),
      estimate(each), serve);
  const auto look = [&server] {
    const auto line = server.snapshot();
    return stream_moment{line.counts(), line.waiting(), line.estimate().level(),
                         ms(line.latencies().quantile(0.5)), ms(line.latencies().quantile(0.99))};
  };
  std::optional<stream_view> screen;
  if (energy != nullptr) energy->start();
  const clock::time_point start = clock::now();
  clock::time_point polled = start;
  view.start(start, [&server] { return server.counts().late; });
  if (!o.json && stream_view::is_possible())
    screen.emplace(look, exit_names(s), view.taken(), level_names(s));
  for (std::uint64_t k = 0; more && stop == 0; ++k) {
    if (o.limit && k == static_cast<std::uint64_t>(*o.limit)) break;
    s.labels.check_length(k + 1, true);
    std::this_thread::sleep_until(
        start + nanoseconds(std::chrono::duration<double>(static_cast<double>(k) / s.rate)));
    if (frame_note* const note = log.at(k); note != nullptr) {
      *note = {.arrived = std::chrono::nanoseconds(clock::now() - start).count(),
               .truth = s.labels.of(k, frame, source)};
    }
    server.arrive([&](std::span<std::byte> to) noexcept { std::ranges::copy(frame, to.begin()); });
    more = source.read(frame);
    if (energy == nullptr || clock::now() - polled < std::chrono::minutes(1)) continue;
    polled = clock::now();
    energy->poll();
  }
  server.finish();
  view.settle();
  screen.reset();
  const double seconds = std::chrono::duration<double>(clock::now() - start).count();
  const auto end = server.snapshot();
  if (!more && stop == 0 && source.ending()) s.labels.check_length(end.counts().arrived, false);
  const auto& by_level = end.estimate().taken();
  return {end.counts(),
          ms(end.latencies().quantile(0.5)),
          ms(end.latencies().quantile(0.99)),
          1e-9 * static_cast<double>(end.busy_time()) / seconds,
          seconds,
          view.exits(),
          {by_level.begin(), by_level.begin() + static_cast<std::ptrdiff_t>(s.levels.size())},
          std::nullopt,
          o.budget_macs};
}

}  // namespace examples
