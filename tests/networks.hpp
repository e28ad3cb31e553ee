// SPDX-License-Identifier: MIT
// networks: small networks with every shape of composition, and the same written out flat.
#pragma once

#include <flexdnn/flexdnn.hpp>

namespace networks {

using namespace flexdnn;

using head = sequence<global_average_pool, dense<3>>;
template <int Channels>
using conv = conv2d<Channels, kernel<3>>;

struct plain
    : network<input<3, 9, 7>, conv<5>, batch_norm, relu, max_pool2d<kernel<2>>, relu,
              conv2d<9, kernel<3>, stride<2>>, relu, batch_norm, relu, flatten, dense<7>, relu, dense<3>> {};

// A residual round one convolution reads its input while it writes: never in its place.
struct single_convolutions : network<input<4, 5, 6>, residual<conv<4>>, relu, residual<conv<4>, none, relu>,
                                     repeat<3, residual<conv<4>>>, repeat<3, residual<conv<4>, relu>>,
                                     residual<residual<conv<4>>>, residual<relu, dropout<>>, head> {};

struct shortcuts : network<input<4, 6, 5>, residual<conv<8>, conv2d<8>, relu>,
                           residual<sequence<conv2d<12, kernel<3>, stride<2>>, relu, conv<12>, batch_norm>,
                                    zero_pad_shortcut<12, 2>, relu>,
                           residual<max_pool2d<kernel<3>, stride<1>, padding<1>>, batch_norm>, head> {};

struct loops : network<input<4, 6, 5>, repeat<4, conv<4>>, repeat<3, basic_block<4>>, repeat<1, conv<4>>,
                       repeat<5, sequence<conv<4>, batch_norm, relu>>, repeat<2, relu>, repeat<3, dropout<>>,
                       repeat<3, max_pool2d<kernel<3>, stride<1>, padding<1>>>, head> {};

struct nested
    : network<input<4, 5, 5>,
              repeat<3, sequence<repeat<3, conv<4>>, relu, residual<repeat<2, conv<4>>>,
                                 residual<sequence<relu, repeat<3, basic_block<4>>>, repeat<2, relu>, relu>>>,
              residual<repeat<2, repeat<2, conv<4>>>, repeat<3, conv<4>>>,
              repeat<2, repeat<3, basic_block<4>>>, head> {};

// Trunk with cut points 1: stem, 2 to 6: blocks, 7 to 10: rounds, 11 to 16: two a round, 17: pooling.
using stem = sequence<conv<6>, batch_norm, relu>;
using block = basic_block<6>;
using pair = sequence<conv<6>, relu>;
using two = sequence<sequence<conv<6>, relu>, max_pool2d<kernel<3>, stride<1>, padding<1>>>;
struct trunk : network<input<3, 6, 5>, conv<6>, batch_norm, relu, repeat<5, block>, repeat<4, pair>,
                       repeat<3, two>, global_average_pool, dense<3>> {};

using branch = sequence<repeat<2, conv<6>>, relu, head>;
struct inserted : with_exits<trunk, at<17, exit_branch<"last", dense<3>>>, at<13, exit_branch<"e", head>>,
                             at<4, exit_branch<"a", branch>>, at<8, exit_branch<"c", relu, head>>,
                             at<4, exit_branch<"b", residual<repeat<2, conv<6>>>, head>>,
                             at<1, exit_branch<"first", repeat<3, basic_block<6>>, head>>> {};
struct inserted_flat
    : network<input<3, 6, 5>, stem, exit_branch<"first", repeat<3, basic_block<6>>, head>, block, block,
              block, exit_branch<"a", branch>, exit_branch<"b", residual<repeat<2, conv<6>>>, head>, block,
              block, pair, pair, exit_branch<"c", relu, head>, pair, pair, two, conv<6>, relu,
              exit_branch<"e", head>, max_pool2d<kernel<3>, stride<1>, padding<1>>, two, global_average_pool,
              exit_branch<"last", dense<3>>, dense<3>> {};

// Exits written in the network: inside what would be one group, and as the end.
struct written
    : network<input<3, 5, 5>, exit_branch<"frame", flatten, dense<3>>, conv<4>, exit_branch<"early", head>,
              batch_norm, exit_branch<"middle", relu, flatten, dense<3>>, relu, repeat<3, conv<4>>,
              exit_branch<"final", head>> {};

}  // namespace networks
