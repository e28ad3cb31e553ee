// SPDX-License-Identifier: MIT
// family: the networks that are compared, as types; train.py trains them.
#pragma once

#include <flexdnn/models/resnet_cifar.hpp>

#include "../../examples/common/branchynets.hpp"
#include "variant.hpp"

namespace comparators {

using namespace flexdnn;

/// resnet_cifar<20, Classes> with Base channels in its first stage, for frames of Side x Side pixels.
template <int Classes, int Base, int Side = 32>
struct slim_resnet20
    : network<input<3, Side, Side>, named<"conv1", conv2d<Base, kernel<3>, bias<false>>>,
              named<"bn1", batch_norm>, relu, named<"layer1", repeat<3, basic_block<Base>>>,
              named<"layer2", basic_block<2 * Base, stride<2>, zero_pad_shortcut<2 * Base, 2>>,
                    repeat<2, basic_block<2 * Base>>>,
              named<"layer3", basic_block<4 * Base, stride<2>, zero_pad_shortcut<4 * Base, 2>>,
                    repeat<2, basic_block<4 * Base>>>,
              global_average_pool, named<"linear", dense<Classes>>> {};

template <name Name, int Classes>
using narrow_exit =
    exit_branch<Name, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu,
                max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu,
                global_average_pool, dense<Classes>>;

/// A width of the multi-capacity network, with exits.
template <int Classes, int Base>
struct slim_with_exits
    : with_exits<slim_resnet20<Classes, Base>, at<2, narrow_exit<"after_2", Classes>>,
                 at<4, narrow_exit<"after_4", Classes>>, at<7, narrow_exit<"after_7", Classes>>> {};

/// What both data sets have: four widths, two of them at two lower resolutions, BranchyNet, the
/// multi-capacity network with and without exits.
template <int Classes, class Data>
void append_common(std::vector<variant>& all) {
  const auto width = [&]<int Base>(std::integral_constant<int, Base>) {
    const std::string base = std::to_string(Base);
    all.push_back(variant_of<slim_resnet20<Classes, Base>>("width_" + base, "width", "width_" + base));
    all.push_back(
        variant_of<slim_resnet20<Classes, Base>, load_width<Base>>("nested_" + base, "nested", "nested"));
    all.push_back(variant_of<slim_with_exits<Classes, Base>, load_width<Base>>(
        "nested_exits_" + base, "nested_exits", "nested_exits"));
  };
  const auto lower = [&]<int Base, int Side>(std::integral_constant<int, Base>,
                                             std::integral_constant<int, Side>) {
    const std::string base = std::to_string(Base);
    all.push_back(variant_of<slim_resnet20<Classes, Base, Side>>(
        "width_" + base + "_at_" + std::to_string(Side), "resolution", "width_" + base));
  };
  width(std::integral_constant<int, 16>{});
  width(std::integral_constant<int, 12>{});
  width(std::integral_constant<int, 8>{});
  width(std::integral_constant<int, 4>{});
  lower(std::integral_constant<int, 16>{}, std::integral_constant<int, 24>{});
  lower(std::integral_constant<int, 16>{}, std::integral_constant<int, 16>{});
  lower(std::integral_constant<int, 8>{}, std::integral_constant<int, 24>{});
  lower(std::integral_constant<int, 8>{}, std::integral_constant<int, 16>{});
  all.push_back(variant_of<examples::b_resnet20<Classes, Data>>("branchynet", "branchynet", "branchynet"));
}

}  // namespace comparators
