// SPDX-License-Identifier: MIT
// split_images: cuts a data set into parts that share no track and no video, as records with a table beside
// each.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <flexdnn/io.hpp>
#include <flexdnn/train/random_generator.hpp>
#include <map>

#include "common/failure.hpp"
#include "common/image_set.hpp"
#include "common/target.hpp"

namespace {

using namespace flexdnn;
using examples::image_set;
using examples::require;

struct request {
  std::vector<std::string> images, out;
  std::vector<double> shares;
  std::vector<int> extent{3, 32, 32};
  int classes = 10;
  std::uint64_t seed = 1;
};

void split(const request& r) {
  if (r.shares.size() != r.out.size() || r.extent.size() != 3) {
    throw std::runtime_error(std::to_string(r.shares.size()) + " shares for " + std::to_string(r.out.size()) +
                             " files: one each is wanted, and an extent of three numbers");
  }
  for (const std::string& file : r.out) examples::check_target(file, r.images);
  double total = 0.0;
  for (const double s : r.shares) {
    if (!(s > 0.0)) throw std::runtime_error("a share is " + std::to_string(s) + ", wanted above 0");
    total += s;
  }
  const image_set all = examples::load_images(r.images, {r.extent[0], r.extent[1], r.extent[2]},
                                              static_cast<std::size_t>(r.classes));
  // Clips of one class are parted alike, so that every part has every class that has clips enough.
  std::map<int, std::map<int, std::vector<std::size_t>>> by_class;
  for (std::size_t i = 0; i < all.size(); ++i) by_class[all.images.label(i)][all.clips[i]].push_back(i);
  std::vector<std::vector<std::size_t>> parts(r.out.size());
  random_generator random(r.seed);
  for (const auto& [label, clips] : by_class) {
    std::vector<const std::vector<std::size_t>*> order;
    for (const auto& [number, images] : clips) order.push_back(&images);
    random.shuffle(std::span(order));
    double share = 0.0;
    for (std::size_t p = 0, next = 0; p < parts.size(); ++p) {
      share += r.shares[p] / total;
      const auto end = p + 1 == parts.size()
                           ? order.size()
                           : static_cast<std::size_t>(share * static_cast<double>(order.size()) + 0.5);
      for (; next < end; ++next) parts[p].insert(parts[p].end(), order[next]->begin(), order[next]->end());
    }
  }
  for (std::size_t p = 0; p < parts.size(); ++p) {
    std::ranges::sort(parts[p]);
    std::vector<std::uint8_t> bytes;
    std::string table = "index,class,track,frame\n";
    for (std::size_t n = 0; n < parts[p].size(); ++n) {
      const std::size_t i = parts[p][n];
      bytes.push_back(all.images.label(i));
      const auto pixels = all.images.pixels(i);
      bytes.insert(bytes.end(), pixels.begin(), pixels.end());
      table += std::to_string(n) + "," + std::to_string(all.images.label(i)) + "," +
               std::to_string(all.clips[i]) + "," + std::to_string(all.frames[i]) + "\n";
    }
    const std::array records_bytes{std::as_bytes(std::span(bytes))},
        table_bytes{std::as_bytes(std::span(table))};
    require(write_file(r.out[p], records_bytes));
    require(write_file(std::filesystem::path(r.out[p]).replace_extension(".csv").string(), table_bytes));
    std::printf("%s: %zu images\n", r.out[p].c_str(), parts[p].size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  request r;
  CLI::App app{"Cuts a data set into parts that share no track and no video.", "split_images"};
  app.add_option("--images", r.images, "records, idx, GTSRB as distributed, or a folder of images a class")
      ->required();
  app.add_option("--out", r.out, "record files to write, NAME.bin each, a NAME.csv beside it")->required();
  app.add_option("--shares", r.shares, "how much of the clips of each class goes to each")->required();
  app.add_option("--extent", r.extent, "channels, height, width")->expected(3)->capture_default_str();
  app.add_option("--classes", r.classes, "how many there are")
      ->check(CLI::Range(2, 256))
      ->capture_default_str();
  app.add_option("--seed", r.seed, "of the lot")->capture_default_str();
  return examples::run_program(app, argc, argv, [&] { split(r); });
}
