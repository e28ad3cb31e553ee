// SPDX-License-Identifier: MIT
// Tables first, each also as a file; pictures from the same numbers.
#include "adaptation_report.hpp"

#include <algorithm>
#include <flexdnn/search/choose_exits.hpp>

#include "failure.hpp"
#include "operating_point.hpp"

namespace examples {

namespace {

using namespace flexdnn;

[[nodiscard]] std::string percent(double share, int digits = 1) { return fixed(100.0 * share, digits); }

/// One line of the planners' table; its risk is the loss that was allowed on the search images.
struct plan_point : operating_point {
  std::string planner;
  std::size_t exits = 0;
};

/// Whether the backbone is right on image i: it is the end of a trace.
[[nodiscard]] bool backbone_right(const exit_trace& ends_in_it, std::size_t i) {
  return ends_in_it.right(ends_in_it.exits() - 1, i);
}

/// On the images reported, against the backbone as it was given, which `plain` ends in.
[[nodiscard]] operating_point measure(const exit_trace& trace, const exit_trace& plain,
                                      const exit_thresholds& t, const exit_costs& macs,
                                      const exit_costs& seconds, double risk) {
  std::vector<bool> plain_right;
  for (std::size_t i = 0; i < plain.frames(); ++i) plain_right.push_back(backbone_right(plain, i));
  operating_point p = operate(trace, macs, t, risk, plain_right);
  p.seconds = apply(trace, seconds, t, trace.all()).cost / seconds.backbone();
  return p;
}

/// Both backbones: as it was given, and the network's own path to its end.
[[nodiscard]] std::string full_path(const adaptation_result& r) {
  const exit_thresholds never(r.network.exits.size(), never_leave);
  const operating_point end =
      measure(r.exits_reported, r.backbone_reported, never, r.exit_macs, r.exit_seconds, 0.0);
  return "The backbone as given: " + percent(end.accuracy - end.difference, 2) + " % right, " +
         fixed(1e-6 * r.exit_macs.backbone(), 2) +
         " MMACs. The network's full path: " + percent(end.accuracy, 2) + " % right, " +
         percent(end.difference, 2) + " against the backbone (at least " + percent(end.low, 2) + "), with " +
         percent(end.macs) + " % of its MACs" +
         (r.trunk.empty() ? "; its trunk is the backbone, unchanged."
                          : "; its trunk " + r.trunk + ", and risks are those of leaving this path early.");
}

/// What becomes of the images of one class that were reported on.
struct class_result {
  std::string name;
  std::size_t images = 0, right = 0, backbone_right = 0;

  [[nodiscard]] double share(std::size_t count) const {
    return static_cast<double>(count) / static_cast<double>(images);
  }
  [[nodiscard]] double adapted() const { return share(right); }
  [[nodiscard]] double backbone() const { return share(backbone_right); }
  [[nodiscard]] double difference() const { return adapted() - backbone(); }
};

/// Classes without images are left out.
[[nodiscard]] std::vector<class_result> by_class(const adaptation_result& r, const exit_thresholds& t) {
  std::vector<class_result> all;
  for (const std::string& name : r.classes) all.push_back({.name = name});
  for (std::size_t i = 0; i < r.exits_reported.frames(); ++i) {
    class_result& k = all[static_cast<std::size_t>(r.exits_reported.truth(i))];
    ++k.images;
    k.right += r.exits_reported.right(r.exits_reported.exit_of(i, t), i) ? 1U : 0U;
    k.backbone_right += backbone_right(r.backbone_reported, i) ? 1U : 0U;
  }
  std::erase_if(all, [](const class_result& k) { return k.images == 0; });
  return all;
}

/// Exits by each planner, thresholds together on the search images, at a series of limits.
[[nodiscard]] std::vector<plan_point> planners(const adaptation_result& r) {
  const exit_trace& searched = r.candidates_searched;
  const frame_set all = searched.all();
  std::vector<plan_point> points;
  const auto add = [&](const char* planner, double limit, const std::vector<std::size_t>& kept,
                       const exit_costs& costs) {
    const loss_limit at{.most = limit, .loss = r.limit.loss};
    const exit_choice c = settings_of(kept, searched, costs, all, at);
    points.push_back({measure(r.candidates_reported, r.backbone_reported, c.path[c.setting].thresholds,
                              r.candidate_macs, r.candidate_seconds, limit),
                      planner, kept.size()});
  };
  for (const double limit : {0.0025, 0.005, 0.01, 0.02, 0.04, 0.08}) {
    const loss_limit at{.most = limit, .loss = r.limit.loss};
    const exit_thresholds t = thresholds_alone(searched, all, at);
    add("paper's rule (one shot)", limit, one_shot_plan(searched, t, r.candidate_macs, all).kept,
        r.candidate_macs);
    add("iterative", limit, iterative_plan(searched, t, r.candidate_macs, all).kept, r.candidate_macs);
    add("optimal", limit, optimal_plan(searched, t, r.candidate_macs, all).kept, r.candidate_macs);
    add("with thresholds", limit, choose_exits(searched, r.candidate_macs, all, at).kept, r.candidate_macs);
    add("with thresholds, by time", limit, choose_exits(searched, r.candidate_seconds, all, at).kept,
        r.candidate_seconds);
  }
  return points;
}

[[nodiscard]] std::vector<series> curves(const std::vector<plan_point>& points, double operating_point::*x) {
  std::vector<series> all;
  for (const plan_point& p : points) {
    auto found = std::ranges::find(all, p.planner, &series::name);
    if (found == all.end()) found = all.insert(all.end(), {.name = p.planner});
    found->x.push_back(100.0 * p.*x);
    found->y.push_back(100.0 * p.accuracy);
  }
  return all;
}

/// Confidences at an exit of right and of wrong answers (Fang et al. 2020, figure 8).
[[nodiscard]] plot histogram(const exit_trace& trace, std::size_t exit) {
  constexpr int bins = 25;
  series right{.name = "right", .how = series::style::bars},
      wrong{.name = "wrong", .how = series::style::bars};
  for (series* const s : {&right, &wrong}) {
    for (int b = 0; b < bins; ++b) s->x.push_back((b + 0.5) / bins), s->y.push_back(0.0);
  }
  for (std::size_t i = 0; i < trace.frames(); ++i) {
    const int bin = std::clamp(static_cast<int>(trace.confidence(exit, i) * bins), 0, bins - 1);
    (trace.right(exit, i) ? right : wrong).y[static_cast<std::size_t>(bin)] += 1.0;
  }
  return {"confidence", "images", {right, wrong}, 420, 260};
}

void save(const std::string& path, const std::string& text) {
  const std::array whole{std::as_bytes(std::span(text))};
  require(write_file(path, whole));
}

/// The most and the least confident images that leave at an exit.
void show_images(page& p, const adaptation_result& r, const exit_thresholds& t) {
  constexpr std::size_t most = 14;
  for (std::size_t e = 0; e <= t.size(); ++e) {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < r.exits_reported.frames(); ++i) {
      if (r.exits_reported.exit_of(i, t) == e) left.push_back(i);
    }
    std::ranges::stable_sort(left, std::greater{},
                             [&](std::size_t i) { return r.exits_reported.confidence(0, i); });
    std::vector<std::span<const std::uint8_t>> shown;
    for (std::size_t k = 0; k < std::min(most, left.size()); ++k) shown.push_back(r.images->pixels(left[k]));
    const std::string name = e < t.size() ? r.network.exits[e].name : "the end";
    p.images(r.images->extent, shown,
             name + ": " + std::to_string(left.size()) +
                 " images leave here; the easiest by the first exit's confidence");
  }
}

}  // namespace

std::string write_report(const adaptation_result& r, const std::string& prefix) {
  page p(r.network.name + ": " + r.backbone + " with early exits");
  p.paragraph(r.sets);
  p.paragraph(r.promise);

  const std::string full = full_path(r);
  p.paragraph(full);

  row level_heading = operating_heading;
  level_heading.insert(level_heading.begin() + 4, "worst class");
  const row class_heading{"risk, %", "class", "images", "backbone, %", "adapted, %", "against the backbone"};
  std::vector<row> level_rows, class_rows;
  for (const adapted_level& l : r.network.levels) {
    const std::vector<class_result> classes = by_class(r, l.thresholds);
    const class_result& worst = *std::ranges::min_element(classes, {}, &class_result::difference);
    row cells = cells_of(
        measure(r.exits_reported, r.backbone_reported, l.thresholds, r.exit_macs, r.exit_seconds, l.risk));
    cells.insert(cells.begin() + 4, percent(worst.difference(), 2) + " (" + worst.name + ")");
    level_rows.push_back(std::move(cells));
    for (const class_result& k : classes) {
      class_rows.push_back({percent(l.risk, 2), k.name, std::to_string(k.images), percent(k.backbone(), 2),
                            percent(k.adapted(), 2), percent(k.difference(), 2)});
    }
  }
  p.heading("Calibrated risks");
  p.table(level_heading, level_rows);
  save(prefix + "_levels.csv", csv_of(level_heading, level_rows));
  p.heading("Classes");
  p.table(class_heading, class_rows);
  save(prefix + "_classes.csv", csv_of(class_heading, class_rows));

  p.heading("Exits");
  std::vector<row> exits;
  for (std::size_t e = 0; e < r.network.exits.size(); ++e) {
    const adapted_exit& x = r.network.exits[e];
    exits.push_back({x.name, std::to_string(x.cut), percent(r.exit_macs.trunk[e] / r.exit_macs.backbone()),
                     percent(r.exit_macs.branch[e] / r.exit_macs.backbone(), 2),
                     percent(r.exit_seconds.branch[e] / r.exit_seconds.backbone(), 2),
                     x.branch.design.spelled()});
  }
  p.table({"exit", "cut point", "trunk to it, % of MACs", "branch, % of MACs", "branch, % of time", "layers"},
          exits);

  p.heading("Planners");
  const std::vector<plan_point> points = planners(r);
  const row planner_heading{"planner",     "expected loss allowed, %", "exits",
                            "accuracy, %", "against the backbone",     "MACs, %",
                            "time, %"};
  std::vector<row> planner_rows;
  for (const plan_point& at : points) {
    planner_rows.push_back({at.planner, percent(at.risk, 2), std::to_string(at.exits),
                            percent(at.accuracy, 2), percent(at.difference, 2), percent(at.macs),
                            percent(at.seconds)});
  }
  p.figure({"MACs, % of the backbone's", "accuracy, %", curves(points, &operating_point::macs)},
           "Accuracy against MACs, on images that took no part.");
  p.figure({"time, % of the backbone's", "accuracy, %", curves(points, &operating_point::seconds)},
           "Accuracy against measured time.");
  p.table(planner_heading, planner_rows);
  save(prefix + "_planners.csv", csv_of(planner_heading, planner_rows));

  p.heading("Branch search");
  const row step_heading{"cut point",    "step",
                         "removal",      "MACs of the branch",
                         "exit rate, %", "expected cost, % of the backbone",
                         "stays"};
  std::vector<row> step_rows;
  for (std::size_t c = 0; c < r.searches.size(); ++c) {
    int number = 0;
    for (const branch_search::step& s : r.searches[c].steps()) {
      step_rows.push_back({std::to_string(r.cuts[c]), std::to_string(++number), s.removal.text(),
                           std::to_string(s.macs), percent(s.score.rate),
                           percent(s.score.expected_cost / r.candidate_macs.backbone()),
                           s.accepted ? "yes" : "no"});
    }
  }
  p.table(step_heading, step_rows);
  save(prefix + "_steps.csv", csv_of(step_heading, step_rows));

  p.heading("Confidence of right and wrong answers");
  for (std::size_t e = 0; e < r.exits_reported.exits(); ++e) {
    p.figure(histogram(r.exits_reported, e),
             e < r.network.exits.size() ? r.network.exits[e].name : "the end");
  }
  if (!r.network.levels.empty()) {
    p.heading("Easy and hard images");
    show_images(p, r, r.network.levels[r.network.levels.size() / 2].thresholds);
  }
  save(prefix + ".html", p.html());
  return full + "\n\n" + table_of(level_heading, level_rows);
}

}  // namespace examples
