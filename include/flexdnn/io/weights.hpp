// SPDX-License-Identifier: MIT
// weights: canonical weights of a network, from and to safetensors files with PyTorch's names.
#pragma once

#include <bit>
#include <cstring>
#include <memory>

#include "../engine/packed.hpp"
#include "file.hpp"
#include "parameters.hpp"
#include "safetensors.hpp"
#include "safetensors_writer.hpp"

namespace flexdnn {

static_assert(std::endian::native == std::endian::little, "flexdnn: safetensors are little endian");

/// Canonical weights: what a state_dict holds, in the order of parameters<Network>().
template <class Network>
struct weights {
  std::vector<float> values = std::vector<float>(lowered<Network>::parameters);
  std::vector<std::int64_t>
      batches_tracked;  ///< num_batches_tracked of each batch norm; empty: the file had none
  std::vector<metadata_entry> metadata;
};

namespace detail {

/// Checks one tensor against the network's parameter.
inline status check_tensor(const named_parameter& wanted, const tensor_entry* found) {
  if (found == nullptr) {
    return status::error(code::missing_tensor, "weights are for another network: %s %s is not in the file",
                         quoted(wanted.name).text(), text_of(wanted.extents).c_str());
  }
  if (found->type != dtype::f32) {
    return status::error(code::wrong_type, "tensor %s: got %s numbers, F32 is wanted",
                         quoted(wanted.name).text(), name_of(found->type));
  }
  if (found->shape != wanted.extents) {
    return status::error(
        code::wrong_shape, "weights are for another network: tensor %s: got shape %.60s, wanted %.60s",
        quoted(wanted.name).text(), text_of(found->shape).c_str(), text_of(wanted.extents).c_str());
  }
  return {};
}

[[nodiscard]] inline std::string counter_name(const named_parameter& last_of_norm) {
  return last_of_norm.name.substr(0, last_of_norm.name.rfind('.') + 1) + "num_batches_tracked";
}

/// Puts the file's name before a sentence.
inline status in_file(const std::string& path, const status& s) {
  return s ? s : status::error(s.code(), "%s: %.160s", quoted(path, keep::back).text(), s.message());
}

}  // namespace detail

/// Reads weights from the bytes of a safetensors file. Every parameter must be there with its shape and as
/// F32, and finite; no other tensor may be, but num_batches_tracked. On an error out stays as it was.
template <class Network>
status read_weights(std::span<const std::byte> bytes, weights<Network>& out) {
  safetensors_view file;
  if (const status s = safetensors_view::parse(bytes, file); !s) return s;
  weights<Network> read;
  std::size_t known = 0;
  const std::vector<named_parameter> all = parameters<Network>();
  for (const named_parameter& p : all) {
    const tensor_entry* tensor = file.find(p.name);
    if (const status s = detail::check_tensor(p, tensor); !s) return s;
    std::memcpy(read.values.data() + p.offset, tensor->data.data(), tensor->data.size());
    for (std::size_t i = 0; i < p.size; ++i) {
      const float number = read.values[p.offset + i];
      if (!std::isfinite(number)) {
        return status::error(code::not_finite, "tensor %s: number %zu of %zu is not finite",
                             quoted(p.name).text(), i, p.size);
      }
      if (p.counts_batches && number < 0.0F) {  // running_var: its root is taken
        return status::error(code::malformed, "tensor %s: number %zu of %zu is %g, a variance is at least 0",
                             quoted(p.name).text(), i, p.size, static_cast<double>(number));
      }
    }
    ++known;
    if (!p.counts_batches) continue;
    const tensor_entry* counter = file.find(detail::counter_name(p));
    if (counter == nullptr) continue;
    if (counter->type != dtype::i64 || !counter->shape.empty()) {
      return status::error(code::wrong_type, "tensor %s: a scalar I64 is wanted",
                           quoted(counter->name).text());
    }
    std::int64_t count = 0;
    std::memcpy(&count, counter->data.data(), sizeof count);
    read.batches_tracked.push_back(count);
    ++known;
  }
  const auto norms = std::ranges::count(all, true, &named_parameter::counts_batches);
  if (!read.batches_tracked.empty() && static_cast<std::ptrdiff_t>(read.batches_tracked.size()) != norms) {
    return status::error(code::missing_tensor, "num_batches_tracked: got %zu tensors, wanted %td or none",
                         read.batches_tracked.size(), norms);
  }
  if (known != file.tensors().size()) {
    for (const tensor_entry& t : file.tensors()) {
      const bool wanted = std::ranges::any_of(all, [&](const named_parameter& p) {
        return p.name == t.name || (p.counts_batches && detail::counter_name(p) == t.name);
      });
      if (!wanted) {
        return status::error(
            code::unknown_tensor,
            "weights are for another network: it has no tensor %s (%zu in the file, %zu wanted)",
            quoted(t.name).text(), file.tensors().size(), known);
      }
    }
  }
  read.metadata.assign(file.metadata().begin(), file.metadata().end());
  out = std::move(read);
  return {};
}

/// The same from a file.
template <class Network>
status read_weights(const std::string& path, weights<Network>& out) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  return detail::in_file(path, read_weights(std::span<const std::byte>(bytes), out));
}

/// Writes weights as a safetensors file: PyTorch's load_state_dict takes it unchanged.
template <class Network>
status write_weights(const std::string& path, const weights<Network>& w) {
  std::vector<tensor_entry> tensors;
  std::size_t norm = 0;
  for (const named_parameter& p : parameters<Network>()) {
    tensors.push_back(
        {p.name, dtype::f32, p.extents, std::as_bytes(std::span(w.values).subspan(p.offset, p.size))});
    if (p.counts_batches && norm < w.batches_tracked.size()) {
      tensors.push_back({detail::counter_name(p),
                         dtype::i64,
                         {},
                         std::as_bytes(std::span(w.batches_tracked).subspan(norm++, 1))});
    }
  }
  return write_safetensors(path, tensors, w.metadata);
}

template <class Network, class Target>
void pack(const weights<Network>& w, packed<Network, Target>& out) {
  pack(std::span<const float, lowered<Network>::parameters>(w.values), out);
}

/// Loads and packs the bytes of a safetensors file. On an error the packed weights stay as they were, and the
/// status says what is wrong: errors of read_weights; not_finite where folding a batch norm overflows.
template <class Network, class Target>
status load(std::span<const std::byte> bytes, packed<Network, Target>& out) {
  weights<Network> w;
  if (const status s = read_weights(bytes, w); !s) return s;
  const auto fresh = std::make_unique<packed<Network, Target>>();
  pack(w, *fresh);
  if (!std::ranges::all_of(fresh->values, [](float x) { return std::isfinite(x); })) {
    return status::error(code::not_finite, "weights: a batch norm folded into its layer is not finite");
  }
  out = *fresh;
  return {};
}

/// The same from a file, whose name the status begins with.
template <class Network, class Target>
status load(const std::string& path, packed<Network, Target>& out) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  return detail::in_file(path, load(std::span<const std::byte>(bytes), out));
}

}  // namespace flexdnn
