// SPDX-License-Identifier: MIT
// Laws of child_program: all bytes arrive, exit codes are told, nothing stays behind: no zombie, no
// descriptor.
#include <doctest/doctest.h>

#include <flexdnn/io/child_program.hpp>

#include "children.hpp"
#include "support.hpp"

using namespace io_test;
using flexdnn::detail::child_program;

namespace {

int start_shell(child_program& child, const std::string& script) {
  return child.start(std::vector<std::string>{"sh", "-c", script}, 2);
}

}  // namespace

TEST_CASE("io/child_program: all of its bytes, then its exit code") {
  const resources before;
  child_program child;
  REQUIRE(start_shell(child, "head -c 300000 /dev/zero; exit 7") == 0);
  std::vector<std::byte> bytes(300001, std::byte{1});
  CHECK(child.read(bytes) == 300000);
  CHECK(bytes[299999] == std::byte{0});
  CHECK(child.read(bytes) == 0);
  CHECK(child.wait() == 7);
  CHECK(child.wait() == 0);
  CHECK(child.read(bytes) == 0);
  REQUIRE(start_shell(child, "kill -9 $$") == 0);
  CHECK(child.wait() == 128 + SIGKILL);
  CHECK(resources() == before);
}

TEST_CASE("io/child_program: its standard input is empty") {
  child_program child;
  REQUIRE(start_shell(child, "cat; echo end") == 0);
  std::vector<std::byte> bytes(10);
  CHECK(child.read(bytes) == 4);
}

TEST_CASE("io/child_program: one that is fed reads all that is written, one that reads no more is told") {
  const resources before;
  const temporary_directory directory;
  const std::string file = directory.file("fed");
  const std::vector<std::byte> bytes(300000, std::byte{7});
  child_program child;
  CHECK_FALSE(child.write(bytes));
  const auto feed = [&](const std::string& script) {
    return child.start_fed(std::vector<std::string>{"sh", "-c", script, "sh", file}, 2);
  };
  REQUIRE(feed("cat > \"$1\"; echo nowhere; exit 3") == 0);
  CHECK(child.write(bytes));
  CHECK(child.write(bytes));
  CHECK(child.wait() == 3);
  CHECK(std::filesystem::file_size(file) == 600000);
  CHECK_FALSE(child.write(bytes));
  REQUIRE(feed("exec 0<&-; exit 4") == 0);
  while (child.write(bytes)) {
  }  // and no signal ends this program
  CHECK(child.wait() == 4);
  CHECK(resources() == before);
}

TEST_CASE("io/child_program: one that writes for ever ends with its object") {
  const resources before;
  {
    child_program child, other;
    REQUIRE(start_shell(child, "exec yes") == 0);
    std::vector<std::byte> bytes(100);
    CHECK(child.read(bytes) == 100);
    other = std::move(child);
    CHECK(other.read(bytes) == 100);
    REQUIRE(start_shell(other, "exec yes no") == 0);  // the first one ends here
    CHECK(other.read(bytes) == 100);
  }
  CHECK(resources() == before);
}

TEST_CASE("io/child_program: of a program without standard streams, as a daemon") {
  const pid_t daemon = fork();
  if (daemon == 0) {
    for (const int standard : {0, 1, 2}) ::close(standard);
    child_program child;
    std::vector<std::byte> bytes(10);
    const int errors = ::open("/dev/null", O_WRONLY);
    const bool good =
        errors < 3 &&
        child.start(std::vector<std::string>{"sh", "-c", "echo 1234; echo no >&2"}, errors) == 0 &&
        child.read(bytes) == 5 && child.wait() == 0;
    ::_exit(good ? 0 : 1);
  }
  int how = 1;
  REQUIRE(waitpid(daemon, &how, 0) == daemon);
  CHECK(how == 0);
}

#ifndef FLEXDNN_EMULATED  // qemu-user tells it by exit code 127
TEST_CASE("io/child_program: a program that is not there") {
  const resources before;
  child_program child;
  CHECK(child.start(std::vector<std::string>{"flexdnn-no-such-program"}, 2) == ENOENT);
  std::vector<std::byte> bytes(10);
  CHECK(child.read(bytes) == 0);
  CHECK(child.wait() == 0);
  CHECK(resources() == before);
}
#endif
