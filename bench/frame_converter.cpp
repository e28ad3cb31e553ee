// SPDX-License-Identifier: MIT
// bench/frame_converter: images of a camera as frames of a network: us, bytes read a second.
#include <flexdnn/frame/frame_converter.hpp>

#include <benchmark/benchmark.h>

#include <flexdnn/models/cifar10.hpp>
#include <memory>
#include <vector>

namespace {

using namespace flexdnn;

/// Converts images of one format and extent again and again.
void convert(benchmark::State& state, pixel_format format, int height, int width) {
  const int each = format == pixel_format::rgb ? 3 : format == pixel_format::yuyv ? 2 : 1;
  const int pairs = (width + 1) / 2 * 2, rows = format == pixel_format::nv12 ? (height + 1) / 2 : 0;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(height * width * each + rows * pairs), 100);
  const std::uint8_t* const chroma = bytes.data() + std::ptrdiff_t{height} * width;
  const frame_view image{format, height, width, bytes.data(), width * each, chroma, pairs};
  const auto converter = std::make_unique<frame_converter<cifar10>>();
  std::vector<float> frame(cifar10::frame.size());
  for (auto _ : state) {
    if (!converter->convert(image, frame.data())) state.SkipWithError("no image");
    benchmark::DoNotOptimize(frame.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK_CAPTURE(convert, grey_432x768, pixel_format::grey, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, rgb_432x768, pixel_format::rgb, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, nv12_432x768, pixel_format::nv12, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, yuyv_432x768, pixel_format::yuyv, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, nv12_1080x1920, pixel_format::nv12, 1080, 1920)->Unit(benchmark::kMicrosecond);

}  // namespace
