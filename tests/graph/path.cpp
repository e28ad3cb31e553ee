// SPDX-License-Identifier: MIT
// path: dots, indices and marks, and what happens at 63 characters.
#include <flexdnn/graph/path.hpp>

#include <doctest/doctest.h>

#include <string>

using flexdnn::path;

TEST_CASE("components are joined by dots") {
  path p;
  CHECK(p.view().empty());
  p.append("layer1");
  p.append(0);
  p.append(1205);
  p.append_mark(1);
  p.append("conv");
  CHECK(p.view() == "layer1.0.1205.*1.conv");
  CHECK_FALSE(p.too_long());
}

TEST_CASE("63 characters fit, 64 do not and say so") {
  path fits;
  fits.append(std::string(61, 'x'));
  fits.append("y");
  CHECK(fits.view().size() == 63);
  CHECK_FALSE(fits.too_long());
  path cut = fits;
  cut.append("");
  CHECK(cut.too_long());
  CHECK(cut.view().size() == 63);
}

TEST_CASE("shortened, a path is what it was, also where it was too long in between") {
  path p;
  p.append("layer1");
  const int before = p.size();
  p.append(std::string(80, 'x'));
  CHECK(p.too_long());
  p.shorten(before);
  CHECK_FALSE(p.too_long());
  path other;
  other.append("stem");
  other.append(0);
  other.append("conv");
  p.append_rest(other, 4);
  CHECK(p.view() == "layer1.0.conv");
}
