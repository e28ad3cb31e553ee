// SPDX-License-Identifier: MIT
// shadow_audit: on a few frames, by lot, what the whole network would have said beside what was answered.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "../policy/entropy_confidence.hpp"
#include "../policy/evidence.hpp"

namespace flexdnn {

/// What all exits said of one frame, and which label it was answered with.
template <int Exits>
struct audited_frame {
  std::array<int, static_cast<std::size_t>(Exits)> labels{};
  std::array<float, static_cast<std::size_t>(Exits)> confidences{};  ///< NaN never leaves
  int answered = 0;

  /// With the whole network.
  [[nodiscard]] bool disagrees() const noexcept { return answered != labels.back(); }
};

/// Runs frames through an engine. Whether a frame is audited is drawn before it is seen, each with the same
/// probability: the audited ones are a fair sample. An audited frame goes on to the end after its answer has
/// been given, so that only the frames behind it wait. A policy over time learns from it as from a frame that
/// went on by itself. Score: of the thresholds in use.
template <int Exits, class Score = entropy_confidence_score>
class shadow_audit {
 public:
  /// share: of frames, 0 to 1. seed: of the lot; two devices should not share one.
  constexpr explicit shadow_audit(double share, std::uint64_t seed = 1) : random_(seed) { audit(share); }

  constexpr void audit(double share) noexcept {
    limit_ = share >= 1.0 ? most : share > 0.0 ? static_cast<std::uint64_t>(share * 0x1p53) : 0;
  }

  /// use(answer) is called once, as soon as there is an answer. The frame's audit, valid until the next run;
  /// nullptr where it is not audited.
  template <class Engine, class Use>
  const audited_frame<Exits>* run(Engine& net, typename Engine::frame frame, Use&& use) noexcept {
    static_assert(Engine::exits == Exits, "flexdnn: an audit of a network with another number of exits");
    if (draw() >= limit_) {
      use(net.run(frame));
      return nullptr;
    }
    const auto note = [this](const evidence& e, const verdict&) noexcept {
      const auto exit = static_cast<std::size_t>(e.exit);
      audited_.labels[exit] = e.label;
      audited_.confidences[exit] = Score::confidence(e.logits);
    };
    const auto a = net.run(frame, note);
    audited_.answered = a.label;
    use(a);
    while (net.can_resume()) (void)net.resume(note);
    return &audited_;
  }

 private:
  static constexpr std::uint64_t most = std::uint64_t{1} << 53;

  /// 53 bits of splitmix64 (Steele, Lea and Flood, 2014).
  constexpr std::uint64_t draw() noexcept {
    std::uint64_t z = random_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31U)) >> 11U;
  }

  audited_frame<Exits> audited_{};
  std::uint64_t random_, limit_ = 0;
};

}  // namespace flexdnn
