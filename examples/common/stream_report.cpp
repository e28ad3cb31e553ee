// SPDX-License-Identifier: MIT
#include "stream_report.hpp"

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <stdexcept>

namespace examples {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_points = 4000;  // of a figure: more are black, and megabytes

double ms(std::int64_t ns) { return 1e-6 * static_cast<double>(ns); }
double seconds(std::int64_t ns) { return 1e-9 * static_cast<double>(ns); }

series points(const char* name) { return {name, series::style::points, {}, {}}; }

/// Every so many frames, so that a figure has no more points than it may.
template <class Note>
void each(std::span<const frame_note> frames, Note note) {
  const std::size_t step = (frames.size() + most_points - 1) / most_points;
  for (std::size_t i = 0; i < frames.size(); i += std::max<std::size_t>(step, 1)) note(frames[i]);
}

plot exits_over_time(const stream_setting& s, std::span<const frame_note> frames) {
  plot p{"time, s", "exit", {points("in time"), points("late"), points("dropped (0)")}, 860, 300};
  each(frames, [&](const frame_note& f) {
    series& where = p.all[f.dropped() ? 2 : f.late ? 1 : 0];
    where.x.push_back(seconds(f.arrived));
    where.y.push_back(f.dropped()  ? 0.0
                      : s.adaptive ? f.exit + 1.0
                                   : static_cast<double>(std::max<std::size_t>(s.network.exits.size(), 1)));
  });
  return p;
}

plot latency_over_time(const stream_setting& s, std::span<const frame_note> frames) {
  plot p{"time, s",
         "latency, ms",
         {points("of an answer"), {"tolerated", series::style::line, {}, {}}},
         860,
         300};
  each(frames, [&](const frame_note& f) {
    if (f.dropped()) return;
    p.all[0].x.push_back(seconds(f.arrived));
    p.all[0].y.push_back(f.latency_ms());
  });
  p.all[1] = {"tolerated",
              series::style::line,
              {0.0, seconds(frames.back().arrived)},
              {s.given.tolerated_ms, s.given.tolerated_ms}};
  return p;
}

plot lost_over_time(std::span<const frame_note> frames) {
  plot p{"time, s",
         "dropped or late, % of a hundredth of the stream",
         {{"", series::style::bars, {}, {}}},
         860,
         260};
  constexpr std::size_t bars = 100;
  const std::size_t width = std::max<std::size_t>(frames.size() / bars, 1);
  for (std::size_t first = 0; first < frames.size(); first += width) {
    const auto part = frames.subspan(first, std::min(width, frames.size() - first));
    const auto lost = std::ranges::count_if(part, [&](const frame_note& f) { return f.dropped() || f.late; });
    p.all[0].x.push_back(seconds(part.front().arrived));
    p.all[0].y.push_back(100.0 * static_cast<double>(lost) / static_cast<double>(part.size()));
  }
  return p;
}

plot confidence_over_time(std::span<const frame_note> frames) {
  plot p{"time, s", "confidence of the answer", {points("")}, 860, 260};
  each(frames, [&](const frame_note& f) {
    if (f.dropped()) return;
    p.all[0].x.push_back(seconds(f.arrived));
    p.all[0].y.push_back(static_cast<double>(f.confidence));
  });
  return p;
}

/// Of the answers in time whose labels are known.
plot accuracy_by_macs(const outcome& r, const stream_setting& s) {
  plot p{"MACs of a frame, % of the backbone's", "right of the answers in time, %", {}, 860, 420};
  const auto share = [&](double macs) { return 100.0 * macs / static_cast<double>(s.network.backbone_macs); };
  double lowest = 100.0;
  const auto add = [&](const std::string& name, const exit_tally& t, double macs) {
    if (!t.accuracy()) return;
    lowest = std::min(lowest, 100.0 * *t.accuracy());
    p.all.push_back({name, series::style::points, {share(macs)}, {100.0 * *t.accuracy()}});
  };
  for (std::size_t e = 0; s.adaptive && e < r.exits.size(); ++e) {
    add(s.network.exits[e].name + ", " +
            flexdnn::percent(static_cast<double>(r.exits[e].frames), static_cast<double>(r.served())),
        r.exits[e], static_cast<double>(s.network.exits[e].macs));
  }
  add("this run, all frames", r.all(), r.macs_a_frame());
  p.all.push_back(
      {"the backbone's MACs", series::style::line, {100.0, 100.0}, {std::min(lowest, 99.0), 100.0}});
  return p;
}

std::vector<row> exit_rows(const outcome& r, const stream_setting& s) {
  std::vector<row> rows;
  const auto add = [&](const std::string& name, const exit_tally& t, double macs) {
    const auto frames = static_cast<double>(t.frames);
    rows.push_back({name, std::to_string(t.frames), flexdnn::percent(frames, static_cast<double>(r.served())),
                    flexdnn::grouped(static_cast<std::uint64_t>(macs)),
                    flexdnn::percent(macs, static_cast<double>(s.network.backbone_macs)),
                    t.labelled > 0 ? std::to_string(t.right) + " of " + std::to_string(t.labelled) : "-",
                    percent_or_dash(t.accuracy())});
  };
  for (std::size_t e = 0; s.adaptive && e < r.exits.size(); ++e)
    add(s.network.exits[e].name, r.exits[e], static_cast<double>(s.network.exits[e].macs));
  add(s.adaptive ? "all" : "backbone", r.all(), r.macs_a_frame());
  return rows;
}

}  // namespace

void check_report_folder(const std::string& folder) {
  const std::string name = flexdnn::quoted(folder, flexdnn::keep::back).text();
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (trouble || !fs::is_directory(folder, trouble)) {
    throw std::runtime_error(name + ": cannot be a folder for the report" +
                             (trouble ? ": " + trouble.message() : std::string()));
  }
  for (const char* file : {"report.html", "frames.csv", "annotated.mp4"}) {
    if (fs::exists(fs::path(folder) / file, trouble))
      throw std::runtime_error(name + " holds " + file + " already: nothing is overwritten");
  }
}

void write_stream_report(const std::string& folder, const outcome& r, const stream_setting& s,
                         const std::string& facts, std::span<const frame_note> frames,
                         const csv_rows& others) {
  const model& m = s.network;
  page p{std::string(m.name)};
  p.paragraph(facts + ".");
  p.paragraph(summary_of(r, m));
  p.table(heading_of(r), rows_of(r, m, s.levels));
  p.heading("Computation" + std::string(r.all().labelled > 0 ? " and accuracy" : ""));
  if (r.all().labelled > 0) {
    p.figure(
        accuracy_by_macs(r, s),
        "Each exit's frames, its share of them, and all frames: the backbone computes all of its MACs for "
        "each.");
  }
  p.table({"left at", "frames", "share", "MACs of a frame", "of the backbone's", "right in time", "accuracy"},
          exit_rows(r, s));
  if (!others.rows.empty()) {
    p.heading("Other systems");
    p.paragraph(s.given.comparators + ", as it is:");
    p.table(others.heading, others.rows);
  }
  if (!frames.empty()) {
    p.heading("Over time");
    p.figure(exits_over_time(s, frames),
             "The exit that each frame took, from 1; easy stretches leave early.");
    p.figure(lost_over_time(frames), "What was lost, and when.");
    if (r.served() > 0) {  // gnuplot draws no plot without a point
      p.figure(latency_over_time(s, frames), "From a frame's arrival to its answer.");
      p.figure(confidence_over_time(frames),
               "How sure the answers are: stretches of low confidence are hard.");
    }
  }
  if (!m.risks.empty() && s.adaptive) {
    std::vector<row> levels;
    for (std::size_t l = 0; l < m.risks.size(); ++l) {
      const double share = m.level_macs[l] / static_cast<double>(m.backbone_macs);
      levels.push_back({fixed(100.0 * m.risks[l], 2), share > 0.0 ? fixed(100.0 * share, 1) : "-"});
    }
    p.heading("Levels of the network");
    p.table({"risk, %", "MACs, % of the backbone's"}, levels);
  }
  std::vector<row> rows;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const frame_note& f = frames[i];
    const std::string truth = f.truth >= 0 ? class_name(m, f.truth) : "";
    rows.push_back({std::to_string(i), fixed(ms(f.arrived), 3)});
    const row rest = f.dropped() ? row{"", "dropped", "", "", "", "", truth}
                                 : row{fixed(f.latency_ms(), 3),
                                       f.late ? "late" : "answered",
                                       class_name(m, f.label),
                                       std::to_string(f.exit + 1),
                                       fixed(static_cast<double>(f.confidence), 4),
                                       std::to_string(f.level + 1),
                                       truth};
    rows.back().insert(rows.back().end(), rest.begin(), rest.end());
  }
  const auto save = [&](const char* name, const std::string& text) {
    const std::array whole{std::as_bytes(std::span(text))};
    const flexdnn::status saved = flexdnn::write_file((fs::path(folder) / name).string(), whole);
    if (!saved) throw std::runtime_error(saved.message());
  };
  save("frames.csv",
       csv_of({"frame", "arrived_ms", "latency_ms", "what", "label", "exit", "confidence", "level", "truth"},
              rows));
  save("report.html", p.html());
}

}  // namespace examples
