// SPDX-License-Identifier: MIT
// Laws of training: it learns, leaves alone what is frozen, depends on the seed and not on threads, goes on
// after an interruption bit for bit, and refuses what it cannot use.
#include <doctest/doctest.h>

#include <string>

#include "io/support.hpp"
#include "small_course.hpp"

namespace {

using namespace flexdnn;
using namespace flexdnn::test;

constexpr trained_part whole = trained_part::whole, exits_alone = trained_part::exits,
                       trunk = trained_part::trunk;
constexpr std::size_t trunk_size = lowered<two_exits>::trunk_parameters;

bool same(const std::vector<float>& a, const std::vector<float>& b, std::size_t first, std::size_t last) {
  return std::equal(a.begin() + static_cast<std::ptrdiff_t>(first),
                    a.begin() + static_cast<std::ptrdiff_t>(last),
                    b.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace

TEST_CASE("training is the same on one thread, two and three, and another with another seed") {
  const records data = bright_channel(80);
  training other = quick({{whole, 1, 0.05}});
  other.seed = 8;
  course one(quick({{whole, 1, 0.05}})), two(quick({{whole, 1, 0.05}}, 2)),
      three(quick({{whole, 1, 0.05}}, 3)), different(other);
  for (course* c : {&one, &two, &three, &different}) {
    const status s = c->run(data);
    REQUIRE_MESSAGE(s, s.message());
  }
  CHECK(one.w.values == two.w.values);
  CHECK(one.w.values == three.w.values);
  CHECK(different.w.values != one.w.values);
}

TEST_CASE("training learns") {
  const records data = bright_channel(320);
  course one(quick({{whole, 4, 0.05}}, 2));
  REQUIRE(one.run(data));
  REQUIRE(one.reports.size() == 4);
  for (std::size_t e = 0; e < 3; ++e) {
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

TEST_CASE("every augmentation together: the same on one thread and three, and not what it is without") {
  const records data = bright_channel(64);
  training plain = quick({{whole, 1, 0.05}});
  training all = plain;
  all.images = {.flip = true,
                .shift = 1,
                .rotation = 10.0,
                .scale = 0.1,
                .brightness = 0.2,
                .contrast = 0.2,
                .saturation = 0.2,
                .cutout = 3};
  training threads = all;
  threads.threads = 3;
  course without(plain), one(all), three(threads);
  for (course* c : {&without, &one, &three}) REQUIRE(c->run(data));
  CHECK(one.w.values == three.w.values);
  CHECK(one.w.values != without.w.values);
}

TEST_CASE("a phase trains its part and leaves the other alone, running statistics too") {
  const records data = bright_channel(96);
  course mixed(quick({{trunk, 1, 0.05}, {exits_alone, 1, 0.05}}));
  const std::vector<float> start = mixed.w.values;
  CHECK(mixed.run(data, 1).code() == code::cannot_write);
  const std::vector<float> middle = mixed.w.values;
  CHECK_FALSE(same(start, middle, 0, trunk_size));
  CHECK(same(start, middle, trunk_size, start.size()));
  REQUIRE(mixed.run(data));
  CHECK(same(middle, mixed.w.values, 0, trunk_size));
  CHECK_FALSE(same(middle, mixed.w.values, trunk_size, start.size()));
  REQUIRE(mixed.reports.size() == 2);
  CHECK(std::isnan(mixed.reports[0].loss[0]));
  CHECK(mixed.reports[0].loss[2] > 0.0);
  CHECK(std::isnan(mixed.reports[1].loss[2]));
}

TEST_CASE("a resumed training ends in the same bits as one that was not interrupted") {
  const records data = bright_channel(96);
  training t = quick({{trunk, 2, 0.05}, {whole, 2, 0.05}});
  t.rule = adam{.weight_decay = 1e-2};
  t.loss = {.weights = {0.5, 1.0, 2.0}, .label_smoothing = 0.1, .distillation = 0.5};
  t.clip = 1.0;
  course straight(t);
  REQUIRE(straight.run(data));
  const io_test::temporary_directory directory;
  const std::string file = directory.file("checkpoint");
  for (const int stop : {1, 2, 3}) {
    course first(t), second(t);
    CHECK(first.run(data, stop).code() == code::cannot_write);
    REQUIRE(first.train.save(file));
    const status s = second.train.resume(file);
    REQUIRE_MESSAGE(s, s.message());
    CHECK(second.train.epochs_done() == stop);
    REQUIRE(second.run(data));
    CHECK(second.w.values == straight.w.values);
    CHECK(second.reports.back().loss == straight.reports.back().loss);
  }
}

TEST_CASE("another network teaches every exit, the final one too, on any thread and resumed or not") {
  const records data = bright_channel(160);
  records mislabelled = data;  // only the teacher knows better
  for (std::size_t i = 0; i < data.size(); ++i)
    mislabelled.bytes[i * data.record_size()] = static_cast<std::uint8_t>((data.label(i) + 1) % 3);
  const auto brightest = [](std::size_t, std::span<const float> frame, std::span<float> scores) {
    std::ranges::fill(scores, 0.0F);
    for (std::size_t i = 0; i < frame.size(); ++i) scores[i % 3] += 0.1F * frame[i];
  };
  training t = quick({{whole, 4, 0.05}});
  t.loss.distillation = 1.0;
  training three = t;
  three.threads = 3;
  course taught(t), threads(three), alone(t);
  for (course* c : {&taught, &threads}) c->train.learn_from(brightest);
  for (course* c : {&taught, &threads, &alone}) REQUIRE(c->run(mislabelled));
  CHECK(taught.w.values == threads.w.values);
  for (const double right : taught.reports.back().accuracy) CHECK(right < 0.1);  // by labels that are wrong
  CHECK(alone.reports.back().accuracy.back() > 0.9);

  const io_test::temporary_directory directory;
  const std::string file = directory.file("checkpoint");
  course first(t), second(t), untaught(t);
  for (course* c : {&first, &second}) c->train.learn_from(brightest);
  CHECK(first.run(mislabelled, 2).code() == code::cannot_write);
  REQUIRE(first.train.save(file));
  CHECK(untaught.train.resume(file).code() == code::bad_option);
  REQUIRE(second.train.resume(file));
  REQUIRE(second.run(mislabelled));
  CHECK(second.w.values == taught.w.values);
}

TEST_CASE("a checkpoint of another recipe is refused and changes nothing") {
  course one(quick({{whole, 2, 0.05}})), other(quick({{whole, 3, 0.05}}));
  const io_test::temporary_directory directory;
  const std::string file = directory.file("checkpoint");
  REQUIRE(one.train.save(file));
  other.w.values.front() = 42.0F;
  const status s = other.train.resume(file);
  CHECK(s.code() == code::bad_option);
  CHECK(std::string(s.message()).find("has '2 rate 0.05") != std::string::npos);
  CHECK(other.w.values.front() == 42.0F);
}

TEST_CASE("what cannot be trained on is refused with a sentence") {
  const auto run = [](const records& data, const training& t) { return course(t).run(data); };
  records data = bright_channel(64);
  const training good = quick({{whole, 1, 0.05}});
  CHECK(run(data, good));
  for (const auto& spoil :
       {+[](training& t) { t.batch = 65; }, +[](training& t) { t.batch = 1; },
        +[](training& t) { t.phases[0].learning_rate = 0.0; },
        +[](training& t) { t.phases[0].learning_rate = std::nan(""); },
        +[](training& t) { t.phases[0].epochs = -1; },
        +[](training& t) { t.rule = sgd{.weight_decay = -1.0}; },
        +[](training& t) { t.loss.label_smoothing = 1.0; }, +[](training& t) { t.loss.distillation = 1.5; },
        +[](training& t) { t.loss.temperature = 0.0; }, +[](training& t) { t.loss.weights = {1.0}; },
        +[](training& t) { t.clip = -1.0; }, +[](training& t) { t.images.shift = -1; },
        +[](training& t) { t.images.cutout = -1; }}) {
    training spoilt = good;
    spoil(spoilt);
    CHECK(run(data, spoilt).code() == code::bad_option);
  }
  CHECK(run(data, quick({{whole, 3, 1e30}})).code() == code::not_finite);

  // Its only step has a finite loss; what it leaves behind must not be saved.
  training last_step = quick({{whole, 1, 1e38}});
  last_step.batch = 64;
  last_step.loss.weights = {1e6, 1e6, 1e6};
  course overflowed(last_step);
  CHECK(overflowed.run(data).code() == code::not_finite);
  CHECK(overflowed.reports.empty());

  records other = data;
  other.extent = {3, 4, 16};
  CHECK(run(other, good).code() == code::wrong_shape);

  records missing = data;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    std::uint8_t& label = missing.bytes[i * missing.record_size()];
    label = label == 1 ? 0 : label;
  }
  CHECK(std::string(run(missing, good).message()).find("no image of class 1") != std::string::npos);

  data.bytes[0] = 3;
  CHECK(std::string(run(data, good).message()).find("image 0 has label 3") != std::string::npos);
}
