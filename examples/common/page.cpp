// SPDX-License-Identifier: MIT
// HTML by hand: a page is text, images are PNG in base64.
#include "page.hpp"

#include <stb/stb_image_write.h>

#include <cstdio>
#include <stdexcept>

namespace examples {

namespace {

[[nodiscard]] std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<') {
      safe += "&lt;";
    } else if (c == '&') {
      safe += "&amp;";
    } else {
      safe += c;
    }
  }
  return safe;
}

[[nodiscard]] std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k > bytes.size() ? '=' : digits[three >> (18 - 6 * k) & 63];
  }
  return text;
}

[[nodiscard]] std::string png(flexdnn::shape extent, std::span<const std::uint8_t> planar) {
  std::vector<std::uint8_t> interleaved;
  const auto pixels = static_cast<std::size_t>(extent.pixels());
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(extent.channels); ++c)
      interleaved.push_back(planar[c * pixels + p]);
  }
  std::vector<std::uint8_t> file;
  const auto append = [](void* to, void* data, int size) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    static_cast<std::vector<std::uint8_t>*>(to)->insert(static_cast<std::vector<std::uint8_t>*>(to)->end(),
                                                        bytes, bytes + size);
  };
  if (stbi_write_png_to_func(append, &file, extent.width, extent.height, extent.channels, interleaved.data(),
                             0) == 0) {
    throw std::runtime_error("no memory for an image of the report");
  }
  return base64(file);
}

}  // namespace

page::page(const std::string& title)
    : text_("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title) +
            "</title><style>body{font:15px sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
            "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:.2em "
            ".6em;text-align:right}"
            "td:first-child,th:first-child{text-align:left}figure{margin:1em "
            "0}img{image-rendering:pixelated;margin:1px}"
            "</style></head><body>\n<h1>" +
            escaped(title) + "</h1>\n") {}

void page::heading(const std::string& text) { text_ += "<h2>" + escaped(text) + "</h2>\n"; }
void page::paragraph(const std::string& text) { text_ += "<p>" + escaped(text) + "</p>\n"; }

void page::table(const row& heading, const std::vector<row>& rows) {
  text_ += "<table><tr>";
  for (const std::string& cell : heading) text_ += "<th>" + escaped(cell) + "</th>";
  text_ += "</tr>\n";
  for (const row& r : rows) {
    text_ += "<tr>";
    for (const std::string& cell : r) text_ += "<td>" + escaped(cell) + "</td>";
    text_ += "</tr>\n";
  }
  text_ += "</table>\n";
}

void page::figure(const plot& p, const std::string& caption) {
  const std::string svg = svg_of(p);
  text_ += "<figure>" + (svg.empty() ? "<p>(No plot: gnuplot is not installed.)</p>" : svg) + "<figcaption>" +
           escaped(caption) + "</figcaption></figure>\n";
}

void page::images(flexdnn::shape extent, const std::vector<std::span<const std::uint8_t>>& all,
                  const std::string& caption) {
  text_ += "<figure>";
  for (const auto& planar : all) {
    text_ += "<img width=\"" + std::to_string(3 * extent.width) + "\" alt=\"\" src=\"data:image/png;base64," +
             png(extent, planar) + "\">";
  }
  text_ += "<figcaption>" + escaped(caption) + "</figcaption></figure>\n";
}

std::string csv_of(const row& heading, const std::vector<row>& rows) {
  const auto line = [](const row& r) {
    std::string text;
    for (std::size_t i = 0; i < r.size(); ++i) {
      const std::string& cell = r[i];
      const bool quoted = cell.find_first_of(",\"\n") != std::string::npos;
      std::string safe;
      for (const char c : cell) safe += c == '"' ? "\"\"" : std::string(1, c);
      text += (i > 0 ? "," : "") + (quoted ? "\"" + safe + "\"" : safe);
    }
    return text + "\n";
  };
  std::string text = line(heading);
  for (const row& r : rows) text += line(r);
  return text;
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

}  // namespace examples
