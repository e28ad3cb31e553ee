// SPDX-License-Identifier: MIT
// Laws of weights in other formats than PyTorch's F32: halves are read exactly, names by a format's
// keras_rules; errors tell both names.
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/weights.hpp>

#include "support.hpp"

using namespace flexdnn;
using io_test::check_error;

namespace {

struct norm_of_conv : network<input<1, 1, 1>, named<"conv", conv2d<2>>, named<"norm", batch_norm>,
                              named<"linear", dense<2>>> {};

constexpr name_ending kernels[]{{".weight", "/kernel"}, {".bias", "/bias"}};
constexpr name_rule keras_rules[]{{"conv", "conv2d", kernels}, {"linear", "dense", kernels}};
constexpr weights_format renamed{keras_rules};
constexpr name_rule twice_rules[]{{"norm.weight", "conv.bias"}};
constexpr weights_format twice{twice_rules};

/// A file of the network: every tensor named, typed and filled by a function of its name.
struct typed_contents {
  std::vector<std::vector<std::byte>> data;
  std::vector<tensor_entry> tensors;

  template <class Fill>
  typed_contents(const weights_format& names, Fill fill) {
    for (const named_parameter& p : parameters<norm_of_conv>()) {
      tensor_entry t{file_name_of(p.name, names.names), dtype::f32, p.extents, {}};
      data.push_back(fill(t, p.size));
      t.data = data.back();
      tensors.push_back(t);
    }
  }

  [[nodiscard]] std::vector<std::byte> bytes() const {
    const io_test::temporary_directory directory;
    REQUIRE(write_safetensors(directory.file("net"), tensors));
    std::vector<std::byte> all;
    REQUIRE(read_file(directory.file("net"), all));
    return all;
  }
};

template <class Number>
std::vector<std::byte> filled(std::size_t count, Number first, Number step) {
  std::vector<std::byte> bytes(count * sizeof(Number));
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = static_cast<Number>(first + static_cast<Number>(i) * step);
    std::memcpy(bytes.data() + i * sizeof(Number), &number, sizeof number);
  }
  return bytes;
}

std::vector<std::byte> floats(tensor_entry&, std::size_t count) { return filled(count, 0.5F, 0.25F); }

/// 0.5, then 0.5 + 2^-11, ...: one unit of the last place each.
std::vector<std::byte> halves(tensor_entry& t, std::size_t count) {
  t.type = dtype::f16;
  return filled<std::uint16_t>(count, 0x3800, 1);
}

/// F16 for matrices, BF16 for one of the vectors, F32 for the rest.
std::vector<std::byte> mixed(tensor_entry& t, std::size_t count) {
  if (t.shape.size() > 1) return halves(t, count);
  if (t.name != "norm.bias") return floats(t, count);
  t.type = dtype::bf16;
  return filled<std::uint16_t>(count, 0xBF80, 1);
}

void check_refused(const std::vector<std::byte>& bytes, const weights_format& format, code wanted,
                   std::string_view fragments) {
  weights<norm_of_conv> w;
  packed<norm_of_conv> p{};
  w.values.assign(w.values.size(), 7.0F);
  const auto before = p.values;
  check_error(read_weights(std::span(bytes), w, format), wanted, fragments);
  check_error(load(std::span(bytes), p, format), wanted, fragments);
  CHECK(w.values == std::vector<float>(w.values.size(), 7.0F));
  CHECK(p.values == before);
}

}  // namespace

TEST_CASE("F16, BF16 and F32 side by side, each number exactly") {
  const std::vector<std::byte> bytes = typed_contents({}, mixed).bytes();
  weights<norm_of_conv> w;
  const status s = read_weights(std::span(bytes), w);
  REQUIRE_MESSAGE(s, s.message());
  for (const named_parameter& p : parameters<norm_of_conv>()) {
    CAPTURE(p.name);
    for (std::size_t i = 0; i < p.size; ++i) {
      const auto n = static_cast<float>(i);
      const float wanted = p.extents.size() > 1    ? 0.5F + n * 0x1p-11F
                           : p.name == "norm.bias" ? -1.0F - n * 0x1p-7F
                                                   : 0.5F + n * 0.25F;
      CHECK(w.values[p.offset + i] == wanted);
    }
  }
  const io_test::temporary_directory directory;
  REQUIRE(write_file(directory.file("net"), std::array{std::span<const std::byte>(bytes)}));
  weights<norm_of_conv> of_file;
  packed<norm_of_conv> p{};
  CHECK(read_weights(directory.file("net"), of_file));
  CHECK(of_file.values == w.values);
  CHECK(load(directory.file("net"), p));
}

TEST_CASE("other types are refused; infinities and NaN too") {
  const auto typed = [](dtype type, std::uint16_t first) {
    return typed_contents({},
                          [=](tensor_entry& t, std::size_t count) {
                            if (t.name != "linear.bias") return floats(t, count);
                            t.type = type;
                            return filled<std::uint16_t>(count, first, 0);
                          })
        .bytes();
  };
  check_refused(typed(dtype::i16, 1), {}, code::wrong_type,
                "'linear.bias'|got I16 numbers, F32, F16 or BF16 is wanted");
  check_refused(typed(dtype::f16, 0x7C00), {}, code::not_finite, "'linear.bias'|number 0 of 2");
  check_refused(typed(dtype::bf16, 0xFFC0), {}, code::not_finite, "'linear.bias'");
}

TEST_CASE("names of a format: read, and told beside ours where something is wrong") {
  const typed_contents file(renamed, floats);
  weights<norm_of_conv> w, plain;
  const std::vector<std::byte> bytes = file.bytes(), own = typed_contents({}, floats).bytes();
  REQUIRE(read_weights(std::span(bytes), w, renamed));
  REQUIRE(read_weights(std::span(own), plain));
  CHECK(w.values == plain.values);

  check_refused(bytes, {}, code::missing_tensor,
                "another network|'conv.weight' [2,1,1,1] is not in the file");
  check_refused(own, renamed, code::missing_tensor, "'conv.weight' (as 'conv2d/kernel') [2,1,1,1]");

  typed_contents turned(renamed, floats);
  turned.tensors.back().shape = {1, 2};
  check_refused(turned.bytes(), renamed, code::wrong_shape,
                "'linear.bias' (as 'dense/bias')|got shape [1,2], wanted [2]");
  typed_contents integers(renamed, halves);
  integers.tensors.front().type = dtype::i16;
  check_refused(integers.bytes(), renamed, code::wrong_type, "(as 'conv2d/kernel'): got I16");

  typed_contents extra(renamed, floats);
  extra.tensors.push_back({"conv.weight", dtype::f32, {1}, extra.tensors[0].data.first(4)});
  check_refused(extra.bytes(), renamed, code::unknown_tensor,
                "no tensor 'conv.weight' (9 in the file, 8 wanted)");

  const typed_contents half_file(renamed, halves);
  const std::vector<std::byte> half_bytes = half_file.bytes();
  CHECK(read_weights(std::span(half_bytes), w, renamed));
}

TEST_CASE("a format that leads two parameters to one tensor is refused") {
  check_refused(typed_contents({}, floats).bytes(), twice, code::bad_option,
                "'norm.weight' (as 'conv.bias'): the format names it twice");
}
