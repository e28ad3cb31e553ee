// SPDX-License-Identifier: MIT
// image_set: each layout, written by hand and read back; and what is wrong with the others, in a sentence.
#include <examples/common/image_set.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>

#include "../io/support.hpp"

namespace {

namespace fs = std::filesystem;
using examples::image_set;
using examples::load_images;
using flexdnn::shape;
using io_test::spill;

const shape two_by_two{3, 2, 2};

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int v : values) text += static_cast<char>(v);
  return text;
}

/// A picture of one colour.
std::string ppm(int width, int height, std::initializer_list<int> colour) {
  std::string text = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  for (int i = 0; i < width * height; ++i) text += bytes(colour);
  return text;
}

void zip(const std::string& path, const std::string& content) {
  const gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(file, content.data(), static_cast<unsigned>(content.size())) ==
          static_cast<int>(content.size()));
  gzclose(file);
}

/// The sentence of what is thrown.
template <class Function>
std::string sentence_of(Function f) {
  try {
    f();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

void fails(const std::string& path, shape extent, std::size_t classes, std::string_view fragment) {
  const std::string got = sentence_of([&] { (void)load_images(path, extent, classes); });
  CAPTURE(got);
  CHECK(got.find(fragment) != std::string::npos);
}

std::vector<int> labels_of(const image_set& s) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < s.size(); ++i) labels.push_back(s.images.label(i));
  return labels;
}

const std::string idx3 =
    bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40, 50, 60, 70, 80});
const std::string idx1 = bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 1});

}  // namespace

TEST_CASE("records, and the tracks of the table beside them") {
  const io_test::temporary_directory d;
  const std::string path = d.file("some.bin");
  spill(path, bytes({1, 9, 8, 7, 6}) + bytes({0, 1, 2, 3, 4}) + bytes({1, 0, 0, 0, 0}));
  const shape grey{1, 2, 2};
  const image_set alone = load_images(path, grey, 2);
  CHECK(labels_of(alone) == std::vector{1, 0, 1});
  CHECK(alone.clips == std::vector{0, 1, 2});
  spill(d.file("some.csv"), "index,class,track\n0,1,4\n1,0,4\n2,1,4\n");
  CHECK(load_images(path, grey, 2).clips ==
        std::vector{0, 1, 0});  // track 4 of class 1 is not track 4 of class 0
  spill(d.file("some.csv"), "index,sequence\n0,a\n1,a\n2,b\n");
  CHECK(load_images(path, grey, 2).clips == std::vector{0, 0, 1});
  CHECK(load_images(path, grey, 2).frames == std::vector{0, 1, 0});  // as they come
  spill(d.file("some.csv"), "index,sequence,frame\n0,a,9\n1,a,2\n2,b,4\n");
  CHECK(load_images({path, path}, grey, 2).frames == std::vector{9, 2, 4, 9, 2, 4});
  spill(d.file("some.csv"), "index,sequence\n0,a\n");
  fails(path, grey, 2, "has 1 rows, the records beside it are 3");
  spill(d.file("some.csv"), "index,class,track\n0,x,4\n");
  fails(path, grey, 2, "line 2: class is 'x', a number is wanted");
  fails(path, grey, 1, "image 0 has label 1, the network has classes 0 to 0");
  fails(path, two_by_two, 2, "bytes are left over");
  spill(d.file("none.bin"), "");
  fails(d.file("none.bin"), grey, 2, "the file is empty");
  fails(d.file("missing.bin"), grey, 2, "missing.bin");
}

TEST_CASE("idx, gzipped and not, for grey networks and colour ones") {
  const io_test::temporary_directory d;
  zip(d.file("t10k-images-idx3-ubyte.gz"), idx3);
  zip(d.file("t10k-labels-idx1-ubyte.gz"), idx1);
  const image_set grey = load_images(d.file("t10k-images-idx3-ubyte.gz"), {1, 2, 2}, 10);
  CHECK(labels_of(grey) == std::vector{7, 1});
  CHECK(std::ranges::equal(grey.images.pixels(1), std::vector{50, 60, 70, 80}));
  const image_set colour = load_images(d.file("t10k-images-idx3-ubyte.gz"), two_by_two, 10);
  CHECK(std::ranges::equal(colour.images.pixels(0),
                           std::vector{10, 20, 30, 40, 10, 20, 30, 40, 10, 20, 30, 40}));
  CHECK(load_images(d.file("t10k-images-idx3-ubyte.gz"), {1, 1, 1}, 10).images.pixels(0)[0] ==
        25);  // averages

  spill(d.file("train-images-idx3-ubyte"), idx3);
  fails(d.file("train-images-idx3-ubyte"), {1, 2, 2}, 10, "train-labels-idx1-ubyte': cannot be read");
  spill(d.file("train-labels-idx1-ubyte"), bytes({0, 0, 8, 1, 0, 0, 0, 1, 7}));
  fails(d.file("train-images-idx3-ubyte"), {1, 2, 2}, 10, "has 1 labels, the images are 2");
  spill(d.file("train-labels-idx1-ubyte"), idx1);
  spill(d.file("train-images-idx3-ubyte"), idx3.substr(0, 20));
  fails(d.file("train-images-idx3-ubyte"), {1, 2, 2}, 10, "its extents want another number");
  spill(d.file("train-images-idx3-ubyte"),
        bytes({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}));
  fails(d.file("train-images-idx3-ubyte"), {1, 2, 2}, 10, "its extents want another number");
  std::string cut = io_test::slurp(d.file("t10k-images-idx3-ubyte.gz"));
  spill(d.file("t10k-images-idx3-ubyte.gz"), cut.substr(0, cut.size() - 9));
  fails(d.file("t10k-images-idx3-ubyte.gz"), {1, 2, 2}, 10, "is damaged, or cut short");
}

TEST_CASE("traffic signs as distributed: cut out, tracks by name") {
  const io_test::temporary_directory d;
  fs::create_directories(d.file("00000"));
  fs::create_directories(d.file("00002"));
  spill(d.file("00000/00001_00000.ppm"), ppm(5, 4, {1, 2, 3}));
  spill(d.file("00000/00001_00001.ppm"), ppm(5, 4, {4, 5, 6}));
  spill(d.file("00002/00001_00000.ppm"), ppm(5, 4, {7, 8, 9}));
  const std::string heading = "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\n";
  spill(d.file("00000/GT-00000.csv"),
        heading + "00001_00000.ppm;5;4;1;1;3;2;0\r\n00001_00001.ppm;5;4;1;1;3;2;0\r\n");
  spill(d.file("00002/GT-00002.csv"), heading + "00001_00000.ppm;5;4;0;0;4;3;2\n");
  const image_set signs = load_images(d.file(""), two_by_two, 3);
  CHECK(signs.layout == "GTSRB");
  CHECK(labels_of(signs) == std::vector{0, 0, 2});
  CHECK(signs.clips == std::vector{0, 0, 1});
  CHECK(std::ranges::equal(signs.images.pixels(2), std::vector{7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9}));
  spill(d.file("00002/GT-00002.csv"), heading + "00001_00000.ppm;5;4;0;0;5;3;2\n");
  fails(d.file(""), two_by_two, 3, "its sign lies outside the image of 5 x 4");
  spill(d.file("00002/GT-00002.csv"), heading + "00001_00000.ppm;5;4;0;0\n");
  fails(d.file(""), two_by_two, 3, "line 2 has no Roi.X2");
  spill(d.file("00002/GT-00002.csv"), heading + "00001_00009.ppm;5;4;0;0;4;3;2\n");
  fails(d.file(""), two_by_two, 3, "00001_00009.ppm");
}

TEST_CASE("a folder a class") {
  const io_test::temporary_directory d;
  fs::create_directories(d.file("cats"));
  fs::create_directories(d.file("dogs"));
  spill(d.file("cats/b.ppm"), ppm(3, 2, {1, 2, 3}));
  spill(d.file("dogs/a.PPM"), ppm(2, 6, {4, 5, 6}));
  spill(d.file("dogs/readme.txt"), "no image");
  const image_set two = load_images(d.file(""), two_by_two, 2);
  CHECK(labels_of(two) == std::vector{0, 1});
  CHECK(two.clips == std::vector{0, 1});
  CHECK(std::ranges::equal(two.images.pixels(1), std::vector{4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6}));
  fails(d.file(""), two_by_two, 3, "has 2 folders, the network has 3 classes");
  spill(d.file("dogs/c.jpg"), "no jpeg");
  fails(d.file(""), two_by_two, 2, "c.jpg': is no image that can be read");
  fails(d.file("cats"), two_by_two, 2, "has no folders");
}

TEST_CASE("several paths: clips stay apart") {
  const io_test::temporary_directory d;
  spill(d.file("a.bin"), bytes({1, 5, 0, 6}));
  spill(d.file("b.bin"), bytes({1, 7}));
  const image_set all = load_images({d.file("a.bin"), d.file("b.bin")}, {1, 1, 1}, 2);
  CHECK(labels_of(all) == std::vector{1, 0, 1});
  CHECK(all.clips == std::vector{0, 1, 2});
}
