// SPDX-License-Identifier: MIT
// laws: everything that must hold of a layer, by one line a layer and shape.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flexdnn/plan/kernel_call.hpp>
#include <flexdnn/plan/packing.hpp>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/guarded.hpp"
#include "naive.hpp"

namespace laws_detail {

using namespace flexdnn;

/// Steps of one layer as the planner would make them: alone, or with all that may be fused to it.
enum class form { alone, folded };

struct outcome {
  std::vector<float> values;
  bool edges = true;    ///< nothing was written beside the buffers
  bool inputs = true;   ///< what is only read is as it was
  bool written = true;  ///< pack wrote every float
};

/// Runs the layer between guards, at addresses without alignment. Packed weights, scratch and output start
/// as NaN: what is read before it is written, or never written, shows in the result.
template <class Layer, class Affine, class Activation, shape In, class Arch>
outcome run_layer(const std::vector<float>& x, const std::vector<float>& weights,
                  const std::vector<float>& added) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr std::size_t scratch_floats = [] {
    if constexpr (Layer::role == layer_role::linear) {
      return scratch_size(Layer::geometry(In));
    } else {
      return scratch_of<Layer>(In);
    }
  }();
  std::mt19937 random(static_cast<std::uint32_t>(x.size()));
  const guarded in(x, random), canonical(weights, random);
  guarded packed(packed_size_of<Layer>(In, tile_of<Arch>), nan, random);
  std::size_t lead = 0;
  for (const parameter& p : parameters_of<Layer>(In)) lead += p.size();
  pack_step<Layer, Affine, In>(canonical.data(), canonical.data() + lead, tile_of<Arch>, packed.data());
  outcome result;
  const std::vector<float> before(packed.data(), packed.data() + packed.size());
  for (const float w : before) result.written = result.written && !std::isnan(w);
  guarded scratch(scratch_floats, nan, random);
  guarded out(Layer::output(In).size(), nan, random);
  if (!added.empty()) std::copy(added.begin(), added.end(), out.data());
  kernel_call<Layer, Activation, In, Arch>({.in = in.data(),
                                            .residual = added.empty() ? nullptr : out.data(),
                                            .packed = packed.data(),
                                            .out = out.data(),
                                            .scratch = scratch.data()});
  result.edges = in.edges_intact() && canonical.edges_intact() && packed.edges_intact() &&
                 scratch.edges_intact() && out.edges_intact();
  result.inputs = in.holds(x) && canonical.holds(weights) && packed.holds(before);
  result.values.assign(out.data(), out.data() + out.size());
  return result;
}

template <class Layer, class Affine, class Activation, shape In>
void check(const std::vector<float>& x, const std::vector<float>& weights, const std::vector<float>& added,
           const std::vector<float>& wanted) {
  const outcome fast = run_layer<Layer, Affine, Activation, In, native>(x, weights, added);
  const outcome again = run_layer<Layer, Affine, Activation, In, native>(x, weights, added);
  const outcome plain = run_layer<Layer, Affine, Activation, In, scalar>(x, weights, added);
  for (const outcome* o : {&fast, &plain}) {
    CHECK(o->edges);
    CHECK(o->inputs);
    CHECK(o->written);
    CHECK(reference::relative_l2(o->values, wanted) < 1e-5);
  }
  CHECK(reference::relative_l2(fast.values, plain.values) < 1e-5);
  const bool same_bits = fast.values == again.values;
  CHECK(same_bits);
}

}  // namespace laws_detail

/// The law battery. Out: the declared shape, worked out by hand. A linear layer is tested alone and with
/// all that fuses with it: batch norm folded in, a residual added where the output lies, relu. An activation
/// is tested alone and fused to a convolution, of whole and partly filled vectors.
template <class Layer, flexdnn::shape In, flexdnn::shape Out>
void laws() {
  using namespace flexdnn;
  static_assert(layer<Layer>);
  static_assert(!examine<Layer>(In).found());
  static_assert(Layer::output(In) == Out);
  CAPTURE(Layer::type_name);
  CAPTURE(In.channels);
  CAPTURE(In.height);
  CAPTURE(In.width);
  CAPTURE(Out.channels);
  std::mt19937 random(static_cast<std::uint32_t>(7 * In.channels + In.height));
  const std::vector<float> x = reference::uniform(In.size(), random);
  const std::vector<float> added = reference::uniform(Out.size(), random);
  reference::naive alone(11);
  const reference::map y = alone.apply<Layer>({In, x});
  std::size_t declared = 0;
  for (const parameter& p : parameters_of<Layer>(In)) declared += p.size();
  CHECK(alone.weights().size() == declared);
  if constexpr (Layer::role == layer_role::linear) {
    CHECK(macs_of<Layer>(In) == Out.size() * static_cast<std::size_t>(Layer::geometry(In).taps()));
    laws_detail::check<Layer, void, identity, In>(x, alone.weights(), {}, y.values);
    reference::naive folded(12);
    reference::map z = folded.apply<batch_norm>(folded.apply<Layer>({In, x}));
    for (std::size_t i = 0; i < added.size(); ++i) z.values[i] = std::fmax(z.values[i] + added[i], 0.0F);
    laws_detail::check<Layer, batch_norm, relu, In>(x, folded.weights(), added, z.values);
  } else {
    laws_detail::check<Layer, void, identity, In>(x, alone.weights(), {}, y.values);
  }
  if constexpr (Layer::role == layer_role::activation) {
    using before = conv2d<9>;
    reference::naive fused(13);
    const reference::map z = fused.apply<Layer>(fused.apply<before>({In, x}));
    laws_detail::check<before, void, Layer, In>(x, fused.weights(), {}, z.values);
  }
}
