// SPDX-License-Identifier: MIT
// checkpoint: what training needs to go on as if it had never stopped, in a file.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "../io/file.hpp"
#include "../io/safetensors.hpp"
#include "../io/safetensors_writer.hpp"

namespace flexdnn {

/// Everything random is a function of seed, epoch, step and image: no generator has a state to be saved.
struct checkpoint {
  std::int64_t epochs = 0;        ///< that are done
  std::string recipe;             ///< options that the further course depends on, as text
  std::vector<float> parameters;  ///< the canonical block
  std::vector<float> state;       ///< the optimiser's
};

/// Writes a safetensors file, all or nothing: whenever the process is killed, the old file or the new one is
/// there. Errors: cannot_write.
inline status write_checkpoint(const std::string& path, const checkpoint& c) {
  const auto tensor = [](const char* name, const std::vector<float>& values) {
    return tensor_entry{name, dtype::f32, {values.size()}, std::as_bytes(std::span(values))};
  };
  const std::array tensors{tensor("parameters", c.parameters), tensor("state", c.state),
                           tensor_entry{"epochs", dtype::i64, {}, std::as_bytes(std::span(&c.epochs, 1))}};
  const std::array metadata{metadata_entry{"recipe", c.recipe}};
  return write_safetensors(path, tensors, metadata);
}

/// Reads it into `out`, whose recipe and sizes say what is wanted; on an error out stays as it was.
/// Errors: those of read_file and safetensors_view::parse; missing_tensor, wrong_shape; bad_option where the
/// file was written by another recipe.
inline status read_checkpoint(const std::string& path, checkpoint& out) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  safetensors_view file;
  if (const status s = safetensors_view::parse(bytes, file); !s) return s;
  const std::string* const recipe = file.find_metadata("recipe");
  if (recipe == nullptr) return status::error(code::bad_option, "checkpoint: this is not one of a training");
  if (*recipe != out.recipe) {
    const auto differ =
        static_cast<std::size_t>(std::ranges::mismatch(*recipe, out.recipe).in1 - recipe->begin());
    const std::size_t word = differ == 0 ? 0 : recipe->rfind(' ', differ - 1) + 1;  // npos + 1: the beginning
    return status::error(
        code::bad_option, "checkpoint: its training has %.70s where this one has %.70s",
        quoted(recipe->substr(word)).text(),
        quoted(std::string_view(out.recipe).substr(std::min(word, out.recipe.size()))).text());
  }
  checkpoint read;
  read.recipe = *recipe;
  read.parameters.resize(out.parameters.size());
  read.state.resize(out.state.size());
  const auto fill = [&](const char* name, dtype type, std::span<std::byte> to) {
    const tensor_entry* const t = file.find(name);
    if (t == nullptr) return status::error(code::missing_tensor, "checkpoint: it has no tensor %s", name);
    if (t->type != type || t->data.size() != to.size()) {
      return status::error(code::wrong_shape, "checkpoint: tensor %s has %zu bytes, %zu are wanted", name,
                           t->data.size(), to.size());
    }
    if (!to.empty()) std::memcpy(to.data(), t->data.data(), to.size());
    return status{};
  };
  if (const status s = fill("parameters", dtype::f32, std::as_writable_bytes(std::span(read.parameters))); !s)
    return s;
  if (const status s = fill("state", dtype::f32, std::as_writable_bytes(std::span(read.state))); !s) return s;
  if (const status s = fill("epochs", dtype::i64, std::as_writable_bytes(std::span(&read.epochs, 1))); !s)
    return s;
  out = std::move(read);
  return {};
}

}  // namespace flexdnn
