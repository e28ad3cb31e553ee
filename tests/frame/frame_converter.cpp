// SPDX-License-Identifier: MIT
// frame_converter: every pixel format, growing and shrinking, against the filter written down in double
// precision; the bits of normalize_interleaved where no extent changes.
#include <flexdnn/frame/frame_converter.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/kernels/convert.hpp>
#include <flexdnn/models/cifar10.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace flexdnn;

namespace {

template <int Channels, int Height, int Width>
struct input {
  static constexpr shape frame{Channels, Height, Width};
  static constexpr std::array<float, 3> mean{0.485F, 0.456F, 0.406F}, deviation{0.229F, 0.224F, 0.225F};
};

struct backwards : input<3, 9, 14> {
  static constexpr channel_order order = channel_order::reversed;
  static constexpr float unit = 1.0F;
};

using plane = std::vector<double>;  // height x width of one component

/// One axis of torch.nn.functional.interpolate(mode="bilinear", antialias=True), weights normalised.
std::vector<double> weights(int pixel, int from, int to) {
  const double scale = static_cast<double>(from) / to, support = std::max(scale, 1.0);
  const double center = scale * (pixel + 0.5);
  std::vector<double> w(static_cast<std::size_t>(from), 0.0);
  const int first = std::max(static_cast<int>(center - support + 0.5), 0);
  const int last = std::min(static_cast<int>(center + support + 0.5), from);
  double sum = 0.0;
  for (int i = first; i < last; ++i) {
    sum += w[static_cast<std::size_t>(i)] = std::max(0.0, 1.0 - std::abs((i + 0.5 - center) / support));
  }
  for (double& x : w) x /= sum;
  return w;
}

plane resized(const plane& in, int height, int width, int to_height, int to_width) {
  plane out(static_cast<std::size_t>(to_height * to_width));
  for (int y = 0; y < to_height; ++y) {
    const std::vector<double> down = weights(y, height, to_height);
    for (int x = 0; x < to_width; ++x) {
      const std::vector<double> across = weights(x, width, to_width);
      double sum = 0.0;
      for (int i = 0; i < height; ++i) {
        for (int k = 0; k < width; ++k) {
          sum += down[static_cast<std::size_t>(i)] * across[static_cast<std::size_t>(k)] *
                 in[static_cast<std::size_t>(i * width + k)];
        }
      }
      out[static_cast<std::size_t>(y * to_width + x)] = sum;
    }
  }
  return out;
}

/// Bytes of an image with a gap after each row, and what they mean, component by component.
struct picture {
  std::vector<std::uint8_t> bytes, chroma;
  frame_view view;
  std::array<plane, 3> components;  // empty: not there
  std::array<int, 3> heights{}, widths{};

  picture(pixel_format format, int height, int width) {
    std::mt19937 random(static_cast<unsigned>(height * 1000 + width));
    const auto is = [&](pixel_format f) { return format == f; };
    const int each = is(pixel_format::rgb) || is(pixel_format::bgr) ? 3 : is(pixel_format::yuyv) ? 2 : 1;
    const int row = width * each + 5, pairs = (width + 1) / 2, chroma_row = pairs * 2 + 3;
    const auto draw = [&](std::size_t count) {
      std::vector<std::uint8_t> drawn(count);
      for (auto& b : drawn) b = static_cast<std::uint8_t>(random());
      return drawn;
    };
    bytes = draw(static_cast<std::size_t>(row * height));
    if (is(pixel_format::nv12)) chroma = draw(static_cast<std::size_t>(chroma_row * ((height + 1) / 2)));
    view = {format, height, width, bytes.data(), row, chroma.data(), chroma_row};
    const auto take = [&](std::size_t c, const std::vector<std::uint8_t>& from, int h, int w, int stride,
                          int step, int offset) {
      heights[c] = h, widths[c] = w;
      for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x)
          components[c].push_back(from[static_cast<std::size_t>(y * stride + x * step + offset)]);
      }
    };
    if (is(pixel_format::planar_rgb)) {
      const int apart = row * height + 7;
      bytes = draw(static_cast<std::size_t>(3 * apart));
      view.bytes = bytes.data(), view.plane = apart;
      for (int c = 0; c < 3; ++c) take(static_cast<std::size_t>(c), bytes, height, width, row, 1, c * apart);
      return;
    }
    if (each == 3) {
      for (int c = 0; c < 3; ++c) {
        take(static_cast<std::size_t>(c), bytes, height, width, row, 3, is(pixel_format::bgr) ? 2 - c : c);
      }
      return;
    }
    take(0, bytes, height, width, row, each, 0);
    for (int c = 0; c < 2; ++c) {
      const auto to = static_cast<std::size_t>(c + 1);
      if (is(pixel_format::nv12)) take(to, chroma, (height + 1) / 2, pairs, chroma_row, 2, c);
      if (is(pixel_format::yuyv)) take(to, bytes, height, width / 2, row, 4, 1 + 2 * c);
    }
  }
};

template <class Data>
std::vector<double> wanted(const picture& p) {
  constexpr shape s = Data::frame;
  std::array<plane, 3> at;
  for (std::size_t c = 0; c < 3; ++c) {
    if (p.components[c].empty()) continue;
    at[c] = resized(p.components[c], p.heights[c], p.widths[c], s.height, s.width);
  }
  const bool yuv = p.view.format == pixel_format::nv12 || p.view.format == pixel_format::yuyv;
  float unit = 255.0F;
  if constexpr (requires { Data::unit; }) unit = Data::unit;
  std::vector<double> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(s.pixels()); ++i) {
    double rgb[3] = {at[0][i], at[1].empty() ? at[0][i] : at[1][i], at[2].empty() ? at[0][i] : at[2][i]};
    if (yuv) {  // BT.601: Kr 0.299, Kb 0.114, Y of 219 steps from 16, chroma of 224 about 128
      const double y = (rgb[0] - 16.0) / 219.0, u = (rgb[1] - 128.0) / 112.0, v = (rgb[2] - 128.0) / 112.0;
      const double r = y + 0.701 * v, b = y + 0.886 * u, g = (y - 0.299 * r - 0.114 * b) / 0.587;
      if (s.channels == 1) {
        rgb[0] = 255.0 * y;
      } else {
        rgb[0] = 255.0 * r, rgb[1] = 255.0 * g, rgb[2] = 255.0 * b;
      }
      for (double& x : rgb) x = std::clamp(x, 0.0, 255.0);
    } else if (s.channels == 1 && !p.components[1].empty()) {
      rgb[0] = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(s.channels); ++c) {
      std::size_t from = c;
      if constexpr (requires { Data::order; }) from = static_cast<std::size_t>(s.channels) - 1 - c;
      out.push_back((rgb[from] / static_cast<double>(unit) - static_cast<double>(Data::mean[c])) /
                    static_cast<double>(Data::deviation[c]));
    }
  }
  return out;
}

template <class Data>
void equals_reference(int height, int width) {
  using enum pixel_format;
  const auto converter = std::make_unique<frame_converter<Data, 96>>();
  for (const pixel_format format : {grey, rgb, bgr, nv12, yuyv, planar_rgb}) {
    if (format == yuyv && width % 2 != 0) continue;
    CAPTURE(static_cast<int>(format));
    CAPTURE(height);
    CAPTURE(width);
    const picture p(format, height, width);
    std::vector<float> out(Data::frame.size(), NAN);
    REQUIRE(converter->convert(p.view, out.data()));
    const std::vector<double> reference = wanted<Data>(p);
    double worst = 0.0, largest = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      worst = std::max(worst, std::abs(static_cast<double>(out[i]) - reference[i]));
      largest = std::max(largest, std::abs(reference[i]));
    }
    CHECK(worst < 3e-6 * largest);
  }
}

}  // namespace

TEST_CASE("formats and extents, against the filter in double precision") {
  for (const auto& [height, width] :
       {std::pair{48, 80}, {9, 14}, {5, 6}, {1, 1}, {1, 90}, {77, 2}, {23, 37}, {10, 96}}) {
    equals_reference<input<3, 9, 14>>(height, width);
    equals_reference<input<1, 8, 8>>(height, width);
    equals_reference<backwards>(height, width);
  }
}

TEST_CASE("where no extent changes: the bits of normalize_interleaved and normalize_planar") {
  const auto converter = std::make_unique<frame_converter<cifar10>>();
  std::vector<std::uint8_t> bytes(cifar10::frame.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13U);
  std::vector<float> out(bytes.size()), expected(bytes.size());
  REQUIRE(converter->convert({pixel_format::rgb, 32, 32, bytes.data(), 96}, out.data()));
  normalize_interleaved(cifar10::frame, bytes.data(), cifar10::mean, cifar10::deviation, expected.data());
  CHECK(out == expected);
  REQUIRE(
      converter->convert({pixel_format::planar_rgb, 32, 32, bytes.data(), 32, nullptr, 0, 1024}, out.data()));
  normalize_planar(cifar10::frame, bytes.data(), cifar10::mean, cifar10::deviation, expected.data());
  CHECK(out == expected);
}

TEST_CASE("a part of an image is an image; widths may change from frame to frame") {
  const auto converter = std::make_unique<frame_converter<input<3, 9, 14>, 96>>();
  const picture whole(pixel_format::rgb, 40, 60), other(pixel_format::grey, 12, 33);
  frame_view part = whole.view;
  part.bytes += 7 * part.row + 3 * 11, part.height = 20, part.width = 31;
  std::vector<std::uint8_t> copied;
  for (int y = 0; y < 20; ++y) {
    const std::uint8_t* const row = part.bytes + y * part.row;
    copied.insert(copied.end(), row, row + 93);
  }
  std::vector<float> first(9 * 14 * 3), second(first), third(first);
  REQUIRE(converter->convert(part, first.data()));
  REQUIRE(converter->convert(other.view, second.data()));
  REQUIRE(converter->convert({pixel_format::rgb, 20, 31, copied.data(), 93}, third.data()));
  CHECK(first == third);
}

TEST_CASE("what is no image is refused in a sentence") {
  const auto converter = std::make_unique<frame_converter<cifar10, 64>>();
  const std::uint8_t byte = 0;
  const auto says = [&](const frame_view& v, const char* sentence) {
    float untouched = 7.0F;
    const status s = converter->convert(v, &untouched);
    CHECK(std::string(s.message()).find(sentence) != std::string::npos);
    CHECK(untouched == 7.0F);
  };
  says({pixel_format::rgb, 0, 10, &byte, 30}, "image: 0 x 10 pixels, wanted 1 to 64 a row");
  says({pixel_format::rgb, 10, 65, &byte, 195}, "image: 10 x 65 pixels, wanted 1 to 64 a row");
  says({pixel_format::yuyv, 10, 11, &byte, 22}, "image: rows of 11 pixels, yuyv has pairs of them");
  says({pixel_format::nv12, 10, 10, &byte, 10}, "image: no plane of chroma");
  says({pixel_format::rgb, 10, 10, nullptr, 30}, "image: no pixels");
  says({static_cast<pixel_format>(9), 10, 10, &byte, 10}, "image: there is no pixel format 9");
}
