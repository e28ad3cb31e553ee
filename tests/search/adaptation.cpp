// SPDX-License-Identifier: MIT
// adaptation: what is refused, and a recipe that sees every option.
#include <flexdnn/search/adaptation.hpp>

#include <doctest/doctest.h>

#include <set>

#include "../io/support.hpp"

using namespace flexdnn;

TEST_CASE("options out of their range") {
  const auto refused = [](auto change, const char* fragment) {
    adaptation options{.cuts = {1, 3}};
    CHECK(options.check(3));
    change(options);
    io_test::check_error(options.check(3), code::bad_option, fragment);
  };
  refused([](adaptation& o) { o.cuts = {0}; }, "cut point 0 after 0");
  refused([](adaptation& o) { o.cuts = {1, 4}; }, "cut point 4 after 1");
  refused([](adaptation& o) { o.cuts = {2, 2}; }, "cut point 2 after 2");
  refused([](adaptation& o) { o.cuts = {}; }, "no place for an exit");
  refused([](adaptation& o) { o.limit.most = 0.0; }, "a limit of 0");
  refused([](adaptation& o) { o.rounds = -1; }, "-1 rounds");
  refused([](adaptation& o) { o.tolerance = -0.1; }, "a tolerance of -0.1");
  refused([](adaptation& o) { o.joint.epochs = -1; }, "joint training of -1 epochs");
  refused([](adaptation& o) { o.joint.learning_rate = 0.0; }, "a learning rate of 0");
  refused([](adaptation& o) { o.joint.weight_decay = -1.0; }, "weight decay -1");
}

TEST_CASE("every option is in the recipe") {
  std::set<std::string> recipes;
  std::size_t changes = 0;
  const auto with = [&](auto change) {
    adaptation options{.cuts = {1, 3}, .joint = {.epochs = 2}};
    change(options);
    recipes.insert(options.recipe());
    ++changes;
  };
  with([](adaptation&) {});
  with([](adaptation& o) { o.cuts = {1, 2}; });
  with([](adaptation& o) { o.first_epochs = 3; });
  with([](adaptation& o) { o.rounds = 3; });
  with([](adaptation& o) { o.round_epochs = 3; });
  with([](adaptation& o) { o.images = 3; });
  with([](adaptation& o) { o.rule = pruning_rule::exit_rate; });
  with([](adaptation& o) { o.tolerance = 0.1; });
  with([](adaptation& o) { o.limit.most = 0.01; });
  with([](adaptation& o) { o.limit.loss = exit_loss::wrong; });
  with([](adaptation& o) { o.cost = saved_cost::seconds; });
  with([](adaptation& o) { o.training.epochs = 3; });
  with([](adaptation& o) { o.training.batch = 64; });
  with([](adaptation& o) { o.training.learning_rate = 0.5; });
  with([](adaptation& o) { o.training.weight_decay = 0.5; });
  with([](adaptation& o) { o.training.loss.distillation = 0.5; });
  with([](adaptation& o) { o.training.images.shift = 1; });
  with([](adaptation& o) { o.training.seed = 9; });
  with([](adaptation& o) { o.joint.epochs = 0; });
  with([](adaptation& o) { o.joint.epochs = 3; });
  with([](adaptation& o) { o.joint.learning_rate = 0.5; });
  with([](adaptation& o) { o.joint.weight_decay = 0.5; });
  CHECK(recipes.size() == changes);
}
