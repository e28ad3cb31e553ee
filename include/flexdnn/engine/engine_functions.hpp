// SPDX-License-Identifier: MIT
// engine_functions: an engine and its packed weights behind plain functions, for a caller compiled for
// another instruction set.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <type_traits>

#include "engine.hpp"
#include "isa.hpp"

namespace flexdnn {

/// Sizes and functions of what one translation unit was compiled for. Only pointers to plain data cross:
/// memory is the caller's, aligned to `alignment`; an answer points to the network's answer<classes>.
struct engine_functions {
  static constexpr std::size_t alignment = 64;

  isa compiled_for = isa::as_compiled;
  std::size_t packed_bytes = 0;  ///< zeroed bytes are packed weights, all zero
  std::size_t engine_bytes = 0;
  bool (*pack)(const float* canonical, void* packed) = nullptr;  ///< whether every number packed is finite
  void (*construct)(void* engine, const void* packed, const void* policy) = nullptr;
  void (*run)(void* engine, const float* frame, void* answer) noexcept = nullptr;
  void (*resume)(void* engine, void* answer) noexcept = nullptr;
  void (*finish)(void* engine, void* answer) noexcept = nullptr;
  bool (*can_resume)(const void* engine) noexcept = nullptr;
  const float* (*logits)(const void* engine) noexcept = nullptr;
};

/// The functions of this translation unit's own engine. Nobody destroys one, and the policy is copied in.
template <class Network, exit_policy Policy, class Target = native_target>
constexpr engine_functions functions_of(isa compiled_for) {
  using net = engine<Network, Policy, Target>;
  using values = packed<Network, Target>;
  using answer_type = typename net::answer_type;
  static_assert(alignof(net) <= engine_functions::alignment &&
                alignof(values) <= engine_functions::alignment);
  static_assert(std::is_trivially_copyable_v<Policy> && std::is_trivially_destructible_v<net>,
                "flexdnn: a policy that goes to another instruction set is plain data");
  return {
      .compiled_for = compiled_for,
      .packed_bytes = sizeof(values),
      .engine_bytes = sizeof(net),
      .pack =
          [](const float* canonical, void* out) {
            auto& made = *new (out) values;
            pack(
                std::span<const float, lowered<Network>::parameters>(canonical, lowered<Network>::parameters),
                made);
            return std::all_of(made.values.begin(), made.values.end(),
                               [](float x) { return std::isfinite(x); });
          },
      .construct =
          [](void* engine, const void* packed, const void* policy) {
            new (engine) net(*static_cast<const values*>(packed), *static_cast<const Policy*>(policy));
          },
      .run =
          [](void* engine, const float* frame, void* answer) noexcept {
            const typename net::frame pixels(frame, Network::frame.size());
            *static_cast<answer_type*>(answer) = static_cast<net*>(engine)->run(pixels);
          },
      .resume =
          [](void* engine, void* answer) noexcept {
            *static_cast<answer_type*>(answer) = static_cast<net*>(engine)->resume();
          },
      .finish =
          [](void* engine, void* answer) noexcept {
            *static_cast<answer_type*>(answer) = static_cast<net*>(engine)->finish();
          },
      .can_resume = [](const void* engine) noexcept { return static_cast<const net*>(engine)->can_resume(); },
      .logits = [](const void* engine) noexcept { return static_cast<const net*>(engine)->logits().data(); },
  };
}

}  // namespace flexdnn
