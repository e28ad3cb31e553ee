// SPDX-License-Identifier: MIT
// variant: a width of the multi-capacity network is the leading part of its tensors, with what is its own.
#include "../../bench/comparators/variant.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "../../bench/comparators/family.hpp"
#include "../io/support.hpp"

namespace variant_test {

using namespace comparators;
using namespace io_test;

/// Tensors of a network of width 6 whose numbers tell where they stand: dimension by dimension, base 32.
struct nested_file {
  std::vector<std::vector<float>> numbers{};
  std::vector<flexdnn::tensor_entry> tensors{};

  void add(const std::string& name, const std::vector<std::uint64_t>& extents, float first) {
    std::size_t size = 1;
    for (const std::uint64_t e : extents) size *= e;
    numbers.emplace_back(size);
    for (std::size_t i = 0; i < size; ++i) numbers.back()[i] = first + place(i, extents);
    tensors.push_back({name, flexdnn::dtype::f32, extents, std::as_bytes(std::span(numbers.back()))});
  }
  static float place(std::size_t i, const std::vector<std::uint64_t>& extents) {
    std::size_t sum = 0, unit = 1;
    for (std::size_t d = extents.size(); d-- > 0;) {
      sum += i % extents[d] * unit;
      i /= extents[d];
      unit *= 32;
    }
    return static_cast<float>(sum);
  }
};

using wide = slim_resnet20<3, 6>;
using narrow = slim_resnet20<3, 4>;

std::vector<std::byte> file_with(const std::string& left_out = "") {
  nested_file file;
  for (const flexdnn::named_parameter& p : flexdnn::parameters<wide>()) {
    const bool shared = p.name != "linear.bias" && p.name.find("bn") == std::string::npos;
    if (shared && p.name != left_out) file.add(p.name, p.extents, 0.25F);
  }
  for (const flexdnn::named_parameter& p : flexdnn::parameters<narrow>()) {
    const bool shared = p.name != "linear.bias" && p.name.find("bn") == std::string::npos;
    if (!shared && p.name != left_out) file.add("widths.4." + p.name, p.extents, 0.5F);
  }
  const temporary_directory folder;
  const std::string path = folder.file("nested.safetensors");
  REQUIRE(flexdnn::write_safetensors(path, file.tensors, {}));
  std::vector<std::byte> bytes;
  REQUIRE(flexdnn::read_file(path, bytes));
  return bytes;
}

TEST_CASE("every number of the narrow network is the one at its own place of the wide one") {
  const std::vector<flexdnn::named_parameter> all = flexdnn::parameters<narrow>();
  std::vector<float> canonical(flexdnn::lowered<narrow>::parameters, -1.0F);
  REQUIRE(load_width<4>(file_with(), canonical, all));
  for (const flexdnn::named_parameter& p : all) {
    const bool own = p.name == "linear.bias" || p.name.find("bn") != std::string::npos;
    for (std::size_t i = 0; i < p.size; ++i) {
      if (canonical[p.offset + i] != (own ? 0.5F : 0.25F) + nested_file::place(i, p.extents))
        FAIL(p.name << " at " << i);
    }
  }
}

TEST_CASE("what is not there, or too small, is told by its name") {
  std::vector<float> canonical(flexdnn::lowered<narrow>::parameters);
  check_error(load_width<4>(file_with("layer2.0.conv1.weight"), canonical, flexdnn::parameters<narrow>()),
              flexdnn::code::missing_tensor, "layer2.0.conv1.weight");
  check_error(load_width<4>(file_with("linear.bias"), canonical, flexdnn::parameters<narrow>()),
              flexdnn::code::missing_tensor, "linear.bias");
  using wider = slim_resnet20<3, 8>;
  std::vector<float> more(flexdnn::lowered<wider>::parameters);
  check_error(load_width<8>(file_with(), more, flexdnn::parameters<wider>()), flexdnn::code::wrong_shape,
              "conv1.weight|[6,3,3,3]|[8,3,3,3]");
  // A plain network takes nothing but its own extents.
  check_error(load_plain(file_with(), canonical, flexdnn::parameters<narrow>()), flexdnn::code::wrong_shape,
              "conv1.weight");
}

}  // namespace variant_test
