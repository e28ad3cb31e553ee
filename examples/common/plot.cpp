// SPDX-License-Identifier: MIT
// A plot becomes a gnuplot script with its data inside; gnuplot's output is the SVG.
#include "plot.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace examples {

namespace {

/// In double quotes, of a gnuplot whose strings know escapes.
[[nodiscard]] std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + '"';
}

[[nodiscard]] std::string script_of(const plot& p) {
  std::ostringstream text;
  text.precision(9);
  text << "set terminal svg noenhanced size " << p.width << "," << p.height
       << " font 'sans,12' background '#ffffff'\n"
       << "set grid\nset key outside below\nset style fill transparent solid 0.5\n"
       << "set xlabel " << in_quotes(p.x_label) << "\nset ylabel " << in_quotes(p.y_label) << "\n";
  for (std::size_t s = 0; s < p.all.size(); ++s) {
    text << "$d" << s << " << EOD\n";
    for (std::size_t i = 0; i < p.all[s].x.size(); ++i) text << p.all[s].x[i] << " " << p.all[s].y[i] << "\n";
    text << "EOD\n";
  }
  text << "plot ";
  for (std::size_t s = 0; s < p.all.size(); ++s) {
    constexpr const char* styles[] = {"linespoints pointtype 7 pointsize 0.4", "points pointtype 7", "boxes"};
    text << (s > 0 ? ", " : "") << "$d" << s << " using 1:2 title " << in_quotes(p.all[s].name) << " with "
         << styles[static_cast<int>(p.all[s].how)];
  }
  text << "\n";
  return text.str();
}

/// A file that is gone when this is.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content) {
    path_ = (std::filesystem::temp_directory_path() / "flexdnn_plot_XXXXXX").string();
    const int handle = ::mkstemp(path_.data());
    if (handle < 0) throw std::runtime_error(path_ + ": cannot be made");
    const auto written = ::write(handle, content.data(), content.size());
    ::close(handle);
    if (written != static_cast<ssize_t>(content.size()))
      throw std::runtime_error(path_ + ": cannot be written");
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { ::unlink(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

std::string svg_of(const plot& p) {
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0) return {};
  const temporary_file script(script_of(p));
  const std::string command = "gnuplot " + script.path() + " 2>&1";
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("gnuplot cannot be started");
  std::string output;
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) output.append(piece, got);
  if (::pclose(pipe) != 0) throw std::runtime_error("gnuplot: " + output.substr(0, 300));
  const auto begin = output.find("<svg");
  return begin == std::string::npos ? std::string() : output.substr(begin);
}

}  // namespace examples
