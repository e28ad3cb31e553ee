// SPDX-License-Identifier: MIT
// laws: everything that must hold of a layer, by one line a layer and shape.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flexdnn/plan/choose.hpp>
#include <flexdnn/plan/kernel_call.hpp>
#include <flexdnn/plan/packing.hpp>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kernels/guarded.hpp"
#include "naive.hpp"

namespace laws_detail {

using namespace flexdnn;
using floats = std::vector<float>;

/// A layer for one architecture, its types erased: all but these few lines is compiled once, not for every
/// layer and shape (conv2d's test, GCC -O3: 30 s when every law was a template).
struct subject {
  std::size_t lead, weights, packed, scratch, out;  ///< floats; weights: lead's, then those folded into it
  void (*pack)(const float* lead, const float* affine, float* packed);
  void (*run)(const operands&) noexcept;
};

template <class Layer, shape In>
constexpr std::size_t weights_of = [] {
  std::size_t total = 0;
  for (const parameter& p : parameters_of<Layer>(In)) total += p.size();
  return total;
}();

template <class Layer, class Affine, class Activation, shape In, class Arch>
subject subject_of() {
  constexpr std::size_t lead = weights_of<Layer, In>;
  std::size_t all = lead;
  if constexpr (!std::is_void_v<Affine>) all += weights_of<Affine, Layer::output(In)>;
  constexpr algorithm how = algorithm_for<Layer, In, tile_of<Arch>>();
  std::size_t scratch = 0;
  if constexpr (Layer::role == layer_role::linear) {
    scratch = scratch_size(computed(Layer::geometry(In), how), tile_of<Arch>);
  } else {
    scratch = scratch_of<Layer>(In);
  }
  return {.lead = lead,
          .weights = all,
          .packed = packed_size_of<Layer>(In, tile_of<Arch>, how),
          .scratch = scratch,
          .out = Layer::output(In).size(),
          .pack = [](const float* from, const float* affine,
                     float* to) { pack_step<Layer, Affine, In, how>(from, affine, tile_of<Arch>, to); },
          .run = kernel_call<Layer, Activation, In, Arch, wiring{joint::add, 0, how}>};
}

struct outcome {
  floats values;
  bool edges = true;    ///< nothing was written beside the buffers
  bool inputs = true;   ///< what is only read is as it was
  bool written = true;  ///< pack wrote every float
};

/// Runs the layer between guards, at addresses without alignment. Packed weights, scratch and output start
/// as NaN: what is read before it is written, or never written, shows in the result.
inline outcome run_layer(const subject& s, const floats& x, const floats& weights, const floats& added) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  std::mt19937 random(static_cast<std::uint32_t>(x.size()));
  const guarded in(x, random), canonical(weights, random);
  guarded packed(s.packed, nan, random);
  s.pack(canonical.data(), canonical.data() + s.lead, packed.data());
  outcome result;
  const floats before(packed.data(), packed.data() + packed.size());
  for (const float w : before) result.written = result.written && !std::isnan(w);
  guarded scratch(s.scratch, nan, random);
  guarded out(s.out, nan, random);
  if (!added.empty()) std::copy(added.begin(), added.end(), out.data());
  s.run({.in = in.data(),
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

/// One form of a layer: alone, or with all that may be fused to it.
struct form {
  std::uint32_t seed;
  reference::map (*evaluate)(reference::naive&, const reference::map&);
  bool joined;  ///< a residual is added where the output lies, then relu
  subject fast, plain;
};

template <class Layer, class Affine, class Activation, shape In>
form form_of(std::uint32_t seed, reference::map (*evaluate)(reference::naive&, const reference::map&),
             bool joined = false) {
  return {seed, evaluate, joined, subject_of<Layer, Affine, Activation, In, native>(),
          subject_of<Layer, Affine, Activation, In, scalar>()};
}

inline void check(const form& f, const reference::map& x, const floats& added) {
  CAPTURE(f.seed);
  reference::naive naive(f.seed);
  floats wanted = f.evaluate(naive, x).values;
  const floats weights = naive.weights();
  CHECK(weights.size() == f.fast.weights);
  if (f.joined) {
    for (std::size_t i = 0; i < added.size(); ++i) wanted[i] = std::fmax(wanted[i] + added[i], 0.0F);
  }
  const floats residual = f.joined ? added : floats{};
  const outcome fast = run_layer(f.fast, x.values, weights, residual);
  const outcome again = run_layer(f.fast, x.values, weights, residual);
  const outcome plain = run_layer(f.plain, x.values, weights, residual);
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

inline void check_all(std::string_view layer_name, shape in, shape out, std::initializer_list<form> forms) {
  CAPTURE(layer_name);
  CAPTURE(in.channels);
  CAPTURE(in.height);
  CAPTURE(in.width);
  CAPTURE(out.channels);
  std::mt19937 random(static_cast<std::uint32_t>(7 * in.channels + in.height));
  const floats x = reference::uniform(in.size(), random);
  const floats added = reference::uniform(out.size(), random);
  for (const form& f : forms) check(f, {in, x}, added);
}

}  // namespace laws_detail

/// The law battery. Out: the declared shape, worked out by hand. A linear layer is tested alone and with
/// all that fuses with it: batch norm folded in, a residual added where the output lies, relu. An activation
/// is tested alone and fused to a convolution, of whole and partly filled vectors.
template <class Layer, flexdnn::shape In, flexdnn::shape Out>
void laws() {
  using namespace flexdnn;
  using namespace laws_detail;
  using reference::map;
  using reference::naive;
  static_assert(layer<Layer>);
  static_assert(!examine<Layer>(In).found());
  static_assert(Layer::output(In) == Out);
  const form alone =
      form_of<Layer, void, identity, In>(11, [](naive& n, const map& x) { return n.apply<Layer>(x); });
  if constexpr (Layer::role == layer_role::linear) {
    CHECK(macs_of<Layer>(In) == Out.size() * static_cast<std::size_t>(Layer::geometry(In).taps()));
    check_all(Layer::type_name, In, Out,
              {alone,
               form_of<Layer, batch_norm, relu, In>(
                   12, [](naive& n, const map& x) { return n.apply<batch_norm>(n.apply<Layer>(x)); }, true)});
  } else if constexpr (Layer::role == layer_role::activation) {
    using before = conv2d<9>;
    check_all(Layer::type_name, In, Out,
              {alone, form_of<before, void, Layer, In>(
                          13, [](naive& n, const map& x) { return n.apply<Layer>(n.apply<before>(x)); })});
  } else {
    check_all(Layer::type_name, In, Out, {alone});
  }
}
