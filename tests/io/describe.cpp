// SPDX-License-Identifier: MIT
// Laws of io/describe: the figures are the network's, the rows stand in order, the text is stable.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/describe.hpp>
#include <sstream>

using namespace flexdnn;

namespace {
using branch = sequence<global_average_pool, dense<10>>;

struct resnet20_exits
    : with_exits<resnet_cifar<20>, at<3, exit_branch<"early", branch>>, at<7, exit_branch<"late", branch>>> {};

struct tiny : network<input<2, 6, 6>, conv2d<4, kernel<3>>, batch_norm, relu, repeat<5, conv2d<4, kernel<1>>>,
                      exit_branch<"early", global_average_pool, dense<3>>,
                      named<"block", repeat<2, residual<sequence<conv2d<4, kernel<3>>>, none, relu>>>,
                      global_average_pool, named<"scores", dense<3>>> {};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Place of the first line that holds all fragments; -1 where there is none.
std::ptrdiff_t line_with(const std::vector<std::string>& lines, std::vector<std::string> fragments) {
  const auto found = std::ranges::find_if(lines, [&](const std::string& line) {
    return std::ranges::all_of(fragments,
                               [&](const std::string& f) { return line.find(f) != std::string::npos; });
  });
  return found == lines.end() ? -1 : found - lines.begin();
}
}  // namespace

TEST_CASE("io/describe: ResNet-20's figures") {
  const auto lines = lines_of(describe<resnet20_exits>());
  CHECK(line_with(lines, {"backbone MACs", "40,551,040"}) > 0);
  // 64 * 10 + 10 and 32 * 10 + 10 weights of the branches, at 16 and 32 channels.
  CHECK(line_with(lines, {"parameters", "270,222", "(backbone 269,722, exits 500; buffers apart: 1,376)"}) > 0);
  CHECK(line_with(lines, {"11", "[64, 1, 1]", "40,550,400", "100.0 %"}) > 0);
  const auto heading = lines.begin() + line_with(lines, {"cut point  after"});
  CHECK(std::find(heading, lines.end(), "") - heading == 1 + 11);
  CHECK(line_with(lines, {"early", "9,879,712", "24.4 %", "160", "0.0 %"}) > 0);
  CHECK(line_with(lines, {"packed weights", grouped(sizeof(packed<resnet20_exits>)), "bytes"}) > 0);
  CHECK(line_with(lines, {"engine", grouped(sizeof(engine<resnet20_exits>)), "bytes"}) > 0);
}

TEST_CASE("io/describe: rows stand in the order in which they run, exits where they stand") {
  const auto lines = lines_of(describe<resnet20_exits>());
  const std::vector<std::vector<std::string>> order{{" conv1  "},
                                                    {"layer1.{0..1}.conv1"},
                                                    {"exit 1 \"early\" at cut point 3"},
                                                    {"exits.early.1", "dense"},
                                                    {"layer1.2.conv1"},
                                                    {"layer2.0.shortcut"},
                                                    {"layer2.{1..2}.conv2", "4,718,592", "11.6 %"},
                                                    {"exit 2 \"late\" at cut point 7"},
                                                    {"layer3.0.conv1"},
                                                    {"linear", "650", "640"},
                                                    {"cut point  after"},
                                                    {"layer1.0  ", "5,160,960"},
                                                    {"exit  name"},
                                                    {"final", "40,551,520", "100.0 %"},
                                                    {"parameters", "(backbone"}};
  std::ptrdiff_t before = -1;
  for (const auto& fragments : order) {
    INFO(fragments.front());
    const std::ptrdiff_t place = line_with(lines, fragments);
    CHECK(place > before);
    before = place;
  }
}

TEST_CASE("io/describe: no line passes 110 columns or ends in a blank") {
  for (const std::string& line : lines_of(describe<resnet20_exits>() + describe<tiny>())) {
    INFO(line);
    CHECK(line.size() <= 110);
    CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("io/describe: the text of a small network") {
  const std::string text = describe<tiny>();
  CHECK(text.substr(0, text.find("packed weights")) == R"(input [2, 6, 6], 3 classes

#  layer            type                 output     parameters   MACs   share
0  0                conv2d               [4, 6, 6]          76  2,592  16.4 %
1  1                batch_norm           [4, 6, 6]           8      -       -
2  2                relu                 [4, 6, 6]           -      -       -
3  {3..5..2}        conv2d               [4, 6, 6]          40  1,152   7.3 %
3  {4..6..2}        conv2d               [4, 6, 6]          40  1,152   7.3 %
3  7                conv2d               [4, 6, 6]          20    576   3.6 %
    exit 1 "early"
4    exits.early.0  global_average_pool  [4, 1, 1]           -      -       -
5    exits.early.1  dense                [3, 1, 1]          15     12   0.1 %
6  block.0.0        conv2d               [4, 6, 6]         148  5,184  32.7 %
7  block.0          relu                 [4, 6, 6]           -      -       -
6  block.1.0        conv2d               [4, 6, 6]         148  5,184  32.7 %
7  block.1          relu                 [4, 6, 6]           -      -       -
8  8                global_average_pool  [4, 1, 1]           -      -       -
9  scores           dense                [3, 1, 1]          15     12   0.1 %

cut point  after    feature map    MACs   share
        1  2        [4, 6, 6]     2,592  16.4 %
        2  3        [4, 6, 6]     3,168  20.0 %
        3  4        [4, 6, 6]     3,744  23.6 %
        4  5        [4, 6, 6]     4,320  27.3 %
        5  6        [4, 6, 6]     4,896  30.9 %
        6  7        [4, 6, 6]     5,472  34.5 %
        7  block.0  [4, 6, 6]    10,656  67.2 %
        8  block.1  [4, 6, 6]    15,840  99.9 %
        9  8        [4, 1, 1]    15,840  99.9 %

exit  name   cut point  path MACs    share  branch MACs  branch share
   1  early          -      5,484   34.6 %           12         0.1 %
   2  final          -     15,864  100.1 %            -             -

parameters                      510  (backbone 495, exits 15; buffers apart: 8)
backbone MACs                15,852
fused steps                      10  (12 kernel calls, loops and branches run)
)");
}
