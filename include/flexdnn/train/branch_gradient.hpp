// SPDX-License-Identifier: MIT
// branch_gradient: forward and backward of a whole exit branch over a mini-batch.
#pragma once

#include <span>

#include "average_pool_gradient.hpp"
#include "batch_norm_gradient.hpp"
#include "branch_layer.hpp"
#include "convolution_gradient.hpp"
#include "dropout_gradient.hpp"
#include "max_pool_gradient.hpp"
#include "random_generator.hpp"
#include "relu_gradient.hpp"

namespace flexdnn {

/// A branch in training mode (batch statistics, dropout). Single-threaded: branches train side by side.
template <class T>
class branch_gradient {
 public:
  explicit branch_gradient(std::vector<branch_layer> layers)
      : layers_(std::move(layers)), kept_(layers_.size()) {}

  [[nodiscard]] const std::vector<branch_layer>& layers() const { return layers_; }

  /// Class scores {n, classes} of features {n, H, W, C}. parameters: the branch's canonical block, whose
  /// running statistics are updated. What backward needs is kept until the next call; features must stay.
  std::span<const T> forward(int n, const T* features, std::span<T> parameters, random_generator& random) {
    using enum branch_layer::operation;
    features_ = features;
    const T* x = features;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const branch_layer& l = layers_[i];
      record& k = kept_[i];
      const std::size_t size = static_cast<std::size_t>(n) * l.out.size();
      k.out.resize(size);
      T* const w = parameters.data() + l.weights;
      const auto channels = static_cast<std::size_t>(l.in.channels);
      switch (l.what) {
        case linear:
          convolution_forward(l.linear, n, x, w, l.bias ? w + l.weight_count() : nullptr, k.out.data(),
                              workspace_);
          break;
        case batch_norm:
          k.mean.resize(channels);
          k.inverse.resize(channels);
          batch_norm_forward<T>({.epsilon = l.constant}, size / channels, channels, x, w, w + channels,
                                w + 2 * channels, w + 3 * channels, k.mean.data(), k.inverse.data(),
                                k.out.data());
          break;
        case relu:
          relu_forward(size, x, k.out.data());
          break;
        case max_pool:
          max_pool_forward(l.pool, n, x, k.out.data());
          break;
        case average_pool:
          average_pool_forward(l.pool, n, x, k.out.data());
          break;
        case dropout:
          k.mask.resize(size);
          dropout_forward(size, l.constant, random, x, k.out.data(), k.mask.data());
          break;
      }
      x = k.out.data();
    }
    return kept_.back().out;
  }

  /// Adds dL/dparameters to `gradients` (as long as parameters), from dL/dscores of the last forward.
  void backward(int n, std::span<const T> dscores, std::span<const T> parameters, std::span<T> gradients) {
    using enum branch_layer::operation;
    dy_.assign(dscores.begin(), dscores.end());
    for (std::size_t i = layers_.size(); i-- > 0;) {
      const branch_layer& l = layers_[i];
      record& k = kept_[i];
      const T* const x = i > 0 ? kept_[i - 1].out.data() : features_;
      const T* const w = parameters.data() + l.weights;
      T* const dw = gradients.data() + l.weights;
      const std::size_t out = static_cast<std::size_t>(n) * l.out.size();
      const auto channels = static_cast<std::size_t>(l.in.channels);
      dx_.resize(static_cast<std::size_t>(n) * l.in.size());
      switch (l.what) {
        case linear:
          // The trunk is frozen: the first layer's dx is nobody's.
          convolution_backward(l.linear, n, x, w, dy_.data(), i > 0 ? dx_.data() : nullptr, dw,
                               l.bias ? dw + l.weight_count() : nullptr, workspace_);
          break;
        case batch_norm:
          batch_norm_backward(out / channels, channels, x, w, k.mean.data(), k.inverse.data(), dy_.data(),
                              dx_.data(), dw, dw + channels);
          break;
        case relu:
          relu_backward(out, k.out.data(), dy_.data(), dx_.data());
          break;
        case max_pool:
          max_pool_backward(l.pool, n, x, dy_.data(), dx_.data());
          break;
        case average_pool:
          average_pool_backward(l.pool, n, dy_.data(), dx_.data());
          break;
        case dropout:
          dropout_backward(out, l.constant, k.mask.data(), dy_.data(), dx_.data());
          break;
      }
      std::swap(dx_, dy_);
    }
  }

 private:
  struct record {
    std::vector<T> out, mean, inverse;
    std::vector<std::uint8_t> mask;
  };

  std::vector<branch_layer> layers_;
  std::vector<record> kept_;
  std::vector<T> dx_, dy_, workspace_;
  const T* features_ = nullptr;
};

}  // namespace flexdnn
