// SPDX-License-Identifier: MIT
// What compile.py measures: ResNet-56 with three exits, one of them inside a repeat, from frame to answer.
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<10>>;
struct adaptive : with_exits<resnet_cifar<56>, at<7, exit_branch<"first", head>>, at<14, exit_branch<"second", head>>,
                             at<21, exit_branch<"third", head>>> {};

packed<adaptive> values;
engine<adaptive, entropy_confidence<adaptive>> net{values, thresholds{0.9F, 0.8F, 0.7F}};

int classify(const float (&frame)[3 * 32 * 32]) { return net.run(frame).label; }
