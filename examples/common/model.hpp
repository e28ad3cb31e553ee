// SPDX-License-Identifier: MIT
// model: a network behind a plain interface, so that the programs' own code is compiled once for all.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <flexdnn/core/channel_order.hpp>
#include <flexdnn/core/shape.hpp>
#include <flexdnn/core/status.hpp>
#include <flexdnn/frame/frame_view.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

struct prediction {
  int label = 0, exit = 0;  ///< exit from 0
  float confidence = 0.0F;
  bool finite = true;
  std::uint64_t macs = 0;
};

/// One engine with its weights.
class classifier {
 public:
  classifier() = default;
  classifier(const classifier&) = delete;
  classifier& operator=(const classifier&) = delete;
  virtual ~classifier() = default;

  /// seconds: of the engine's run alone.
  virtual prediction run(std::span<const float> frame, double& seconds) = 0;
  /// From the next frame on by the thresholds of that level, an index into model::risks.
  virtual void set_level(std::size_t /*level*/) {}
  /// The next frames answer from the exit that they have reached by then (within_budget); first measures, on
  /// a frame, how long each exit takes: nanoseconds to the first. A plain backbone answers when it has.
  virtual std::int64_t time_exits(std::span<const float> /*frame*/) { return 0; }
  virtual void answer_by(std::chrono::steady_clock::time_point /*deadline*/) {}
};

/// How a network with exits is opened: by the thresholds of a level, an index into model::risks, and by the
/// frames before (difference_gate, temporal_average); 0: by each frame alone.
struct opening {
  std::size_t level = 0;
  float gate = 0.0F, decay = 0.0F;
};

/// Images of any size and layout as a model's frames.
class frame_reader {
 public:
  frame_reader() = default;
  frame_reader(const frame_reader&) = delete;
  frame_reader& operator=(const frame_reader&) = delete;
  virtual ~frame_reader() = default;

  virtual flexdnn::status read(const flexdnn::frame_view& image, std::span<float> frame) = 0;
};

/// How a model's frames are made of bytes, and what its labels mean.
struct data_set {
  flexdnn::shape frame;
  std::span<const float> mean, deviation;
  float unit = 255.0F;
  flexdnn::channel_order order = flexdnn::channel_order::kept;
  std::span<const std::string_view> classes{};  ///< empty: too many to name
  std::size_t class_count = 0;
};

/// What open() makes: the backbone, and for a model with exits the adaptive network on the same weights.
struct opened {
  std::unique_ptr<classifier> backbone, adaptive;
};

struct exit_facts {
  std::string name;
  std::uint64_t macs = 0, bytes = 0;  ///< of the path to its decision (path_macs, path_bytes)
};

struct model {
  std::string_view name;
  data_set data;
  std::uint64_t backbone_macs = 0;
  std::vector<exit_facts> exits;  ///< empty: a plain backbone
  std::vector<double> risks;      ///< of its calibrated levels, ascending
  /// On an error `out` stays as it was.
  flexdnn::status (*open)(const std::string& weights, const opening& how, opened& out) = nullptr;
  std::unique_ptr<frame_reader> (*make_reader)() = nullptr;
  std::vector<double> level_macs{};  ///< mean of a frame at each level; 0 where nobody said
  std::uint64_t backbone_bytes = 0;  ///< path_bytes

  [[nodiscard]] bool adaptive() const { return !exits.empty(); }
};

/// A class by its name, or by its number where the model has too many to name.
inline std::string class_name(const model& m, int label) {
  const auto index = static_cast<std::size_t>(label);
  return index < m.data.classes.size() ? std::string(m.data.classes[index]) : std::to_string(label);
}

/// The model of that name; an unknown name fails and tells the known ones.
const model& find_model(std::string_view name);

/// "resnet20, resnet32, ..."
std::string known_models();

/// Number of the largest level at or below the risk; fails where there is none or risk is not in (0, 1).
std::size_t level_of(const model& m, double risk);

/// `given`, or weights/NAME.safetensors of the source tree; fails where neither is.
std::string weights_path(const model& m, const std::string& given);

}  // namespace examples
