// SPDX-License-Identifier: MIT
// labelled_frames: images with labels, some of a set, and how a network wants them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../io/records.hpp"
#include "../plan/fingerprint.hpp"
#include "../train/augment.hpp"
#include "../train/frame_format.hpp"

namespace flexdnn {

/// Borrows the images, whose extent is the format's.
class labelled_frames {
 public:
  /// chosen: numbers of images, in the order in which they count.
  labelled_frames(const records& images, frame_format format, std::vector<std::uint32_t> chosen)
      : images_(&images), format_(std::move(format)), chosen_(std::move(chosen)) {}
  labelled_frames(const records& images, frame_format format)
      : images_(&images), format_(std::move(format)), chosen_(images.size()) {
    std::iota(chosen_.begin(), chosen_.end(), 0U);
  }

  [[nodiscard]] const frame_format& format() const { return format_; }

  [[nodiscard]] std::size_t size() const { return chosen_.size(); }
  [[nodiscard]] labelled_frames first(std::size_t n) const {
    return {*images_,
            format_,
            {chosen_.begin(), chosen_.begin() + static_cast<std::ptrdiff_t>(std::min(n, size()))}};
  }
  [[nodiscard]] labelled_frames last(std::size_t n) const {
    return {
        *images_, format_, {chosen_.end() - static_cast<std::ptrdiff_t>(std::min(n, size())), chosen_.end()}};
  }
  /// The images themselves, in their order.
  [[nodiscard]] records copy() const {
    records all{images_->extent, {}};
    all.bytes.reserve(size() * all.record_size());
    for (const std::uint32_t i : chosen_) {
      const auto record = images_->bytes.begin() + static_cast<std::ptrdiff_t>(i * images_->record_size());
      all.bytes.insert(all.bytes.end(), record, record + static_cast<std::ptrdiff_t>(images_->record_size()));
    }
    return all;
  }
  /// How many they are, and a number that differs where an image, a label, their order or the format
  /// does.
  [[nodiscard]] std::string fingerprint() const {
    detail::fingerprint_sum sum;
    sum.add(format_.frame);
    for (const auto* const numbers : {&format_.mean, &format_.deviation}) {
      for (const float x : *numbers) sum.add(std::uint64_t{std::bit_cast<std::uint32_t>(x)});
    }
    for (std::size_t i = 0; i < size(); ++i) {
      sum.add(label(i));
      const std::span<const std::uint8_t> bytes = images_->pixels(chosen_[i]);
      for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
        sum.add(eight);
      }
    }
    return std::to_string(size()) + " with fingerprint " + std::to_string(sum.value);
  }
  [[nodiscard]] int label(std::size_t i) const { return images_->label(chosen_[i]); }
  /// Whether a network of such frames and classes takes them; `where` begins the sentence. Errors:
  /// wrong_shape, bad_option (labels).
  [[nodiscard]] status check(const char* where, shape wanted, int classes) const {
    for (const shape& got : {images_->extent, format_.frame}) {
      if (got == wanted) continue;
      return status::error(code::wrong_shape, "%s: images of %d x %d x %d, the network takes %d x %d x %d",
                           where, got.channels, got.height, got.width, wanted.channels, wanted.height,
                           wanted.width);
    }
    for (std::size_t i = 0; i < size(); ++i) {
      if (label(i) < classes) continue;
      return status::error(code::bad_option, "%s: image %zu has label %d, the network has classes 0 to %d",
                           where, number(i), label(i), classes - 1);
    }
    return {};
  }
  [[nodiscard]] std::size_t number(std::size_t i) const { return chosen_[i]; }

  void frame(std::size_t i, std::span<float> out) const { format_.convert(images_->pixels(chosen_[i]), out); }
  /// The same, augmented. scratch: as many bytes as the frame has numbers.
  void frame(std::size_t i, const augmentation& how, random_generator& random,
             std::span<std::uint8_t> scratch, std::span<float> out) const {
    augment(how, format_.frame, images_->pixels(chosen_[i]), random, scratch);
    format_.convert(scratch, out);
  }

 private:
  const records* images_;
  frame_format format_;
  std::vector<std::uint32_t> chosen_;
};

}  // namespace flexdnn
