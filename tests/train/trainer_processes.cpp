// SPDX-License-Identifier: MIT
// Laws of training on several processes: the bits of one, whatever they do together; what one cannot do, none
// does.
#include <doctest/doctest.h>

#include <string>

#include "io/support.hpp"
#include "small_course.hpp"
#include "threads_as_processes.hpp"

namespace {

using namespace flexdnn;
using test::course;

/// Everything that depends on an image's place in the mini-batch: dropout, augmentation, statistics, all
/// exits' losses.
training shared_training() {
  training t = test::quick({{trained_part::trunk, 1, 0.05}, {trained_part::whole, 2, 0.05}});
  t.batch = 36;  // parts of 3 images, 12 of them
  t.images.cutout = 2;
  t.images.brightness = 0.1;
  t.loss = {.weights = {0.5, 1.0, 2.0}, .label_smoothing = 0.1, .distillation = 0.3};
  t.clip = 1.0;
  return t;
}

struct outcome {
  status result;
  std::vector<float> parameters;
  std::vector<epoch_report> reports;
};

/// What each of `size` processes comes to. before(course, rank) -> status is called first.
template <class Before>
std::vector<outcome> together(int size, const training& t, const records& data, Before before) {
  std::vector<outcome> all(static_cast<std::size_t>(size));
  CHECK(test::run_processes(size, [&](communicator& self) {
    course c(t, self);
    outcome& own = all[static_cast<std::size_t>(self.rank())];
    own.result = before(c, self.rank());
    if (own.result) own.result = c.run(data);
    own.parameters = c.w.values;
    own.reports = c.reports;
  }));
  return all;
}

constexpr auto nothing_before = [](course&, int) { return status{}; };

}  // namespace

TEST_CASE("two, three, five and twelve processes end in the bits of one, and only the first reports") {
  const records data = test::bright_channel(150);
  const training t = shared_training();
  course one(t);
  REQUIRE(one.run(data));
  for (const int size : {2, 3, 5, 12}) {
    const auto all = together(size, t, data, nothing_before);
    for (const outcome& o : all) {
      REQUIRE_MESSAGE(o.result, o.result.message());
      CHECK(o.parameters == one.w.values);
    }
    REQUIRE(all.front().reports.size() == one.reports.size());
    CHECK(all.back().reports.empty());
    for (std::size_t e = 0; e < one.reports.size(); ++e) {
      for (std::size_t x = 0; x < 3; ++x) {
        const double loss = one.reports[e].loss[x], same = all.front().reports[e].loss[x];
        if (std::isnan(loss)) continue;
        CHECK(std::abs(same - loss) <= 1e-13 * loss);  // sums of doubles, parted otherwise
        CHECK(all.front().reports[e].accuracy[x] == one.reports[e].accuracy[x]);
      }
    }
  }
}

TEST_CASE("a training of two processes goes on with three where the first one reads the checkpoint") {
  const records data = test::bright_channel(100);
  const training t = shared_training();
  course straight(t);
  REQUIRE(straight.run(data));
  const io_test::temporary_directory directory;
  const std::string file = directory.file("checkpoint");
  (void)test::run_processes(2, [&](communicator& self) {
    course c(t, self);
    (void)c.train.run(data, [&](const epoch_report& e) {
      if (const status s = c.train.save(file); !s) return s;
      return e.epoch < 1 ? status{} : status::error(code::cannot_write, "killed");
    });
  });
  const auto all =
      together(3, t, data, [&](course& c, int rank) { return c.train.resume(rank == 0 ? file : "nowhere"); });
  for (const outcome& o : all) {
    REQUIRE_MESSAGE(o.result, o.result.message());
    CHECK(o.parameters == straight.w.values);
  }
  const auto lost = together(2, t, data, [&](course& c, int) { return c.train.resume("nowhere"); });
  for (const outcome& o : lost) {
    CHECK(o.result.code() == code::cannot_open);
    CHECK(std::string(o.result.message()).find("process 0 of 2: ") == 0);
  }
}

TEST_CASE("what ends one process ends all, with the same sentence") {
  const records data = test::bright_channel(72);
  const auto refused = [](const std::vector<outcome>& all, code what, const std::string& part) {
    for (const outcome& o : all) {
      CHECK(o.result.code() == what);
      CHECK(std::string(o.result.message()) == all.front().result.message());
      CHECK_MESSAGE(std::string(o.result.message()).find(part) != std::string::npos, o.result.message());
    }
  };
  refused(together(13, shared_training(), data, nothing_before), code::bad_option,
          "13 processes share a batch of 36: wanted no more than 12");
  refused(together(2, shared_training(), data,
                   [](course& c, int rank) {
                     c.w.values[0] += static_cast<float>(rank);
                     return status{};
                   }),
          code::bad_option, "process 1 of 2: training: other options, images, weights");
  training diverging = shared_training();
  diverging.phases[0].learning_rate = 1e30;
  refused(together(3, diverging, data, nothing_before), code::not_finite, "the loss is not finite");

  // The disk of the first process is full after an epoch.
  std::vector<status> ended(2);
  CHECK(test::run_processes(2, [&](communicator& self) {
    course c(shared_training(), self);
    ended[static_cast<std::size_t>(self.rank())] = c.run(data, 1);
  }));
  for (const status& s : ended) CHECK(std::string(s.message()) == "process 0 of 2: enough");

  // One process has other images, and one of them a label that the network does not have.
  std::vector<status> differ(2), wrong(2);
  for (const bool label : {false, true}) {
    std::vector<status>& got = label ? wrong : differ;
    CHECK(test::run_processes(2, [&](communicator& self) {
      records own = data;
      if (self.rank() == 1)
        own.bytes[label ? 0 : 1] = label ? 9 : static_cast<std::uint8_t>(own.bytes[1] + 1);
      got[static_cast<std::size_t>(self.rank())] = course(shared_training(), self).run(own);
    }));
  }
  for (const status& s : differ) CHECK(std::string(s.message()).find("process 1 of 2: training: other") == 0);
  for (const status& s : wrong)
    CHECK(std::string(s.message()).find("process 1 of 2: training: image 0 has label 9") == 0);
}
