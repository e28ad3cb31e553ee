// SPDX-License-Identifier: MIT
// models: every backbone and its blocks. Not part of flexdnn.hpp, so that short names stay free for its users.
#pragma once

#include "models/fashion_mnist.hpp"
#include "models/gtsrb.hpp"
#include "models/inception_v3.hpp"
#include "models/lenet.hpp"
#include "models/mlperf_resnet8.hpp"
#include "models/mobilenet_v1.hpp"
#include "models/mobilenet_v2.hpp"
#include "models/resnet.hpp"
#include "models/resnet_cifar.hpp"
#include "models/scenes8.hpp"
#include "models/squeeze_excitation.hpp"
#include "models/squeezenet.hpp"
#include "models/vehicles.hpp"
#include "models/vgg16.hpp"
