// SPDX-License-Identifier: MIT
#include "variant.hpp"

namespace comparators {
namespace {

/// The leading part of a tensor with larger extents, row-major.
void copy_leading(const flexdnn::tensor_entry& from, const flexdnn::named_parameter& to,
                  std::span<float> out) {
  const std::size_t rank = to.extents.size();
  std::size_t size = 1;
  for (const std::uint64_t extent : from.shape) size *= extent;
  std::vector<float> all(size);
  flexdnn::detail::copy_numbers(from, all);
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t rest = i, at = 0, step = 1;
    for (std::size_t d = rank; d-- > 0;) {
      at += rest % to.extents[d] * step;
      rest /= to.extents[d];
      step *= from.shape[d];
    }
    out[i] = all[at];
  }
}

}  // namespace

status load_tensors(std::span<const std::byte> bytes, const std::string& prefix, std::span<float> canonical,
                    const std::vector<flexdnn::named_parameter>& all) {
  flexdnn::safetensors_view file;
  if (const status s = flexdnn::safetensors_view::parse(bytes, file); !s) return s;
  for (const flexdnn::named_parameter& p : all) {
    const flexdnn::tensor_entry* own = prefix.empty() ? nullptr : file.find(prefix + p.name);
    const flexdnn::tensor_entry* t = own != nullptr ? own : file.find(p.name);
    const std::span<float> numbers = canonical.subspan(p.offset, p.size);
    const std::string name = flexdnn::quoted(p.name).text();
    const bool part = !prefix.empty() && t != nullptr && t->type == flexdnn::dtype::f32 &&
                      t->shape.size() == p.extents.size() &&
                      std::ranges::equal(p.extents, t->shape, std::less_equal{});
    if (!part) {
      if (const status s = flexdnn::detail::check_tensor(name, p, t); !s) return s;
    }
    copy_leading(*t, p, numbers);
    if (const status s = flexdnn::detail::check_numbers(name, numbers, p.counts_batches); !s) return s;
  }
  return {};
}

}  // namespace comparators
