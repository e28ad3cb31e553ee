// SPDX-License-Identifier: MIT
// train_jointly: trunk and branches learn, interrupted or not with the same bits; an error changes nothing.
#include <flexdnn/search/train_jointly.hpp>

#include <doctest/doctest.h>

#include "../io/support.hpp"
#include "problem.hpp"

using namespace search_test;

namespace {

struct jointly_trained {
  std::vector<float> trunk;  ///< empty: an error
  std::vector<exit_candidate> branches;
  std::vector<double> losses;
  status result;

  jointly_trained(const records& images, int epochs, const std::string& path, int stop_after = 99) {
    random_generator random(5);
    branches.push_back({1, drawn({trunk_probe<small_backbone>::extent(1), 3, {}}, random)});
    branches.push_back({3, drawn({trunk_probe<small_backbone>::extent(3), 3, {}}, random)});
    training course{.phases = {{trained_part::whole, epochs, 0.02}}, .batch = 32, .seed = 4, .threads = 2};
    course.images.shift = 1;
    result = train_jointly(
        *freeze(random_trunk()), trunk, std::span(branches), frames_of(images), course, path,
        [&](const epoch_report& report) {
          losses.push_back(report.loss.back());
          if (static_cast<int>(losses.size()) == stop_after)
            std::filesystem::create_directory(path + ".part");  // nothing can be written any more
        },
        {}, progress_style::silent);
  }
};

}  // namespace

TEST_CASE("trunk and branches learn together; where writing stops it, it goes on with the same bits") {
  const io_test::temporary_directory d;
  const std::string path = d.file("joint");
  const records images = bright_channel(160, 2);
  const jointly_trained whole(images, 4, "");
  REQUIRE_MESSAGE(whole.result, whole.result.message());
  CHECK(whole.losses.back() < 0.8 * whole.losses.front());
  CHECK(whole.trunk != random_trunk().values);

  const jointly_trained stopped(images, 4, path, 3);
  io_test::check_error(stopped.result, code::cannot_write, "joint.part");
  CHECK(stopped.trunk.empty());  // on an error nothing changes
  std::filesystem::remove(path + ".part");
  const jointly_trained resumed(images, 4, path);
  REQUIRE_MESSAGE(resumed.result, resumed.result.message());
  CHECK(resumed.losses.size() == 2);
  CHECK(resumed.trunk == whole.trunk);
  for (std::size_t b = 0; b < 2; ++b)
    CHECK(resumed.branches[b].branch.parameters == whole.branches[b].branch.parameters);
}

TEST_CASE("another course's checkpoint is refused, and images that cannot be trained on") {
  const io_test::temporary_directory d;
  records images = bright_channel(160, 2);
  REQUIRE(jointly_trained(images, 1, d.file("joint")).result);
  const jointly_trained other(images, 2, d.file("joint"));
  io_test::check_error(other.result, code::bad_option, "'1 rate|'2 rate");
  images.bytes[0] = 3;
  io_test::check_error(jointly_trained(images, 1, "").result, code::bad_option, "image 0 has label 3");
}
