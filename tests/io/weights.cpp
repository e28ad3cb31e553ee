// SPDX-License-Identifier: MIT
// Laws of io/weights: what PyTorch saved loads and goes back unchanged; what does not fit is told by tensor
// and leaves the weights as they were.
#include <cstring>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/weights.hpp>
#include <limits>
#include <memory>
#include <random>

#include "../../weights/cifar10_resnet20_exits.hpp"
#include "slow_build.hpp"
#include "support.hpp"

using namespace flexdnn;
using io_test::check_error;

namespace {

struct small
    : with_exits<network<input<2, 4, 4>, named<"stem", conv2d<4, kernel<3>, bias<false>>, batch_norm>, relu,
                         repeat<2, residual<sequence<conv2d<4, kernel<3>>, batch_norm>, none, relu>>,
                         global_average_pool, named<"linear", dense<3>>>,
                 at<2, exit_branch<"early", global_average_pool, dense<3>>>> {};

/// The tensors of a small network as a file would hold them, to be spoilt one by one.
struct contents {
  std::vector<std::vector<float>> numbers;
  std::vector<std::int64_t> counters;
  std::vector<tensor_entry> tensors;

  explicit contents(bool with_counters = false) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> any(0.1F, 1.0F);
    const auto all = parameters<small>();
    numbers.reserve(all.size());
    counters.reserve(all.size());
    for (const named_parameter& p : all) {
      numbers.emplace_back(p.size);
      for (float& x : numbers.back()) x = any(random);
      tensors.push_back({p.name, dtype::f32, p.extents, std::as_bytes(std::span(numbers.back()))});
      if (!with_counters || !p.counts_batches) continue;
      counters.push_back(static_cast<std::int64_t>(1000 + counters.size()));
      const std::string name = p.name.substr(0, p.name.rfind('.')) + ".num_batches_tracked";
      tensors.push_back({name, dtype::i64, {}, std::as_bytes(std::span(counters).last(1))});
    }
  }

  tensor_entry& operator[](std::string_view name) {
    const auto found = std::ranges::find(tensors, name, &tensor_entry::name);
    REQUIRE(found != tensors.end());
    return *found;
  }

  [[nodiscard]] std::vector<std::byte> bytes() const {
    const io_test::temporary_directory directory;
    const std::string path = directory.file("net.safetensors");
    const status s = write_safetensors(path, tensors);
    REQUIRE_MESSAGE(s, s.message());
    std::vector<std::byte> all;
    REQUIRE(read_file(path, all));
    return all;
  }
};

/// The file is refused with this code and sentence, and neither form of the weights has changed.
void check_refused(const contents& file, code wanted, std::string_view fragments) {
  const std::vector<std::byte> good = contents().bytes(), bad = file.bytes();
  weights<small> w;
  packed<small> p;
  REQUIRE(read_weights(std::span(good), w));
  REQUIRE(load(std::span(good), p));
  const weights<small> w_before = w;
  const packed<small> p_before = p;
  check_error(read_weights(std::span(bad), w), wanted, fragments);
  check_error(load(std::span(bad), p), wanted, fragments);
  CHECK(w.values == w_before.values);
  CHECK(p.values == p_before.values);
}

std::vector<std::byte> shipped() {
  std::vector<std::byte> bytes;
  const status s = read_file(FLEXDNN_SOURCE_DIR "/weights/cifar10_resnet20_exits.safetensors", bytes);
  REQUIRE_MESSAGE(s, s.message());
  return bytes;
}

}  // namespace

TEST_CASE("a state_dict goes in and comes out the same, with and without num_batches_tracked") {
  for (const bool counted : {false, true}) {
    const contents file(counted);
    const std::vector<std::byte> bytes = file.bytes();
    weights<small> w;
    REQUIRE(read_weights(std::span(bytes), w));
    CHECK(w.batches_tracked == file.counters);
    const io_test::temporary_directory directory;
    REQUIRE(write_weights(directory.file("again"), w));
    std::vector<std::byte> again;
    REQUIRE(read_file(directory.file("again"), again));
    CHECK(again == bytes);
    // The order of tensors in a file is nobody's business: only names count.
    contents backwards(counted);
    std::ranges::reverse(backwards.tensors);
    weights<small> other;
    const std::vector<std::byte> reversed = backwards.bytes();
    REQUIRE(read_weights(std::span(reversed), other));
    CHECK(other.values == w.values);
  }
}

TEST_CASE("the shipped file: its metadata and every number survive a round trip") {
  const std::vector<std::byte> bytes = shipped();
  weights<cifar10_resnet20_exits> w;
  REQUIRE(read_weights(std::span(bytes), w));
  CHECK(w.metadata.size() > 0);
  const io_test::temporary_directory directory;
  REQUIRE(write_weights(directory.file("again"), w));
  std::vector<std::byte> again;
  REQUIRE(read_file(directory.file("again"), again));
  CHECK(again == bytes);
}

TEST_CASE("a backbone takes the trunk of a network with exits") {
  contents file(true);
  const std::vector<std::byte> bytes = file.bytes();
  weights<small> whole;
  weights<small::backbone> trunk;
  REQUIRE(read_weights(std::span(bytes), whole));
  REQUIRE(read_weights(std::span(bytes), trunk));
  CHECK(std::ranges::equal(trunk.values, std::span(whole.values).first(trunk.values.size())));
  // A network with exits has no use for other exits.
  const std::vector<float> number{1.0F};
  file.tensors.push_back({"exits.late.bias", dtype::f32, {1}, std::as_bytes(std::span(number))});
  check_refused(file, code::unknown_tensor, "another network|no tensor 'exits.late.bias'");
}

TEST_CASE("a file for another network says which tensor, what was got and what was wanted") {
  contents missing;
  std::erase_if(missing.tensors, [](const tensor_entry& t) { return t.name == "exits.early.1.weight"; });
  check_refused(missing, code::missing_tensor,
                "another network|'exits.early.1.weight'|[3,4]|not in the file");

  contents extra;
  const std::vector<float> number{1.0F};
  extra.tensors.push_back({"layer9.weight", dtype::f32, {1}, std::as_bytes(std::span(number))});
  check_refused(extra, code::unknown_tensor, "another network|no tensor 'layer9.weight'");

  contents turned;
  turned["stem.0.weight"].shape = {2, 4, 3, 3};
  check_refused(turned, code::wrong_shape, "'stem.0.weight'|got shape [2,4,3,3]|wanted [4,2,3,3]");

  contents integers;
  tensor_entry& bias = integers["linear.bias"];
  bias.type = dtype::i16;
  bias.data = bias.data.first(6);
  check_refused(integers, code::wrong_type, "'linear.bias'|got I16|F32, F16 or BF16 is wanted");

  contents spoilt;
  spoilt.numbers[1][2] = std::numeric_limits<float>::quiet_NaN();
  check_refused(spoilt, code::not_finite, "'stem.1.weight'|number 2 of 4");
  spoilt.numbers[1][2] = std::numeric_limits<float>::infinity();
  check_refused(spoilt, code::not_finite, "'stem.1.weight'");

  contents negative;
  negative.numbers[4][1] = -1.0F;
  check_refused(negative, code::malformed, "'stem.1.running_var'|number 1 of 4 is -1|at least 0");
}

TEST_CASE("finite numbers whose batch norm overflows when it is folded are refused") {
  contents file;
  file.numbers[1][0] = 3e38F;  // stem.1.weight
  file.numbers[4][0] = 0.0F;   // stem.1.running_var: 1 / sqrt(1e-5) = 316
  const std::vector<std::byte> good = contents().bytes(), bad = file.bytes();
  packed<small> p;
  REQUIRE(load(std::span(good), p));
  const packed<small> before = p;
  check_error(load(std::span(bad), p), code::not_finite, "batch norm");
  const io_test::temporary_directory directory;
  REQUIRE(write_file(directory.file("overflows"), std::array{std::span<const std::byte>(bad)}));
  check_error(load(directory.file("overflows"), p), code::not_finite, "overflows'|batch norm");
  CHECK(p.values == before.values);
}

TEST_CASE("num_batches_tracked: all or none, scalar integers") {
  contents one_less(true);
  std::erase_if(one_less.tensors,
                [](const tensor_entry& t) { return t.name == "stem.1.num_batches_tracked"; });
  check_refused(one_less, code::missing_tensor, "num_batches_tracked|got 2|wanted 3 or none");

  contents list(true);
  list["stem.1.num_batches_tracked"].shape = {1};
  check_refused(list, code::wrong_type, "'stem.1.num_batches_tracked'|scalar I64");
}

TEST_CASE("a path that cannot be read is named in the sentence") {
  const io_test::temporary_directory directory;
  packed<small> p;
  check_error(load(directory.file("absent"), p), code::cannot_open, "absent'");
  check_error(load(directory.file(""), p), code::cannot_open, "is a directory");
  io_test::spill(directory.file("text"), "these are no weights, but a text of some length\n");
  check_error(load(directory.file("text"), p), code::malformed, "text'|no safetensors file");
  io_test::spill(directory.file("empty"), "");
  check_error(load(directory.file("empty"), p), code::truncated, "empty'|empty");
}

TEST_CASE(
    "thousands of mutations of a real file: refused with a sentence and nothing changed, or loaded whole") {
  std::vector<std::byte> bytes = shipped();
  const std::size_t header = 8 + static_cast<std::size_t>(load_u64(bytes));
  // Slow builds pack without Winograd's transforms, which took them nine tenths of the time.
  using packed_type =
      packed<cifar10_resnet20_exits, std::conditional_t<slow_build, layout_target<8>, native_target>>;
  const auto p = std::make_unique<packed_type>();
  REQUIRE(load(std::span<const std::byte>(bytes), *p));
  auto before = std::make_unique<packed_type>(*p);
  std::mt19937 random(17);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  std::size_t refused = 0, loaded = 0;
  const std::size_t rounds = slow_build ? 500 : 4000;
  for (std::size_t round = 0; round < rounds; ++round) {
    // Up to three bytes, nine times of ten in the header; at times the end is missing.
    std::array<std::pair<std::size_t, std::byte>, 3> kept;
    const std::size_t count = 1 + below(kept.size());
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = below(10) > 0 ? below(header) : header + below(bytes.size() - header);
      kept[i] = {at, bytes[at]};
      bytes[at] = static_cast<std::byte>(below(256));
    }
    const std::size_t size = below(8) == 0 ? below(bytes.size()) : bytes.size();
    const status s = load(std::span<const std::byte>(bytes).first(size), *p);
    if (s) {
      ++loaded;
      REQUIRE(std::ranges::all_of(p->values, [](float x) { return std::isfinite(x); }));
      *before = *p;
    } else {
      ++refused;
      REQUIRE(s.message()[0] != '\0');
      REQUIRE(std::memcmp(p->values.data(), before->values.data(), sizeof p->values) == 0);
    }
    for (std::size_t i = count; i-- > 0;) bytes[kept[i].first] = kept[i].second;
  }
  CHECK(refused > rounds / 4 * 3);
  CHECK(loaded > rounds / 200);
}
