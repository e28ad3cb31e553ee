// SPDX-License-Identifier: MIT
// allocation: once it runs, a stream takes nothing from the heap, from the camera's bytes to the answer.
#include <doctest/doctest.h>

#include <flexdnn/energy/energy_model.hpp>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/frame/frame_converter.hpp>
#include <flexdnn/policy/by_level.hpp>
#include <flexdnn/policy/within_budget.hpp>
#include <flexdnn/stream/frame_server.hpp>
#include <flexdnn/stream/level_choice.hpp>
#include <flexdnn/stream/rate_budget.hpp>

#include "count_allocations.hpp"

using namespace flexdnn;

namespace {

struct small
    : network<input<3, 8, 8>, conv2d<4, kernel<3>>, relu, exit_branch<"early", global_average_pool, dense<3>>,
              conv2d<8, kernel<3>>, global_average_pool, dense<3>> {};
struct small_frames {
  static constexpr shape frame{3, 8, 8};
  static constexpr std::array<float, 3> mean{}, deviation{1.0F, 1.0F, 1.0F};
};

struct clock_meter {
  std::uint64_t operator()(const evidence&) const noexcept {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
};

/// All that a program does for a frame.
class viewer {
  using policy = by_level<entropy_confidence<small>, 2>;

 public:
  std::size_t operator()(const served_frame& f) noexcept {
    level_ = f.level;
    budget_.until = clock_meter{}({}) + static_cast<std::uint64_t>(std::max<std::int64_t>(f.slack, 0));
    const frame_view image{pixel_format::rgb, 20, 30, reinterpret_cast<const std::uint8_t*>(f.bytes.data()),
                           90};
    if (!converter_.convert(image, frame_.data())) return 0;
    const auto a = engine_.run(frame_);
    joules_.earn(static_cast<std::int64_t>(clock_meter{}({})));
    joules_.spend(energy_model{}(a.macs, f.bytes.size(), 0.0));
    return joules_.affords(costs_);
  }

 private:
  std::size_t level_ = 0;
  frame_budget<2> budget_{{1000, 2000}};
  packed<small> weights_;
  engine<small, within_budget<policy, 2, clock_meter>> engine_{
      weights_, budget_,
      policy({entropy_confidence<small>(thresholds{0.9F}), entropy_confidence<small>(thresholds{0.5F})},
             level_)};
  frame_converter<small_frames, 64> converter_;
  std::array<float, small::frame.size()> frame_{};
  rate_budget joules_{1e-6, 1e-5};
  std::array<double, 2> costs_{1e-7, 1e-8};
};

}  // namespace

TEST_CASE("two thousand frames in real time: none allocates") {
  static viewer view;
  const auto serve = [](const served_frame& f) noexcept { return view(f); };
  const std::array estimates{quantile_estimate(), quantile_estimate()};
  const level_choice<quantile_estimate, 2> choice(std::span<const quantile_estimate>{estimates});
  using namespace std::chrono_literals;
  frame_server<decltype(serve), level_choice<quantile_estimate, 2>, 4> server(1800, 5ms, choice, serve);
  int shade = 0;
  const auto camera = [&](std::span<std::byte> to) noexcept {
    std::ranges::fill(to, static_cast<std::byte>(++shade));
  };
  // The first frame has been answered: thread, locks and the converter's table are there.
  REQUIRE(server.arrive(camera));
  while (server.snapshot().counts().answered + server.snapshot().counts().late == 0) {
    std::this_thread::yield();
  }
  const long before = allocations;
  for (int k = 0; k < 2000; ++k) {
    if (k % 3 != 0) server.wait_for_room();
    (void)server.arrive(camera);
    if (k % 100 == 0) (void)server.snapshot();
  }
  server.finish();
  const long during = allocations - before;
  CHECK(during == 0);
  const stream_counts c = server.snapshot().counts();
  CHECK(c.answered + c.late + c.dropped == 2001);
  CHECK(c.answered + c.late >= 1);
}
