// SPDX-License-Identifier: MIT
// pack: the documented layout element by element, and the folding law.
#include <doctest/doctest.h>

#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

namespace {

using namespace flexdnn;

TEST_CASE("packed weights lie where packed_size documents them") {
  std::mt19937 random(1);
  for (int n = 0; n < 60; ++n) {
    const convolution c = reference::random_convolution(random);
    for (const tile t : {tile{4, 2, 6}, tile{8, 2, 6}, tile{3, 1, 2}}) {
      const auto weight = reference::uniform(static_cast<std::size_t>(c.out.channels * c.taps()), random);
      const auto bias = reference::uniform(static_cast<std::size_t>(c.out.channels), random);
      guarded packed(packed_size(c, t), -5.0f, random);
      pack(c, t, weight.data(), bias.data(), nullptr, nullptr, packed.data());
      CHECK(packed.edges_intact());

      // Walk the packed order and say what must lie there.
      const bool depthwise = c.depthwise();
      const int inputs = depthwise ? 1 : c.group_inputs();
      const int outputs = depthwise ? c.out.channels : c.group_outputs();
      const int panel = depthwise ? outputs : t.panel();
      std::size_t at = 0;
      bool same = true;
      for (int group = 0; group < (depthwise ? 1 : c.groups); ++group) {
        for (int first = 0; first < outputs; first += panel) {
          for (int k = -1; k < c.kernel_h * c.kernel_w * inputs; ++k) {
            for (int o = first; o < first + panel; ++o) {
              const int channel = group * outputs + o;
              const int spot = k / inputs;
              const int i = k % inputs;
              const int source = (channel * inputs + i) * c.kernel_h * c.kernel_w + spot;
              float wanted = 0;
              if (o < outputs)
                wanted = k < 0 ? bias[static_cast<std::size_t>(channel)]
                               : weight[static_cast<std::size_t>(source)];
              same = same && packed[at++] == wanted;
            }
          }
        }
      }
      CHECK(same);
      CHECK(at == packed.size());
    }
  }
}

TEST_CASE("folding a scale and a shift keeps the outputs") {
  std::mt19937 random(2);
  for (int n = 0; n < 60; ++n) {
    const convolution c = reference::random_convolution(random);
    const auto outputs = static_cast<std::size_t>(c.out.channels);
    const auto in = reference::uniform(c.in.size(), random);
    const auto weight = reference::uniform(outputs * static_cast<std::size_t>(c.taps()), random);
    const auto bias = reference::uniform(outputs, random);
    const auto scale = reference::uniform(outputs, random);
    const auto shift = reference::uniform(outputs, random);
    const bool with_bias = n % 2 == 0;
    const bool with_scale = n % 3 != 0;
    const bool with_shift = n % 5 != 0;

    std::vector<double> wanted =
        reference::convolve(c, in.data(), weight.data(), with_bias ? bias.data() : nullptr);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (with_scale) wanted[i] *= static_cast<double>(scale[i % outputs]);
      if (with_shift) wanted[i] += static_cast<double>(shift[i % outputs]);
    }
    std::vector<float> packed(packed_size(c, tile_of<native>));
    std::vector<float> scratch(scratch_size(c));
    std::vector<float> out(c.out.size());
    pack(c, tile_of<native>, weight.data(), with_bias ? bias.data() : nullptr,
         with_scale ? scale.data() : nullptr, with_shift ? shift.data() : nullptr, packed.data());
    convolve<identity>(c, in.data(), packed.data(), nullptr, out.data(), scratch.data(), native{});
    CHECK(reference::relative_l2(out, wanted) < 1e-5);
  }
}

}  // namespace
