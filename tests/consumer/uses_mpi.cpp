// SPDX-License-Identifier: MIT
// uses_mpi: what a user of flexdnn::mpi writes first. Without mpirun it is one process.
#include <flexdnn/mpi/mpi_communicator.hpp>

int main() {
  const flexdnn::mpi_communicator processes;
  return processes.rank() == 0 && processes.size() == 1 ? 0 : 1;
}
