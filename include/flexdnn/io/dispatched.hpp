// SPDX-License-Identifier: MIT
// dispatched: an engine with its weights, for the best instruction set that program and machine share.
// CMake's flexdnn_dispatch makes one.
#pragma once

#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "../engine/answer.hpp"
#include "../engine/engine_functions.hpp"
#include "weights.hpp"

namespace flexdnn {

/// Forms::all points to the engine_functions of each translation unit, in ascending order; any machine runs
/// the first. Chosen once, here; sizes differ by instruction set, so that memory comes from the heap, once.
/// Until weights are loaded they are zeros. Sums in another order: between instruction sets logits differ by
/// 1e-6 relative L2 or so, and a frame whose confidence is that close to a threshold may leave elsewhere.
template <class Network, exit_policy Policy, class Forms>
class dispatched {
  using low = lowered<Network>;

 public:
  static constexpr int classes = low::classes;
  static constexpr int exits = low::exit_count;
  using frame = std::span<const float, Network::frame.size()>;  ///< height x width x channels, normalised
  using answer_type = answer<classes>;

  /// Arguments make the policy, as those of an engine.
  template <class... PolicyArguments>
  requires std::constructible_from<Policy, PolicyArguments...>
  explicit dispatched(PolicyArguments&&... arguments)
      : dispatched(best()->compiled_for, std::forward<PolicyArguments>(arguments)...) {}

  /// The same on a given instruction set. One that program or machine lacks is an error of load and pack; the
  /// best there is then answers, with weights of zero.
  template <class... PolicyArguments>
  requires std::constructible_from<Policy, PolicyArguments...>
  explicit dispatched(isa wanted, PolicyArguments&&... arguments) {
    for (const engine_functions* form : Forms::all) {
      if (form->compiled_for == wanted && machine_has(wanted)) form_ = form;
    }
    if (form_->compiled_for != wanted) usable_ = refuse(wanted);
    packed_ = allocate(form_->packed_bytes);
    engine_ = allocate(form_->engine_bytes);
    const Policy policy(std::forward<PolicyArguments>(arguments)...);
    form_->construct(engine_.get(), packed_.get(), &policy);
  }

  /// Loads a safetensors file, its bytes, or canonical weights; errors are those of flexdnn::load, and leave
  /// the weights as they were.
  status load(const std::string& path, const weights_format& format = {}) {
    if (!usable_) return usable_;
    weights<Network> w;
    if (const status s = read_weights(path, w, format); !s) return s;
    return detail::in_file(path, pack(w));
  }
  status load(std::span<const std::byte> bytes, const weights_format& format = {}) {
    weights<Network> w;
    if (const status s = read_weights(bytes, w, format); !s) return s;
    return pack(w);
  }
  status pack(const weights<Network>& w) { return pack(std::span<const float, low::parameters>(w.values)); }
  status pack(std::span<const float, low::parameters> canonical) {
    if (!usable_) return usable_;
    const memory fresh = allocate(form_->packed_bytes);
    if (!form_->pack(canonical.data(), fresh.get())) {
      return status::error(code::not_finite, "weights: a batch norm folded into its layer is not finite");
    }
    std::memcpy(packed_.get(), fresh.get(), form_->packed_bytes);
    return {};
  }

  /// As engine's functions of these names.
  answer_type run(frame f) noexcept {
    answer_type a;
    form_->run(engine_.get(), f.data(), &a);
    return a;
  }
  answer_type resume() noexcept {
    answer_type a;
    form_->resume(engine_.get(), &a);
    return a;
  }
  answer_type finish() noexcept {
    answer_type a;
    form_->finish(engine_.get(), &a);
    return a;
  }
  [[nodiscard]] bool can_resume() const noexcept { return form_->can_resume(engine_.get()); }
  [[nodiscard]] std::span<const float, static_cast<std::size_t>(classes)> logits() const noexcept {
    return std::span<const float, static_cast<std::size_t>(classes)>(form_->logits(engine_.get()),
                                                                     static_cast<std::size_t>(classes));
  }

  /// What was chosen, as compilers spell it: "x86-64-v3".
  [[nodiscard]] const char* instruction_set() const noexcept { return name_of(form_->compiled_for); }

 private:
  struct release {
    void operator()(std::byte* bytes) const noexcept {
      ::operator delete (bytes, std::align_val_t{engine_functions::alignment});
    }
  };
  using memory = std::unique_ptr<std::byte, release>;

  static memory allocate(std::size_t bytes) {
    void* place = ::operator new (bytes, std::align_val_t{engine_functions::alignment});
    return memory(static_cast<std::byte*>(std::memset(place, 0, bytes)));
  }

  static const engine_functions* best() noexcept {
    const engine_functions* found = Forms::all[0];
    for (const engine_functions* form : Forms::all) {
      if (machine_has(form->compiled_for)) found = form;
    }
    return found;
  }

  static status refuse(isa wanted) {
    std::string held;
    for (const engine_functions* form : Forms::all) {
      held.append(held.empty() ? "" : ", ").append(name_of(form->compiled_for));
    }
    return status::error(
        code::bad_option,
        "instruction set: wanted %s, the best that this machine runs is %s; the program has %s",
        name_of(wanted), name_of(best()->compiled_for), held.c_str());
  }

  const engine_functions* form_ = best();
  status usable_;
  memory packed_, engine_;
};

}  // namespace flexdnn
