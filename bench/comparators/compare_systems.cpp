// SPDX-License-Identifier: MIT
// compare_systems: the systems that FlexDNN is held against, on one family of networks (train.py), one engine
// and one stream: accuracy against compute, what they drop, the memory they hold.
//
// Every variant is run over all frames, and timed at every exit, in turn with the others. Settings are chosen
// on
// --search, calibrated on --calibrate (comparators without a calibration choose on both), reported on
// --report.
#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <flexdnn/stream/simulate.hpp>
#include <nlohmann/json.hpp>

#include "../../examples/common/drop_settings.hpp"
#include "../../examples/common/failure.hpp"
#include "../../examples/common/page.hpp"
#include "replay.hpp"
#include "trace.hpp"

using namespace comparators;
using examples::fixed;

namespace {

using table_row = examples::row;

struct options {
  std::string data_set, weights, search, calibrate, report, out;
  std::size_t timed = 200;
  bool json = false;
};

std::string percent(double share, int digits = 1) { return fixed(100.0 * share, digits); }

/// A played stream and where it stands.
struct point {
  played stream;
  double accuracy = 0.0, seconds = 0.0, macs = 0.0;  ///< the latter two of the backbone's
  bool front = false;  ///< none is cheaper in time and as accurate, or more accurate and as cheap
};

std::vector<point> points_of(const three_traces& t) {
  std::vector<point> all;
  const auto add = [&](std::vector<played> some) {
    for (played& p : some) all.push_back({.stream = std::move(p)});
  };
  add(comparators::fixed(t)), add(with_exits(t)), add(mcdnn(t)), add(chameleon(t)), add(edgeml(t));
  const auto backbone = std::ranges::find(t.report.variants, std::string("width_16"), &variant_trace::name);
  for (point& p : all) {
    p.accuracy = p.stream.accuracy(t.report.truth);
    p.seconds = p.stream.mean_seconds() / backbone->exits.back().seconds;
    p.macs = p.stream.mean_macs() / static_cast<double>(backbone->exits.back().macs);
  }
  for (point& p : all) {
    p.front = std::ranges::none_of(all, [&](const point& q) {
      return q.seconds <= p.seconds && q.accuracy >= p.accuracy &&
             (q.seconds < p.seconds || q.accuracy > p.accuracy);
    });
  }
  return all;
}

/// Points of others that no setting of ours is as cheap as and as accurate, by time.
std::vector<const point*> not_reached(const std::vector<point>& all) {
  std::vector<const point*> some;
  for (const point& p : all) {
    const bool reached = std::ranges::any_of(all, [&](const point& q) {
      return q.stream.system == "ours" && q.seconds <= p.seconds && q.accuracy >= p.accuracy;
    });
    if (p.stream.system != "ours" && !reached) some.push_back(&p);
  }
  return some;
}

/// The cheapest setting of a system that is as accurate as that, else the most accurate one.
const point& choose(const std::vector<point>& all, const std::string& system, double accuracy) {
  const point* best = nullptr;
  for (const point& p : all) {
    if (p.stream.system != system) continue;
    const auto better = [&] {
      const bool good = p.accuracy >= accuracy, so_far = best->accuracy >= accuracy;
      return good != so_far ? good : good ? p.seconds < best->seconds : p.accuracy > best->accuracy;
    };
    if (best == nullptr || better()) best = &p;
  }
  return *best;
}

/// Of 100,000 arrivals.
struct lost_frames {
  double lost = 1.0, late = 0.0, accuracy = 0.0;
};

/// service(line, k, right): seconds of frame k, and whether its answer is right.
template <class Estimate, class Service>
lost_frames simulate_drops(const examples::drop_setting& s, double backbone_seconds, Estimate estimate,
                           Service service) {
  const double utilisation = 1e-3 * s.rate * s.service_ms, gap = backbone_seconds / utilisation;
  flexdnn::waiting_line line(std::llround(1e9 * backbone_seconds * s.tolerated_ms / s.service_ms), estimate);
  std::uint64_t right = 0;
  simulate(
      line, examples::drop_arrivals,
      [&](std::uint64_t k) { return std::llround(1e9 * gap * static_cast<double>(k)); },
      [&](std::uint64_t k) {
        bool is_right = false;
        const double seconds = service(line, k, is_right);
        right += is_right ? 1U : 0U;
        return std::llround(1e9 * seconds);
      });
  const flexdnn::stream_counts& c = line.counts();
  const auto n = static_cast<double>(c.arrived);
  return {static_cast<double>(c.dropped + c.late) / n, static_cast<double>(c.late) / n,
          static_cast<double>(right) / static_cast<double>(std::max<std::uint64_t>(c.answered + c.late, 1))};
}

/// What every frame takes at least, whatever was observed: it may leave at the first exit.
struct least_estimate {
  std::int64_t least = 0;
  void observe(std::int64_t) noexcept {}
  [[nodiscard]] std::int64_t expected() const noexcept { return least; }
};

/// Each system at its cheapest setting that loses at most a point, by its best estimate; ours again where a
/// frame whose time is up answers from the exit that it has reached (within_budget).
std::vector<table_row> drops_of(const std::vector<point>& all, const stream_trace& t,
                                double backbone_accuracy, double backbone_seconds) {
  std::vector<table_row> rows;
  const auto cell = [](const lost_frames& l) {
    return percent(l.lost) + " (" + percent(l.late) + "), " + percent(l.accuracy);
  };
  std::vector<std::string> systems;
  for (const point& p : all) {
    if (std::ranges::count(systems, p.stream.system) == 0) systems.push_back(p.stream.system);
  }
  const std::size_t n = t.frames();
  for (const std::string& system : systems) {
    const played& p = choose(all, system, backbone_accuracy - 0.01).stream;
    table_row cells{system, p.setting};
    const auto service = [&](const auto&, std::uint64_t k, bool& right) {
      right = p.labels[k % n] == t.truth[k % n];
      return p.seconds[k % n];
    };
    const auto mean = std::llround(1e9 * p.mean_seconds()),
               longest = std::llround(1e9 * std::ranges::max(p.seconds));
    for (const examples::drop_setting& s : examples::drop_settings) {
      const lost_frames each[]{
          simulate_drops(s, backbone_seconds, flexdnn::worst_case_estimate{longest}, service),
          simulate_drops(s, backbone_seconds, flexdnn::mean_estimate(mean), service),
          simulate_drops(s, backbone_seconds, flexdnn::quantile_estimate(0.9, mean), service)};
      cells.push_back(cell(*std::ranges::min_element(each, {}, &lost_frames::lost)));
    }
    rows.push_back(std::move(cells));
  }
  const played& ours = choose(all, "ours", backbone_accuracy - 0.01).stream;
  const variant_trace& v = t.variants.back();
  table_row cells{"ours, within its time", ours.setting};
  for (const examples::drop_setting& s : examples::drop_settings) {
    const auto service = [&](const auto& line, std::uint64_t k, bool& right) {
      std::size_t exit = leaves_at(v, k % n, ours.thresholds);
      while (exit > 0 && 1e9 * v.exits[exit].seconds > static_cast<double>(line.slack())) --exit;
      right = v.labels[exit][k % n] == t.truth[k % n];
      return v.exits[exit].seconds;
    };
    const least_estimate least{std::llround(1e9 * v.exits[0].seconds)};
    cells.push_back(cell(simulate_drops(s, backbone_seconds, least, service)));
  }
  rows.push_back(std::move(cells));
  return rows;
}

std::string table_of(const table_row& heading, const std::vector<table_row>& rows) {
  const auto line = [](const table_row& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + cell + " |";
    return text + "\n";
  };
  std::string text = line(heading) + line(table_row(heading.size(), "---"));
  for (const table_row& cells : rows) text += line(cells);
  return text;
}

void run(const options& o) {
  const std::vector<variant> family = o.data_set == "gtsrb" ? gtsrb_family() : cifar10_family();
  const auto traced = [&](const std::string& path, std::size_t timed, const char* name) {
    return trace(family, o.weights, load_stream(path, o.data_set), timed, name);
  };
  three_traces t{traced(o.search, 0, "search"), traced(o.calibrate, 0, "calibrate"),
                 traced(o.report, o.timed, "report")};
  const std::vector<point> all = points_of(t);
  const table_row heading{"system", "setting", "accuracy, %", "MACs, %", "time, %", "KiB", "loads", "front"};
  std::vector<table_row> rows, losers;
  for (const point& p : all) {
    rows.push_back({p.stream.system, p.stream.setting, percent(p.accuracy, 2), percent(p.macs),
                    percent(p.seconds), std::to_string(p.stream.bytes / 1024), std::to_string(p.stream.loads),
                    p.front ? "*" : ""});
  }
  for (const point* p : not_reached(all))
    losers.push_back({p->stream.system, p->stream.setting, percent(p->accuracy, 2), percent(p->seconds)});
  const point& backbone =
      *std::ranges::find(all, std::string("width_16"), [](const point& p) { return p.stream.setting; });
  const double backbone_seconds = backbone.stream.mean_seconds();
  table_row drops_heading{"system", "setting"};
  for (const examples::drop_setting& s : examples::drop_settings) drops_heading.emplace_back(s.name);
  const std::vector<table_row> drops = drops_of(all, t.report, backbone.accuracy, backbone_seconds);
  const std::vector<played> oracle = bag_oracle(t);
  const std::string bag = "An oracle that knows the cheapest right one of all widths, all in memory: " +
                          percent(oracle[0].accuracy(t.report.truth), 2) + " % right, " +
                          percent(oracle[0].mean_seconds() / backbone_seconds) + " % of the time, " +
                          std::to_string(oracle[0].bytes / 1024) + " KiB.";
  const std::string front = losers.empty()
                                ? "Of no other system a setting is out of ours' reach."
                                : "Settings of others that none of ours is as quick as and as accurate:";
  if (!o.out.empty()) {
    std::filesystem::create_directories(o.out);
    examples::page page("Systems beside each other: " + o.data_set);
    examples::plot by_time{"time of a frame, % of the backbone's", "accuracy, %", {}};
    for (const point& p : all) {
      const auto is = [&](const examples::series& s) { return s.name == p.stream.system; };
      auto at = std::ranges::find_if(by_time.all, is);
      if (at == by_time.all.end()) {
        by_time.all.push_back({p.stream.system, examples::series::style::points, {}, {}});
        at = by_time.all.end() - 1;
      }
      at->x.push_back(100.0 * p.seconds), at->y.push_back(100.0 * p.accuracy);
    }
    page.figure(by_time, "Accuracy against measured time, loading and profiling included.");
    page.paragraph(bag);
    page.table(heading, rows);
    page.heading("Frames dropped or late (late), and answers that are right, %");
    page.table(drops_heading, drops);
    page.heading("Out of reach");
    page.paragraph(front);
    page.table({"system", "setting", "accuracy, %", "time, %"}, losers);
    const auto save = [&](const std::string& name, const std::string& text) {
      const std::array whole{std::as_bytes(std::span(text))};
      examples::require(flexdnn::write_file(o.out + "/" + name, whole));
    };
    save("systems.html", page.html());
    save("systems.csv", examples::csv_of(heading, rows));
    save("drops.csv", examples::csv_of(drops_heading, drops));
  }
  if (o.json) {
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const point& p : all) {
      lines.push_back({{"system", p.stream.system},
                       {"setting", p.stream.setting},
                       {"accuracy", p.accuracy},
                       {"mac_share", p.macs},
                       {"time_share", p.seconds},
                       {"bytes", p.stream.bytes},
                       {"loads", p.stream.loads},
                       {"front", p.front}});
    }
    std::printf("%s\n", lines.dump().c_str());
    return;
  }
  std::printf(
      "%s\n%s\n\nDropped or late (late), answers that are right, %%, in six settings:\n\n%s\n%s\n\n%s",
      table_of(heading, rows).c_str(), bag.c_str(), table_of(drops_heading, drops).c_str(), front.c_str(),
      losers.empty() ? "" : table_of({"system", "setting", "accuracy, %", "time, %"}, losers).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Holds systems against each other on one family of networks and one stream.",
                   "compare_systems");
  options o;
  program.add_option("--data-set", o.data_set, "gtsrb or cifar10")
      ->required()
      ->check(CLI::IsMember({"gtsrb", "cifar10"}));
  program.add_option("--weights", o.weights, "folder that train.py wrote, with ours beside")
      ->required()
      ->check(CLI::ExistingDirectory);
  program.add_option("--search", o.search, "records to choose settings on")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("--calibrate", o.calibrate, "records to calibrate on")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("--report", o.report, "records to report on, in the order of the stream")
      ->required()
      ->check(CLI::ExistingFile);
  program.add_option("--out", o.out, "folder for systems.html, systems.csv and drops.csv");
  program.add_option("--timed", o.timed, "frames that are timed")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.add_flag("--json", o.json, "one JSON line");
  return examples::run_program(program, argc, argv, [&] { run(o); });
}
