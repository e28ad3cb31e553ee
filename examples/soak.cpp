// SPDX-License-Identifier: MIT
// soak: a stream under everything that happens to one: bursts, a source that stalls and catches up, jitter,
// overload, other programs on the cores, a machine that slept.
//
// Each is played in real time first; then the same arrivals are simulated with the service times that were
// measured, and both must drop alike. The last part simulates hours. Ends with exit code 1 where a frame is
// not accounted for, the queue grows past its bound, or memory grows.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <cmath>
#include <flexdnn/stream/frame_server.hpp>
#include <flexdnn/stream/simulate.hpp>
#include <fstream>
#include <functional>
#include <random>

#include "common/failure.hpp"
#include "common/report.hpp"

using namespace examples;

namespace {

using clock = std::chrono::steady_clock;
using estimate = flexdnn::quantile_estimate;
constexpr std::size_t capacity = 8;
constexpr std::int64_t second = 1'000'000'000;

struct options {
  std::string model, weights, images;
  double risk = 0.01, seconds = 10.0, hours = 1.0;
  bool json = false;
};

std::int64_t now_ns() { return std::chrono::nanoseconds(clock::now().time_since_epoch()).count(); }

/// Pages of this program that are in memory, in KiB.
std::int64_t resident_kib() {
  std::int64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

/// Time between a frame and the next, ns; mean: what the rate would be without incidents.
using gaps = std::function<std::int64_t(std::uint64_t frame, std::int64_t mean, std::mt19937& random)>;

struct incident {
  const char* name;
  double utilisation;  ///< rate x mean service time
  gaps next;
  bool contention = false;
};

std::int64_t steady(std::uint64_t, std::int64_t mean, std::mt19937&) { return mean; }
std::int64_t jitter(std::uint64_t, std::int64_t mean, std::mt19937& random) {
  return std::llround(std::exponential_distribution(1.0 / static_cast<double>(mean))(random));
}
/// Twelve at once, four more than may wait.
std::int64_t bursts(std::uint64_t frame, std::int64_t mean, std::mt19937&) {
  return frame % 12 == 11 ? 12 * mean : 0;
}
/// Every 500 frames nothing for 200 frames' time, then these at once.
std::int64_t stalls(std::uint64_t frame, std::int64_t mean, std::mt19937&) {
  const std::uint64_t at = frame % 500;
  return at == 299 ? 200 * mean : at > 299 ? 0 : mean;
}
/// Once in 10,000 frames the clock is an hour further on.
std::int64_t sleeps(std::uint64_t frame, std::int64_t mean, std::mt19937& random) {
  return frame % 10'000 == 9'999 ? 3600 * second : jitter(frame, mean, random);
}

const incident incidents[]{{"steady", 0.8, steady},        {"jitter", 1.0, jitter},
                           {"overload", 2.0, steady},      {"bursts of 12", 0.8, bursts},
                           {"source stalls", 0.8, stalls}, {"busy cores", 1.0, steady, true}};

/// Threads that take the cores, half a second of every one.
class busy_cores {
 public:
  explicit busy_cores(bool wanted) {
    for (unsigned i = 0; wanted && i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      threads_.emplace_back([this] {
        while (!done_) {
          if (now_ns() % second < second / 2) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
      });
    }
  }
  ~busy_cores() {
    done_ = true;
    for (std::thread& t : threads_) t.join();
  }

 private:
  std::atomic<bool> done_ = false;
  std::vector<std::thread> threads_;
};

/// Frames as a model wants them, and its time for each by itself.
struct frames {
  std::vector<std::vector<float>> pixels;
  std::vector<std::int64_t> service;

  [[nodiscard]] double mean() const {
    return static_cast<double>(std::accumulate(service.begin(), service.end(), std::int64_t{0})) /
           static_cast<double>(service.size());
  }
};

frames measure(const model& m, classifier& network, const flexdnn::records& images) {
  frames all;
  for (std::size_t i = 0; i < images.size(); ++i) {
    all.pixels.emplace_back(m.data.frame.size());
    flexdnn::normalize_planar(m.data.frame, images.pixels(i).data(), m.data.mean, m.data.deviation,
                              all.pixels.back().data(), m.data.unit, m.data.order);
    std::int64_t shortest = second;
    for (int run = 0; run < runs_a_frame; ++run) {
      double seconds = 0.0;
      (void)network.run(all.pixels.back(), seconds);
      shortest = std::min(shortest, static_cast<std::int64_t>(std::llround(1e9 * seconds)));
    }
    all.service.push_back(shortest);
  }
  return all;
}

struct outcome {
  flexdnn::stream_counts counts;
  double simulated = -1.0;  ///< share dropped
  std::size_t longest = 0;
  std::int64_t grown_kib = 0;

  [[nodiscard]] double dropped() const { return share(counts.dropped); }
  [[nodiscard]] double late() const { return share(counts.late); }
  [[nodiscard]] bool complete() const {
    return counts.answered + counts.late + counts.dropped == counts.arrived;
  }

 private:
  [[nodiscard]] double share(std::uint64_t n) const {
    return static_cast<double>(n) / static_cast<double>(std::max<std::uint64_t>(counts.arrived, 1));
  }
};

outcome play(const incident& what, classifier& network, const frames& all, std::int64_t tolerated,
             double seconds) {
  const auto mean = std::llround(all.mean() / what.utilisation);
  const auto count = static_cast<std::size_t>(std::max(1.0, 1e9 * seconds / static_cast<double>(mean)));
  std::vector<std::int64_t> arrivals(count), ends(count), service(count);
  const auto serve = [&](const flexdnn::served_frame& f) noexcept {
    double ignored = 0.0;
    (void)network.run(all.pixels[f.number % all.pixels.size()], ignored);
    ends[f.number] = now_ns();
  };
  outcome result;
  const estimate first(0.9, all.service[0]);
  std::mt19937 random(1);
  {
    const busy_cores others(what.contention);
    flexdnn::frame_server<decltype(serve), estimate, capacity> server(1, std::chrono::nanoseconds(tolerated),
                                                                      first, serve);
    const std::int64_t before = resident_kib();
    std::int64_t due = now_ns();
    for (std::size_t k = 0; k < count; ++k) {
      std::this_thread::sleep_until(clock::time_point(std::chrono::nanoseconds(due)));
      arrivals[k] = now_ns();
      server.arrive([](std::span<std::byte>) noexcept {});
      if (k % 64 == 0) result.longest = std::max(result.longest, server.snapshot().waiting());
      due += what.next(k, mean, random);
    }
    server.finish();
    result.counts = server.snapshot().counts();
    result.grown_kib = resident_kib() - before;
  }
  // A server's time for a frame: since it could have begun, which counts how late its thread awoke. A frame
  // that was dropped would have taken longer than alone by as much as the last one that was not.
  std::int64_t free_at = 0;
  double slower = 1.0;
  for (std::size_t k = 0; k < count; ++k) {
    const auto alone = static_cast<double>(all.service[k % all.service.size()]);
    if (ends[k] == 0) {
      service[k] = std::llround(alone * slower);
    } else {
      service[k] = ends[k] - std::max(arrivals[k], free_at);
      free_at = ends[k];
      slower = static_cast<double>(service[k]) / alone;
    }
  }
  flexdnn::waiting_line<estimate, capacity> line(tolerated, first);
  simulate(
      line, count, [&](std::uint64_t k) { return arrivals[k]; }, [&](std::uint64_t k) { return service[k]; });
  result.simulated = static_cast<double>(line.counts().dropped) / static_cast<double>(count);
  return result;
}

/// Hours, simulated.
outcome dream(double utilisation, const gaps& next, const frames& all, std::int64_t tolerated, double hours) {
  const auto mean = std::llround(all.mean() / utilisation);
  flexdnn::waiting_line<estimate, capacity> line(tolerated, estimate(0.9, all.service[0]));
  outcome result;
  std::mt19937 random(1);
  std::int64_t now = 0;
  const auto count = static_cast<std::uint64_t>(3600e9 * hours / static_cast<double>(mean));
  const std::int64_t before = resident_kib();
  simulate(
      line, count,
      [&](std::uint64_t k) {
        result.longest = std::max(result.longest, line.waiting());
        return k == 0 ? 0 : now += next(k - 1, mean, random);
      },
      [&](std::uint64_t k) { return all.service[k % all.service.size()]; });
  result.counts = line.counts();
  result.grown_kib = resident_kib() - before;
  return result;
}

void run(const options& o) {
  const model& m = find_model(o.model);
  if (!(o.seconds > 0.0 && o.seconds <= 3600.0) || !(o.hours >= 0.0 && o.hours <= 1000.0)) {
    throw std::runtime_error("--seconds is " + text_of("%g", o.seconds) + " and --hours " +
                             text_of("%g", o.hours) + ", wanted above 0 to 3600 and 0 to 1000");
  }
  opened engines;
  require(m.open(weights_path(m, o.weights), {level_of(m, o.risk)}, engines));
  flexdnn::records images;
  require(flexdnn::load_records(o.images, m.data.frame, images));
  if (images.size() == 0) throw std::runtime_error(o.images + ": has no frames");
  classifier& network = m.adaptive() ? *engines.adaptive : *engines.backbone;
  const frames all = measure(m, network, images);
  const std::int64_t longest = *std::ranges::max_element(all.service), tolerated = 4 * longest;
  using side = flexdnn::text_table::side;
  flexdnn::text_table table({{"stream", side::left},
                             {"utilisation"},
                             {"arrived"},
                             {"late"},
                             {"dropped"},
                             {"simulated"},
                             {"waited at most"},
                             {"KiB grown"}});
  json rows = json::array();
  std::string wrong;
  const auto row = [&](const std::string& name, double utilisation, const outcome& r) {
    const bool real = r.simulated >= 0.0;
    table.row({name, text_of("%.1f", utilisation), std::to_string(r.counts.arrived),
               flexdnn::percent(r.late(), 1.0), flexdnn::percent(r.dropped(), 1.0),
               real ? flexdnn::percent(r.simulated, 1.0) : "", std::to_string(r.longest),
               std::to_string(r.grown_kib)});
    rows.push_back({{"stream", name},
                    {"utilisation", utilisation},
                    {"arrived", r.counts.arrived},
                    {"answered", r.counts.answered},
                    {"late", r.counts.late},
                    {"dropped", r.counts.dropped},
                    {"dropped_simulated", real ? json(r.simulated) : json(nullptr)},
                    {"longest_queue", r.longest},
                    {"grown_kib", r.grown_kib}});
    if (!r.complete()) wrong = name + ": frames are not accounted for";
    if (r.longest > capacity) wrong = name + ": the queue grew past its bound";
    if (r.grown_kib > 1024) wrong = name + ": memory grew by " + std::to_string(r.grown_kib) + " KiB";
  };
  for (const incident& what : incidents) {
    row(what.name, what.utilisation, play(what, network, all, tolerated, o.seconds));
  }
  if (o.hours > 0.0) {
    const std::string hours = text_of("%g", o.hours) + " h simulated: ";
    row(hours + "bursts", 0.8, dream(0.8, bursts, all, tolerated, o.hours));
    row(hours + "source stalls", 0.8, dream(0.8, stalls, all, tolerated, o.hours));
    row(hours + "jitter, sleeps", 1.0, dream(1.0, sleeps, all, tolerated, o.hours));
  }
  if (o.json) {
    std::printf("%s\n", rows.dump().c_str());
  } else {
    std::printf("%s: %.3f ms a frame, %.3f at most, answers within %.3f ms; %g s each\n\n%s",
                std::string(m.name).c_str(), 1e-6 * all.mean(), 1e-6 * static_cast<double>(longest),
                1e-6 * static_cast<double>(tolerated), o.seconds, table.text().c_str());
  }
  if (!wrong.empty()) throw std::runtime_error(wrong);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Streams under bursts, stalls, overload and busy cores, in real time and simulated.",
                   "soak");
  options o;
  program.add_option("--model", o.model, "one of " + known_models())->required();
  program.add_option("--weights", o.weights, "safetensors file; default: weights/MODEL.safetensors");
  program.add_option("--images", o.images, "records")->required()->check(CLI::ExistingFile);
  program.add_option("--risk", o.risk, "accuracy that leaving early may cost, as a share of frames")
      ->capture_default_str();
  program.add_option("--seconds", o.seconds, "of each stream in real time")->capture_default_str();
  program.add_option("--hours", o.hours, "of each stream that is simulated")->capture_default_str();
  program.add_flag("--json", o.json, "one JSON line");
  return run_program(program, argc, argv, [&] { run(o); });
}
