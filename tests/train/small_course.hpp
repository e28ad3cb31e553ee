// SPDX-License-Identifier: MIT
// small_course: a network with batch norm, dropout and exits, images to train it on, and the training.
#pragma once

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train.hpp>
#include <vector>

namespace flexdnn::test {

struct small_data {
  static constexpr shape frame{3, 8, 8};
  static constexpr std::array<float, 3> mean{0.5F, 0.5F, 0.5F};
  static constexpr std::array<float, 3> deviation{0.25F, 0.25F, 0.25F};
};

struct two_exits
    : network<input<3, 8, 8>, conv2d<8, kernel<3>>, batch_norm, relu,
              exit_branch<"first", conv2d<8, kernel<3>, stride<2>, bias<false>>, batch_norm, relu,
                          global_average_pool, dense<3>>,
              conv2d<8, kernel<3>, stride<2>>, relu, residual<sequence<conv2d<8, kernel<3>>, batch_norm>>,
              exit_branch<"second", global_average_pool, dense<3>>, dropout<std::ratio<1, 10>>,
              global_average_pool, dense<3>> {};

/// Class c is the image whose channel c is bright.
inline records bright_channel(std::size_t count) {
  records data{small_data::frame, {}};
  random_generator random(21);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t label = random.below(3);
    data.bytes.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t c = 0; c < 3; ++c) {
      for (int p = 0; p < 64; ++p)
        data.bytes.push_back(static_cast<std::uint8_t>(random.below(120) + (c == label ? 90 : 0)));
    }
  }
  return data;
}

inline training quick(std::vector<training_phase> phases, unsigned threads = 1) {
  training t;
  t.phases = std::move(phases);
  t.batch = 32;
  t.rule = sgd{.momentum = 0.9, .nesterov = true, .weight_decay = 1e-4};
  t.images = {.flip = true, .shift = 1};
  t.seed = 7;
  t.threads = threads;
  return t;
}

struct course {
  weights<two_exits> w;
  trainer train;
  std::vector<epoch_report> reports;

  explicit course(const training& t, communicator& processes = alone())
      : train(make_training_graph<two_exits>(), w.values, frame_format::of<small_data>(), t, processes) {
    train.initialise(trained_part::whole);
  }
  course(const course&) = delete;

  status run(const records& data, int last_epoch = 1000) {
    return train.run(data, [&](const epoch_report& e) {
      reports.push_back(e);
      return e.epoch + 1 < last_epoch ? status{} : status::error(code::cannot_write, "enough");
    });
  }
};

}  // namespace flexdnn::test
