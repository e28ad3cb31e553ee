// SPDX-License-Identifier: MIT
// training_log: what each epoch came to, as a line of a CSV file.
#pragma once

#include <cstdio>
#include <span>
#include <string>

#include "../io/file.hpp"
#include "training.hpp"

namespace flexdnn {

/// "epoch,learning_rate,seconds,loss_NAME,accuracy_NAME,..." with the names of the exits.
[[nodiscard]] inline std::string log_header(std::span<const training_graph::exit> exits) {
  std::string text = "epoch,learning_rate,seconds";
  for (const training_graph::exit& e : exits) text += ",loss_" + e.name + ",accuracy_" + e.name;
  return text + "\n";
}

/// Epochs count from 1 here; of exits that were not trained the cells are empty.
[[nodiscard]] inline std::string log_line(const epoch_report& report) {
  char cell[96];
  std::snprintf(cell, sizeof cell, "%d,%.9g,%.3f", report.epoch + 1, report.learning_rate, report.seconds);
  std::string text = cell;
  for (std::size_t e = 0; e < report.loss.size(); ++e) {
    std::snprintf(cell, sizeof cell, ",%.6f,%.6f", report.loss[e], report.accuracy[e]);
    text += std::isnan(report.loss[e]) ? ",," : cell;
  }
  return text + "\n";
}

/// Appends a line, after the header where the file is new. An epoch whose checkpoint was not written any more
/// is done again, and stands there twice. Errors: cannot_write.
inline status append_log(const std::string& path, std::span<const training_graph::exit> exits,
                         const epoch_report& report) {
  const detail::descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  struct stat facts {};
  if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) {
    return detail::file_error(code::cannot_write, path, std::strerror(errno));
  }
  const std::string text = (facts.st_size == 0 ? log_header(exits) : "") + log_line(report);
  if (!detail::write_all(file.get(), std::as_bytes(std::span(text)))) {
    return detail::file_error(code::cannot_write, path, std::strerror(errno));
  }
  return {};
}

}  // namespace flexdnn
