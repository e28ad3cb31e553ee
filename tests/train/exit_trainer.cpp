// SPDX-License-Identifier: MIT
// Laws of training exits: it learns, leaves the trunk alone, depends on the seed and not on threads, and
// refuses what it cannot use.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train.hpp>
#include <string>

using namespace flexdnn;

namespace {

struct small_data {
  static constexpr shape frame{3, 8, 8};
  static constexpr std::array<float, 3> mean{0.5F, 0.5F, 0.5F};
  static constexpr std::array<float, 3> deviation{0.25F, 0.25F, 0.25F};
};

struct two_exits
    : network<input<3, 8, 8>, conv2d<8, kernel<3>>, relu,
              exit_branch<"first", conv2d<8, kernel<3>, stride<2>, bias<false>>, batch_norm, relu,
                          global_average_pool, dense<3>>,
              conv2d<8, kernel<3>, stride<2>>, relu, exit_branch<"second", global_average_pool, dense<3>>,
              global_average_pool, dense<3>> {};

/// Class c is the image whose channel c is bright: any trunk of random filters tells them apart.
records bright_channel(std::size_t count) {
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

weights<two_exits> random_weights() {
  weights<two_exits> w;
  random_generator random(33);
  for (float& x : w.values) x = static_cast<float>(0.3 * random.normal());
  return w;
}

struct result {
  weights<two_exits> w = random_weights();
  std::vector<epoch_report> reports;
};

result train(unsigned threads, std::uint64_t seed, const records& data) {
  result r;
  exit_trainer<two_exits, small_data> trainer(r.w, {.epochs = 8,
                                                    .batch = 32,
                                                    .learning_rate = 2e-2,
                                                    .images = {.flip = true, .shift = 1},
                                                    .seed = seed,
                                                    .threads = threads});
  trainer.initialise();
  const status s = trainer.run(data, [&](const epoch_report& e) {
    r.reports.push_back(e);
    return status{};
  });
  REQUIRE_MESSAGE(s, s.message());
  return r;
}

}  // namespace

TEST_CASE("training learns, leaves the trunk as it was, and is the same on one thread and on three") {
  const records data = bright_channel(320);
  const result one = train(1, 7, data), three = train(3, 7, data), other = train(1, 8, data);
  CHECK(one.w.values == three.w.values);
  CHECK(one.w.values != other.w.values);
  const auto untouched = random_weights();
  constexpr std::size_t trunk = lowered<two_exits>::trunk_parameters;
  CHECK(std::equal(one.w.values.begin(), one.w.values.begin() + trunk, untouched.values.begin()));

  REQUIRE(one.reports.size() == 8);
  for (std::size_t e = 0; e < 2; ++e) {
    CHECK(one.reports.back().loss[e] < 0.5 * one.reports.front().loss[e]);
    CHECK(one.reports.back().accuracy[e] > 0.9);
  }

  // What was trained is what the engine runs: batch norm's running statistics included.
  static packed<two_exits> p;
  pack(one.w, p);
  static engine<two_exits, always_first> net{p};
  std::vector<float> frame(small_data::frame.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    normalize_planar(data.extent, data.pixels(i).data(), small_data::mean, small_data::deviation,
                     frame.data());
    right += static_cast<std::size_t>(net.run(decltype(net)::frame(frame)).label) == data.label(i) ? 1U : 0U;
  }
  CHECK(static_cast<double>(right) / static_cast<double>(data.size()) > 0.9);
}

TEST_CASE("what cannot be trained on is refused with a sentence") {
  const auto run = [](const records& data, const exit_training& options) {
    weights<two_exits> w = random_weights();
    exit_trainer<two_exits, small_data> trainer(w, options);
    trainer.initialise();
    return trainer.run(data, [](const epoch_report&) { return status{}; });
  };
  records data = bright_channel(64);
  const exit_training options{.epochs = 1, .batch = 32, .threads = 1};
  CHECK(run(data, options));

  exit_training large = options;
  large.batch = 65;
  CHECK(run(data, large).code() == code::bad_option);

  for (const auto& spoil :
       {+[](exit_training& o) { o.learning_rate = 0.0; },
        +[](exit_training& o) { o.learning_rate = std::nan(""); },
        +[](exit_training& o) { o.weight_decay = -1.0; }, +[](exit_training& o) { o.label_smoothing = 1.0; },
        +[](exit_training& o) { o.images.shift = -1; }}) {
    exit_training spoilt = options;
    spoil(spoilt);
    CHECK(run(data, spoilt).code() == code::bad_option);
  }

  exit_training wild = options;
  wild.learning_rate = 1e30;
  wild.epochs = 3;
  const status not_finite = run(data, wild);
  CHECK(not_finite.code() == code::not_finite);

  records other = data;
  other.extent = {3, 4, 16};
  CHECK(run(other, options).code() == code::wrong_shape);

  data.bytes[0] = 3;
  const status label = run(data, options);
  CHECK(label.code() == code::bad_option);
  CHECK(std::string(label.message()).find("image 0 has label 3") != std::string::npos);
}

TEST_CASE("a trainer can run again and goes on from where it was") {
  const records data = bright_channel(96);
  weights<two_exits> w = random_weights(), again = random_weights();
  const exit_training options{.epochs = 1, .batch = 32, .images = {.flip = false, .shift = 0}, .threads = 2};
  const auto nothing = [](const epoch_report&) { return status{}; };
  exit_trainer<two_exits, small_data> trainer(w, options);
  trainer.initialise();
  REQUIRE(trainer.run(data, nothing));
  const std::vector<float> trained = w.values;
  REQUIRE(trainer.run(data, nothing));
  CHECK(w.values != trained);
  exit_trainer<two_exits, small_data> other(again, options);
  other.initialise();
  REQUIRE(other.run(data, nothing));
  CHECK(again.values == trained);
}

TEST_CASE("an error after an epoch stops training") {
  weights<two_exits> w = random_weights();
  exit_trainer<two_exits, small_data> trainer(w, {.epochs = 5, .batch = 32, .threads = 1});
  trainer.initialise();
  int epochs = 0;
  const status s = trainer.run(bright_channel(64), [&](const epoch_report&) {
    ++epochs;
    return status::error(code::cannot_write, "disk full");
  });
  CHECK(epochs == 1);
  CHECK(s.code() == code::cannot_write);
}
