// SPDX-License-Identifier: MIT
// uses_dispatch: all instruction sets of this machine give the same answers; one that it lacks is a sentence.
#include <cmath>
#include <cstdio>
#include <vector>

#include "tiny_everywhere.hpp"

namespace {

constexpr int frames = 16;

/// Numbers from -1 to 1 that look random.
float noise(std::size_t i) { return static_cast<float>(i * 2654435761u % 2001u) / 1000.0F - 1.0F; }

int complain(const char* sentence) { return std::printf("%s\n", sentence), 1; }

/// Label, exit and logits of every frame, and again once it was carried on to its end. One other label or
/// exit makes a distance of 1e-2.
std::vector<float> answers_of(tiny_everywhere& net) {
  std::vector<float> all;
  const auto add = [&](const tiny_everywhere::answer_type& a) {
    all.push_back(static_cast<float>(a.label));
    all.push_back(static_cast<float>(a.exit));
    all.insert(all.end(), net.logits().begin(), net.logits().end());
  };
  std::array<float, tiny::frame.size()> frame;
  for (std::size_t f = 0; f < frames; ++f) {
    for (std::size_t i = 0; i < frame.size(); ++i) {
      frame[i] = noise(frame.size() * f + i) + noise(9 * f + i % 3);
    }
    add(net.run(frame));
    const bool stopped = net.can_resume();
    add(f % 2 == 0 ? net.resume() : net.finish());
    if (stopped == net.can_resume() && stopped) all.clear();
  }
  return all;
}

/// || a - b || / || b ||, or 1 where the sizes differ.
double distance(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return 1.0;
  double difference = 0.0, size = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    size += b[i] * b[i];
  }
  return std::sqrt(difference / size);
}

}  // namespace

int main() {
  flexdnn::weights<tiny> w;
  for (std::size_t i = 0; i < w.values.size(); ++i) w.values[i] = noise(i) + (i % 5 == 0 ? 0.1F : 0.0F);
  for (const auto& p : flexdnn::parameters<tiny>()) {
    if (!p.buffer) continue;
    for (std::size_t i = 0; i < p.size; ++i) w.values[p.offset + i] = 1.0F + noise(i) / 2.0F;
  }
  if (!flexdnn::write_weights("tiny.safetensors", w)) return complain("weights cannot be written");

  const flexdnn::thresholds threshold{0.994F};  // confidences at the early exit: 0.983 to 0.9999
  tiny_everywhere best{threshold};
  if (best.run(std::array<float, tiny::frame.size()>{}).label != 0) return complain("weights are not zero");
  if (const auto s = best.load("tiny.safetensors"); !s) return complain(s.message());
  std::printf("best: %s\n", best.instruction_set());
  const std::vector<float> wanted = answers_of(best);
  int early = 0;
  for (std::size_t f = 0; f < frames; ++f) early += wanted[12 * f + 1] == 0.0F;
  if (early == 0 || early == frames) return complain("no threshold got through");

  for (const auto* form : tiny_everywhere_forms::all) {
    tiny_everywhere net{form->compiled_for, threshold};
    const flexdnn::status s = net.pack(w);
    std::printf("%s: %s\n", name_of(form->compiled_for), s ? "" : s.message());
    if (bool(s) != machine_has(form->compiled_for)) return complain("refused, or not, without a reason");
    if (!s) continue;
    const double off = distance(answers_of(net), wanted);
    std::printf("  %zu bytes of weights, %zu of engine, answers differ by %.1e\n", form->packed_bytes,
                form->engine_bytes, off);
    if (std::string(net.instruction_set()) != name_of(form->compiled_for))
      return complain("another was chosen");
    if (!(off < 1e-5)) return complain("other answers");
  }
  tiny_everywhere other{flexdnn::isa::x86_64_v2, threshold};
  const flexdnn::status refused = other.load("tiny.safetensors");
  std::printf("%s\n", refused.message());
  return refused ? complain("an instruction set that was not asked for is there") : 0;
}
