// SPDX-License-Identifier: MIT
// stream_player: plays frames in real time through a network, and says what came of them.
#pragma once

#include <csignal>
#include <vector>

#include "any_source.hpp"
#include "model.hpp"
#include "stream_labels.hpp"
#include "stream_log.hpp"
#include "stream_options.hpp"
#include "stream_outcome.hpp"

namespace examples {

/// What plays a stream.
struct stream_setting {
  const stream_options& given;
  const model& network;
  classifier& engine;
  bool adaptive = false;            ///< engine has the network's exits
  std::vector<std::size_t> levels;  ///< of risk, from the one asked for up to the floor; one at least
  double rate = 0.0;                ///< frames that arrive in a second
  const stream_labels& labels;
};

/// Until the source ends, as many frames came as are wanted, or `stop` is set. energy: nullptr, nobody asks.
/// Throws where there is no frame, or more frames come than there are labels.
[[nodiscard]] outcome play(any_source& source, const stream_setting& s, stream_log& log,
                           stream_energy* energy, const volatile std::sig_atomic_t& stop);

}  // namespace examples
