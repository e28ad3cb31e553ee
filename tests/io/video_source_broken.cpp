// SPDX-License-Identifier: MIT
// Laws of video_source: what is no video, or breaks off, is told in a sentence; no name of a file is anything
// but a name; nothing stays behind.
#include <flexdnn/io/video_source.hpp>

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "children.hpp"
#include "videos.hpp"

using namespace flexdnn;
using namespace io_test;

namespace {

/// Opens what cannot be opened; nothing stays behind, and the sentence could be shown to anybody.
void refused(const std::string& path, code what, std::string_view fragments) {
  const resources before;
  {
    video_source video;
    const status s = video.open(path);
    check_error(s, what, fragments);
    for (const char* c = s.message(); *c != '\0'; ++c) CHECK((*c >= ' ' && *c <= '~'));
    CHECK(video.frame_bytes() == 0);
  }
  CHECK(resources() == before);
}

/// PATH, as long as this lives.
class path_is {
 public:
  explicit path_is(const std::string& folders) : old_(::getenv("PATH")) {
    ::setenv("PATH", folders.c_str(), 1);
  }
  path_is(const path_is&) = delete;
  path_is& operator=(const path_is&) = delete;
  ~path_is() { ::setenv("PATH", old_.c_str(), 1); }

 private:
  std::string old_;
};

class working_directory {
 public:
  explicit working_directory(const std::string& path) : old_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  working_directory(const working_directory&) = delete;
  working_directory& operator=(const working_directory&) = delete;
  ~working_directory() { std::filesystem::current_path(old_); }

 private:
  std::filesystem::path old_;
};

}  // namespace

TEST_CASE("io/video_source: of a file that was cut, the frames before the cut come, then a sentence") {
  const temporary_directory directory;
  const drawn_frames drawn(32, 48, 20);
  const byte_frames all = drawn.nv12();
  for (const char* name : {"a.mkv", "a.avi"}) {
    CAPTURE(name);
    const std::string path = encode(directory, drawn, name);
    const std::string whole = slurp(path);
    REQUIRE(frames_of(path) == all);
    spill(path, whole.substr(0, whole.size() * 6 / 10));
    const resources before;
    {
      video_source video;
      REQUIRE(video.open(path));
      byte_frames some = rest_of(video);
      REQUIRE(some.size() >= 10);
      REQUIRE(some.size() <= 13);
      some.pop_back();  // whether the frame under the cut comes, and how, is ffmpeg's
      CHECK(std::equal(some.begin(), some.end(), all.begin()));
      check_error(video.ending(), code::truncated,
                  std::string(name) + "': damaged or cut off, ffmpeg says: '");
    }
    CHECK(resources() == before);
  }
}

TEST_CASE("io/video_source: what is no video") {
  const temporary_directory directory;
  spill(directory.file("empty.mp4"), "");
  spill(directory.file("a.txt"), std::string(3000, 'a') + "\n");
  spill(directory.file("text.mp4"), "Nobody took a picture.\n");
  spill(directory.file("playlist.mp4"),
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n");
  generate(directory, "sine=duration=0.2", "sound.wav", {});
  REQUIRE(::mkfifo(directory.file("pipe").c_str(), 0600) == 0);
  refused(directory.file("none.mp4"), code::cannot_open, "none.mp4'|No such file");
  refused(directory.file(""), code::cannot_open, "is a directory, a video is wanted");
  refused(directory.file("empty.mp4"), code::cannot_open, "empty.mp4'|the file is empty");
  refused(directory.file("pipe"), code::cannot_open, "pipe'|is a pipe or a socket");
  refused(directory.file("a.txt"), code::malformed, "a.txt'|is text, a video is wanted");
  refused(directory.file("text.mp4"), code::malformed, "text.mp4'|ffprobe reads no video there");
  refused(directory.file("playlist.mp4"), code::cannot_open,
          "playlist.mp4'|is a playlist, a video is wanted");
  refused(directory.file("sound.wav"), code::malformed, "sound.wav'|has no pictures");
  refused("/dev/video_that_is_not_there", code::cannot_open, "No such file");
  refused("/dev/null", code::malformed, "/dev/null'|ffprobe reads no video there");
  refused(std::string("a\0b", 3), code::cannot_open, "'a\\x00b'|a zero byte");
  refused("", code::cannot_open, "'': No such file");
  refused(std::string(5000, 'x'), code::cannot_open, "'...xxx|too long");
}

TEST_CASE("io/video_source: pictures larger than 8192") {
  const temporary_directory directory;
  refused(generate(directory, "color=size=8194x2", "wide.mkv", {"-frames:v", "1", "-c:v", "ffv1"}),
          code::wrong_size, "wide.mkv'|pictures of 2 x 8194 pixels, wanted 1 to 8192");
  refused(generate(directory, "color=size=2x8194", "high.mkv", {"-frames:v", "1", "-c:v", "ffv1"}),
          code::wrong_size, "8194 x 2 pixels");
}

TEST_CASE("io/video_source: no name is anything but a name") {
  const temporary_directory directory;
  const drawn_frames drawn(16, 16, 1);
  const std::string content = slurp(encode(directory, drawn, "a.mkv"));
  const working_directory here(directory.file(""));
  for (const char* name : {"-version", "http:a.mkv", "concat:a.mkv", "two\nlines \x1b[31m.mkv", "%03d.mkv",
                           "file:b", "pipe:0", "a b 'c' \\d", "-"}) {
    CAPTURE(name);
    spill(name, content);
    CHECK(frames_of(name) == drawn.nv12());
  }
  const std::string broken = "no\nsuch \x1b[31m.mkv";
  spill(broken, content.substr(0, 60));
  refused(broken, code::malformed, quoted(broken).text());
  refused("http://127.0.0.1:1/a.mkv", code::cannot_open, "No such file");
  refused("lavfi:testsrc", code::cannot_open, "No such file");
}

TEST_CASE("io/video_source: without ffmpeg's programs") {
  const temporary_directory directory, folder;
  const std::string path = encode(directory, drawn_frames(16, 16, 1), "a.mkv");
  std::string probe;
  for (std::string_view rest = ::getenv("PATH"); probe.empty();) {
    const std::string at = std::string(rest.substr(0, rest.find(':'))) + "/ffprobe";
    if (std::filesystem::exists(at)) probe = at;
    rest.remove_prefix(std::min(rest.find(':'), rest.size() - 1) + 1);
  }
  const path_is empty(folder.file(""));
  refused(path, code::cannot_open, "ffprobe is not on the PATH|apt-get install ffmpeg");
  std::filesystem::create_symlink(probe, folder.file("ffprobe"));
  refused(path, code::cannot_open, "ffmpeg is not on the PATH|apt-get install ffmpeg");
}

TEST_CASE("io/video_source: a damaged file neither hangs nor harms") {
  const temporary_directory directory;
  const std::string whole = slurp(encode(directory, drawn_frames(32, 32, 4), "a.mkv"));
  std::mt19937 random(5);
  for (int trial = 0; trial < 3; ++trial) {
    std::string damaged = whole;
    for (int k = 0; k < 20; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    spill(directory.file("b.mkv"), damaged);
    const resources before;
    {
      video_source video;
      if (video.open(directory.file("b.mkv"))) CHECK(rest_of(video).size() <= 4);
    }
    CHECK(resources() == before);
  }
}
