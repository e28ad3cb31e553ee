// SPDX-License-Identifier: MIT
// file: whole files in and out (POSIX), with a sentence for everything that goes wrong.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "quoted.hpp"

namespace flexdnn {

namespace detail {

/// A file descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int handle) : handle_(handle) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }

  [[nodiscard]] int get() const { return handle_; }
  /// False when the system reports a write error only now, as network file systems do.
  bool close() { return handle_ < 0 || ::close(std::exchange(handle_, -1)) == 0; }

 private:
  int handle_;
};

inline status file_error(code what, const std::string& path, const char* trouble) {
  return status::error(what, "%s: %s", quoted(path, keep::back).text(), trouble);
}

/// Opens a regular file that is not empty and has at most limit bytes, and tells its size.
inline status open_file(const std::string& path, int handle, std::uint64_t limit, std::uint64_t& size) {
  struct stat facts {};
  if (handle < 0 || ::fstat(handle, &facts) != 0) {
    return file_error(code::cannot_open, path, std::strerror(errno));
  }
  if (S_ISDIR(facts.st_mode)) return file_error(code::cannot_open, path, "is a directory, a file is wanted");
  if (!S_ISREG(facts.st_mode)) {
    return file_error(code::cannot_open, path, "is a pipe or a device, a regular file is wanted");
  }
  size = static_cast<std::uint64_t>(facts.st_size);
  if (size == 0) return file_error(code::truncated, path, "the file is empty");
  if (size > limit) {
    return status::error(code::wrong_size, "%s: the file has %" PRIu64 " bytes, at most %" PRIu64 " are read",
                         quoted(path, keep::back).text(), size, limit);
  }
  return {};
}

inline status fill_from(const std::string& path, int handle, std::span<std::byte> target) {
  for (std::size_t done = 0; done < target.size();) {
    const ssize_t count = ::read(handle, target.data() + done, target.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(code::cannot_open, path, std::strerror(errno));
    if (count == 0) return file_error(code::truncated, path, "the file shrank while it was read");
    done += static_cast<std::size_t>(count);
  }
  return {};
}

inline bool write_all(int handle, std::span<const std::byte> bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::write(handle, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace detail

/// Largest file that is read unless the caller says otherwise: 1 GiB, twice VGG-16's 553 MB in floats.
/// Without exceptions an allocation that fails ends the program, so a limit must come before it.
inline constexpr std::uint64_t file_limit = std::uint64_t{1} << 30;

/// Reads a whole regular file into bytes (std::byte or std::uint8_t). On an error bytes stays as it was.
/// Errors: cannot_open (missing, no permission, a directory, a pipe), truncated (empty), wrong_size.
template <class Byte>
status read_file(const std::string& path, std::vector<Byte>& bytes, std::uint64_t limit = file_limit) {
  static_assert(sizeof(Byte) == 1);
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever; regular files ignore it.
  const detail::descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::uint64_t size = 0;
  if (const status s = detail::open_file(path, file.get(), limit, size); !s) return s;
  std::vector<Byte> content(static_cast<std::size_t>(size));
  if (const status s = detail::fill_from(path, file.get(), std::as_writable_bytes(std::span(content))); !s)
    return s;
  bytes = std::move(content);
  return {};
}

/// Writes the parts one after the other to "path.part", syncs it and renames it to path: whoever opens
/// path sees the old file or the whole new one, also after a crash or on a full disk. On an error the
/// .part is removed and path is as it was. Errors: cannot_write.
inline status write_file(const std::string& path, std::span<const std::span<const std::byte>> parts) {
  struct stat facts {};
  // Renaming over a device such as /dev/full would replace the device itself.
  if (::stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode)) {
    return detail::file_error(code::cannot_write, path, "is not a regular file and is left alone");
  }
  const std::string part = path + ".part";
  detail::descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.get() < 0) return detail::file_error(code::cannot_write, part, std::strerror(errno));
  bool good = true;
  for (const std::span<const std::byte> bytes : parts) good = good && detail::write_all(file.get(), bytes);
  good = good && ::fsync(file.get()) == 0 && file.close() && std::rename(part.c_str(), path.c_str()) == 0;
  if (good) return {};
  const status failure = detail::file_error(code::cannot_write, path, std::strerror(errno));
  ::unlink(part.c_str());
  return failure;
}

}  // namespace flexdnn
