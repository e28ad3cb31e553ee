// SPDX-License-Identifier: MIT
// The emitted network leaves where the search said, with the same label and the same bits of confidence.
#include <doctest/doctest.h>

#include <cstdio>
#include <flexdnn/io.hpp>
#include <flexdnn/kernels/convert.hpp>
#include <memory>

#include "emitted/emitted_frozen.hpp"
#include "emitted/emitted_mixed.hpp"

using namespace flexdnn;

namespace {

template <class Net>
void check_executed(const std::string& name) {
  const auto weights = std::make_unique<packed<Net>>();
  const status s = load(EMITTED + name + ".safetensors", *weights);
  REQUIRE_MESSAGE(s, s.message());
  const auto whole = std::make_unique<engine<Net, entropy_confidence<Net>>>(
      *weights, thresholds(Net::risk_levels[0].thresholds));
  const records images = search_test::bright_channel(200, 43);
  const std::unique_ptr<FILE, int (*)(FILE*)> answers(std::fopen((EMITTED + name + ".txt").c_str(), "r"),
                                                      std::fclose);
  REQUIRE(answers != nullptr);
  std::vector<float> frame(Net::frame.size());
  std::array<int, Net::risk_levels[0].thresholds.size() + 1> left{};
  for (std::size_t i = 0; i < images.size(); ++i) {
    CAPTURE(i);
    int exit = 0, label = 0;
    float confidence = 0.0F;
    REQUIRE(std::fscanf(answers.get(), "%d %d %a", &exit, &label, &confidence) == 3);
    normalize_planar(Net::frame, images.pixels(i).data(), Net::data::mean, Net::data::deviation,
                     frame.data());
    const auto a = whole->run(typename engine<Net>::frame(frame));
    CHECK(a.exit == exit);
    CHECK(a.label == label);
    CHECK(a.confidence == confidence);
    ++left[static_cast<std::size_t>(a.exit)];
  }
  for (const int frames : left) CHECK(frames > 0);  // every exit is used, the final one too
}

}  // namespace

TEST_CASE("executed exits are the simulated ones, image by image") {
  check_executed<emitted_frozen>("emitted_frozen");
  check_executed<emitted_mixed>("emitted_mixed");
}

TEST_CASE("a trunk that was trained with its exits is emitted as it became") {
  const auto frozen = std::make_unique<flexdnn::weights<emitted_frozen>>();
  const auto mixed = std::make_unique<flexdnn::weights<emitted_mixed>>();
  REQUIRE(read_weights(std::string(EMITTED) + "emitted_frozen.safetensors", *frozen));
  REQUIRE(read_weights(std::string(EMITTED) + "emitted_mixed.safetensors", *mixed));
  const std::size_t trunk = lowered<search_test::small_backbone>::parameters;
  CHECK_FALSE(std::equal(mixed->values.begin(), mixed->values.begin() + static_cast<std::ptrdiff_t>(trunk),
                         frozen->values.begin()));
}
