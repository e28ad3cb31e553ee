// SPDX-License-Identifier: MIT
// Builds template types under a path: a sequence's children count from 0, named<> is not counted, and
// named<"", ...> adds nothing to the path.
#include "compose.hpp"

#include "spell.hpp"

namespace examples::onnx {

namespace {

/// A child of a sequence. Counted: its path component is its position; else it names itself.
struct child {
  expression type;
  bool counted = true;
  bool repeats = false;  ///< keeps its input's shape and has parameters: may stand in a repeat
};

expression leaf(std::string text) { return {std::move(text), {}, false}; }

expression named(const std::string& name, std::vector<expression> content) {
  content.insert(content.begin(), leaf('"' + name + '"'));
  return {"named", std::move(content), true};
}

std::vector<expression> types(std::vector<child> children) {
  std::vector<expression> all;
  for (child& c : children) all.push_back(std::move(c.type));
  return all;
}

expression in_sequence(std::vector<expression> content) { return {"sequence", std::move(content), true}; }

/// The same where one part would stand for itself and not count as the only child.
std::vector<expression> content(std::vector<child> children) {
  const bool alone = children.size() == 1 && children[0].counted;
  std::vector<expression> all = types(std::move(children));
  if (alone) all = {in_sequence(std::move(all))};
  return all;
}

class composer {
 public:
  explicit composer(const draft& d) : draft_(d) {}

  /// Children of a sequence whose path is the first `depth` components of all parts' paths.
  std::vector<child> children(const std::vector<part>& parts, std::size_t depth) {
    std::vector<child> all;
    std::size_t index = 0;
    for (std::size_t i = 0; i < parts.size();) {
      const std::size_t end = run(parts, i, depth);
      const std::vector<part> these(parts.begin() + static_cast<std::ptrdiff_t>(i),
                                    parts.begin() + static_cast<std::ptrdiff_t>(end));
      all.push_back(these.size() > 1 ? group(these, depth, index) : one(these[0], depth, index));
      if (all.back().counted) ++index;
      i = end;
    }
    return repeated(std::move(all));
  }

 private:
  /// The end of the longest run of parts from `first` on whose paths share the component at `depth`. Parts
  /// without parameters belong to it where more of it follows.
  std::size_t run(const std::vector<part>& parts, std::size_t first, std::size_t depth) const {
    const place start = place_of(draft_, {parts[first]});
    std::size_t end = first + 1;
    if (start.none || start.common.size() <= depth) return end;
    for (std::size_t i = first + 1; i < parts.size(); ++i) {
      const place p = place_of(draft_, {parts[i]});
      if (p.none) continue;
      if (p.common.size() <= depth || p.common[depth] != start.common[depth]) break;
      end = i + 1;
    }
    return end;
  }

  child group(const std::vector<part>& parts, std::size_t depth, std::size_t index) {
    const components common = place_of(draft_, parts).common;
    const std::string name = join(common, depth, common.size());
    std::vector<child> inside = children(parts, common.size());
    if (name == std::to_string(index)) return {in_sequence(types(std::move(inside))), true, false};
    return {named(name, content(std::move(inside))), false, false};
  }

  child one(const part& p, std::size_t depth, std::size_t index) {
    const place where = place_of(draft_, {p});
    if (p.type == part::form::layer) {
      const layer& l = get(p);
      expression type = leaf(spell(l, p.in));
      if (where.none) return {std::move(type), true, false};
      const components path = split(l.path);
      const std::string name = join(path, depth, path.size());
      if (name == std::to_string(index)) return {std::move(type), true, p.in == p.out};
      return {named(name, {std::move(type)}), false, false};
    }
    if (where.none) return {block(p, depth), true, false};
    const std::string name = join(where.common, depth, where.common.size());
    expression type = block(p, where.common.size());
    if (name == std::to_string(index)) return {std::move(type), true, p.in == p.out};
    return {named(name, {std::move(type)}), false, false};
  }

  /// Equal counted children in a row, at least two, become one repeat.
  static std::vector<child> repeated(std::vector<child> all) {
    std::vector<child> kept;
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i + 1;
      const std::string text = all[i].type.line();
      while (all[i].repeats && end < all.size() && all[end].repeats && all[end].type.line() == text) ++end;
      if (end - i > 1) {
        kept.push_back(
            {{"repeat", {leaf(std::to_string(end - i)), std::move(all[i].type)}, true}, false, false});
      } else {
        kept.push_back(std::move(all[i]));
      }
      i = end;
    }
    return kept;
  }

  expression block(const part& p, std::size_t depth) {
    std::vector<expression> sides;
    switch (p.type) {
      case part::form::residual:
        sides.push_back(body(p.branches[0], depth));
        if (!p.branches[1].empty()) sides.push_back(branch(p.branches[1], depth));
        if (p.after >= 0) {
          if (sides.size() == 1) sides.push_back(leaf("none"));
          const layer& l = draft_.layers[static_cast<std::size_t>(p.after)];
          sides.push_back(leaf(spell(l, p.out)));
        }
        return {"residual", std::move(sides), true};
      case part::form::gated:
        return {"gated", {body(p.branches[0], depth)}, true};
      default:
        for (const std::vector<part>& b : p.branches) sides.push_back(branch(b, depth));
        return {"parallel", std::move(sides), true};
    }
  }

  /// What stands where the block's own path holds: the body of a residual or a gate.
  expression body(const std::vector<part>& parts, std::size_t depth) {
    std::vector<child> all = children(parts, depth);
    const bool by_position = all.size() == 1 && all[0].counted && !place_of(draft_, parts).none;
    if (all.size() == 1 && !by_position) return std::move(all[0].type);
    return in_sequence(types(std::move(all)));
  }

  /// What the block would number or name itself: a shortcut or one of several branches. It names itself.
  expression branch(const std::vector<part>& parts, std::size_t depth) {
    const place where = place_of(draft_, parts);
    if (where.none) return body(parts, depth);
    const std::size_t inner = where.common.size();
    if (parts.size() == 1) {
      child only = one(parts[0], depth, 0);
      if (!only.counted) return std::move(only.type);
      return named("", {in_sequence({std::move(only.type)})});
    }
    return named(join(where.common, depth, inner), content(children(parts, inner)));
  }

  [[nodiscard]] const layer& get(const part& p) const {
    return draft_.layers[static_cast<std::size_t>(p.layer)];
  }

  const draft& draft_;
};

}  // namespace

std::vector<expression> compose(const draft& d, const std::vector<part>& parts) {
  return types(composer(d).children(parts, 0));
}

}  // namespace examples::onnx
