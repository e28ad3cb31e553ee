// SPDX-License-Identifier: MIT
// bench/frame_converter: images of a camera as frames of a network: us, bytes read a second.
#include <flexdnn/frame/frame_converter.hpp>

#include <benchmark/benchmark.h>

#include <flexdnn/frame/frame_layout.hpp>
#include <flexdnn/models/cifar10.hpp>
#include <memory>
#include <vector>

namespace {

using namespace flexdnn;

/// Converts images of one format and extent again and again.
void convert(benchmark::State& state, pixel_format format, int height, int width) {
  const frame_layout layout{format, height, width};
  const std::vector<std::byte> bytes(layout.bytes(), std::byte{100});
  const frame_view image = layout.view(bytes);
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
BENCHMARK_CAPTURE(convert, planar_rgb_432x768, pixel_format::planar_rgb, 432, 768)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, nv12_432x768, pixel_format::nv12, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, yuyv_432x768, pixel_format::yuyv, 432, 768)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(convert, nv12_1080x1920, pixel_format::nv12, 1080, 1920)->Unit(benchmark::kMicrosecond);

}  // namespace
