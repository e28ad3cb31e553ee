// SPDX-License-Identifier: MIT
// processes, by MPI.
#include "processes.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <flexdnn/mpi/mpi_communicator.hpp>

std::unique_ptr<flexdnn::communicator> examples::join_processes() {
  // Set by the launchers of Open MPI and MPICH. Without one, starting MPI would take half a second for
  // nothing.
  constexpr std::array launched{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  if (std::ranges::none_of(launched, [](const char* name) { return std::getenv(name) != nullptr; })) {
    return std::make_unique<flexdnn::communicator>();
  }
  return std::make_unique<flexdnn::mpi_communicator>();
}
