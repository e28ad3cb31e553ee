// SPDX-License-Identifier: MIT
// processes, by MPI.
#include "processes.hpp"

#include <flexdnn/mpi/mpi_communicator.hpp>

std::unique_ptr<flexdnn::communicator> examples::join_processes() {
  return std::make_unique<flexdnn::mpi_communicator>();
}
