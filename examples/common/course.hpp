// SPDX-License-Identifier: MIT
// course: what the programs that train share: a line on stderr after each epoch.
#pragma once

#include <cmath>
#include <cstdio>
#include <flexdnn/train.hpp>

#include "processes.hpp"

namespace examples {

/// Runs what is left of a training; save(report) -> status is called after each epoch, by the first process.
template <class Save>
void run_course(flexdnn::trainer& trainer, const flexdnn::records& images, Save save) {
  require_agreed(trainer.run(images, [&](const flexdnn::epoch_report& report) {
    std::fprintf(stderr, "epoch %d, %.0f s", report.epoch + 1, report.seconds);
    for (std::size_t e = 0; e < report.loss.size(); ++e) {
      if (std::isnan(report.loss[e])) continue;
      std::fprintf(stderr, "  %s: loss %.4f, %.2f %%", trainer.exits()[e].name.c_str(), report.loss[e],
                   100.0 * report.accuracy[e]);
    }
    std::fputc('\n', stderr);
    return save(report);
  }));
}

}  // namespace examples
