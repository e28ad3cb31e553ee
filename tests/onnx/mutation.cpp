// SPDX-License-Identifier: MIT
// Damaged models: the importer takes them or says why not, and never crashes.
#include <doctest/doctest.h>

#include <flexdnn/io/file.hpp>
#include <random>

#include "onnx/import.hpp"

using examples::onnx::import_model;
using examples::onnx::refusal;

namespace {

using bytes = std::vector<std::byte>;

bytes read(const std::string& name) {
  bytes content;
  REQUIRE(flexdnn::read_file(MODELS + name, content));
  return content;
}

/// True: imported; false: refused with a sentence. Anything else fails the test, or ends the program.
bool survives(const bytes& model) {
  try {
    const bool written = !import_model(model, "damaged.onnx", "damaged").header.empty();
    CHECK(written);
    return true;
  } catch (const refusal& why) {
    CHECK(std::string(why.what()).size() > 10);
    return false;
  }
}

/// Up to three changes: a byte replaced, a bit turned, a stretch cut out or doubled.
bytes mutate(bytes model, std::mt19937& random) {
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (std::size_t changes = 1 + below(3); changes > 0 && !model.empty(); --changes) {
    const std::size_t at = below(model.size());
    const auto here = model.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end =
        here + static_cast<std::ptrdiff_t>(below(std::min<std::size_t>(model.size() - at, 16) + 1));
    switch (below(4)) {
      case 0:
        model[at] = static_cast<std::byte>(below(256));
        break;
      case 1:
        model[at] ^= static_cast<std::byte>(1U << below(8));
        break;
      case 2:
        model.erase(here, end);
        break;
      default: {
        const bytes doubled(here, end);
        model.insert(end, doubled.begin(), doubled.end());
      }
    }
  }
  return model;
}

}  // namespace

TEST_CASE("2,000 mutations of models with every structure are imported or refused") {
  std::mt19937 random(3);
  int imported = 0, refused = 0;
  for (const char* name :
       {"pools.onnx", "spelt_unfolded_11.onnx", "shuffle_9.onnx", "mobile.onnx", "old_forms.onnx"}) {
    const bytes model = read(name);
    CHECK(survives(model));
    for (int i = 0; i < 400; ++i) ++(survives(mutate(model, random)) ? imported : refused);
  }
  CHECK(imported > 100);
  CHECK(refused > 500);
}

TEST_CASE("a model cut anywhere is refused, or was complete") {
  const bytes model = read("pools.onnx");
  for (std::size_t size = 0; size < model.size(); size += 7) {
    CHECK_FALSE(survives(bytes(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}
