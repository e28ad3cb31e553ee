// SPDX-License-Identifier: MIT
#include "video.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <flexdnn/io/quoted.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

extern char** environ;

namespace examples {
namespace {

constexpr int widest = 8192;

/// A child whose standard output is a pipe, and what it says a file.
struct child {
  pid_t process = -1;
  int output = -1;
};

child start(const std::vector<std::string>& words, std::FILE* said) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(said), 2);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  child c;
  const int failed = posix_spawnp(&c.process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    throw std::runtime_error(words[0] + ": " + std::strerror(failed) + " (Debian: apt-get install ffmpeg)");
  }
  c.output = ends[0];
  return c;
}

/// Bytes until the buffer is full or the other end closes.
std::size_t fill(int from, std::byte* to, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = ::read(from, to + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

/// Exit code, or 128 and the signal.
int wait_for(pid_t process) {
  int how = 0;
  while (waitpid(process, &how, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

/// The last line that was said.
std::string last_words(std::FILE* said) {
  std::rewind(said);
  std::string line, last;
  for (int c = std::fgetc(said); c != EOF; c = std::fgetc(said)) {
    if (c == '\n') {
      if (!line.empty()) last = line;
      line.clear();
    } else {
      line += static_cast<char>(c);
    }
  }
  return line.empty() ? last : line;
}

double ratio(const std::string& text) {
  char* end = nullptr;
  const double above = std::strtod(text.c_str(), &end);
  const double below = *end == '/' ? std::strtod(end + 1, nullptr) : 1.0;
  return below > 0.0 ? above / below : 0.0;
}

}  // namespace

video_file::video_file(const std::string& path) : path_(path) {
  const std::string name = flexdnn::quoted(path).text();
  said_.reset(std::tmpfile());
  if (!said_) throw std::runtime_error(std::string("a temporary file: ") + std::strerror(errno));
  // "file:" keeps ffmpeg from reading a protocol or an option out of a name.
  const std::string source = path.starts_with("/dev/") ? path : "file:" + path;
  const child probe =
      start({"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-of", "json", source},
            said_.get());
  std::string told(1 << 20, '\0');
  told.resize(fill(probe.output, reinterpret_cast<std::byte*>(told.data()), told.size()));
  close(probe.output);
  if (wait_for(probe.process) != 0) {
    throw std::runtime_error(name + ": ffprobe reads no video there: " + last_words(said_.get()));
  }
  const nlohmann::json streams = nlohmann::json::parse(told, nullptr, false)["streams"];
  if (!streams.is_array() || streams.empty()) throw std::runtime_error(name + ": has no pictures");
  const nlohmann::json& stream = streams[0];
  width_ = stream.value("width", 0), height_ = stream.value("height", 0);
  rate_ = ratio(stream.value("avg_frame_rate", "0/1"));
  for (const nlohmann::json& side : stream.value("side_data_list", nlohmann::json::array())) {
    if (std::abs(side.value("rotation", 0)) == 90) std::swap(width_, height_);
  }
  if (width_ < 1 || height_ < 1 || width_ > widest || height_ > widest) {
    throw std::runtime_error(name + ": pictures of " + std::to_string(width_) + " x " +
                             std::to_string(height_) + " pixels, wanted 1 to " + std::to_string(widest) +
                             " each");
  }
  const child decoder = start({"ffmpeg", "-nostdin", "-v", "error", "-i", source, "-map", "0:v:0",
                               "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "nv12", "-"},
                              said_.get());
  decoder_ = decoder.process, pixels_ = decoder.output;
}

video_file::~video_file() {
  if (decoder_ > 0) kill(decoder_, SIGKILL);
  end();
}

std::size_t video_file::frame_bytes() const {
  const auto w = static_cast<std::size_t>(width_), h = static_cast<std::size_t>(height_);
  return w * h + (w + 1) / 2 * 2 * ((h + 1) / 2);
}

flexdnn::frame_view video_file::view(std::span<const std::byte> bytes) const {
  const auto* const first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {
      flexdnn::pixel_format::nv12, height_, width_, first, width_, first + std::ptrdiff_t{width_} * height_,
      (width_ + 1) / 2 * 2};
}

bool video_file::read(std::span<std::byte> frame) {
  if (pixels_ < 0) return false;
  const std::size_t got = fill(pixels_, frame.data(), frame_bytes());
  if (got == frame_bytes()) return true;
  end();
  return false;
}

void video_file::end() {
  if (pixels_ >= 0) close(pixels_);
  pixels_ = -1;
  if (decoder_ <= 0) return;
  const int code = wait_for(decoder_);
  decoder_ = -1;
  complaint_ = last_words(said_.get());
  if (complaint_.empty() && code != 0) complaint_ = "ffmpeg ended with " + std::to_string(code);
}

}  // namespace examples
