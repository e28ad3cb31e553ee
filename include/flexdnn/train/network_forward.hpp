// SPDX-License-Identifier: MIT
// network_forward: the forward pass of network_gradient (bodies of that class).
#pragma once

#include "network_gradient.hpp"

namespace flexdnn {

template <class T>
void network_gradient<T>::prepare(std::size_t i) {
  const operation& o = graph_.operations[i];
  if (o.what != operation::kind::linear || !computed(o)) return;
  const T* const w = parameters_.data() + o.weights;
  kept_[i].forward.forward(o.linear, w, o.bias ? w + o.weight_count() : nullptr);
  if (wanted_[index(o.input)]) kept_[i].backward.backward(o.linear, w);
}

template <class T>
void network_gradient<T>::forward(std::size_t i) {
  using enum operation::kind;
  const operation& o = graph_.operations[i];
  record& k = kept_[i];
  std::vector<T>& buffer = buffers_[index(buffer_of_[index(o.output)])];
  buffer.resize(size_of(o.output));
  const T* const input = map(o.input);
  const T* const second = o.second >= 0 ? map(o.second) : nullptr;
  T* const w = parameters_.data() + o.weights;
  const auto channels = static_cast<std::size_t>(o.in.channels);
  const auto pixels = static_cast<std::size_t>(o.in.pixels());
  if (o.what == batch_norm) find_statistics(o, k, input, w);
  if (o.what == dropout) k.mask.resize(buffer.size());
  for_each_part(parts, [&](std::size_t first, int n, std::size_t, std::size_t worker) {
    const auto images = static_cast<std::size_t>(n);
    const T* const x = input + first * o.in.size();
    T* const y = buffer.data() + first * graph_.maps[index(o.output)].size();
    const T* const other = second ? second + first * graph_.maps[index(o.second)].size() : nullptr;
    const std::size_t count = images * o.in.size();
    switch (o.what) {
      case linear:
        k.forward.run(n, x, y, workspaces_[worker]);
        break;
      case batch_norm:
        batch_norm_forward(images * pixels, channels, x, w, w + channels, k.mean.data(), k.inverse.data(), y);
        break;
      case activation:
        activation_forward(o.function, o.constant, count, x, y);
        break;
      case max_pool:
        max_pool_forward(o.pool, n, x, y);
        break;
      case average_pool:
        average_pool_forward(o.pool, n, x, y);
        break;
      case dropout:
        drop(i, first, images, x, y);
        break;
      case softmax:
        softmax_forward(images * pixels, channels, x, y);
        break;
      case gather:
        for (std::size_t j = 0; j < images; ++j)
          gather_forward(o.from, x + j * o.in.size(), y + j * o.out.size());
        break;
      case add:
        std::transform(x, x + count, other, y, [](T a, T b) { return a + b; });
        break;
      case multiply:
        std::transform(x, x + count, other, y, [](T a, T b) { return a * b; });
        break;
      case scale:
        for (std::size_t j = 0; j < images; ++j) {
          scale_forward(pixels, channels, x + j * o.in.size(), other + j * channels, y + j * o.in.size());
        }
        break;
      case append: {
        const auto pitch = static_cast<std::size_t>(graph_.maps[index(o.output)].channels);
        copy_channels(images * pixels, channels, x, channels, y + o.channel, pitch);
        break;
      }
    }
  });
}

template <class T>
void network_gradient<T>::drop(std::size_t i, std::size_t first, std::size_t images, const T* x, T* y) {
  const operation& o = graph_.operations[i];
  const std::size_t size = o.in.size();
  for (std::size_t j = 0; j < images; ++j) {
    const std::uint64_t image = static_cast<std::uint64_t>(share_.first) + first + j;
    random_generator random(key_, (static_cast<std::uint64_t>(i) << 32U) + image);
    dropout_forward(size, trained(o) ? o.constant : 0.0, random, x + j * size, y + j * size,
                    kept_[i].mask.data() + (first + j) * size);
  }
}

/// Of the mini-batch, or the running ones where the layer is frozen.
template <class T>
void network_gradient<T>::find_statistics(const operation& o, record& k, const T* input, T* w) {
  const auto channels = static_cast<std::size_t>(o.in.channels);
  k.mean.resize(channels);
  k.inverse.resize(channels);
  T* const running_mean = w + 2 * channels;
  T* const running_variance = w + 3 * channels;
  if (!trained(o)) {
    for (std::size_t c = 0; c < channels; ++c) {
      k.mean[c] = running_mean[c];
      k.inverse[c] = static_cast<T>(1.0 / std::sqrt(static_cast<double>(running_variance[c]) + o.constant));
    }
    return;
  }
  std::vector<channel_moments> moments(part_count(parts));
  for_each_part(parts, [&](std::size_t first, int n, std::size_t part, std::size_t) {
    const auto pixels = static_cast<std::size_t>(n * o.in.pixels());
    moments[part] = channel_moments(pixels, channels, input + first * o.in.size());
  });
  // The first part begins, whose process has none before it.
  channel_moments all(channels, static_cast<double>(share_.first) * o.in.pixels());
  add_in_order(processes_, std::span(all.values), [&] {
    for (const channel_moments& part : moments) all.merge(part);
  });
  all.pixels = static_cast<double>(share_.whole) * o.in.pixels();
  share_sum(processes_, std::span(all.values));
  batch_norm_statistics({.epsilon = o.constant}, all, running_mean, running_variance, k.mean.data(),
                        k.inverse.data());
}

}  // namespace flexdnn
