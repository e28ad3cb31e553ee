// SPDX-License-Identifier: MIT
// Adapts the small backbone, by branches alone and by training it with them, emits both into the working
// directory, and writes down what the search says of fresh images: a line each with exit, label and
// confidence. A case of test_search, whose parts it needs: compiled alone it took GCC 35 s more.
#include <flexdnn/search/emit.hpp>

#include <doctest/doctest.h>

#include <cstdio>

#include "../search/problem.hpp"

using namespace search_test;

namespace {

/// NAME.hpp and NAME.safetensors, and NAME.txt with the answers.
status generate(const char* name, int joint_epochs) {
  const records train = bright_channel(128, 41), held = bright_channel(100, 42),
                fresh = bright_channel(200, 43);
  adapter a(
      freeze(random_trunk()), frames_of(train), frames_of(held),
      {.cuts = {1, 2, 3},
       .rounds = 3,
       .images = 64,
       .training = quick_training(3),
       .joint = {.epochs = joint_epochs},
       .limit = {.most = 0.2}},
      [](const std::string&) {}, 0);
  if (const status s = a.run(); !s) return s;
  adapted_network net{.name = name,
                      .backbone = "search_test::small_backbone",
                      .header = "\"small_backbone.hpp\"",
                      .data = "using data = search_test::small_data;",
                      .provenance = {"Of a test."}};
  for (const exit_candidate& c : a.candidates()) net.exits.push_back({c.cut, exit_name(c.cut), c.branch});
  // Half of those who come to an exit leave there, so that every one is used.
  const exit_trace trace = a.engine().trace(a.candidates(), frames_of(fresh));
  exit_thresholds halving(a.candidates().size(), never_leave);
  for (std::size_t e = 0; e < halving.size(); ++e) {
    std::vector<float> there;
    for (std::size_t i = 0; i < trace.frames(); ++i) {
      if (trace.exit_of(i, halving) + 1 == trace.exits()) there.push_back(trace.confidence(e, i));
    }
    std::ranges::sort(there);
    halving[e] = there[there.size() / 2];
  }
  net.levels = {{0.1, halving}};
  if (const status s = emit(".", a.trunk(), net); !s) return s;

  std::string answers;
  for (std::size_t i = 0; i < trace.frames(); ++i) {
    const std::size_t e = trace.exit_of(i, net.levels[0].thresholds);
    char line[64];
    std::snprintf(line, sizeof line, "%zu %d %a\n", e, trace.label(e, i),
                  static_cast<double>(trace.confidence(e, i)));
    answers += line;
  }
  const std::array whole{std::as_bytes(std::span(answers))};
  return write_file(std::string(name) + ".txt", whole);
}

}  // namespace

TEST_CASE("emitted for the round trip" * doctest::skip()) {
  for (const status& s : {generate("emitted_frozen", 0), generate("emitted_mixed", 2)}) {
    REQUIRE_MESSAGE(s, s.message());
  }
}
