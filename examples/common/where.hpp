// SPDX-License-Identifier: MIT
// where: a sentence about a file, thrown.
#pragma once

#include <filesystem>
#include <flexdnn/io/quoted.hpp>
#include <stdexcept>
#include <string>

namespace examples {

[[noreturn]] inline void fail(const std::filesystem::path& where, const std::string& what) {
  throw std::runtime_error(std::string(flexdnn::quoted(where.string(), flexdnn::keep::back).text()) + ": " +
                           what);
}

}  // namespace examples
