// SPDX-License-Identifier: MIT
// channel_order: whether a network reads an image's channels as they come or the other way round.
#pragma once

namespace flexdnn {

/// reversed: a network of B, G, R gets images of R, G, B.
enum class channel_order : unsigned char { kept, reversed };

}  // namespace flexdnn
