// SPDX-License-Identifier: MIT
// embed: writes a network's weights, packed, as constants that a program without files is linked with.
#pragma once

#include <memory>
#include <string>

#include "../plan/fingerprint.hpp"
#include "../plan/layout_target.hpp"
#include "embedding.hpp"
#include "weights.hpp"

namespace flexdnn {

/// Writes e.folder/NAME.hpp with
///   extern "C" const flexdnn::packed<NETWORK> NAME;   64-byte aligned, read-only: it can stay in flash
/// and what defines it, by e.form: NAME.S with NAME.bin, or NAME.cpp. Packing for another machine:
/// embed<layout_target<8>>(...). The header refuses a program whose network or panels are others.
/// Errors: bad_option (name, network, header), wrong_size (no weights, as many as a C++ form does not take),
/// not_finite (a weight, or a batch norm folded in), cannot_write; the header is written last.
template <class Target = native_target, class Network>
status embed(const weights<Network>& w, const embedding& e) {
  if (w.values.size() != lowered<Network>::parameters) {
    return status::error(code::wrong_size, "embedding: got %zu weights, the network has %zu", w.values.size(),
                         lowered<Network>::parameters);
  }
  const auto constant = std::make_unique<packed<Network, Target>>();
  pack(w, *constant);
  const detail::embedded_facts facts{fingerprint<Network>, Target::panel.panel(), constant->values};
  if (const status s = detail::check_embedding(e, facts); !s) return s;

  const auto write = [&](const char* ending, std::span<const std::byte> bytes) {
    const std::span<const std::byte> parts[] = {bytes};
    return write_file(e.folder + '/' + e.name + ending, parts);
  };
  const auto write_text = [&](const char* ending, const std::string& text) {
    return write(ending, std::as_bytes(std::span(text)));
  };
  if (e.form == embedded_form::source) {
    if (const status s = write_text(".cpp", detail::source_text(e, facts)); !s) return s;
  } else {
    if (const status s = write(".bin", std::as_bytes(facts.values)); !s) return s;
    if (const status s = write_text(".S", detail::fill_in(detail::embedded_assembly, e, facts)); !s) return s;
  }
  return write_text(".hpp", detail::fill_in(detail::embedded_header, e, facts));
}

}  // namespace flexdnn
