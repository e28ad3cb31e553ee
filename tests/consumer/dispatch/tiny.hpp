// SPDX-License-Identifier: MIT
// tiny: a user's network, with what kernels differ in: Winograd, folded batch norms, exits.
#pragma once

#include <flexdnn/flexdnn.hpp>

struct tiny
    : flexdnn::network<flexdnn::input<3, 16, 16>, flexdnn::conv2d<16, flexdnn::kernel<3>>,
                       flexdnn::batch_norm, flexdnn::relu,
                       flexdnn::exit_branch<"early", flexdnn::global_average_pool, flexdnn::dense<4>>,
                       flexdnn::conv2d<16, flexdnn::kernel<3>>, flexdnn::relu,
                       flexdnn::exit_branch<"final", flexdnn::global_average_pool, flexdnn::dense<4>>> {};
