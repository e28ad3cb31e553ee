// SPDX-License-Identifier: MIT
// A backbone of one's own, plain; exits are added to it from outside, and a frame really stops at one.
#include <cstdio>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <memory>

using namespace flexdnn;

template <int Channels, class Stride = stride<1>>
using convolve_norm_relu = sequence<conv2d<Channels, kernel<3>, Stride, bias<false>>, batch_norm, relu>;

/// An Inception-like unit: two receptive fields side by side.
template <int Channels>
using mixed = parallel<convolve_norm_relu<Channels / 2>,
                       sequence<convolve_norm_relu<Channels / 2>, convolve_norm_relu<Channels / 2>>>;

struct small_mixed
    : network<input<3, 32, 32>, convolve_norm_relu<16>, repeat<2, mixed<16>>, max_pool2d<kernel<2>>,
              mixed<32>, max_pool2d<kernel<2>>, mixed<64>, global_average_pool, dense<10>> {};

// `describe<small_mixed>()` prints the cut points.
struct adaptive
    : with_exits<
          small_mixed, at<3, exit_branch<"early", global_average_pool, dense<10>>>,
          at<5, exit_branch<"middle", convolve_norm_relu<32, stride<2>>, global_average_pool, dense<10>>>> {};

int main() {
  std::printf("%s", describe<adaptive>().c_str());
  weights<adaptive> canonical;  // read_weights(path, canonical) in earnest
  for (std::size_t i = 0; i < canonical.values.size(); ++i) {
    canonical.values[i] = 0.1F * static_cast<float>(i % 7);  // a variance is at least 0
  }
  const auto values = std::make_unique<packed<adaptive>>();
  pack(canonical, *values);
  const auto net =
      std::make_unique<engine<adaptive, max_probability<adaptive>>>(*values, thresholds{0.0F, 1.0F});
  const auto frame = std::make_unique<std::array<float, small_mixed::frame.size()>>();
  frame->fill(0.5F);
  const auto early = net->run(*frame);  // threshold 0: whatever the frame, it leaves at the first exit
  const auto last = net->finish();      // and goes on from there if asked
  std::printf("left at exit %d after %.2f MMACs; finished after %.2f MMACs\n", early.exit,
              1e-6 * static_cast<double>(early.macs), 1e-6 * static_cast<double>(last.macs));
  return early.exit == 0 && last.exit == 2 && early.macs < last.macs ? 0 : 1;
}
