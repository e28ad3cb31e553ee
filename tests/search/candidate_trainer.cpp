// SPDX-License-Identifier: MIT
// candidate_trainer: it learns, leaves the trunk alone, depends on the seed and not on threads or processes;
// refusals.
#include <flexdnn/search/candidate_trainer.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"
#include "../train/threads_as_processes.hpp"
#include "problem.hpp"

using namespace search_test;

namespace {

const std::unique_ptr<frozen_trunk> trained_on = freeze(random_trunk());

std::vector<exit_candidate> two_candidates(std::uint64_t seed) {
  random_generator random(seed);
  std::vector<exit_candidate> all;
  for (const int cut : {1, 2}) {
    const shape map = trained_on->cut(cut).map;
    all.push_back(
        {cut, drawn({map, 3, {{branch_stage::kind::separable, 16}, {branch_stage::kind::pooled}}}, random)});
  }
  return all;
}

struct outcome_of_training {
  std::vector<exit_candidate> candidates = two_candidates(5);
  std::vector<std::vector<double>> losses;
  exit_trace trace{3};
};

outcome_of_training trained(unsigned threads, std::uint64_t seed, std::size_t size, int epochs) {
  outcome_of_training r;
  const records images = bright_channel(size, 21), fresh = bright_channel(200, 22);
  candidate_trainer trainer(*trained_on, threads);
  candidate_training options = quick_training(epochs);
  options.seed = seed;
  const status s = trainer.train(
      r.candidates, frames_of(images), options,
      [&](int, const std::vector<double>& losses) {
        r.losses.push_back(losses);
        return status{};
      },
      progress_style::silent);
  REQUIRE_MESSAGE(s, s.message());
  r.trace = trainer.trace(r.candidates, frames_of(fresh));
  return r;
}

}  // namespace

TEST_CASE("candidates learn") {
  const auto learnt = trained(2, 7, 320, 6);
  CHECK(learnt.losses.size() == 6);
  for (std::size_t c = 0; c < 2; ++c) {
    CHECK(learnt.losses.back()[c] < 0.7 * learnt.losses.front()[c]);
    int right = 0;
    for (std::size_t i = 0; i < learnt.trace.frames(); ++i) right += learnt.trace.right(c, i) ? 1 : 0;
    CHECK(right > 160);  // of 200, by chance 67
  }
}

TEST_CASE("no bit of candidates depends on the number of threads") {
  const auto one = trained(1, 7, 80, 2), three = trained(3, 7, 80, 2), other = trained(2, 8, 80, 2);
  for (std::size_t c = 0; c < 2; ++c) {
    CHECK(one.candidates[c].branch.parameters == three.candidates[c].branch.parameters);
    CHECK(one.candidates[c].branch.parameters != other.candidates[c].branch.parameters);
    for (std::size_t i = 0; i < one.trace.frames(); ++i)
      CHECK(one.trace.confidence(c, i) == three.trace.confidence(c, i));
  }
}

TEST_CASE(
    "two processes and three train the candidates of one to the bit, each of them has all, and one reports") {
  const auto one = trained(1, 7, 80, 2);
  const records images = bright_channel(80, 21), fresh = bright_channel(200, 22);
  for (const int size : {2, 3}) {
    std::vector<outcome_of_training> all(static_cast<std::size_t>(size));
    std::vector<training_position> positions(all.size());
    std::vector<status> results(all.size());
    CHECK(flexdnn::test::run_processes(size, [&](communicator& self) {
      const auto rank = static_cast<std::size_t>(self.rank());
      outcome_of_training& own = all[rank];
      candidate_trainer trainer(*trained_on, 1, self);
      candidate_training options = quick_training(2);
      options.seed = 7;
      results[rank] = trainer.train(
          own.candidates, frames_of(images), options, positions[rank],
          [&](int, const std::vector<double>& losses) {
            own.losses.push_back(losses);
            return status{};
          },
          progress_style::silent);
      own.trace = trainer.trace(own.candidates, frames_of(fresh));
    }));
    CHECK(all.front().losses == one.losses);
    CHECK(all.back().losses.empty());
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
      REQUIRE_MESSAGE(results[rank], results[rank].message());
      CHECK(positions[rank].epochs == 2);
      CHECK(positions[rank].optimisers == positions.front().optimisers);
      for (std::size_t c = 0; c < 2; ++c) {
        CHECK(all[rank].candidates[c].branch.parameters == one.candidates[c].branch.parameters);
        for (std::size_t i = 0; i < one.trace.frames(); ++i) {
          CHECK(all[rank].trace.confidence(c, i) == one.trace.confidence(c, i));
          CHECK(all[rank].trace.right(c, i) == one.trace.right(c, i));
        }
      }
    }
  }
}

TEST_CASE("a loss that is not finite on one process ends all") {
  const records images = bright_channel(40, 1);
  std::vector<status> results(2);
  CHECK(flexdnn::test::run_processes(2, [&](communicator& self) {
    candidate_trainer trainer(*trained_on, 1, self);
    auto candidates = two_candidates(5);
    candidates[1].branch.parameters[0] = std::numeric_limits<float>::infinity();
    results[static_cast<std::size_t>(self.rank())] = trainer.train(
        candidates, frames_of(images), quick_training(1),
        [](int, const std::vector<double>&) { return status{}; }, progress_style::silent);
  }));
  for (const status& s : results) {
    io_test::check_error(s, code::not_finite, "process 1 of 2: candidate 1 at cut point 2");
  }
}

TEST_CASE("what cannot be trained on is refused") {
  const records images = bright_channel(40, 1);
  candidate_trainer trainer(*trained_on, 1);
  auto candidates = two_candidates(5);
  const auto nothing = [](int, const std::vector<double>&) { return status{}; };
  const auto refused = [&](candidate_training options, code wanted, const char* fragment) {
    io_test::check_error(
        trainer.train(candidates, frames_of(images), options, nothing, progress_style::silent), wanted,
        fragment);
  };
  candidate_training options = quick_training(1);
  options.batch = 41;
  refused(options, code::bad_option, "a batch of 41 from 40 images");
  options = quick_training(0);
  refused(options, code::bad_option, "0 epochs");
  options = quick_training(1);
  options.loss.temperature = 0.0;
  refused(options, code::bad_option, "at temperature 0");
  options = quick_training(1);
  options.images.cutout = -1;
  refused(options, code::bad_option, "augmentation: shift");
  records stranger = images;
  stranger.bytes[0] = 3;
  io_test::check_error(
      trainer.train(candidates, frames_of(stranger), quick_training(1), nothing, progress_style::silent),
      code::bad_option, "image 0 has label 3, the network has classes 0 to 2");
  candidates[1].branch.parameters[0] = std::numeric_limits<float>::infinity();
  refused(quick_training(1), code::not_finite, "candidate 1 at cut point 2|lower the learning rate");
}

TEST_CASE("costs are those of the network that the candidates are emitted into") {
  const auto candidates = two_candidates(5);
  const exit_costs costs = candidate_trainer(*trained_on, 1).macs(candidates);
  using same = with_exits<small_backbone,
                          at<1, exit_branch<"a", separable_conv2d<16, kernel<3>, bias<false>>, batch_norm,
                                            relu, max_pool2d<kernel<2>>, global_average_pool, dense<3>>>,
                          at<2, exit_branch<"b", separable_conv2d<16, kernel<3>, bias<false>>, batch_norm,
                                            relu, max_pool2d<kernel<2>>, global_average_pool, dense<3>>>>;
  const auto& exits = lowered<same>::exits;
  for (std::size_t e = 0; e < exits.size(); ++e) {
    CHECK(costs.trunk[e] == static_cast<double>(exits[e].trunk_macs));
    CHECK(costs.branch[e] == static_cast<double>(exits[e].branch_macs));
  }
}
