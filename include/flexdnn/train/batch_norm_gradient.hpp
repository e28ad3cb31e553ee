// SPDX-License-Identifier: MIT
// batch_norm_gradient: batch normalisation in training mode over a mini-batch in parts, and its gradient.
#pragma once

#include <algorithm>
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
  std::vector<double> values;  ///< {2, channels}: means, then sums of squares

  channel_moments() = default;

  /// Of so many pixels, whose moments are still to come.
  channel_moments(std::size_t channels, double count) : pixels(count), values(2 * channels, 0.0) {}

  /// Of x {pixels, channels}, in two passes.
  template <class T>
  channel_moments(std::size_t rows, std::size_t channels, const T* x)
      : channel_moments(channels, static_cast<double>(rows)) {
    double* const mean = values.data();
    double* const squares = mean + channels;
    for (std::size_t p = 0; p < rows; ++p) {
      for (std::size_t k = 0; k < channels; ++k) mean[k] += static_cast<double>(x[p * channels + k]);
    }
    for (std::size_t k = 0; k < channels; ++k) mean[k] /= pixels;
    for (std::size_t p = 0; p < rows; ++p) {
      for (std::size_t k = 0; k < channels; ++k) {
        const double centred = static_cast<double>(x[p * channels + k]) - mean[k];
        squares[k] += centred * centred;
      }
    }
  }

  [[nodiscard]] std::size_t channels() const { return values.size() / 2; }

  /// Adds another part of the mini-batch (Chan, Golub and LeVeque 1983). What had no pixels becomes the
  /// other, to the bit.
  void merge(const channel_moments& other) {
    const double sum = pixels + other.pixels;
    const std::size_t n = channels();
    if (pixels == 0.0) std::copy(other.values.begin(), other.values.end(), values.begin());
    for (std::size_t k = 0; pixels > 0.0 && k < n; ++k) {
      const double apart = other.values[k] - values[k];
      values[k] += apart * other.pixels / sum;
      values[n + k] += other.values[n + k] + apart * apart * pixels * other.pixels / sum;
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
  const std::size_t channels = batch.channels();
  for (std::size_t k = 0; k < channels; ++k) {
    const double squares = batch.values[channels + k];
    mean[k] = static_cast<T>(batch.values[k]);
    inverse[k] = static_cast<T>(1.0 / std::sqrt(squares / batch.pixels + options.epsilon));
    running_mean[k] += rate * (mean[k] - running_mean[k]);
    if (batch.pixels > 1.0) {
      running_variance[k] += rate * (static_cast<T>(squares / (batch.pixels - 1.0)) - running_variance[k]);
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
