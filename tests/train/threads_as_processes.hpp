// SPDX-License-Identifier: MIT
// threads_as_processes: communicators that connect threads, so that what processes do together is tested
// where no MPI is, and under sanitizers.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <flexdnn/train/communicator.hpp>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace flexdnn::test {

/// Messages from one thread to another, in order.
class mailbox {
 public:
  void put(std::span<const std::byte> values) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(values.begin(), values.end());
    filled_.notify_one();
  }
  /// A message of another size means that two processes do not do the same: false.
  bool take(std::span<std::byte> values) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !waiting_.empty(); });
    const std::vector<std::byte> message = std::move(waiting_.front());
    waiting_.pop_front();
    if (message.size() != values.size()) return false;
    std::copy(message.begin(), message.end(), values.begin());
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::vector<std::byte>> waiting_;
};

/// Process `rank` of those that share the boxes, {from, to}.
class thread_process : public communicator {
 public:
  thread_process(int rank, int size, std::vector<mailbox>& boxes) : rank_(rank), size_(size), boxes_(boxes) {}

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  void receive(std::span<std::byte> values) override {
    if (rank_ > 0) alike = box(rank_ - 1, rank_).take(values) && alike;
  }
  void send(std::span<const std::byte> values) override {
    if (rank_ + 1 < size_) box(rank_, rank_ + 1).put(values);
  }
  void broadcast(std::span<std::byte> values, int root) override {
    if (rank_ != root) {
      alike = box(root, rank_).take(values) && alike;
      return;
    }
    for (int other = 0; other < size_; ++other) {
      if (other != root) box(root, other).put(values);
    }
  }

  bool alike = true;

 private:
  mailbox& box(int from, int to) { return boxes_[static_cast<std::size_t>(from * size_ + to)]; }

  int rank_, size_;
  std::vector<mailbox>& boxes_;
};

/// Calls f(process) on so many threads. Returns whether every message had the size that was awaited.
template <class F>
bool run_processes(int size, F f) {
  std::vector<mailbox> boxes(static_cast<std::size_t>(size * size));
  std::vector<std::thread> threads;
  std::vector<char> alike(static_cast<std::size_t>(size));
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      thread_process self(rank, size, boxes);
      f(self);
      alike[static_cast<std::size_t>(rank)] = self.alike;
    });
  }
  for (std::thread& t : threads) t.join();
  return std::ranges::all_of(alike, [](char a) { return a != 0; });
}

}  // namespace flexdnn::test
