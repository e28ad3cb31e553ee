// SPDX-License-Identifier: MIT
// image_set: labelled images at one extent, from any of the layouts that data sets come in.
#pragma once

#include <flexdnn/io/records.hpp>
#include <string>
#include <vector>

namespace examples {

/// Images as bytes, planar, and which of them resemble each other.
struct image_set {
  flexdnn::records images;
  std::vector<int> clips;   ///< one number for the frames of a video or a track; else each image has its own
  std::vector<int> frames;  ///< place of each within its clip, in the order of time
  std::string layout;       ///< what the path was taken for

  [[nodiscard]] std::size_t size() const { return clips.size(); }
};

/// Reads images at `extent`, whose labels are below `classes`. What `path` is, it finds out:
///   a file of records (CIFAR-10's binary layout, any extent); a table beside it (NAME.csv with a row each
///   and columns `track` or `sequence`, and `class`) says which belong together, its column `frame` in what
///   order: without it, as they come;
///   a file of idx3 images, gzipped or not (MNIST, Fashion-MNIST: its labels beside it, ...-labels-idx1-...);
///   a folder with tables GT-*.csv in it or in its folders (GTSRB as distributed): signs cut out, tracks by
///   name; a folder with a folder of images a class, sorted by name.
/// Images of another size are brought to the extent by a triangle filter (bilinear; it averages where it
/// shrinks), photographs after the largest square in their middle is cut out; grey ones serve colour networks
/// and colour ones grey networks. Throws std::runtime_error: what, where, got, wanted.
[[nodiscard]] image_set load_images(const std::string& path, flexdnn::shape extent, std::size_t classes);

/// Several of them, one after the other. Clips of different paths stay apart.
[[nodiscard]] image_set load_images(const std::vector<std::string>& paths, flexdnn::shape extent,
                                    std::size_t classes);

}  // namespace examples
