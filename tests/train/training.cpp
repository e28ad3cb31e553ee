// SPDX-License-Identifier: MIT
// Laws of training options: rates of a phase, and a recipe that tells apart what would go on otherwise.
#include <doctest/doctest.h>

#include <flexdnn/train/training.hpp>

using namespace flexdnn;

TEST_CASE("a phase's rate falls by a cosine, or to a tenth at milestones") {
  const training_phase cosine{.epochs = 10, .learning_rate = 0.2};
  CHECK(cosine.rate(0, 50) == doctest::Approx(0.2));
  CHECK(cosine.rate(250, 50) == doctest::Approx(0.1));
  CHECK(cosine.rate(500, 50) == 0.0);
  const training_phase steps{.epochs = 10, .learning_rate = 0.2, .milestones = {5, 8}};
  CHECK(steps.rate(249, 50) == 0.2);
  CHECK(steps.rate(250, 50) == doctest::Approx(0.02));
  CHECK(steps.rate(400, 50) == doctest::Approx(0.002));
}

TEST_CASE("every option that training depends on is in the recipe; threads are not") {
  const training base;
  for (const auto& change : {+[](training& t) { t.batch = 64; },
                             +[](training& t) { t.seed = 2; },
                             +[](training& t) { t.clip = 1.0; },
                             +[](training& t) { t.images.flip = false; },
                             +[](training& t) { t.images.shift = 0; },
                             +[](training& t) { t.images.rotation = 5.0; },
                             +[](training& t) { t.images.scale = 0.1; },
                             +[](training& t) { t.images.brightness = 0.2; },
                             +[](training& t) { t.images.contrast = 0.2; },
                             +[](training& t) { t.images.saturation = 0.2; },
                             +[](training& t) { t.images.cutout = 8; },
                             +[](training& t) { t.rule = adam{}; },
                             +[](training& t) { t.rule = sgd{.momentum = 0.5}; },
                             +[](training& t) { t.rule = sgd{.weight_decay = 0.5}; },
                             +[](training& t) { t.loss.label_smoothing = 0.1; },
                             +[](training& t) { t.loss.distillation = 0.1; },
                             +[](training& t) { t.loss.temperature = 1.0; },
                             +[](training& t) {
                               t.loss.weights = {1.0, 0.5};
                             },
                             +[](training& t) { t.phases[0].epochs = 3; },
                             +[](training& t) { t.phases[0].learning_rate = 0.05; },
                             +[](training& t) { t.phases[0].milestones = {3}; },
                             +[](training& t) { t.phases[0].what = trained_part::exits; },
                             +[](training& t) { t.phases.emplace_back(); }}) {
    training other = base;
    change(other);
    CHECK(other.recipe() != base.recipe());
  }
  training threads = base;
  threads.threads = 3;
  CHECK(threads.recipe() == base.recipe());
  CHECK(base.epochs() == 100);
}
