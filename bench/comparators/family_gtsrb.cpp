// SPDX-License-Identifier: MIT
#include "family.hpp"
#include FLEXDNN_OURS_GTSRB

namespace comparators {

std::vector<variant> gtsrb_family() {
  std::vector<variant> all;
  append_common<43, gtsrb>(all);
  const auto width = [&]<int Base>(std::integral_constant<int, Base>) {
    const std::string name = "width_" + std::to_string(Base);
    all.push_back(variant_of<slim_resnet20<43, Base>>(name, "width", name));
  };
  width(std::integral_constant<int, 14>{});
  width(std::integral_constant<int, 11>{});
  width(std::integral_constant<int, 10>{});
  width(std::integral_constant<int, 7>{});
  width(std::integral_constant<int, 6>{});
  width(std::integral_constant<int, 5>{});
  all.push_back(variant_of<gtsrb_ours>("ours", "ours", "gtsrb_ours"));
  return all;
}

}  // namespace comparators
