// SPDX-License-Identifier: MIT
// network_backward: the backward pass of network_gradient (bodies of that class).
#pragma once

#include "network_gradient.hpp"

namespace flexdnn {

template <class T>
void network_gradient<T>::backward(std::size_t i) {
  using enum operation::kind;
  const operation& o = graph_.operations[i];
  const record& k = kept_[i];
  std::vector<T>& given = gradients_[index(o.output)];
  const bool wants_input = wanted_[index(o.input)];
  const bool wants_second = o.second >= 0 && wanted_[index(o.second)];
  const auto channels = static_cast<std::size_t>(o.in.channels);
  const auto pixels = static_cast<std::size_t>(o.in.pixels());

  // The parts of a concatenation share its gradient; the first one, which comes last, gives it back.
  std::vector<T> dy;
  const bool last_reader = o.what != append || o.channel == 0;
  if (last_reader) dy = std::exchange(given, {});
  const std::vector<T>& from = last_reader ? dy : given;

  if (o.what == add) {
    if (wants_second) {
      std::vector<T> copy = take(o.second);
      for_each_part(parts, [&](std::size_t first, int n, std::size_t, std::size_t) {
        const std::size_t size = o.in.size();
        std::copy_n(dy.data() + first * size, static_cast<std::size_t>(n) * size, copy.data() + first * size);
      });
      deposit(o.second, std::move(copy));
    }
    if (wants_input) deposit(o.input, std::move(dy));
    return;
  }

  std::vector<T> dx, dsecond;
  if (wants_input && !o.element_wise()) dx = take(o.input);
  if (wants_second) dsecond = take(o.second);
  if (o.what == linear) {
    backward_linear(o, k, dy, wants_input ? dx.data() : nullptr);
  } else if (o.what == batch_norm) {
    backward_batch_norm(o, k, dy, wants_input ? dx.data() : nullptr);
  } else {
    const std::size_t out = graph_.maps[index(o.output)].size();
    const T* const input = o.needs_input() ? map(o.input) : nullptr;
    const T* const output = o.needs_output() ? map(o.output) : nullptr;
    const T* const second = o.second >= 0 ? map(o.second) : nullptr;
    T* const to = o.element_wise() ? dy.data() : wants_input ? dx.data() : nullptr;
    for_each_part(parts, [&](std::size_t first, int n, std::size_t, std::size_t) {
      const auto images = static_cast<std::size_t>(n);
      const T* const d = from.data() + first * out;
      T* const t = to ? to + first * o.in.size() : nullptr;
      const T* const x = input ? input + first * o.in.size() : nullptr;
      const T* const y = output ? output + first * out : nullptr;
      const std::size_t count = images * o.in.size();
      switch (o.what) {
        case activation:
          activation_backward(o.function, o.constant, count, input ? x : y, d, t);
          break;
        case max_pool:
          max_pool_backward(o.pool, n, x, d, t);
          break;
        case average_pool:
          average_pool_backward(o.pool, n, d, t);
          break;
        case dropout:
          dropout_backward(count, o.constant, k.mask.data() + first * out, d, t);
          break;
        case softmax:
          softmax_backward(images * pixels, channels, y, d, t);
          break;
        case gather:
          for (std::size_t j = 0; j < images; ++j) {
            gather_backward(o.from, d + j * out, o.in.size(), t + j * o.in.size());
          }
          break;
        case multiply: {
          const T* const other = second + first * out;
          for (std::size_t j = 0; wants_second && j < count; ++j) dsecond[first * out + j] = d[j] * x[j];
          for (std::size_t j = 0; t && j < count; ++j) t[j] = d[j] * other[j];
          break;
        }
        case scale:
          for (std::size_t j = 0; j < images; ++j) {
            const std::size_t at = j * out, factor = (first + j) * channels;
            scale_backward(pixels, channels, x + at, second + factor, d + at, t ? t + at : nullptr,
                           wants_second ? dsecond.data() + factor : nullptr);
          }
          break;
        case append: {
          const auto pitch = static_cast<std::size_t>(graph_.maps[index(o.output)].channels);
          if (t) copy_channels(images * pixels, channels, d + o.channel, pitch, t, channels);
          break;
        }
        case linear:
        case batch_norm:
        case add:
          break;
      }
    });
  }
  if (wants_second) deposit(o.second, std::move(dsecond));
  if (wants_input) deposit(o.input, o.element_wise() ? std::move(dy) : std::move(dx));
  if (last_reader && !dy.empty()) free_.push_back(std::move(dy));
}

/// Sums of parts are as large as the weights: of a large layer there are fewer.
template <class T>
void network_gradient<T>::backward_linear(const operation& o, const record& k, const std::vector<T>& dy,
                                          T* dx) {
  constexpr std::size_t most = std::size_t{1} << 24U;
  const int count = static_cast<int>(std::clamp<std::size_t>(most / o.parameters, 1, parts));
  const T* const input = map(o.input);
  const std::size_t sums = part_count(count);
  partial_.assign(sums * o.parameters, T{0});
  for_each_part(count, [&](std::size_t first, int n, std::size_t part, std::size_t worker) {
    T* const dw = partial_.data() + part * o.parameters;
    const T* const d = dy.data() + first * o.out.size();
    convolution_gradient(o.linear, n, input + first * o.in.size(), d, dw,
                         o.bias ? dw + o.weight_count() : nullptr, workspaces_[worker]);
    if (dx) k.backward.run(n, d, dx + first * o.in.size(), workspaces_[worker]);
  });
  const std::span<T> to = sums_.subspan(o.weights, o.parameters);
  add_in_order(processes_, to, [&] {
    for (std::size_t part = 0; part < sums; ++part) {
      for (std::size_t j = 0; j < o.parameters; ++j) to[j] += partial_[part * o.parameters + j];
    }
  });
}

template <class T>
void network_gradient<T>::backward_batch_norm(const operation& o, const record& k, const std::vector<T>& dy,
                                              T* dx) {
  const auto channels = static_cast<std::size_t>(o.in.channels);
  const auto pixels = static_cast<std::size_t>(o.in.pixels());
  const T* const gamma = weights_.data() + o.weights;
  const T* const input = map(o.input);
  std::vector<double> sums(part_count(parts) * 2 * channels, 0.0);
  for_each_part(parts, [&](std::size_t first, int n, std::size_t part, std::size_t) {
    double* const sum = sums.data() + part * 2 * channels;
    batch_norm_sums(static_cast<std::size_t>(n) * pixels, channels, input + first * o.in.size(),
                    k.mean.data(), k.inverse.data(), dy.data() + first * o.in.size(), sum, sum + channels);
  });
  std::vector<double> all(2 * channels, 0.0);
  add_in_order(processes_, std::span(all), [&] {
    for (std::size_t j = 0; j < sums.size(); ++j) all[j % all.size()] += sums[j];
  });
  share_sum(processes_, std::span(all));
  std::vector<T> means(2 * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    sums_[o.weights + c] += static_cast<T>(all[channels + c]);
    sums_[o.weights + channels + c] += static_cast<T>(all[c]);
  }
  const double count = static_cast<double>(share_.whole) * static_cast<double>(pixels);
  for (std::size_t j = 0; j < means.size(); ++j) means[j] = static_cast<T>(all[j] / count);
  if (!dx) return;
  for_each_part(parts, [&](std::size_t first, int n, std::size_t, std::size_t) {
    const std::size_t at = first * o.in.size();
    batch_norm_backward(static_cast<std::size_t>(n) * pixels, channels, input + at, gamma, k.mean.data(),
                        k.inverse.data(), means.data(), means.data() + channels, dy.data() + at, dx + at);
  });
}

}  // namespace flexdnn
