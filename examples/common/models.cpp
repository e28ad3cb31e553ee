// SPDX-License-Identifier: MIT
// The networks that the example programs know by name: a new model is one line of the table below.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/frame/frame_converter.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/models/imagenet.hpp>
#include <flexdnn/models/mlperf_resnet8.hpp>
#include <flexdnn/models/mobilenet_v1.hpp>
#include <flexdnn/models/squeezenet.hpp>
#include <flexdnn/models/weights_formats.hpp>
#include <flexdnn/policy/by_level.hpp>
#include <flexdnn/policy/within_budget.hpp>
#include <limits>
#include <stdexcept>
#include <utility>

#include "../../weights/cifar10_resnet20_exits.hpp"
#include "../../weights/cifar10_resnet56_exits.hpp"
#include "../../weights/cifar10_resnet56_mixed.hpp"
#include "../../weights/gtsrb_resnet20.hpp"
#include "model.hpp"

namespace examples {

namespace {
using namespace flexdnn;

template <class Network, class Policy>
class network_classifier : public classifier {
 public:
  template <class... PolicyArguments>
  explicit network_classifier(std::span<const float, lowered<Network>::parameters> canonical,
                              const PolicyArguments&... arguments)
      : engine_{weights_, arguments...} {
    pack(canonical, weights_);
  }

  prediction run(std::span<const float> frame, double& seconds) override {
    using clock = std::chrono::steady_clock;
    const typename engine<Network, Policy>::frame one(frame.data(), frame.size());
    const clock::time_point start = clock::now();
    const auto a = engine_.run(one);
    seconds = std::chrono::duration<double>(clock::now() - start).count();
    return {a.label, a.exit, a.confidence, a.finite, a.macs};
  }

 protected:
  engine<Network, Policy>& running() { return engine_; }

 private:
  packed<Network> weights_;
  engine<Network, Policy> engine_;
};

/// Nanoseconds of the steady clock.
struct steady_time {
  std::uint64_t operator()(const evidence&) const noexcept {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
  }
};

/// What the policy reads, and lies beside it.
template <class Network>
struct frame_setting {
  std::size_t level = 0, clip = 0;
  frame_budget<lowered<Network>::exits.size()> budget{{}, std::numeric_limits<std::uint64_t>::max()};
};

/// By any of the calibrated levels; by the frames before too.
template <class Network>
using policy_by_level = by_level<entropy_confidence<Network>, Network::risk_levels.size()>;
template <class Network>
using policy_averaged = temporal_average<lowered<Network>::classes, policy_by_level<Network>>;
template <class Network>
using policy_gated = difference_gate<lowered<Network>::classes, policy_averaged<Network>>;
template <class Network>
using policy_over_time = scene_cut<lowered<Network>::classes, policy_gated<Network>>;
/// Whichever it is, in time.
template <class Network, class Policy>
using policy_in_time = within_budget<Policy, lowered<Network>::exits.size(), steady_time>;

template <class Network>
std::array<entropy_confidence<Network>, Network::risk_levels.size()> policies_of() {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::array{entropy_confidence<Network>(
        thresholds<entropy_confidence<Network>::count>(Network::risk_levels[I].thresholds))...};
  }
  (std::make_index_sequence<Network::risk_levels.size()>());
}

template <class Network, class Policy>
class leveled_classifier final : frame_setting<Network>,
                                 public network_classifier<Network, policy_in_time<Network, Policy>> {
  using setting = frame_setting<Network>;

 public:
  leveled_classifier(std::span<const float, lowered<Network>::parameters> canonical, const opening& how)
      : setting{.level = how.level},
        network_classifier<Network, policy_in_time<Network, Policy>>(canonical, setting::budget,
                                                                     policy(how)) {}

  void set_level(std::size_t to) override { setting::level = to; }

  /// Of each path the 18th of 20 times.
  std::int64_t time_exits(std::span<const float> frame) override {
    using clock = std::chrono::steady_clock;
    constexpr std::size_t runs = 20;
    std::array<std::array<std::uint64_t, runs>, lowered<Network>::exits.size()> took{};
    auto& net = this->running();
    for (std::size_t r = 0; r < runs; ++r) {
      const clock::time_point start = clock::now();
      const auto note = [&](const evidence& e, const verdict&) {
        took[static_cast<std::size_t>(e.exit)][r] =
            static_cast<std::uint64_t>(std::chrono::nanoseconds(clock::now() - start).count());
      };
      (void)net.run(std::span<const float, Network::frame.size()>(frame.data(), frame.size()), note);
      while (net.can_resume()) (void)net.resume(note);
    }
    for (std::size_t e = 0; e < took.size(); ++e) {
      std::ranges::sort(took[e]);
      setting::budget.path[e] = took[e][runs - 3];
    }
    return static_cast<std::int64_t>(setting::budget.path[0]);
  }
  void answer_by(std::chrono::steady_clock::time_point deadline) override {
    setting::budget.until =
        static_cast<std::uint64_t>(std::chrono::nanoseconds(deadline.time_since_epoch()).count());
  }

 private:
  [[nodiscard]] Policy policy(const opening& how) {
    const policy_by_level<Network> each(policies_of<Network>(), setting::level);
    if constexpr (std::is_same_v<Policy, policy_by_level<Network>>) {
      return each;
    } else {
      const policy_averaged<Network> averaged(how.decay, setting::clip, each);
      return Policy(usual_scene_cut, setting::clip, policy_gated<Network>(how.gate, setting::clip, averaged));
    }
  }
};

template <class Data>
class data_reader final : public frame_reader {
  static constexpr int widest = 8192;

  status read(const frame_view& image, std::span<float> frame) override {
    return converter_.convert(image, frame.data());
  }

  frame_converter<Data, widest> converter_;
};

template <class Data>
std::unique_ptr<frame_reader> make_reader() {
  return std::make_unique<data_reader<Data>>();
}

template <class Network, class Data>
data_set data_of() {
  static_assert(Data::frame == Network::frame);
  data_set d{.frame = Data::frame, .mean = Data::mean, .deviation = Data::deviation};
  if constexpr (requires { Data::unit; }) d.unit = Data::unit;
  if constexpr (requires { Data::order; }) d.order = Data::order;
  if constexpr (requires { Data::classes; }) d.classes = Data::classes;
  d.class_count = static_cast<std::size_t>(lowered<Network>::classes);
  return d;
}

/// The backbone alone, from canonical weights that begin with its own.
template <class Backbone>
std::unique_ptr<classifier> backbone_of(const std::vector<float>& canonical) {
  constexpr std::size_t count = lowered<Backbone>::parameters;
  return std::make_unique<network_classifier<Backbone, always_last>>(
      std::span<const float, count>(canonical.data(), count));
}

/// Format: of the weights file.
template <class Network, class Data, const weights_format& Format = pytorch_names>
model plain(std::string_view name) {
  const auto open = [](const std::string& path, const opening&, opened& out) -> status {
    weights<Network> w;
    if (const status s = read_weights(path, w, Format); !s) return s;
    out = {backbone_of<Network>(w.values), nullptr};
    return {};
  };
  model m{name, data_of<Network, Data>(), lowered<Network>::trunk_macs, {}, {}, open, make_reader<Data>};
  m.backbone_bytes = path_bytes<Network>().back();
  return m;
}

/// Network: with_exits, `data`, and `risk_levels` in ascending order of risk.
template <class Network>
model adaptive(std::string_view name) {
  const auto open = [](const std::string& path, const opening& how, opened& out) -> status {
    weights<Network> w;
    if (const status s = read_weights(path, w); !s) return s;
    constexpr std::size_t count = lowered<Network>::parameters;
    const std::span<const float, count> values(w.values.data(), count);
    out.backbone = backbone_of<typename Network::backbone>(w.values);
    if (how.gate > 0.0F || how.decay > 0.0F) {
      out.adaptive = std::make_unique<leveled_classifier<Network, policy_over_time<Network>>>(values, how);
    } else {
      out.adaptive = std::make_unique<leveled_classifier<Network, policy_by_level<Network>>>(values, how);
    }
    return {};
  };
  using data = typename Network::data;
  model m{name, data_of<Network, data>(), lowered<Network>::trunk_macs, {}, {}, open, make_reader<data>};
  for (std::size_t e = 0; const exit_point& at : lowered<Network>::exits)
    m.exits.push_back({std::string(at.name), at.macs, path_bytes<Network>()[e++]});
  m.backbone_bytes = path_bytes<typename Network::backbone>().back();
  for (const auto& level : Network::risk_levels) {
    m.risks.push_back(level.risk);
    m.level_macs.push_back(level.macs);
  }
  return m;
}

const std::vector<model>& all_models() {
  static const std::vector<model> all{
      plain<resnet_cifar<20>, cifar10>("resnet20"),
      plain<resnet_cifar<32>, cifar10>("resnet32"),
      plain<resnet_cifar<56>, cifar10>("resnet56"),
      plain<mlperf_resnet8, cifar10_raw, mlperf_resnet8_keras>("mlperf_resnet8"),
      plain<mobilenet_v1_025_96, visual_wake_words, mlperf_vww_keras>("mobilenet_v1_025_96"),
      plain<mobilenet_v1_025_224, imagenet_tensorflow<>, mobilenet_v1_keras>("mobilenet_v1_025_224"),
      plain<squeezenet<1000, 227>, imagenet_caffe<>, squeezenet_caffe>("squeezenet_227"),
      adaptive<cifar10_resnet20_exits>("cifar10_resnet20_exits"),
      adaptive<cifar10_resnet56_exits>("cifar10_resnet56_exits"),
      adaptive<cifar10_resnet56_mixed>("cifar10_resnet56_mixed"),
      adaptive<gtsrb_resnet20>("gtsrb_resnet20"),
  };
  return all;
}
}  // namespace

std::string known_models() {
  std::string names;
  for (const model& m : all_models()) names += (names.empty() ? "" : ", ") + std::string(m.name);
  return names;
}

const model& find_model(std::string_view name) {
  const auto found = std::ranges::find(all_models(), name, &model::name);
  if (found != all_models().end()) return *found;
  throw std::runtime_error("unknown model " + std::string(quoted(name).text()) + "; known are " +
                           known_models());
}

std::size_t level_of(const model& m, double risk) {
  char number[32];
  const auto text = [&](double value) {
    std::snprintf(number, sizeof number, "%g", value);
    return std::string(number);
  };
  if (!(risk > 0.0 && risk < 1.0)) {
    throw std::runtime_error("risk is " + text(risk) + ", wanted above 0 and below 1");
  }
  if (!m.adaptive()) return 0;
  const auto above = std::ranges::upper_bound(m.risks, risk);
  if (above != m.risks.begin()) return static_cast<std::size_t>(above - m.risks.begin()) - 1;
  std::string levels;
  for (const double level : m.risks) levels += (levels.empty() ? "" : ", ") + text(level);
  throw std::runtime_error("risk is " + text(risk) + ", below every level of " + std::string(m.name) + ": " +
                           levels);
}

std::string weights_path(const model& m, const std::string& given) {
  if (!given.empty()) return given;
  const std::string shipped = FLEXDNN_SOURCE_DIR "/weights/" + std::string(m.name) + ".safetensors";
  std::error_code ignored;
  if (std::filesystem::exists(shipped, ignored)) return shipped;
  throw std::runtime_error("the weights of " + std::string(m.name) + " are not in weights/: give --weights");
}

}  // namespace examples
