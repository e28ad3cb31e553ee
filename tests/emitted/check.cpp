// SPDX-License-Identifier: MIT
// The emitted network leaves where the search said, with the same label and the same bits of confidence.
#include <doctest/doctest.h>

#include <cstdio>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>

#include "emitted/emitted_net.hpp"

using namespace flexdnn;

TEST_CASE("executed exits are the simulated ones, image by image") {
  using net = emitted_net;
  const auto weights = std::make_unique<packed<net>>();
  const status s = load(EMITTED "emitted_net.safetensors", *weights);
  REQUIRE_MESSAGE(s, s.message());
  const auto whole = std::make_unique<engine<net, entropy_confidence<net>>>(
      *weights, thresholds(net::risk_levels[0].thresholds));
  const records images = search_test::bright_channel(200, 43);
  const std::unique_ptr<FILE, int (*)(FILE*)> answers(std::fopen(EMITTED "answers.txt", "r"), std::fclose);
  REQUIRE(answers != nullptr);
  std::vector<float> frame(net::frame.size());
  std::array<int, 4> left{};
  for (std::size_t i = 0; i < images.size(); ++i) {
    CAPTURE(i);
    int exit = 0, label = 0;
    float confidence = 0.0F;
    REQUIRE(std::fscanf(answers.get(), "%d %d %a", &exit, &label, &confidence) == 3);
    normalize_planar(net::frame, images.pixels(i).data(), net::data::mean, net::data::deviation,
                     frame.data());
    const auto a = whole->run(engine<net>::frame(frame));
    CHECK(a.exit == exit);
    CHECK(a.label == label);
    CHECK(a.confidence == confidence);
    ++left[static_cast<std::size_t>(a.exit)];
  }
  for (const int frames : left) CHECK(frames > 0);  // every exit is used, the final one too
}
