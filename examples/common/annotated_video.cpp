// SPDX-License-Identifier: MIT
// Composed here, frame by frame, and fed to an ffmpeg that runs beside this program.
#include "annotated_video.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <flexdnn/io/child_program.hpp>
#include <flexdnn/io/quoted.hpp>
#include <flexdnn/train/progress_bar.hpp>
#include <memory>
#include <vector>

#include "where.hpp"

namespace examples {
namespace {

namespace fs = std::filesystem;

constexpr double most_a_second = 60.0;  // what screens show, and players do not skip

std::vector<std::string> words_of(const captioned_picture& picture, double rate, const std::string& file) {
  char number[32];
  std::snprintf(number, sizeof number, "%.10g", std::min(rate, most_a_second));
  const std::string extent = std::to_string(picture.width()) + "x" + std::to_string(picture.height());
  // What an encoder other than x264 does not know it ignores.
  return {"ffmpeg",       "-nostdin", "-v",          "level+error",
          "-f",           "rawvideo", "-pix_fmt",    picture.format(),
          "-video_size",  extent,     "-framerate",  number,
          "-i",           "pipe:0",   "-pix_fmt",    "yuv420p",
          "-preset",      "veryfast", "-crf",        "18",
          "-q:v",         "3",        "-colorspace", "smpte170m",
          "-color_range", "tv",       "-movflags",   "+faststart",
          "-f",           "mp4",      "-y",          "file:" + file};
}

/// The first error that ffmpeg told: later ones follow from it.
std::string first_error(std::FILE* said) {
  std::rewind(said);
  char line[1024];
  while (std::fgets(line, sizeof line, said) != nullptr) {
    for (const char* const level : {"[error] ", "[fatal] "}) {
      const char* const at = std::strstr(line, level);
      if (at != nullptr)
        return std::string(at + std::strlen(level), std::strcspn(at + std::strlen(level), "\n"));
    }
  }
  return {};
}

/// A file that is gone, unless it was given its name.
class unfinished_file {
 public:
  explicit unfinished_file(const fs::path& final_name) : final_(final_name), path_(final_name) {
    path_ += ".part";
  }
  unfinished_file(const unfinished_file&) = delete;
  unfinished_file& operator=(const unfinished_file&) = delete;
  ~unfinished_file() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  void finish() {
    std::error_code trouble;
    fs::rename(path_, final_, trouble);
    if (trouble) fail(final_, "cannot be written: " + trouble.message());
  }

 private:
  fs::path final_, path_;
};

}  // namespace

bool can_be_read_again(const std::string& path, const std::string& format) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) || fs::is_directory(path, ignored) || format == "lavfi";
}

std::string write_annotated_video(const std::string& path, any_source& frames, double rate,
                                  std::uint64_t count, const std::function<caption(std::uint64_t)>& captions,
                                  const volatile std::sig_atomic_t& stop) {
  const auto check = [&](bool more, std::uint64_t done) {
    if (stop != 0) fail(path, "not written, for it was interrupted");
    if (!more) {
      fail(path, "not written: of " + std::to_string(count) + " frames " + std::to_string(done) +
                     " came when the source was read again");
    }
  };
  std::vector<std::byte> frame(frames.frame_bytes());
  check(frames.read(frame), 0);
  captioned_picture picture(frames.view(frame));
  unfinished_file file(path);  // before the encoder: that one ends first
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> said(std::tmpfile(), std::fclose);
  if (!said) fail(path, std::string("not written, no temporary file: ") + std::strerror(errno));
  ::fcntl(fileno(said.get()), F_SETFD, FD_CLOEXEC);
  flexdnn::detail::child_program encoder;
  const int failed = encoder.start_fed(words_of(picture, rate, file.path()), fileno(said.get()));
  if (failed == ENOENT) return "no annotated.mp4: ffmpeg is not on the PATH (Debian: apt-get install ffmpeg)";
  if (failed != 0) fail(path, std::string("not written, ffmpeg: ") + std::strerror(failed));
  bool fed = true;
  {
    flexdnn::progress_bar bar("annotated.mp4", count);
    for (std::uint64_t k = 0; fed && k < count; ++k) {
      if (k > 0) check(frames.read(frame), k);
      picture.show(frames.view(frame));
      picture.write(captions(k));
      fed = encoder.write(picture.bytes());
      bar.advance();
    }
  }
  const int exit = encoder.wait();
  check(true, count);  // Ctrl-C reaches ffmpeg too, which then ends as if that were all
  if (!fed || exit != 0) {
    const std::string words = first_error(said.get());
    fail(path, words.empty()
                   ? "not written, ffmpeg read no more and ended with " + std::to_string(exit)
                   : std::string("not written, ffmpeg says: ") + flexdnn::quoted<200>(words).text());
  }
  file.finish();
  return {};
}

}  // namespace examples
