// SPDX-License-Identifier: MIT
// weights: canonical weights of a network, from and to safetensors files with PyTorch's names or others.
#pragma once

#include <bit>
#include <cmath>
#include <cstring>
#include <memory>

#include "../core/weights_format.hpp"
#include "../engine/packed.hpp"
#include "file.hpp"
#include "file_name_of.hpp"
#include "parameters.hpp"
#include "safetensors.hpp"
#include "safetensors_writer.hpp"
#include "tensor_values.hpp"

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

[[nodiscard]] inline std::string counter_name(const named_parameter& last_of_norm) {
  return last_of_norm.name.substr(0, last_of_norm.name.rfind('.') + 1) + "num_batches_tracked";
}

/// Marks a tensor as used; two parameters that a format's names lead to one tensor would share its numbers.
inline status use_once(const safetensors_view& file, const tensor_entry& tensor, const std::string& name,
                       std::vector<bool>& used) {
  const auto at = static_cast<std::size_t>(&tensor - file.tensors().data());
  if (used[at]) return status::error(code::bad_option, "tensor %s: the format names it twice", name.c_str());
  used[at] = true;
  return {};
}

/// Puts the file's name before a sentence.
inline status in_file(const std::string& path, const status& s) {
  return s ? s : status::error(s.code(), "%s: %.160s", quoted(path, keep::back).text(), s.message());
}

}  // namespace detail

/// Reads weights from the bytes of a safetensors file. Every parameter must be there, under its name in the
/// format, with its shape, F32 (or what else the format takes) and finite; no other tensor may be, but
/// num_batches_tracked, and exits ("exits.NAME...") where Network has none: it takes the trunk of a network
/// with exits. On an error out stays as it was.
template <class Network>
status read_weights(std::span<const std::byte> bytes, weights<Network>& out,
                    const weights_format& format = {}) {
  safetensors_view file;
  if (const status s = safetensors_view::parse(bytes, file); !s) return s;
  weights<Network> read;
  std::vector<bool> used(file.tensors().size(), false);
  const std::vector<named_parameter> all = parameters<Network>();
  for (const named_parameter& p : all) {
    const std::string theirs = file_name_of(p.name, format.names);
    const std::string name = detail::both_names(p.name, theirs);
    const tensor_entry* tensor = file.find(theirs);
    if (const status s = detail::check_tensor(name, p, tensor); !s) return s;
    if (const status s = detail::use_once(file, *tensor, name, used); !s) return s;
    const std::span<float> numbers = std::span(read.values).subspan(p.offset, p.size);
    detail::copy_numbers(*tensor, numbers);
    if (const status s = detail::check_numbers(name, numbers, p.counts_batches); !s) return s;
    if (!p.counts_batches) continue;
    const tensor_entry* counter = file.find(file_name_of(detail::counter_name(p), format.names));
    if (counter == nullptr) continue;
    if (counter->type != dtype::i64 || !counter->shape.empty()) {
      return status::error(code::wrong_type, "tensor %s: a scalar I64 is wanted",
                           quoted(counter->name).text());
    }
    if (const status s = detail::use_once(file, *counter, quoted(counter->name).text(), used); !s) return s;
    std::int64_t count = 0;
    std::memcpy(&count, counter->data.data(), sizeof count);
    read.batches_tracked.push_back(count);
  }
  const auto norms = std::ranges::count(all, true, &named_parameter::counts_batches);
  if (!read.batches_tracked.empty() && static_cast<std::ptrdiff_t>(read.batches_tracked.size()) != norms) {
    return status::error(code::missing_tensor, "num_batches_tracked: got %zu tensors, wanted %td or none",
                         read.batches_tracked.size(), norms);
  }
  for (std::size_t t = 0; lowered<Network>::exits.size() == 1 && t < used.size(); ++t) {
    if (file.tensors()[t].name.starts_with("exits.")) used[t] = true;
  }
  if (const auto extra = std::ranges::find(used, false); extra != used.end()) {
    const tensor_entry& t = file.tensors()[static_cast<std::size_t>(extra - used.begin())];
    return status::error(code::unknown_tensor,
                         "weights are for another network: it has no tensor %s (%zu in the file, %td wanted)",
                         quoted(t.name).text(), used.size(), std::ranges::count(used, true));
  }
  read.metadata.assign(file.metadata().begin(), file.metadata().end());
  out = std::move(read);
  return {};
}

/// The same from a file.
template <class Network>
status read_weights(const std::string& path, weights<Network>& out, const weights_format& format = {}) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  return detail::in_file(path, read_weights(std::span<const std::byte>(bytes), out, format));
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
status load(std::span<const std::byte> bytes, packed<Network, Target>& out,
            const weights_format& format = {}) {
  weights<Network> w;
  if (const status s = read_weights(bytes, w, format); !s) return s;
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
status load(const std::string& path, packed<Network, Target>& out, const weights_format& format = {}) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  return detail::in_file(path, load(std::span<const std::byte>(bytes), out, format));
}

}  // namespace flexdnn
