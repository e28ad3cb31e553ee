// SPDX-License-Identifier: MIT
// Laws of io/embed: both forms hold the packed floats bit for bit, any machine packs for any other, and what
// cannot be embedded is told and leaves no header.
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/embed.hpp>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "networks.hpp"
#include "reference.hpp"
#include "support.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {

// No batch norm: weights reach the packed form as they are, so that every kind of float can be put there.
struct with_branch
    : with_exits<network<input<2, 4, 4>, conv2d<5, kernel<3>>, relu, global_average_pool, dense<3>>,
                 at<1, exit_branch<"early", depthwise_conv2d<kernel<3>>, global_average_pool, dense<3>>>> {};

/// 300,000 weights: more than the C++ form takes.
struct large : network<input<1000, 1, 1>, dense<300>> {};

struct without_weights : network<input<3, 4, 4>, global_average_pool> {};

template <class Network = with_branch>
weights<Network> any_weights(std::size_t seed = 1) {
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  weights<Network> w;
  w.values = reference::uniform(w.values.size(), random);
  return w;
}

/// Every kind of finite float among the others, from the smallest denormal to the largest number.
weights<with_branch> odd_weights() {
  weights<with_branch> w = any_weights();
  using limits = std::numeric_limits<float>;
  const float odd[] = {-0.0F,
                       0.0F,
                       limits::denorm_min(),
                       -limits::denorm_min(),
                       limits::min(),
                       limits::max(),
                       -limits::max(),
                       0x1.fffffep-127F,
                       0x1p-130F,
                       limits::lowest(),
                       0x1.000002p0F,
                       0.1F,
                       -1e-40F,
                       1.0F};
  for (std::size_t i = 0; i < std::size(odd); ++i) w.values[3 * i] = odd[i];
  return w;
}

embedding in(const temporary_directory& directory, embedded_form form = embedded_form::object) {
  return {"small_weights", "with_branch", "with_branch.hpp", directory.file(""), form};
}

template <class Target, class Network>
std::vector<float> packed_values(const weights<Network>& w) {
  const auto p = std::make_unique<packed<Network, Target>>();
  pack(w, *p);
  return {p->values.begin(), p->values.end()};
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> floats_of(const std::string& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  REQUIRE(values.size() * sizeof(float) == bytes.size());
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

/// The literals of a NAME.cpp, as its compiler would read them.
std::vector<float> literals_of(const std::string& source) {
  std::vector<float> values;
  const char* at = source.c_str() + source.find("{{{") + 3;
  for (char* end = nullptr; *at != '}'; at = end + 1) {
    values.push_back(std::strtof(at, &end));
    REQUIRE(*end == 'F');
    for (++end; end[1] == ' ' || end[1] == '\n'; ++end) continue;
    REQUIRE(std::strspn(end, ", \n") > 0);
  }
  return values;
}

template <int Panel>
void any_machine_packs() {
  const temporary_directory directory;
  const weights<with_branch> w = any_weights(Panel);
  REQUIRE(embed<layout_target<Panel>>(w, in(directory)));
  CHECK(same_bits(floats_of(slurp(directory.file("small_weights.bin"))),
                  packed_values<layout_target<Panel>>(w)));
  const std::string header = slurp(directory.file("small_weights.hpp"));
  CHECK(header.find("panel.panel() == " + std::to_string(Panel) + ",") != std::string::npos);
  CHECK(header.find("== 4 * " + std::to_string(program<with_branch, layout_target<Panel>>::packed_floats)) !=
        std::string::npos);
}

}  // namespace

TEST_CASE("io/embed: both forms hold every float bit for bit") {
  const temporary_directory directory;
  const weights<with_branch> w = odd_weights();
  const std::vector<float> wanted = packed_values<native_target>(w);
  REQUIRE(std::ranges::any_of(wanted, [](float x) { return std::fpclassify(x) == FP_SUBNORMAL; }));
  REQUIRE(std::ranges::any_of(wanted, [](float x) { return x == 0.0F && std::signbit(x); }));

  REQUIRE(embed(w, in(directory)));
  CHECK(directory.entries() == 3);
  CHECK(same_bits(floats_of(slurp(directory.file("small_weights.bin"))), wanted));
  const std::string header = slurp(directory.file("small_weights.hpp"));

  REQUIRE(embed(w, in(directory, embedded_form::source)));
  CHECK(directory.entries() == 4);
  CHECK(same_bits(literals_of(slurp(directory.file("small_weights.cpp"))), wanted));
  CHECK(slurp(directory.file("small_weights.hpp")) == header);
}

TEST_CASE("io/embed: one machine packs for another") {
  const weights<with_branch> w = any_weights();
  CHECK(
      same_bits(packed_values<layout_target<native_target::panel.panel(), native_target::panel.winograd>>(w),
                packed_values<native_target>(w)));
  any_machine_packs<1>();
  any_machine_packs<8>();
  any_machine_packs<32>();
}

TEST_CASE("io/embed: scalar kernels run on what was packed for their panels") {
  const weights<with_branch> w = any_weights();
  packed<with_branch, cpu<scalar>> given;
  std::ranges::copy(packed_values<layout_target<8>>(w), given.values.begin());
  packed<with_branch> ours;
  pack(w, ours);
  engine<with_branch, always_last, cpu<scalar>> there{given};
  engine<with_branch> here{ours};
  std::mt19937 random(5);
  const std::vector<float> frame = reference::uniform(with_branch::frame.size(), random);
  const engine<with_branch>::frame view(frame);
  CHECK(there.run(view).exit == here.run(view).exit);
  CHECK(reference::relative_l2(there.logits(), here.logits()) < 1e-5);
}

TEST_CASE("io/embed: panels are as wide as the documents say") {
  CHECK(tile_of<scalar>.panel() == 8);
#ifndef FLEXDNN_NO_SIMD
  CHECK(tile_of<simd<xsimd::sse2>>.panel() == 8);
  CHECK(tile_of<simd<xsimd::neon>>.panel() == 8);
  CHECK(tile_of<simd<xsimd::neon64>>.panel() == 8);
  CHECK(tile_of<simd<xsimd::avx2>>.panel() == 16);
  CHECK(tile_of<simd<xsimd::avx512f>>.panel() == 32);
#endif
}

TEST_CASE("io/embed: what names the constant is checked") {
  const temporary_directory directory;
  const weights<with_branch> w = any_weights();
  const auto refused = [&](std::string embedding::*member, const std::string& text,
                           std::string_view fragments) {
    embedding e = in(directory);
    e.*member = text;
    check_error(embed(w, e), code::bad_option, fragments);
  };
  for (const char* name : {"", "2nd", "two words", "a-b", "../a", "a::b", "a\n", "\xC3\xA4"}) {
    refused(&embedding::name, name, "embedding: name is '|wanted an identifier");
  }
  for (const char* network : {"", "a\nb", "a;", "a{}", "\"a\"", "a\\"}) {
    refused(&embedding::network, network, "embedding: network is '|wanted a type");
  }
  for (const char* header : {"", "a\"b", "a\n#error", "a\\"}) {
    refused(&embedding::header, header, "embedding: header is '|wanted the path");
  }
  CHECK(directory.entries() == 0);
}

TEST_CASE("io/embed: numbers that cannot be embedded are told") {
  const temporary_directory directory;
  weights<with_branch> w = any_weights();
  w.values[7] = std::numeric_limits<float>::infinity();
  check_error(embed(w, in(directory)), code::not_finite, "embedding: packed number | of |is not finite");
  w.values.pop_back();
  check_error(embed(w, in(directory)), code::wrong_size, "embedding: got |weights, the network has ");
  check_error(embed(weights<without_weights>{}, in(directory)), code::wrong_size, "has no weights");
  check_error(embed<layout_target<8>>(any_weights<large>(), in(directory, embedded_form::source)),
              code::wrong_size, "304304 packed numbers, at most 262144|embed an object instead");
  CHECK(directory.entries() == 0);
  CHECK(embed<layout_target<8>>(any_weights<large>(), in(directory)));
  CHECK(directory.entries() == 3);
}

TEST_CASE("io/embed: a folder that cannot be written is told, and gets no header") {
  const temporary_directory directory;
  embedding e = in(directory);
  e.folder = directory.file("nowhere");
  check_error(embed(any_weights(), e), code::cannot_write, "nowhere/small_weights.bin.part'|No such file");
  for (const char* taken : {"small_weights.bin", "small_weights.S"}) {
    std::filesystem::create_directory(directory.file(taken));
    check_error(embed(any_weights(), in(directory)), code::cannot_write, std::string(taken) + "'");
    CHECK_FALSE(std::filesystem::exists(directory.file("small_weights.hpp")));
    std::filesystem::remove(directory.file(taken));
  }
}
