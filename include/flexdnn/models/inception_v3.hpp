// SPDX-License-Identifier: MIT
// inception_v3: branches of convolutions side by side (Szegedy et al. 2016).
#pragma once

#include <ratio>

#include "../graph/named.hpp"
#include "../graph/network.hpp"
#include "../graph/parallel.hpp"
#include "../layers/average_pool2d.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv2d.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/global_average_pool.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"

namespace flexdnn {

namespace detail {

/// Convolution, batch norm with epsilon 1e-3, relu, under a name.
template <name Name, int Out, class... Options>
using inception_conv = named<Name, named<"conv", conv2d<Out, Options..., bias<false>>>,
                             named<"bn", basic_batch_norm<std::milli>>, relu>;

/// Pooling that counts its padding, as torchvision's, and a 1x1 convolution.
template <int Out>
using inception_pool_branch =
    named<"", average_pool2d<kernel<3>, stride<1>, padding<1>>, inception_conv<"branch_pool", Out>>;

/// Two convolutions on one input side by side: the ends of inception_e's branches.
template <name Row, name Column>
using inception_fork =
    named<"", parallel<inception_conv<Row, 384, kernel<1, 3>>, inception_conv<Column, 384, kernel<3, 1>>>>;

template <int Pooled>
using inception_a =
    parallel<inception_conv<"branch1x1", 64>,
             named<"", inception_conv<"branch5x5_1", 48>, inception_conv<"branch5x5_2", 64, kernel<5>>>,
             named<"", inception_conv<"branch3x3dbl_1", 64>, inception_conv<"branch3x3dbl_2", 96, kernel<3>>,
                   inception_conv<"branch3x3dbl_3", 96, kernel<3>>>,
             inception_pool_branch<Pooled>>;

/// Halves the map.
using inception_b =
    parallel<inception_conv<"branch3x3", 384, kernel<3>, stride<2>, padding<0>>,
             named<"", inception_conv<"branch3x3dbl_1", 64>, inception_conv<"branch3x3dbl_2", 96, kernel<3>>,
                   inception_conv<"branch3x3dbl_3", 96, kernel<3>, stride<2>, padding<0>>>,
             max_pool2d<kernel<3>, stride<2>>>;

template <int Inner>
using inception_c = parallel<
    inception_conv<"branch1x1", 192>,
    named<"", inception_conv<"branch7x7_1", Inner>, inception_conv<"branch7x7_2", Inner, kernel<1, 7>>,
          inception_conv<"branch7x7_3", 192, kernel<7, 1>>>,
    named<"", inception_conv<"branch7x7dbl_1", Inner>, inception_conv<"branch7x7dbl_2", Inner, kernel<7, 1>>,
          inception_conv<"branch7x7dbl_3", Inner, kernel<1, 7>>,
          inception_conv<"branch7x7dbl_4", Inner, kernel<7, 1>>,
          inception_conv<"branch7x7dbl_5", 192, kernel<1, 7>>>,
    inception_pool_branch<192>>;

/// Halves the map.
using inception_d = parallel<
    named<"", inception_conv<"branch3x3_1", 192>,
          inception_conv<"branch3x3_2", 320, kernel<3>, stride<2>, padding<0>>>,
    named<"", inception_conv<"branch7x7x3_1", 192>, inception_conv<"branch7x7x3_2", 192, kernel<1, 7>>,
          inception_conv<"branch7x7x3_3", 192, kernel<7, 1>>,
          inception_conv<"branch7x7x3_4", 192, kernel<3>, stride<2>, padding<0>>>,
    max_pool2d<kernel<3>, stride<2>>>;

using inception_e = parallel<
    inception_conv<"branch1x1", 320>,
    named<"", inception_conv<"branch3x3_1", 384>, inception_fork<"branch3x3_2a", "branch3x3_2b">>,
    named<"", inception_conv<"branch3x3dbl_1", 448>, inception_conv<"branch3x3dbl_2", 384, kernel<3>>,
          inception_fork<"branch3x3dbl_3a", "branch3x3dbl_3b">>,
    inception_pool_branch<192>>;

}  // namespace detail

/// Five convolutions, eleven blocks of branches, average pooling, one dense layer; without the auxiliary
/// classifier, which serves training alone. At 299 pixels (75 at least) 5,713 MMACs and 23.8 M parameters.
/// Names are torchvision's, whose published weights take frames of 2 RGB / 255 - 1.
template <int Classes = 1000, int Extent = 299>
struct inception_v3
    : network<input<3, Extent, Extent>,
              detail::inception_conv<"Conv2d_1a_3x3", 32, kernel<3>, stride<2>, padding<0>>,
              detail::inception_conv<"Conv2d_2a_3x3", 32, kernel<3>, padding<0>>,
              detail::inception_conv<"Conv2d_2b_3x3", 64, kernel<3>>, max_pool2d<kernel<3>, stride<2>>,
              detail::inception_conv<"Conv2d_3b_1x1", 80>,
              detail::inception_conv<"Conv2d_4a_3x3", 192, kernel<3>, padding<0>>,
              max_pool2d<kernel<3>, stride<2>>,  //
              named<"Mixed_5b", detail::inception_a<32>>, named<"Mixed_5c", detail::inception_a<64>>,
              named<"Mixed_5d", detail::inception_a<64>>, named<"Mixed_6a", detail::inception_b>,
              named<"Mixed_6b", detail::inception_c<128>>, named<"Mixed_6c", detail::inception_c<160>>,
              named<"Mixed_6d", detail::inception_c<160>>, named<"Mixed_6e", detail::inception_c<192>>,
              named<"Mixed_7a", detail::inception_d>, named<"Mixed_7b", detail::inception_e>,
              named<"Mixed_7c", detail::inception_e>, global_average_pool, dropout<>,
              named<"fc", dense<Classes>>> {};

}  // namespace flexdnn
