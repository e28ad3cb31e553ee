// SPDX-License-Identifier: MIT
// video_source: frames of a video or a device, as ffmpeg's programs decode them (POSIX).
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/status.hpp"
#include "../frame/frame_layout.hpp"
#include "child_program.hpp"
#include "file.hpp"
#include "quoted.hpp"

namespace flexdnn {

/// A video in nv12 of BT.601's limited range, whatever it is stored as, turned upright as its file says, all
/// frames at the extent of the first. ffmpeg runs beside this program and decodes a few frames ahead.
/// Without open() it has no frames. One thread.
class video_source {
 public:
  static constexpr int widest = 8192;  ///< and highest, pixels

  [[nodiscard]] int height() const noexcept { return layout_.height; }
  [[nodiscard]] int width() const noexcept { return layout_.width; }
  /// The mean over its file, or what a device is set to; 0: it does not say.
  [[nodiscard]] double frame_rate() const noexcept { return rate_; }

  [[nodiscard]] std::size_t frame_bytes() const noexcept { return layout_.bytes(); }
  [[nodiscard]] frame_view view(std::span<const std::byte> frame) const noexcept {
    return layout_.view(frame);
  }
  bool read(std::span<std::byte> to);

  /// What ffmpeg complained of last, once read() said false: ok, or truncated where frames are missing or
  /// have come damaged. A cut that falls between two frames shows in containers with an index or an end
  /// alone.
  [[nodiscard]] status ending() const { return ending_; }

  /// path: a file, or a device of the system as /dev/video0. ffmpeg reads neither a protocol nor an option
  /// out of its name. On an error it stays as it was. Errors: cannot_open (no such file, a folder, a pipe,
  /// no ffmpeg), malformed (no video that ffmpeg can read), wrong_size (more pixels than widest).
  status open(const std::string& path) {
    struct stat file {};
    const char* trouble = nullptr;
    if (path.find('\0') != std::string::npos) {
      trouble = "a zero byte in a file's name";
    } else if (::stat(path.c_str(), &file) != 0) {
      trouble = std::strerror(errno);
    } else if (S_ISDIR(file.st_mode)) {
      trouble = "is a directory, a video is wanted";
    } else if (!S_ISREG(file.st_mode) && !S_ISCHR(file.st_mode)) {
      trouble = "is a pipe or a socket, a file or a camera is wanted";
    } else if (S_ISREG(file.st_mode) && file.st_size == 0) {
      trouble = "the file is empty";
    } else if (S_ISREG(file.st_mode) && is_playlist(path)) {
      trouble = "is a playlist, a video is wanted";
    }
    if (trouble != nullptr)
      return status::error(code::cannot_open, "%s: %s", quoted(path, keep::back).text(), trouble);
    // A device goes by its bare name, which ffmpeg knows it by.
    return open_input("", path.starts_with("/dev/") ? path : "file:" + path, path);
  }

  /// Any input that ffmpeg has a format for (its -f): {"v4l2", "/dev/video1"}, {"lavfi", "testsrc"},
  /// {"rtsp", "rtsp://..."}. The name goes to ffmpeg as it is: never one from a stranger. Errors as above.
  status open(const std::string& format, const std::string& name) { return open_input(format, name, name); }

 private:
  static constexpr off_t most_said = 1 << 20;

  struct facts {
    int height = 0, width = 0;
    double rate = 0.0;
    bool text = false;
  };

  status open_input(const std::string& format, const std::string& input, const std::string& path);
  static status start(detail::child_program& child, std::vector<std::string> words, const std::string& format,
                      const std::string& input, std::vector<std::string> more, std::FILE* said);
  static bool is_playlist(const std::string& path);
  static facts read_facts(std::string_view lines);
  static std::string last_words(std::FILE* said);

  std::string path_;
  frame_layout layout_{pixel_format::nv12, 0, 0};
  double rate_ = 0.0;
  status ending_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> said_{nullptr, std::fclose};
  detail::child_program decoder_;
};

inline bool video_source::read(std::span<std::byte> to) {
  const std::size_t each = frame_bytes();
  if (!said_ || to.size() < each) return false;
  const std::size_t got = decoder_.read(to.first(each));
  if (got == each) {
    // A camera that coughs for days would fill the disk. The child writes where this offset points.
    if (::lseek(fileno(said_.get()), 0, SEEK_CUR) > most_said) {
      ::lseek(fileno(said_.get()), 0, SEEK_SET);
      (void)!::ftruncate(fileno(said_.get()), 0);
    }
    return true;
  }
  const int exit = decoder_.wait();
  std::string words = last_words(said_.get());
  if (words.empty() && exit != 0) words = "ffmpeg ended with " + std::to_string(exit);
  if (words.empty() && got != 0) words = "the last frame is not whole";
  if (!words.empty()) {
    ending_ = status::error(code::truncated, "%s: damaged or cut off, ffmpeg says: %s",
                            quoted(path_, keep::back).text(), quoted<100>(words).text());
  }
  said_.reset();
  return false;
}

inline status video_source::open_input(const std::string& format, const std::string& input,
                                       const std::string& path) {
  const quoted name(path, keep::back);
  video_source made;
  made.path_ = path;
  made.said_.reset(std::tmpfile());
  if (!made.said_) return status::error(code::cannot_open, "a temporary file: %s", std::strerror(errno));
  ::fcntl(fileno(made.said_.get()), F_SETFD, FD_CLOEXEC);
  detail::child_program probe;
  status s =
      start(probe, {"ffprobe", "-v", "level+error", "-select_streams", "V:0"}, format, input,
            {"-show_entries",
             "format=format_name:stream=width,height,r_frame_rate,avg_frame_rate:stream_side_data=rotation",
             "-of", "default=noprint_wrappers=1"},
            made.said_.get());
  if (!s) return s;
  std::string told(1 << 14, '\0');
  told.resize(probe.read(std::as_writable_bytes(std::span(told))));
  if (probe.wait() != 0) {
    return status::error(code::malformed, "%s: ffprobe reads no video there: %s", name.text(),
                         quoted<100>(last_words(made.said_.get())).text());
  }
  const facts video = read_facts(told);
  if (video.text) return status::error(code::malformed, "%s: is text, a video is wanted", name.text());
  if (told.find("width=") == std::string::npos)
    return status::error(code::malformed, "%s: has no pictures, a video is wanted", name.text());
  if (video.width < 1 || video.height < 1 || video.width > widest || video.height > widest) {
    return status::error(code::wrong_size, "%s: pictures of %d x %d pixels, wanted 1 to %d each", name.text(),
                         video.height, video.width, widest);
  }
  made.layout_.height = video.height, made.layout_.width = video.width, made.rate_ = video.rate;
  // scale: BT.709's colours become BT.601's, and an extent that changes on the way does not.
  const std::string filter = "scale=" + std::to_string(video.width) + ":" + std::to_string(video.height) +
                             ":out_color_matrix=bt601:out_range=tv,format=nv12";
  s = start(made.decoder_, {"ffmpeg", "-nostdin", "-v", "level+warning"}, format, input,
            {"-map", "0:V:0", "-fps_mode", "passthrough", "-vf", filter, "-f", "rawvideo", "-"},
            made.said_.get());
  if (s) *this = std::move(made);
  return s;
}

inline status video_source::start(detail::child_program& child, std::vector<std::string> words,
                                  const std::string& format, const std::string& input,
                                  std::vector<std::string> more, std::FILE* said) {
  if (!format.empty()) words.insert(words.end(), {"-f", format});
  words.insert(words.end(), {"-i", input});
  words.insert(words.end(), more.begin(), more.end());
  const int failed = child.start(words, fileno(said));
  if (failed == 0) return {};
  if (failed != ENOENT)
    return status::error(code::cannot_open, "%s: %s", words[0].c_str(), std::strerror(failed));
  return status::error(
      code::cannot_open,
      "%s is not on the PATH: video wants ffmpeg's programs (Debian: apt-get install ffmpeg)",
      words[0].c_str());
}

/// HTTP Live Streaming: ffprobe would wait 100 s for what it lists to appear, where that is not on this disk.
inline bool video_source::is_playlist(const std::string& path) {
  constexpr std::string_view mark = "#EXTM3U";
  const detail::descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  char begin[mark.size()] = {};
  const ssize_t got = file.get() < 0 ? 0 : ::read(file.get(), begin, sizeof(begin));
  return std::string_view(begin, got < 0 ? 0 : static_cast<std::size_t>(got)) == mark;
}

/// Lines as width=64, avg_frame_rate=25/1, rotation=-90.
inline video_source::facts video_source::read_facts(std::string_view lines) {
  facts f;
  bool lies = false;
  const auto number = [](std::string_view text, auto& to) {
    return std::from_chars(text.data(), text.data() + text.size(), to).ptr;
  };
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, equals), value = line.substr(equals + 1);
    if (key == "format_name") f.text = value == "tty";  // ffmpeg would paint the letters
    if (key == "width") number(value, f.width);
    if (key == "height") number(value, f.height);
    int turned = 0, above = 0, below = 1;
    if (key == "rotation") number(value, turned);
    if (turned == 90 || turned == -90) lies = true;
    // Of a live input only the rate that it is meant to have (r_) is known.
    const bool mean = key == "avg_frame_rate";
    if (!mean && (key != "r_frame_rate" || f.rate > 0.0)) continue;
    const char* const end = number(value, above);
    if (end != value.data() + value.size() && *end == '/')
      number({end + 1, value.data() + value.size()}, below);
    if (above > 0 && below > 0) f.rate = static_cast<double>(above) / below;
  }
  if (lies) std::swap(f.width, f.height);
  return f;
}

/// Of what ffmpeg's programs said the last error, without where in ffmpeg it arose.
inline std::string video_source::last_words(std::FILE* said) {
  std::rewind(said);
  std::string line, last;
  const auto take = [&] {
    for (const std::string_view level : {"[error] ", "[fatal] ", "[warning] "}) {
      const std::size_t at = line.find(level);
      if (at == std::string::npos) continue;
      // Of warnings one tells of lost pictures: a packet that its container ends in.
      if (level == "[warning] " && line.find("corrupt input packet") == std::string::npos) continue;
      last = line.substr(at + level.size());
    }
    line.clear();
  };
  for (int c = std::fgetc(said); c != EOF; c = std::fgetc(said)) {
    if (c == '\n') {
      take();
    } else if (line.size() < 1024) {
      line += static_cast<char>(c);
    }
  }
  take();
  return last;
}

}  // namespace flexdnn
