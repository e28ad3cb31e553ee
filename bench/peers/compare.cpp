// SPDX-License-Identifier: MIT
// bench/compare: every workload, ours beside the peers, in turn on one pinned core. The peers run the same
// weights and frame, and what they give is compared with ours.
#include <cmath>
#include <cstdio>
#include <memory>
#include <set>

#include "../../examples/common/failure.hpp"
#include "../sampling.hpp"
#include "peer.hpp"
#include "table.hpp"
#include "workload.hpp"
#include "workloads.hpp"

namespace {

using namespace flexdnn::bench;

constexpr std::size_t wanted_samples = 15;

struct request {
  std::vector<std::string> only;
  std::string json, onnxruntime;
  double seconds = 8.0;
};

struct column {
  peer which;
  std::string title;
};

using file_handle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::vector<workload> all_workloads() {
  std::vector<workload> all;
  for (const auto& part : {small_networks(), large_networks(), layers()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

/// Those that can run here; of the two that are always wanted, the others say why not.
std::vector<column> ready_peers(const request& r) {
  std::vector<column> ready;
  std::set<std::string_view> missing{"onednn", "onnxruntime"};
  for (const peer& p : built_peers()) {
    missing.erase(p.name);
    try {
      ready.push_back({p, p.open(r.onnxruntime)});
    } catch (const std::exception& why) {
      std::printf("%s is left out: %s\n", std::string(p.name).c_str(), why.what());
    }
  }
  for (const std::string_view name : missing) {
    std::printf("%s is left out: this program was built where its development files were not found\n",
                std::string(name).c_str());
  }
  return ready;
}

double relative_l2(const std::vector<float>& got, const std::vector<float>& wanted) {
  double difference = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double d = static_cast<double>(got[i]) - static_cast<double>(wanted[i]);
    difference += d * d;
    norm += static_cast<double>(wanted[i]) * static_cast<double>(wanted[i]);
  }
  return got.size() == wanted.size() ? std::sqrt(difference / norm) : 1.0;
}

row measure(const workload& w, const std::vector<column>& peers, double budget) {
  row r;
  r.name = w.name;
  r.mmacs = 1e-6 * static_cast<double>(w.macs);
  const subject s = w.prepare();
  s.ours->run();
  const std::vector<float> own = s.ours->output();
  std::vector<std::unique_ptr<runner>> others;
  for (const column& c : peers) {
    others.push_back(c.which.make(s.operators, s.frame));
    others.back()->run();
    const double error = relative_l2(own, others.back()->output());
    if (!r.error || !(error <= *r.error)) r.error = error;  // a NaN stays
    if (!(error <= c.which.largest_error)) r.agrees = false;
  }

  turns timed;
  timed.add([&] { s.ours->run(); });
  for (const auto& other : others) timed.add([&other] { other->run(); });
  const double start = seconds();
  const auto spent = [&] { return seconds() - start; };
  do {
    timed.round();
  } while (spent() < budget || (spent() < 3 * budget && timed.fewest_kept() < wanted_samples));

  const double ours = timed.result_of(0).seconds;
  r.ours_ms = 1e3 * ours;
  r.peak_share = 2e-9 * static_cast<double>(w.macs) / ours / timed.peak();
  for (std::size_t i = 0; i < peers.size(); ++i) r.peers_ms.push_back(1e3 * timed.result_of(i + 1).seconds);
  r.kept = timed.fewest_kept();
  return r;
}

/// Empty, or what is wrong with a file name: asked before minutes of measuring.
std::string unwritable(const std::string& file) {
  return file_handle{std::fopen(file.c_str(), "a"), &std::fclose} == nullptr ? file + " cannot be written"
                                                                             : "";
}

void write_json(const table& result, const std::string& file) {
  const file_handle json{std::fopen(file.c_str(), "w"), &std::fclose};
  if (json == nullptr) throw std::runtime_error(unwritable(file));
  result.write_json(json.get());
}

void run(const request& r) {
  pin_to_one_core();
  const std::vector<column> peers = ready_peers(r);
  std::vector<table::column> columns;
  for (const column& c : peers) columns.push_back({c.which.name, c.title});
  table result(std::move(columns));
  result.print_head();
  std::string different;
  for (const workload& w : all_workloads()) {
    if (!r.only.empty() && std::ranges::find(r.only, w.name) == r.only.end()) continue;
    row measured = measure(w, peers, r.seconds);
    if (!measured.agrees) different += " " + std::string(w.name);
    result.add(std::move(measured));
  }
  if (!r.json.empty()) write_json(result, r.json);
  if (!different.empty()) throw std::runtime_error("ours and a peer's output differ in" + different);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Times every workload, ours beside the peers, and compares outputs.", "compare"};
  request r;
  std::vector<std::string> names;
  for (const workload& w : all_workloads()) names.emplace_back(w.name);
  app.add_option("--only", r.only, "these workloads alone, with commas between")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  app.add_option("--json", r.json, "write the table to this file too")->check(unwritable);
  app.add_option("--seconds", r.seconds, "for a workload; up to three times that while few samples are kept")
      ->check(CLI::Range(0.1, 1000.0))
      ->capture_default_str();
  app.add_option("--onnxruntime", r.onnxruntime, "libonnxruntime.so.1");
  return examples::run_program(app, argc, argv, [&] { run(r); });
}
