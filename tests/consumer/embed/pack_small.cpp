// SPDX-License-Identifier: MIT
// pack_small NAME [source]: the program that a user writes to embed a network of his own.
#include <cstdio>
#include <flexdnn/io.hpp>

#include "small.hpp"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  flexdnn::weights<small> w;
  for (std::size_t i = 0; i < w.values.size(); ++i) w.values[i] = weight(i);
  const flexdnn::status s =
      flexdnn::embed(w, {.name = argv[1],
                         .network = "small",
                         .header = "small.hpp",
                         .form = argc > 2 ? flexdnn::embedded_form::source : flexdnn::embedded_form::object});
  if (!s) std::fprintf(stderr, "%s\n", s.message());
  return s ? 0 : 1;
}
