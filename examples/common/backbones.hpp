// SPDX-License-Identifier: MIT
// backbones: the plain networks that programs train and adapt by name: a new one is one line of the table.
#pragma once

#include <flexdnn/models.hpp>
#include <flexdnn/models/cifar10.hpp>
#include <string>
#include <string_view>
#include <tuple>

namespace examples {

/// Data: how it wants its frames. Both are spelled too, for the header that adapt writes.
template <class Backbone, class Data>
struct known_backbone {
  std::string_view name, spelled, data;
};

inline constexpr std::tuple known_backbones{
    known_backbone<flexdnn::resnet_cifar<20>, flexdnn::cifar10>{"resnet20", "resnet_cifar<20>", "cifar10"},
    known_backbone<flexdnn::resnet_cifar<56>, flexdnn::cifar10>{"resnet56", "resnet_cifar<56>", "cifar10"},
    known_backbone<flexdnn::resnet_cifar<20, 43>, flexdnn::gtsrb>{"gtsrb_resnet20", "resnet_cifar<20, 43>",
                                                                  "gtsrb"},
    known_backbone<flexdnn::vgg16_cifar<43>, flexdnn::gtsrb>{"gtsrb_vgg16", "vgg16_cifar<43>", "gtsrb"},
    known_backbone<flexdnn::lenet<10>, flexdnn::fashion_mnist>{"lenet", "lenet<10>", "fashion_mnist"},
    known_backbone<flexdnn::scenes8_resnet<14>, flexdnn::scenes8>{"scenes8_resnet14", "scenes8_resnet<14>",
                                                                  "scenes8"},
    known_backbone<flexdnn::resnet_cifar<14, 2>, flexdnn::vehicles>{"vehicles_resnet14",
                                                                    "resnet_cifar<14, 2>", "vehicles"},
};

[[nodiscard]] inline std::string backbone_names() {
  std::string names;
  const auto add = [&](const auto&... one) {
    ((names += (names.empty() ? "" : ", ") + std::string(one.name)), ...);
  };
  std::apply(add, known_backbones);
  return names;
}

/// Calls run(known_backbone) of the one that has the name; false: none has it.
template <class Run>
[[nodiscard]] bool with_backbone(std::string_view name, Run run) {
  const auto try_each = [&](const auto&... one) { return ((one.name == name && (run(one), true)) || ...); };
  return std::apply(try_each, known_backbones);
}

}  // namespace examples
