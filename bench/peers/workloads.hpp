// SPDX-License-Identifier: MIT
// workloads: the rows of the table, compiled in three files.
#pragma once

#include <vector>

namespace flexdnn::bench {

struct workload;

[[nodiscard]] std::vector<workload> small_networks();
[[nodiscard]] std::vector<workload> large_networks();
[[nodiscard]] std::vector<workload> layers();

}  // namespace flexdnn::bench
