// SPDX-License-Identifier: MIT
// adaptation_checkpoint: what an adaptation needs to go on as if it had never stopped, in a file.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../io/file.hpp"
#include "../io/safetensors.hpp"
#include "../io/safetensors_writer.hpp"
#include "candidate_trainer.hpp"
#include "prune_branch.hpp"

namespace flexdnn {

/// What an adaptation is at.
enum class adaptation_stage : std::uint8_t {
  first_training,  ///< of the branches that it starts with
  pruning,
  last_training,   ///< of those that remain
  joint_training,  ///< of the trunk with them; its epochs stand in a trainer's checkpoint
};

/// Everything random is a function of seed, stage, round, epoch and image: no generator has a state to be
/// saved.
struct adaptation_state {
  adaptation_stage stage = adaptation_stage::first_training;
  int rounds = 0;                ///< of pruning that are done
  training_position position{};  ///< within a training of branches
  std::vector<exit_candidate> candidates{};
  std::vector<branch_search> searches{};  ///< of each candidate, from the first round on
};

namespace detail {

/// Numbers in three rows, as the file has them. One walk over a state both writes and reads them.
class number_rows {
 public:
  std::vector<std::int64_t> whole;
  std::vector<double> real;
  std::vector<float> weights;
  bool reading = false;

  /// After reading: every number was there, in range, and none is left.
  [[nodiscard]] bool complete() const {
    return good_ && whole_ == whole.size() && real_ == real.size() && weights_ == weights.size();
  }

  /// least, most: what is believed of a file.
  template <class T>
  void number(T& x, std::int64_t least, std::int64_t most) {
    if (!reading) return whole.push_back(static_cast<std::int64_t>(x));
    if (whole_ == whole.size() || whole[whole_] < least || whole[whole_] > most) return fail();
    x = static_cast<T>(whole[whole_++]);
  }
  void number(double& x) {
    if (!reading) return real.push_back(x);
    if (real_ == real.size()) return fail();
    x = real[real_++];
  }
  void row(std::vector<float>& values) {
    std::size_t size = values.size();
    number(size, 0, static_cast<std::int64_t>(weights.size() - weights_));
    if (!reading) {
      weights.insert(weights.end(), values.begin(), values.end());
    } else if (good_) {
      const auto from = weights.begin() + static_cast<std::ptrdiff_t>(weights_);
      values.assign(from, from + static_cast<std::ptrdiff_t>(size));
      weights_ += size;
    }
  }
  /// Each element writes a whole number or more, so that a file's length bounds how many are believed.
  template <class T, class Each>
  void list(std::vector<T>& all, Each each) {
    std::size_t size = all.size();
    number(size, 0, static_cast<std::int64_t>(whole.size() - whole_));
    if (reading) all.resize(good_ ? size : 0);
    for (T& one : all) {
      if (good_) each(one);
    }
  }

 private:
  void fail() { good_ = false; }

  bool good_ = true;
  std::size_t whole_ = 0, real_ = 0, weights_ = 0;  ///< numbers read so far
};

/// A search but for its branch, which is the candidate's.
struct search_record {
  branch_score score;
  std::vector<branch_search::step> steps;
};

inline void walk(number_rows& rows, adaptation_state& state, std::vector<search_record>& searches) {
  constexpr int most = 1 << 16;  // of any extent, channels, epochs
  rows.number(state.stage, 0, static_cast<int>(adaptation_stage::joint_training));
  rows.number(state.rounds, 0, most);
  rows.number(state.position.epochs, 0, most);
  rows.list(state.candidates, [&](exit_candidate& c) {
    branch_design& d = c.branch.design;
    rows.number(c.cut, 1, most);
    for (int* const x : {&d.in.channels, &d.in.height, &d.in.width, &d.classes}) rows.number(*x, 1, most);
    rows.list(d.stages, [&](branch_stage& s) {
      rows.number(s.what, 0, static_cast<int>(branch_stage::kind::pooled));
      rows.number(s.channels, 0, most);
    });
    rows.row(c.branch.parameters);
  });
  rows.list(state.position.optimisers, [&](std::vector<float>& o) { rows.row(o); });
  rows.list(searches, [&](search_record& s) {
    const auto score = [&](branch_score& of) { rows.number(of.rate), rows.number(of.expected_cost); };
    score(s.score);
    rows.list(s.steps, [&](branch_search::step& step) {
      rows.number(step.removal.stage, 0, most);
      rows.number(step.removal.channels, 0, most);
      rows.number(step.macs, 0, std::int64_t{1} << 50);
      rows.number(step.accepted, 0, 1);
      score(step.score);
    });
  });
}

/// Whether branches can be made of it, and whether its parts fit each other.
[[nodiscard]] inline bool consistent(const adaptation_state& s, std::size_t searches) {
  for (const exit_candidate& c : s.candidates) {
    int side = std::min(c.branch.design.in.height, c.branch.design.in.width);
    for (const branch_stage& stage : c.branch.design.stages) {
      if (stage.what == branch_stage::kind::pooled ? (side /= 2) < 1 : stage.channels < 1) return false;
    }
    if (c.branch.parameters.size() != c.branch.design.parameters()) return false;
  }
  if (s.position.epochs > 0) {
    if (s.position.optimisers.size() != s.candidates.size()) return false;
    for (std::size_t c = 0; c < s.candidates.size(); ++c) {
      const std::size_t state = adam::state_per_parameter * s.candidates[c].branch.parameters.size();
      if (s.position.optimisers[c].size() != state) return false;
    }
  }
  return searches == 0 || searches == s.candidates.size();
}

/// The first part between two commas in which a text differs from another.
[[nodiscard]] inline std::string_view different_part(std::string_view text, std::string_view other) {
  const auto same = static_cast<std::size_t>(std::ranges::mismatch(text, other).in1 - text.begin());
  const std::size_t comma = same == 0 ? text.npos : text.rfind(", ", same - 1);
  const std::size_t first = comma == text.npos ? 0 : comma + 2;
  return text.substr(first, text.find(',', first) - first);
}

}  // namespace detail

/// Writes a safetensors file, all or nothing: whenever the process is killed, the old file or the new one is
/// there. origin: what the course depends on, each under its name. Errors: cannot_write.
inline status write_adaptation(const std::string& path, std::span<const metadata_entry> origin,
                               adaptation_state state) {
  std::vector<detail::search_record> searches;
  for (const branch_search& s : state.searches) searches.push_back({s.score(), s.steps()});
  detail::number_rows rows;
  detail::walk(rows, state, searches);
  const auto tensor = [](const char* name, dtype type, const auto& row) {
    return tensor_entry{name, type, {row.size()}, std::as_bytes(std::span(row))};
  };
  const std::array tensors{tensor("whole", dtype::i64, rows.whole), tensor("real", dtype::f64, rows.real),
                           tensor("weights", dtype::f32, rows.weights)};
  return write_safetensors(path, tensors, origin);
}

/// Reads it; on an error out stays as it was. Errors: those of read_file and safetensors_view::parse;
/// bad_option where it is another adaptation's, with what differs; malformed.
inline status read_adaptation(const std::string& path, std::span<const metadata_entry> origin,
                              adaptation_state& out) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  const std::string name = quoted<60>(path, keep::back).text();
  safetensors_view file;
  if (const status s = safetensors_view::parse(bytes, file); !s) {
    return status::error(s.code(), "%s: %.160s", name.c_str(), s.message());
  }
  for (const metadata_entry& wanted : origin) {
    const std::string* const got = file.find_metadata(wanted.key);
    if (got == nullptr) {
      return status::error(code::bad_option, "%s: this is no checkpoint of an adaptation", name.c_str());
    }
    if (*got == wanted.value) continue;
    return status::error(code::bad_option, "%s: it was written for other %s: %s, here %s", name.c_str(),
                         wanted.key.c_str(), quoted<60>(detail::different_part(*got, wanted.value)).text(),
                         quoted<60>(detail::different_part(wanted.value, *got)).text());
  }
  detail::number_rows rows;
  rows.reading = true;
  const auto fill = [&](const char* row_name, dtype type, auto& row) {
    const tensor_entry* const t = file.find(row_name);
    if (t == nullptr || t->type != type) return false;
    row.resize(t->data.size() / sizeof row[0]);
    if (!row.empty()) std::memcpy(row.data(), t->data.data(), t->data.size());
    return true;
  };
  adaptation_state read;
  std::vector<detail::search_record> searches;
  const bool filled = fill("whole", dtype::i64, rows.whole) && fill("real", dtype::f64, rows.real) &&
                      fill("weights", dtype::f32, rows.weights);
  if (filled) detail::walk(rows, read, searches);
  if (!filled || !rows.complete() || !detail::consistent(read, searches.size())) {
    return status::error(code::malformed, "%s: its numbers make no adaptation: the file is damaged",
                         name.c_str());
  }
  for (std::size_t c = 0; c < searches.size(); ++c) {
    read.searches.emplace_back(read.candidates[c].branch, searches[c].score, std::move(searches[c].steps));
  }
  out = std::move(read);
  return {};
}

}  // namespace flexdnn
