// SPDX-License-Identifier: MIT
// child_program: a program that runs beside this one, which reads what it writes or writes what it reads
// (POSIX).
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "file.hpp"

extern "C" char** environ;  // NOLINT: POSIX leaves its declaration to the program

namespace flexdnn::detail {

/// Its standard output is a pipe and its standard input empty, or, where it is fed, its standard input is
/// what write() gives and its standard output goes nowhere. Whoever destroys it ends it.
class child_program {
 public:
  child_program() = default;
  child_program(child_program&& from) noexcept
      : process_(std::exchange(from.process_, -1)), pipe_(std::exchange(from.pipe_, -1)) {}
  child_program& operator=(child_program&& from) noexcept {
    if (this == &from) return *this;
    stop();
    process_ = std::exchange(from.process_, -1), pipe_ = std::exchange(from.pipe_, -1);
    return *this;
  }
  ~child_program() { stop(); }

  /// words: the program, looked for along PATH, and its arguments. errors: a file for its standard error.
  /// Returns errno, ENOENT where there is no such program; 0: it runs.
  int start(std::span<const std::string> words, int errors) { return start(words, errors, false); }

  /// Likewise, fed by write().
  int start_fed(std::span<const std::string> words, int errors) { return start(words, errors, true); }

  /// Bytes until the buffer is full or the program ends.
  std::size_t read(std::span<std::byte> to) noexcept {
    std::size_t done = 0;
    while (pipe_ >= 0 && done < to.size()) {
      const ssize_t got = ::read(pipe_, to.data() + done, to.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  /// False where the program reads no more; the signal that a broken pipe sends does not reach this one.
  bool write(std::span<const std::byte> from) noexcept {
    sigset_t broken, before, pending;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    const bool good = pipe_ >= 0 && write_all(pipe_, from);
    constexpr timespec at_once{};
    if (!good && sigismember(&pending, SIGPIPE) == 0) (void)sigtimedwait(&broken, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return good;
  }

  /// Reads and writes no more and waits for its end. Exit code, or 128 and the signal; 0 where none runs.
  int wait() noexcept {
    if (pipe_ >= 0) ::close(std::exchange(pipe_, -1));
    if (process_ <= 0) return 0;
    int how = 0;
    while (waitpid(process_, &how, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
  }

  void stop() noexcept {
    if (process_ > 0) kill(process_, SIGKILL);
    (void)wait();
  }

 private:
  int start(std::span<const std::string> words, int errors, bool fed) {
    stop();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    pipe_ = ends[fed ? 1 : 0];
    const int end = ends[fed ? 0 : 1];
    // Beyond the standard three, which this program may have closed: no dup2 shuts what the next one needs.
    const descriptor its(fcntl(end, F_DUPFD_CLOEXEC, 3)), said(fcntl(errors, F_DUPFD_CLOEXEC, 3));
    int failed = its.get() < 0 || said.get() < 0 ? errno : 0;
    ::close(end);
    if (failed == 0) failed = spawn(words, its.get(), said.get(), fed);
    if (failed != 0) {
      process_ = -1;
      (void)wait();
    }
    return failed;
  }

  int spawn(std::span<const std::string> words, int its, int errors, bool fed) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) return failed;
    failed = posix_spawn_file_actions_addopen(&actions, fed ? 1 : 0, "/dev/null", O_RDWR, 0);
    if (failed == 0) failed = posix_spawn_file_actions_adddup2(&actions, its, fed ? 0 : 1);
    if (failed == 0) failed = posix_spawn_file_actions_adddup2(&actions, errors, 2);
    if (failed == 0)
      failed = posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
  }

  pid_t process_ = -1;
  int pipe_ = -1;
};

}  // namespace flexdnn::detail
