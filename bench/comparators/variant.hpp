// SPDX-License-Identifier: MIT
// variant: a network behind a plain interface that really allocates it, loads it, runs it and lets it go.
#pragma once

#include <algorithm>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace comparators {

using flexdnn::status;

/// An engine and its packed weights.
class loaded_network {
 public:
  loaded_network() = default;
  loaded_network(const loaded_network&) = delete;
  loaded_network& operator=(const loaded_network&) = delete;
  virtual ~loaded_network() = default;

  /// Leaves at the first exit whose entropy confidence exceeds its threshold, one for each but the last.
  struct outcome {
    int label = 0, exit = 0;
  };
  virtual outcome run(std::span<const float> frame, std::span<const float> thresholds) = 0;
  /// What every exit says of a frame.
  virtual void run_all(std::span<const float> frame, std::span<int> labels, std::span<float> confidences) = 0;
  /// Reads what the network needs from the bytes of its file; checked, folded, packed.
  virtual status load(std::span<const std::byte> file) = 0;
};

struct variant {
  std::string name, system, file;  ///< as in variant_trace; the file's name without its ending
  int side = 32;                   ///< of its frames, pixels
  std::vector<std::string> exits;
  std::vector<std::uint64_t> macs;  ///< of the path to each exit
  std::size_t parameter_bytes = 0, engine_bytes = 0;
  std::unique_ptr<loaded_network> (*allocate)() = nullptr;
  std::vector<std::pair<double, std::vector<float>>> levels{};  ///< of ours: risks and their thresholds
};

/// How the tensors of a network are found in a file.
using load_function = status (*)(std::span<const std::byte> file, std::span<float> canonical,
                                 const std::vector<flexdnn::named_parameter>& all);

/// Thresholds from outside, so that one engine serves every setting.
struct given_thresholds {
  const std::span<const float>* thresholds;
  flexdnn::verdict operator()(const flexdnn::evidence& e) const noexcept {
    const auto exit = static_cast<std::size_t>(e.exit);
    const float c = flexdnn::entropy_confidence_score::confidence(e.logits);
    return {exit < thresholds->size() && c > (*thresholds)[exit], c};
  }
};

template <class Network, load_function Load>
class loaded_network_of final : public loaded_network {
 public:
  loaded_network_of()
      : weights_(new flexdnn::packed<Network>),
        engine_(new engine(*weights_, given_thresholds{&thresholds_})) {}

  outcome run(std::span<const float> frame, std::span<const float> thresholds) override {
    thresholds_ = thresholds;
    const auto a = engine_->run(typename engine::frame(frame.data(), frame.size()));
    return {a.label, a.exit};
  }

  void run_all(std::span<const float> frame, std::span<int> labels, std::span<float> confidences) override {
    thresholds_ = {};
    (void)engine_->run(typename engine::frame(frame.data(), frame.size()),
                       [&](const flexdnn::evidence& e, const flexdnn::verdict& v) {
                         labels[static_cast<std::size_t>(e.exit)] = e.label;
                         confidences[static_cast<std::size_t>(e.exit)] = v.confidence;
                       });
  }

  status load(std::span<const std::byte> file) override {
    flexdnn::weights<Network> w;
    if (const status s = Load(file, w.values, flexdnn::parameters<Network>()); !s) return s;
    flexdnn::pack(w, *weights_);
    return {};
  }

 private:
  using engine = flexdnn::engine<Network, given_thresholds>;

  std::span<const float> thresholds_;
  std::unique_ptr<flexdnn::packed<Network>> weights_;
  std::unique_ptr<engine> engine_;
};

/// The tensors of that name; a convolution or a dense layer may be the leading part of what the file has.
/// prefix: of names that the network has for itself alone ("widths.8."), tried first.
[[nodiscard]] status load_tensors(std::span<const std::byte> file, const std::string& prefix,
                                  std::span<float> canonical,
                                  const std::vector<flexdnn::named_parameter>& all);

inline status load_plain(std::span<const std::byte> file, std::span<float> canonical,
                         const std::vector<flexdnn::named_parameter>& all) {
  return load_tensors(file, "", canonical, all);
}

template <int Width>
status load_width(std::span<const std::byte> file, std::span<float> canonical,
                  const std::vector<flexdnn::named_parameter>& all) {
  return load_tensors(file, "widths." + std::to_string(Width) + ".", canonical, all);
}

template <class Network, load_function Load = load_plain>
variant variant_of(std::string name, std::string system, std::string file) {
  using low = flexdnn::lowered<Network>;
  variant v{
      std::move(name), std::move(system), std::move(file), Network::frame.height, {}, {}, 0, 0, nullptr, {}};
  for (const flexdnn::exit_point& e : low::exits) {
    v.exits.emplace_back(e.name.empty() ? "final" : e.name);
    v.macs.push_back(e.macs);
  }
  v.parameter_bytes = sizeof(flexdnn::packed<Network>);
  v.engine_bytes = sizeof(flexdnn::engine<Network, given_thresholds>);
  v.allocate = []() -> std::unique_ptr<loaded_network> {
    return std::make_unique<loaded_network_of<Network, Load>>();
  };
  if constexpr (requires { Network::risk_levels; }) {
    for (const auto& l : Network::risk_levels) {
      v.levels.push_back({l.risk, {l.thresholds.begin(), l.thresholds.end()}});
    }
  }
  return v;
}

/// The family of a data set: gtsrb (43 classes) or cifar10. Ours is the last.
[[nodiscard]] std::vector<variant> gtsrb_family();
[[nodiscard]] std::vector<variant> cifar10_family();

}  // namespace comparators
