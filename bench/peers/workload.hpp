// SPDX-License-Identifier: MIT
// workload: one row of the table: a network or a layer of ours with drawn weights, and its graph for the
// peers.
#pragma once

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models.hpp>
#include <memory>
#include <string_view>

#include "draw.hpp"
#include "graph_of.hpp"
#include "runner.hpp"

namespace flexdnn::bench {

/// A row made ready to run.
struct subject {
  floats frame;  ///< channels last
  graph operators;
  std::unique_ptr<runner> ours;
};

struct workload {
  std::string_view name;
  std::uint64_t macs;
  subject (*prepare)();
};

template <class Network>
class network_runner : public runner {
 public:
  network_runner(std::span<const float> canonical, floats frame) : frame_(std::move(frame)) {
    pack(std::span<const float, lowered<Network>::parameters>(canonical), *values_);
  }
  void run() override { (void)engine_->run(typename engine<Network>::frame(frame_)); }
  std::vector<float> output() override { return {engine_->logits().begin(), engine_->logits().end()}; }

 private:
  floats frame_;
  std::unique_ptr<packed<Network>> values_ = std::make_unique<packed<Network>>();
  std::unique_ptr<engine<Network>> engine_ = std::make_unique<engine<Network>>(*values_);
};

/// One step of a plan, by the kernel that a network past 12 MB would take: what peers read between two of our
/// turns displaces our weights as the other layers of such a network would.
template <class Layer, shape In>
class layer_runner : public runner {
  static constexpr tile panel = tile_of<native>;
  static constexpr algorithm how = algorithm_for<Layer, In, panel>();
  static constexpr convolution window = [] {
    convolution c = computed(Layer::geometry(In), how);
    c.streamed = streamed(c, panel, std::size_t{4} << 20);
    return c;
  }();

 public:
  layer_runner(std::span<const float> canonical, floats frame) : frame_(std::move(frame)) {
    pack_step<Layer, void, In, how>(canonical.data(), nullptr, panel, packed_.data());
  }
  void run() override {
    convolve_constant<identity, window>(frame_.data(), packed_.data(), nullptr, out_.data(), scratch_.data(),
                                        native{});
  }
  std::vector<float> output() override { return {out_.begin(), out_.end()}; }

 private:
  floats frame_;
  floats packed_ = floats(packed_size(window, panel));
  floats scratch_ = floats(scratch_size(window, panel));
  floats out_ = floats(window.out.size());
};

template <class Network>
[[nodiscard]] subject prepare_network() {
  const std::vector<float> canonical = drawn_weights(parameters<Network>());
  floats frame = drawn_frame(Network::frame);
  auto ours = std::make_unique<network_runner<Network>>(canonical, frame);
  return {std::move(frame), graph_of<Network>(canonical), std::move(ours)};
}

template <class Layer, shape In>
[[nodiscard]] subject prepare_layer() {
  std::vector<named_parameter> parameters;
  std::size_t offset = 0;
  for (const parameter& p : parameters_of<Layer>(In)) {
    parameters.push_back({.name = std::string(p.name),
                          .extents = {p.extents.begin(), p.extents.begin() + p.rank},
                          .offset = offset,
                          .size = p.size()});
    offset += p.size();
  }
  const std::vector<float> canonical = drawn_weights(parameters);
  floats frame = drawn_frame(In);
  auto ours = std::make_unique<layer_runner<Layer, In>>(canonical, frame);
  return {std::move(frame), graph_of_layer<Layer, In>(canonical), std::move(ours)};
}

template <class Network>
[[nodiscard]] workload network_row(std::string_view name) {
  return {name, lowered<Network>::trunk_macs, &prepare_network<Network>};
}

template <class Layer, int Channels, int Extent>
[[nodiscard]] workload layer_row(std::string_view name) {
  constexpr shape in{Channels, Extent, Extent};
  return {name, macs_of<Layer>(in), &prepare_layer<Layer, in>};
}

}  // namespace flexdnn::bench
