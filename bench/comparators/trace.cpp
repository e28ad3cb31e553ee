// SPDX-License-Identifier: MIT
#include "trace.hpp"

#include <chrono>
#include <filesystem>
#include <flexdnn/frame/frame_converter.hpp>
#include <flexdnn/frame/frame_layout.hpp>
#include <flexdnn/models/cifar10.hpp>
#include <flexdnn/models/gtsrb.hpp>
#include <flexdnn/train/progress_bar.hpp>
#include <stdexcept>

#include "../../examples/common/failure.hpp"
#include "../../examples/common/table.hpp"

namespace comparators {
namespace {

using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Not normalised, so that every data set may have its own.
template <int Side>
struct raw {
  static constexpr flexdnn::shape frame{3, Side, Side};
  static constexpr std::array<float, 3> mean{}, deviation{1.0F, 1.0F, 1.0F};
};

template <int Side>
void shrink(const flexdnn::frame_view& image, std::vector<float>& out) {
  static flexdnn::frame_converter<raw<Side>, 32> converter;
  out.resize(raw<Side>::frame.size());
  examples::require(converter.convert(image, out.data()));
}

}  // namespace

stream load_stream(const std::string& path, const std::string& data_set) {
  stream s;
  examples::require(flexdnn::load_records(path, {3, 32, 32}, s.images));
  if (s.images.size() == 0) throw std::runtime_error(path + ": has no frames");
  if (data_set == "gtsrb") {
    s.mean = flexdnn::gtsrb::mean, s.deviation = flexdnn::gtsrb::deviation;
  } else {
    s.mean = flexdnn::cifar10::mean, s.deviation = flexdnn::cifar10::deviation;
  }
  std::filesystem::path rows = path;
  rows.replace_extension(".csv");
  std::error_code ignored;
  if (std::filesystem::is_regular_file(rows, ignored)) {
    examples::table table(rows, ',');
    std::string before;
    int clip = -1;
    while (table.has("track") && table.next()) {
      const std::string track = (table.has("class") ? table.text("class") + "/" : "") + table.text("track");
      clip += track != before ? 1 : 0;
      before = track;
      s.clips.push_back(clip);
    }
  }
  if (!s.clips.empty() && s.clips.size() != s.images.size()) {
    throw std::runtime_error(rows.string() + " has " + std::to_string(s.clips.size()) +
                             " rows, the records are " + std::to_string(s.images.size()));
  }
  for (int i = 0; s.clips.size() < s.images.size(); ++i) s.clips.push_back(i);
  return s;
}

void read_frame(const stream& s, std::size_t frame, int side, std::vector<float>& out) {
  const flexdnn::frame_layout layout{flexdnn::pixel_format::planar_rgb, 32, 32};
  const flexdnn::frame_view image = layout.view(std::as_bytes(s.images.pixels(frame)));
  if (side == 32) {
    shrink<32>(image, out);
  } else if (side == 24) {
    shrink<24>(image, out);
  } else {
    shrink<16>(image, out);
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (out[i] - s.mean[i % 3]) / s.deviation[i % 3];
}

std::vector<std::byte> read_weights_file(const variant& v, const std::string& folder) {
  std::vector<std::byte> bytes;
  examples::require(flexdnn::read_file(folder + "/" + v.file + ".safetensors", bytes));
  return bytes;
}

stream_trace trace(const std::vector<variant>& family, const std::string& folder, const stream& s,
                   std::size_t timed, const char* progress) {
  stream_trace t;
  t.clip = s.clips;
  for (std::size_t i = 0; i < s.images.size(); ++i) t.truth.push_back(s.images.label(i));
  std::vector<std::unique_ptr<loaded_network>> loaded;
  std::vector<float> frame;
  flexdnn::progress_bar bar(progress, family.size() + timed);
  for (const variant& v : family) {
    variant_trace r{.name = v.name, .system = v.system};
    r.parameter_bytes = v.parameter_bytes, r.engine_bytes = v.engine_bytes;
    std::vector<double> allocate, load;
    for (int round = 0; round < 5; ++round) {
      clock::time_point start = clock::now();
      std::unique_ptr<loaded_network> net = v.allocate();
      allocate.push_back(seconds_since(start));
      start = clock::now();
      if (const status read = net->load(read_weights_file(v, folder)); !read)
        throw std::runtime_error(folder + "/" + v.file + ": " + read.message());
      load.push_back(seconds_since(start));
      if (round == 4) loaded.push_back(std::move(net));
    }
    r.allocate_seconds = median(allocate), r.load_seconds = median(load);
    const std::size_t exits = v.exits.size();
    for (std::size_t e = 0; e < exits; ++e) r.exits.push_back({v.exits[e], v.macs[e], 0.0});
    r.labels.assign(exits, std::vector<int>(t.frames()));
    r.confidences.assign(exits, std::vector<float>(t.frames()));
    std::vector<int> labels(exits);
    std::vector<float> confidences(exits);
    for (std::size_t i = 0; i < t.frames(); ++i) {
      read_frame(s, i, v.side, frame);
      loaded.back()->run_all(frame, labels, confidences);
      for (std::size_t e = 0; e < exits; ++e)
        r.labels[e][i] = labels[e], r.confidences[e][i] = confidences[e];
    }
    t.variants.push_back(std::move(r));
    bar.advance();
  }
  // By variant and exit: the shortest of three runs, frame by frame.
  std::vector<std::vector<std::vector<double>>> seconds;
  for (const variant& v : family) seconds.emplace_back(v.exits.size());
  for (std::size_t k = 0; k < timed; ++k) {
    const std::size_t i = k * t.frames() / timed;
    for (std::size_t v = 0; v < family.size(); ++v) {
      read_frame(s, i, family[v].side, frame);
      for (std::size_t e = 0; e < family[v].exits.size(); ++e) {
        std::vector<float> thresholds(family[v].exits.size() - 1, 2.0F);
        if (e < thresholds.size()) thresholds[e] = -1.0F;
        double shortest = 1.0;
        for (int run = 0; run < 3; ++run) {
          const clock::time_point start = clock::now();
          (void)loaded[v]->run(frame, thresholds);
          shortest = std::min(shortest, seconds_since(start));
        }
        seconds[v][e].push_back(shortest);
      }
    }
    bar.advance();
  }
  for (std::size_t v = 0; v < family.size() && timed > 0; ++v) {
    for (std::size_t e = 0; e < seconds[v].size(); ++e)
      t.variants[v].exits[e].seconds = median(seconds[v][e]);
  }
  return t;
}

}  // namespace comparators
