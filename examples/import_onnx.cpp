// SPDX-License-Identifier: MIT
// import_onnx: an ONNX model becomes a backbone header and a safetensors file.
#include <CLI/CLI.hpp>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <flexdnn/io/quoted.hpp>
#include <flexdnn/io/safetensors_writer.hpp>

#include "common/failure.hpp"
#include "onnx/import.hpp"

namespace {

namespace fs = std::filesystem;
using examples::require;
using examples::onnx::import_result;

struct request {
  std::string model, name, out = ".";
  bool force = false;
};

/// A file's stem as a C++ name: "ResNet-8.v2" as resnet_8_v2.
std::string name_of(const std::string& stem) {
  std::string name;
  for (const char c : stem) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) != 0 && byte < 128 ? static_cast<char>(std::tolower(byte)) : '_';
  }
  return name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0 ? "net_" + name : name;
}

void check_name(const std::string& name) {
  constexpr std::size_t longest = 63;
  bool good =
      !name.empty() && name.size() <= longest && std::isdigit(static_cast<unsigned char>(name[0])) == 0;
  for (const char c : name) good = good && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_');
  if (!good) {
    throw std::runtime_error("name " + std::string(flexdnn::quoted(name).text()) +
                             " is no C++ name of at most 63 letters, digits and underscores");
  }
}

void write(const request& r, const import_result& found, const fs::path& header, const fs::path& weights) {
  std::vector<flexdnn::tensor_entry> tensors;
  for (const import_result::parameter& p : found.parameters) {
    tensors.push_back(
        {p.name, flexdnn::dtype::f32, {p.shape.begin(), p.shape.end()}, std::as_bytes(std::span(p.values))});
  }
  const bool new_weights = !fs::exists(weights);
  require(flexdnn::write_safetensors(weights, tensors));
  const std::span<const std::byte> text[] = {std::as_bytes(std::span(found.header))};
  if (const flexdnn::status s = flexdnn::write_file(header, text); !s) {
    if (new_weights) fs::remove(weights);  // both or none
    require(s);
  }
  for (const std::string& remark : found.remarks) std::printf("%s: %s\n", r.model.c_str(), remark.c_str());
  std::printf("%s: %zu layers, %llu MACs\nwrote %s and %s\n", r.name.c_str(), found.layers,
              static_cast<unsigned long long>(found.macs), header.c_str(), weights.c_str());
}

void run(request r) {
  const std::string file = fs::path(r.model).filename();
  if (r.name.empty()) r.name = name_of(fs::path(r.model).stem());
  check_name(r.name);
  if (!fs::is_directory(r.out)) {
    throw std::runtime_error(std::string(flexdnn::quoted(r.out, flexdnn::keep::back).text()) +
                             " is no directory");
  }
  const fs::path header = fs::path(r.out) / (r.name + ".hpp"),
                 weights = fs::path(r.out) / (r.name + ".safetensors");
  for (const fs::path& target : {header, weights}) {
    if (!r.force && fs::exists(target)) {
      throw std::runtime_error(std::string(flexdnn::quoted(target.string(), flexdnn::keep::back).text()) +
                               " is there already and is kept; --force replaces it");
    }
  }
  std::vector<std::byte> bytes;
  require(flexdnn::read_file(r.model, bytes));
  import_result found;
  try {
    found = examples::onnx::import_model(bytes, file, r.name);
  } catch (const examples::onnx::refusal& why) {
    throw std::runtime_error(file + ": " + why.what());
  }
  write(r, found, header, weights);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes a backbone header and a safetensors file from an ONNX model.", "import_onnx"};
  request r;
  app.add_option("MODEL.onnx", r.model, "model, for one input size; a dynamic batch is taken as 1")
      ->required();
  app.add_option("--name", r.name, "of the network and of the files; default: the model's, as a C++ name");
  app.add_option("--out", r.out, "directory for NAME.hpp and NAME.safetensors")->capture_default_str();
  app.add_flag("--force", r.force, "replace files that are there already");
  return examples::run_program(app, argc, argv, [&] { run(r); });
}
