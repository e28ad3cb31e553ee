// SPDX-License-Identifier: MIT
// mpi_communicator: the processes that mpirun started, as training sees them. Needs MPI 3.
#pragma once

#include <mpi.h>

#include <algorithm>

#include "../train/communicator.hpp"

namespace flexdnn {

/// MPI begins and ends with this object: make one, first in main; without mpirun it is the only process. Call
/// it from the thread that made it. By MPI's default an error in communication prints what it is and ends all
/// processes, and so does the death of one.
class mpi_communicator : public communicator {
 public:
  mpi_communicator() {
    int granted = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &granted);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm local = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &local);
    MPI_Comm_size(local, &local_size_);
    MPI_Comm_free(&local);
  }
  ~mpi_communicator() override { MPI_Finalize(); }

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  [[nodiscard]] int local_size() const override { return local_size_; }

  void receive(std::span<std::byte> values) override {
    if (rank_ == 0) return;
    in_pieces(values, [&](std::byte* at, int count) {
      MPI_Recv(at, count, MPI_BYTE, rank_ - 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    });
  }
  void send(std::span<const std::byte> values) override {
    if (rank_ + 1 == size_) return;
    in_pieces(values, [&](const std::byte* at, int count) {
      MPI_Send(at, count, MPI_BYTE, rank_ + 1, 0, MPI_COMM_WORLD);
    });
  }
  void broadcast(std::span<std::byte> values, int root) override {
    in_pieces(values,
              [&](std::byte* at, int count) { MPI_Bcast(at, count, MPI_BYTE, root, MPI_COMM_WORLD); });
  }
  void abandon() override { MPI_Abort(MPI_COMM_WORLD, 1); }

 private:
  /// MPI counts in int.
  template <class Byte, class F>
  static void in_pieces(std::span<Byte> values, F f) {
    constexpr std::size_t most = std::size_t{1} << 30U;
    for (std::size_t first = 0; first < values.size(); first += most) {
      f(values.data() + first, static_cast<int>(std::min(most, values.size() - first)));
    }
  }

  int rank_ = 0, size_ = 1, local_size_ = 1;
};

}  // namespace flexdnn
