// SPDX-License-Identifier: MIT
// target: a file to be written, looked at before the work that fills it, which can take hours.
#pragma once

#include <filesystem>
#include <flexdnn/io/quoted.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace examples {

/// Throws where the file's directory is not there, or where writing it would replace one of the inputs.
inline void check_target(const std::string& path, const std::vector<std::string>& inputs) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path target = path;
  const std::string name = flexdnn::quoted(path, flexdnn::keep::back).text();
  if (!fs::is_directory(target.has_parent_path() ? target.parent_path() : fs::path("."), ignored)) {
    throw std::runtime_error(name + " cannot be written: there is no such directory");
  }
  if (fs::is_directory(target, ignored))
    throw std::runtime_error(name + " cannot be written: it is a directory");
  for (const std::string& input : inputs) {
    if (fs::equivalent(target, input, ignored)) throw std::runtime_error(name + " is an input file");
  }
}

}  // namespace examples
