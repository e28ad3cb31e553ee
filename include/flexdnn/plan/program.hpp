// SPDX-License-Identifier: MIT
// program: what will run, in which memory: the plan as a table that the engine walks.
#pragma once

#include <utility>

#include "../kernels/row_chain.hpp"
#include "chain.hpp"
#include "choose.hpp"
#include "packing.hpp"
#include "shared_call.hpp"
#include "workspace.hpp"

namespace flexdnn {

/// A step, or a chain of them, as a function.
using kernel_function = void (*)(const operands&) noexcept;

/// One entry: a kernel call, or the head of a loop over the entries that follow.
struct instruction {
  static constexpr std::size_t frame = ~std::size_t{0};        ///< as in or residual: the caller's frame
  static constexpr std::size_t nothing = ~std::size_t{0} - 1;  ///< as residual: nothing is added

  kernel_function run = nullptr;                           ///< null: a loop, of no rounds inside a chain
  std::size_t in = 0, residual = 0, out = 0, scratch = 0;  ///< offsets in the workspace, in floats
  std::size_t packed = 0;                                  ///< offset in the packed weights, first round
  int rounds = 0;                                          ///< of a loop
  int length = 0;                                          ///< entries of its body
  std::size_t stride = 0;                                  ///< packed floats a round
};

/// How to make the packed weights of one step from the canonical ones; for a loop, `lead` is the
/// canonical floats a round.
struct packing {
  void (*pack)(const float* lead, const float* affine, const tile&, float* out) = nullptr;
  std::size_t lead = 0, affine = 0;  ///< offsets in the canonical block, first round
};

/// Entries [first, last) lead from the exit before to this one's class scores.
struct segment {
  int first = 0, branch = 0, last = 0;   ///< [branch, last): the exit's own branch
  std::size_t features = 0, scores = 0;  ///< offsets in the workspace: what the branch reads and gives
  std::uint64_t trunk_macs = 0, branch_macs = 0;
};

/// The plan of a network for a target: tables of constants, nothing at run time.
template <class Network, class Target>
class program {
  using low = lowered<Network>;
  static constexpr std::size_t step_count = low::steps.size();
  static constexpr bool divided = Target::threads > 1 &&
                                  static_cast<double>(low::trunk_macs) / Target::panel.panel() > frame_cycles;

  template <std::size_t Step>
  struct parts {
    static constexpr step s = low::steps[Step];
    using lead = element_or<s.lead, typename low::leaves, void>;
    using affine = element_or<s.affine, typename low::leaves, void>;
    using activation = element_or<s.activation, typename low::leaves, identity>;
    static constexpr algorithm computed = algorithm_for<lead, s.in, Target::panel>();

    static constexpr std::size_t packed_floats() {
      if constexpr (s.lead < 0) {
        return 0;
      } else {
        // A step's weights start on a cache line of 16 floats.
        return (packed_size_of<lead>(s.in, Target::panel, computed) + 15) / 16 * 16;
      }
    }
    static constexpr packing make_packing() {
      if constexpr (s.lead < 0) {
        return {};
      } else {
        return {&pack_step<lead, affine, s.in, computed>, s.lead_weights, s.affine_weights};
      }
    }
  };

  template <class Result, class Function>
  static consteval auto for_each_step(Function f) {
    return [&]<std::size_t... Step>(std::index_sequence<Step...>) {
      return std::array<Result, step_count>{f.template operator()<Step>()...};
    }
    (std::make_index_sequence<step_count>{});
  }

  static constexpr auto step_floats =
      for_each_step<std::size_t>([]<std::size_t S> { return parts<S>::packed_floats(); });
  /// Packed floats of all steps in all rounds.
  static constexpr std::size_t all_floats = [] {
    std::size_t sum = 0;
    for (std::size_t s = 0; s < step_count; ++s) {
      std::size_t floats = step_floats[s];
      for (int l = low::steps[s].loop; l >= 0; l = low::loops[static_cast<std::size_t>(l)].parent) {
        floats *= static_cast<std::size_t>(low::loops[static_cast<std::size_t>(l)].count);
      }
      sum += floats;
    }
    return sum;
  }();

  /// Who computes a step, and how.
  template <std::size_t Step>
  struct call : parts<Step> {
    using p = parts<Step>;
    static constexpr bool streamed = [] {
      if constexpr (p::s.role == layer_role::linear) {
        return flexdnn::streamed(flexdnn::computed(p::lead::geometry(p::s.in), p::computed), Target::panel,
                                 all_floats);
      }
      return false;
    }();
    static constexpr wiring wires{p::s.how, p::s.pitch, p::computed, streamed};
    using shares = shared_call<typename p::lead, typename p::activation, p::s.in,
                               typename Target::architecture, wires, Target::threads>;
    static constexpr bool shared = [] {
      if constexpr (divided) return shares::pays;
      return false;
    }();

    static constexpr std::size_t scratch_floats() {
      if constexpr (shared) {
        return std::size_t{Target::threads} * shares::scratch;
      } else if constexpr (p::s.role == layer_role::linear) {
        return scratch_size(flexdnn::computed(p::lead::geometry(p::s.in), p::computed), Target::panel);
      } else {
        return p::s.scratch;
      }
    }
  };

 public:
  /// Which steps are called together. None where threads share each step: they need its whole input.
  static constexpr auto chains = find_chains<Network>(
      for_each_step<link_candidate>([]<std::size_t S> {
        using c = call<S>;
        link_candidate one;
        if constexpr (c::s.role == layer_role::linear && !divided) {
          one = {wired<typename c::lead, c::s.in, c::wires>, row_fusion<c::s.out, Target::panel>};
        }
        return one;
      }),
      Target::panel);

 private:
  template <std::size_t Step>
  using link_of =
      chain_link<typename call<Step>::activation,
                 wired<typename call<Step>::lead, call<Step>::s.in, call<Step>::wires>, step_floats[Step]>;

  template <std::size_t First,
            class Links = std::make_index_sequence<static_cast<std::size_t>(chains.length[First])>>
  struct chain_of;
  template <std::size_t First, std::size_t... Link>
  struct chain_of<First, std::index_sequence<Link...>> {
    using type = row_chain<typename Target::architecture, link_of<First + Link>...>;
  };
  template <std::size_t First>
  using chain = typename chain_of<First>::type;

  static constexpr auto scratch_floats = for_each_step<std::size_t>([]<std::size_t S> {
    if constexpr (chains.length[S] > 1) return chain<S>::scratch_floats;
    return chains.length[S] == 1 ? call<S>::scratch_floats() : 0;
  });
  static constexpr auto kernels = for_each_step<kernel_function>([]<std::size_t S>() -> kernel_function {
    using c = call<S>;
    if constexpr (chains.length[S] > 1) {
      return &chain_call<chain<S>>;
    } else if constexpr (chains.length[S] == 1) {
      return &kernel_call<typename c::lead, typename c::activation, c::s.in, typename Target::architecture,
                          c::wires>;
    } else {
      return nullptr;
    }
  });
  static constexpr auto memory = plan_workspace<Network>(scratch_floats, chains.steps);

 public:
  static constexpr std::size_t entry_count = step_count + low::loops.size();
  static constexpr std::size_t workspace_floats = memory.size;

 private:
  struct tables {
    std::array<instruction, entry_count> entries{};
    std::array<packing, entry_count> packings{};
    std::array<share_call, entry_count> shares{};
    std::array<segment, static_cast<std::size_t>(low::exit_count)> segments{};
    std::size_t packed_floats = 0;
  };

  static constexpr auto packings_of_steps =
      for_each_step<packing>([]<std::size_t S> { return parts<S>::make_packing(); });
  static constexpr auto shares_of_steps = for_each_step<share_call>([]<std::size_t S>() -> share_call {
    if constexpr (call<S>::shared) return &call<S>::shares::run;
    return nullptr;
  });

  // Entries in step order, with a head before each loop's first step.
  static constexpr tables all = [] {
    tables t;
    std::array<std::size_t, step_count + 1> entry_of{};  // first entry of a step, heads included
    std::array<std::size_t, low::loops.size() + 1> start{}, head_of{};
    std::size_t e = 0, packed = 0;
    const auto offset = [](int value) {
      if (value < 0) return instruction::nothing;
      return value == 0 ? instruction::frame : memory.value[static_cast<std::size_t>(value)];
    };
    for (std::size_t s = 0; s <= step_count; ++s) {
      const auto here = static_cast<int>(s);
      for (std::size_t i = low::loops.size(); i-- > 0;) {  // inner loops have larger numbers and close first
        const loop& l = low::loops[i];
        if (l.last != here || l.first == here) continue;
        instruction& h = t.entries[head_of[i]];
        h.rounds = l.count;
        h.length = static_cast<int>(e - head_of[i]) - 1;
        h.stride = packed - start[i];
        t.packings[head_of[i]].lead = l.weight_stride;
        packed = start[i] + h.stride * static_cast<std::size_t>(l.count);
      }
      entry_of[s] = e;
      if (s == step_count) break;
      for (std::size_t i = 0; i < low::loops.size(); ++i) {
        if (low::loops[i].first != here) continue;
        head_of[i] = e++;
        start[i] = packed;
      }
      const step& one = chains.steps[s];
      t.entries[e] = {.run = kernels[s],
                      .in = offset(one.input),
                      .residual = offset(one.residual),
                      .out = offset(one.output) + static_cast<std::size_t>(one.channel),
                      .scratch = memory.scratch[s],
                      .packed = packed};
      t.packings[e] = packings_of_steps[s];
      t.shares[e] = shares_of_steps[s];
      packed += step_floats[s];
      ++e;
    }
    t.packed_floats = packed;
    for (std::size_t i = 0; i < low::exits.size(); ++i) {
      const exit_point& x = low::exits[i];
      const auto entry = [&](int step_number) {
        return static_cast<int>(entry_of[static_cast<std::size_t>(step_number)]);
      };
      t.segments[i] = {entry(x.first),  entry(x.branch_first),
                       entry(x.last),   offset(x.input),
                       offset(x.value), x.trunk_macs - (i > 0 ? low::exits[i - 1].trunk_macs : 0),
                       x.branch_macs};
    }
    return t;
  }();

 public:
  // Each a constant of its own: a program that never packs is not linked with what packings points to,
  // 36 of 87 KB in examples/embedded.
  static constexpr auto entries = all.entries;
  static constexpr auto packings = all.packings;
  static constexpr auto shares = all.shares;  ///< of the entries that threads share; null: none
  static constexpr auto segments = all.segments;
  static constexpr std::size_t packed_floats = all.packed_floats;
};

}  // namespace flexdnn
