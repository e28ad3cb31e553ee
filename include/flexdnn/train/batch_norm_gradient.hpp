// SPDX-License-Identifier: MIT
// batch_norm_gradient: batch normalisation in training mode over a mini-batch in parts, and its gradient.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace flexdnn {

/// The two numbers of PyTorch's BatchNorm2d, with its defaults.
struct batch_norm_options {
  double epsilon = 1e-5;
  double momentum = 0.1;
};

/// Per channel: mean, and sum of (x - mean)^2, over so many pixels. In double: float sums of x^2 over
/// 128 x 32 x 32 pixels were off by 1e-5, 100 roundings.
struct channel_moments {
  double pixels = 0.0;
  std::vector<double> mean, squares;

  channel_moments() = default;

  /// Of x {pixels, channels}, in two passes.
  template <class T>
  channel_moments(std::size_t rows, std::size_t channels, const T* x)
      : pixels(static_cast<double>(rows)), mean(channels, 0.0), squares(channels, 0.0) {
    for (std::size_t p = 0; p < rows; ++p) {
      for (std::size_t k = 0; k < channels; ++k) mean[k] += static_cast<double>(x[p * channels + k]);
    }
    for (double& m : mean) m /= pixels;
    for (std::size_t p = 0; p < rows; ++p) {
      for (std::size_t k = 0; k < channels; ++k) {
        const double centred = static_cast<double>(x[p * channels + k]) - mean[k];
        squares[k] += centred * centred;
      }
    }
  }

  /// Adds another part of the mini-batch (Chan, Golub and LeVeque 1983).
  void merge(const channel_moments& other) {
    const double sum = pixels + other.pixels;
    for (std::size_t k = 0; k < mean.size(); ++k) {
      const double apart = other.mean[k] - mean[k];
      mean[k] += apart * other.pixels / sum;
      squares[k] += other.squares[k] + apart * apart * pixels * other.pixels / sum;
    }
    pixels = sum;
  }
};

/// From the moments of the whole mini-batch of m pixels: `mean` and `inverse` = 1 / sqrt(variance + epsilon),
/// with the biased variance, {channels}; and running += momentum (batch - running), where the running
/// variance takes the unbiased m / (m - 1) variance (m = 1: unchanged), as PyTorch.
template <class T>
void batch_norm_statistics(const batch_norm_options& options, const channel_moments& batch, T* running_mean,
                           T* running_variance, T* mean, T* inverse) {
  const T rate = static_cast<T>(options.momentum);
  for (std::size_t k = 0; k < batch.mean.size(); ++k) {
    mean[k] = static_cast<T>(batch.mean[k]);
    inverse[k] = static_cast<T>(1.0 / std::sqrt(batch.squares[k] / batch.pixels + options.epsilon));
    running_mean[k] += rate * (mean[k] - running_mean[k]);
    if (batch.pixels > 1.0) {
      running_variance[k] +=
          rate * (static_cast<T>(batch.squares[k] / (batch.pixels - 1.0)) - running_variance[k]);
    }
  }
}

/// y = gamma (x - mean) inverse + beta.  x, y: {pixels, channels}; the rest: {channels}.
template <class T>
void batch_norm_forward(std::size_t pixels, std::size_t channels, const T* x, const T* gamma, const T* beta,
                        const T* mean, const T* inverse, T* y) {
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t k = 0; k < channels; ++k) {
      const std::size_t i = p * channels + k;
      y[i] = (x[i] - mean[k]) * (inverse[k] * gamma[k]) + beta[k];
    }
  }
}

/// sum[k] += sum_p dy, product[k] += sum_p dy h, with h = (x - mean) inverse: dbeta and dgamma of this part.
template <class T>
void batch_norm_sums(std::size_t pixels, std::size_t channels, const T* x, const T* mean, const T* inverse,
                     const T* dy, double* sum, double* product) {
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t k = 0; k < channels; ++k) {
      const std::size_t i = p * channels + k;
      sum[k] += static_cast<double>(dy[i]);
      product[k] += static_cast<double>(dy[i] * ((x[i] - mean[k]) * inverse[k]));
    }
  }
}

/// dx = gamma inverse (dy - mean_dy - h mean_product), where these are sum and product over the whole
/// mini-batch, divided by its pixels.  dx: {pixels, channels}, may be dy.
template <class T>
void batch_norm_backward(std::size_t pixels, std::size_t channels, const T* x, const T* gamma, const T* mean,
                         const T* inverse, const T* mean_dy, const T* mean_product, const T* dy, T* dx) {
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t k = 0; k < channels; ++k) {
      const std::size_t i = p * channels + k;
      const T normal = (x[i] - mean[k]) * inverse[k];
      dx[i] = gamma[k] * inverse[k] * (dy[i] - mean_dy[k] - normal * mean_product[k]);
    }
  }
}

}  // namespace flexdnn
