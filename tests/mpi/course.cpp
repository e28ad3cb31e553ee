// SPDX-License-Identifier: MIT
// course: a training by MPI for course.py, which compares what one process and several leave, kills and
// resumes. usage: test_mpi_course OUT THREADS [--resume] [--die RANK MESSAGE] [--fail RANK] [--abandon RANK]
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <flexdnn/mpi/mpi_communicator.hpp>

#include "train/small_course.hpp"

namespace {

using namespace flexdnn;

/// Ends one process, as a lost machine would, before its message number `message`.
class mortal : public mpi_communicator {
 public:
  int message = -1;

  void receive(std::span<std::byte> values) override {
    live();
    mpi_communicator::receive(values);
  }
  void send(std::span<const std::byte> values) override {
    live();
    mpi_communicator::send(values);
  }
  void broadcast(std::span<std::byte> values, int root) override {
    live();
    mpi_communicator::broadcast(values, root);
  }

 private:
  void live() {
    if (message-- == 0) std::raise(SIGKILL);
  }
};

/// Twenty epochs of one step: each epoch's loss is a step's.
training twenty_steps(unsigned threads) {
  training t = test::quick({{trained_part::whole, 20, 0.05}}, threads);
  t.images.cutout = 2;
  t.loss = {.weights = {0.5, 1.0, 2.0}, .label_smoothing = 0.1, .distillation = 0.3};
  return t;
}

}  // namespace

int main(int argc, char** argv) {
  mortal processes;
  const auto option = [&](const char* name) {
    int at = 3;
    while (at < argc && std::strcmp(argv[at], name) != 0) ++at;
    return at < argc ? argv + at + 1 : nullptr;
  };
  const auto mine = [&](char** values) {
    return values != nullptr && std::atoi(values[0]) == processes.rank();
  };
  const std::string stem = argv[1];
  if (char** die = option("--die"); mine(die)) processes.message = std::atoi(die[1]);

  if (mine(option("--abandon"))) processes.abandon();
  test::course c(twenty_steps(static_cast<unsigned>(std::atoi(argv[2]))), processes);
  status s;
  if (option("--resume")) s = c.train.resume(stem + ".checkpoint");
  if (s) {
    s = c.train.run(test::bright_channel(mine(option("--fail")) ? 31 : 32), [&](const epoch_report& e) {
      std::fprintf(stderr, "epoch %d\n", e.epoch + 1);
      if (const status logged = append_log(stem + ".csv", c.train.exits(), e); !logged) return logged;
      return c.train.save(stem + ".checkpoint");
    });
  }
  if (!s && processes.rank() == 0) std::fprintf(stderr, "%s\n", s.message());
  return s ? 0 : 1;
}
