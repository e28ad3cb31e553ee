// SPDX-License-Identifier: MIT
// What compile.py measures: ResNet-50 with four exits, three of them inside repeats, from frame to answer.
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models/resnet.hpp>

using namespace flexdnn;

using head = sequence<global_average_pool, dense<1000>>;
struct adaptive : with_exits<resnet<50>, at<4, exit_branch<"first", head>>, at<8, exit_branch<"second", head>>,
                             at<12, exit_branch<"third", head>>, at<15, exit_branch<"fourth", head>>> {};

packed<adaptive> values;
engine<adaptive, entropy_confidence<adaptive>> net{values, thresholds{0.9F, 0.8F, 0.7F, 0.6F}};

int classify(const float (&frame)[3 * 224 * 224]) { return net.run(frame).label; }
