// SPDX-License-Identifier: MIT
// any_source: a frame_source of any kind, so that a program plays them all alike.
#pragma once

#include <cstddef>
#include <flexdnn/core/shape.hpp>
#include <flexdnn/frame/frame_source.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace examples {

/// Meets frame_source itself.
class any_source {
 public:
  /// what: to be told to people, "768 x 432 pixels".
  template <flexdnn::frame_source Source>
  any_source(Source source, std::string what)
      : source_(std::make_unique<of<Source>>(std::move(source))), what_(std::move(what)) {}

  [[nodiscard]] const std::string& what() const { return what_; }
  [[nodiscard]] std::size_t frame_bytes() const { return source_->frame_bytes(); }
  [[nodiscard]] flexdnn::frame_view view(std::span<const std::byte> frame) const noexcept {
    return source_->view(frame);
  }
  bool read(std::span<std::byte> to) { return source_->read(to); }
  [[nodiscard]] flexdnn::status ending() const { return source_->ending(); }
  [[nodiscard]] double frame_rate() const { return source_->frame_rate(); }  ///< 0: not known
  /// What a frame shows, where frames say so themselves, as records do; -1: they do not.
  [[nodiscard]] int label(std::span<const std::byte> frame) const noexcept { return source_->label(frame); }
  /// How many frames it has; 0: not known before they were read.
  [[nodiscard]] std::size_t size() const { return source_->size(); }

 private:
  struct any {
    any() = default;
    any(const any&) = delete;
    any& operator=(const any&) = delete;
    virtual ~any() = default;
    [[nodiscard]] virtual std::size_t frame_bytes() const = 0;
    [[nodiscard]] virtual flexdnn::frame_view view(std::span<const std::byte> frame) const noexcept = 0;
    virtual bool read(std::span<std::byte> to) = 0;
    [[nodiscard]] virtual flexdnn::status ending() const = 0;
    [[nodiscard]] virtual double frame_rate() const = 0;
    [[nodiscard]] virtual int label(std::span<const std::byte> frame) const noexcept = 0;
    [[nodiscard]] virtual std::size_t size() const = 0;
  };

  template <class Source>
  struct of final : any {
    explicit of(Source s) : source(std::move(s)) {}
    [[nodiscard]] std::size_t frame_bytes() const override { return source.frame_bytes(); }
    [[nodiscard]] flexdnn::frame_view view(std::span<const std::byte> frame) const noexcept override {
      return source.view(frame);
    }
    bool read(std::span<std::byte> to) override { return source.read(to); }
    [[nodiscard]] flexdnn::status ending() const override { return flexdnn::ending_of(source); }
    [[nodiscard]] double frame_rate() const override { return flexdnn::frame_rate_of(source); }
    [[nodiscard]] int label([[maybe_unused]] std::span<const std::byte> frame) const noexcept override {
      if constexpr (requires { source.label(frame); }) return source.label(frame);
      return -1;
    }
    [[nodiscard]] std::size_t size() const override {
      if constexpr (requires { source.size(); }) return source.size();
      return 0;
    }

    Source source;
  };

  std::unique_ptr<any> source_;
  std::string what_;
};

/// What the path is: a folder, its images; NAME.bin, records of that extent; else a video or a device that
/// ffmpeg reads. format: what ffmpeg calls the input's format (lavfi, v4l2, rtsp); the path is then any name
/// that it takes there. Throws std::runtime_error: what, where, got, wanted.
[[nodiscard]] any_source open_frames(const std::string& path, flexdnn::shape extent,
                                     const std::string& format = {});

}  // namespace examples
