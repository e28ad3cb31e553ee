// SPDX-License-Identifier: MIT
// adaptation_report: what an adaptation gained and how sure that is, as a page and tables.
#pragma once

#include <flexdnn/search/emit.hpp>
#include <flexdnn/search/place_exits.hpp>
#include <flexdnn/search/prune_branch.hpp>
#include <string>
#include <vector>

#include "image_set.hpp"
#include "page.hpp"

namespace examples {

/// All that is told. Traces of candidates hold every candidate, those of exits the exits kept; they end in
/// the network's own trunk. backbone_reported has the backbone alone, as it was given.
struct adaptation_result {
  std::string backbone, sets;  ///< of what, and which images did what
  std::string trunk;           ///< what became of the backbone before exits were chosen; empty: nothing
  flexdnn::adapted_network network;
  flexdnn::loss_limit limit;
  std::string promise;    ///< of the thresholds
  std::vector<int> cuts;  ///< of the candidates
  std::vector<std::string> classes;
  std::vector<flexdnn::branch_search> searches;
  flexdnn::exit_trace candidates_searched{1}, candidates_reported{1}, exits_reported{1}, backbone_reported{1};
  flexdnn::exit_costs candidate_macs, candidate_seconds, exit_macs, exit_seconds;
  const flexdnn::records* images = nullptr;  ///< reported on
};

/// Writes PREFIX.html, PREFIX_levels.csv, PREFIX_classes.csv, PREFIX_planners.csv and PREFIX_steps.csv.
/// Returns what the network and its levels come to as text.
std::string write_report(const adaptation_result& r, const std::string& prefix);

}  // namespace examples
