// SPDX-License-Identifier: MIT
// options: any order, the last of two alike wins, strangers are noticed, extents are PyTorch's.
#include <flexdnn/core/options.hpp>

#include <doctest/doctest.h>

using namespace flexdnn;

TEST_CASE("order is free") {
  static_assert(read_options<kernel<3>, stride<2>, bias<false>>() ==
                read_options<bias<false>, stride<2>, kernel<3>>());
  static_assert(read_options<kernel<3>, kernel<5, 2>>().kernel_h == 5);
  constexpr window_options all =
      read_options<groups<4>, dilation<2, 3>, padding<1, 0>, stride<3, 1>, kernel<2, 7>, bias<false>>();
  CHECK(all.groups == 4);
  CHECK(all.dilation_w == 3);
  CHECK(all.padding_h == 1);
  CHECK(all.padding_w == 0);
  CHECK(all.stride_h == 3);
  CHECK(all.kernel_w == 7);
  CHECK_FALSE(all.bias);
  CHECK_FALSE(all.unknown);
}

TEST_CASE("what is no option is noticed") {
  static_assert(read_options<kernel<3>, int>().unknown);
  static_assert(!read_options<>().unknown);
  CHECK_FALSE(read_options<stride<0>, padding<0>>().in_range());
  CHECK_FALSE(read_options<stride<1>, padding<-2>>().in_range());
  CHECK(read_options<stride<1>, padding<0>>().in_range());
}

TEST_CASE("output extents count the windows that fit") {
  for (int kernel_size = 1; kernel_size < 5; ++kernel_size) {
    for (int step = 1; step < 4; ++step) {
      for (int border = 0; border < 3; ++border) {
        for (int spread = 1; spread < 3; ++spread) {
          window_options w;
          w.kernel_h = kernel_size, w.stride_h = step, w.padding_h = border, w.dilation_h = spread;
          const int reach = spread * (kernel_size - 1) + 1;
          for (int height = reach; height < 20; ++height) {
            int windows = 0;
            for (int first = -border; first + reach <= height + border; first += step) ++windows;
            CHECK(w.output_h(height) == windows);
          }
        }
      }
    }
  }
}

TEST_CASE("padding of four sides, SAME, ceil: windows counted one by one") {
  static_assert(read_options<padding<1, 2>>() == read_options<padding<1, 2, 1, 2>>());
  static_assert(read_options<padding<3>, same_padding>().same);
  static_assert(!read_options<same_padding, padding<3>>().same);
  for (int kernel_size = 1; kernel_size < 5; ++kernel_size) {
    for (int step = 1; step < 5; ++step) {
      for (int extent = 1; extent < 14; ++extent) {
        window_options w;
        w.kernel_w = kernel_size, w.stride_w = step;
        w.same = true;
        const auto same = w.columns(extent);
        CHECK(same.output == (extent + step - 1) / step);
        CHECK((same.after == same.before || same.after == same.before + 1));
        const int reached = (same.output - 1) * step + kernel_size;
        CHECK(reached <= extent + same.before + same.after);
        CHECK((same.after == 0 || reached == extent + same.before + same.after));
        w.same = false, w.ceil = true;
        for (w.padding_w = 0; w.padding_w <= kernel_size / 2; ++w.padding_w) {
          for (w.padding_right = 0; w.padding_right <= kernel_size / 2; ++w.padding_right) {
            const int last = extent + w.padding_right;
            if (w.padding_w + last < kernel_size) continue;
            // Windows from the first on, until one has covered the last element of the padding, but none that
            // begins past the input.
            int windows = 0, beyond = 0;
            for (int first = -w.padding_w; first < extent; first += step) {
              ++windows;
              beyond = first + kernel_size > last ? first + kernel_size - last : 0;
              if (first + kernel_size >= last) break;
            }
            const auto columns = w.columns(extent);
            CHECK(columns.output == windows);
            CHECK(columns.beyond == beyond);
          }
        }
      }
    }
  }
}
