#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that each check of the house can fail: every rule meets a good tree and bad ones."""
import argparse
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPDX = "// SPDX-License-Identifier: MIT\n"
tools = argparse.Namespace()


class rule(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def passes(self, *command):
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def fails(self, sentence, *command):
        result = subprocess.run(command, capture_output=True, text=True)
        said = result.stdout + result.stderr
        self.assertNotEqual(result.returncode, 0, said)
        self.assertIn(sentence, said)

    def script(self, name, *arguments):
        return sys.executable, str(HERE / f"{name}.py"), "--root", str(self.root), *arguments


class manifests(rule):
    def setUp(self):
        super().setUp()
        self.write("weights/net.safetensors", "abc")
        self.write("weights/net.hpp", SPDX)
        self.write("weights/net_thresholds.hpp", SPDX)
        self.manifest = {"source": "a", "licence": "MIT", "input": "c", "commands": ["d"], "figures": [{}],
                         "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}

    def check(self):
        self.write("weights/net.json", json.dumps(self.manifest))
        return self.script("manifests")

    def test_good(self):
        self.passes(*self.check())

    def test_bad(self):
        self.fails("no manifest net.json", *self.script("manifests"))
        self.manifest["licence"] = ""
        self.fails("wanted a str licence", *self.check())
        self.manifest["licence"] = "MIT"
        self.write("weights/net.safetensors", "abd")
        self.fails("sha256", *self.check())

    def test_plan(self):
        (self.root / "weights/net_thresholds.hpp").unlink()
        self.fails("no weights/net_thresholds.hpp", *self.check())

    def test_plain_backbone(self):
        for name in ("net.hpp", "net_thresholds.hpp"):
            (self.root / "weights" / name).unlink()
        self.manifest["header"] = "include/flexdnn/models/net.hpp"
        self.fails("no include/flexdnn/models/net.hpp", *self.check())
        self.write("include/flexdnn/models/net.hpp", SPDX)
        self.passes(*self.check())


class layering(rule):
    def setUp(self):
        super().setUp()
        self.write("include/flexdnn/core/shape.hpp", "#include <array>\n")
        self.write("include/flexdnn/kernels/pool.hpp", '#include "../core/shape.hpp"\n')
        self.write("include/flexdnn/kernels/simd/pool.hpp",
                   '#include <xsimd/xsimd.hpp>\n#include "../pool.hpp"\n')
        self.write("include/flexdnn/flexdnn.hpp", '#include "kernels/pool.hpp"\n')
        self.write("include/flexdnn/engine/fork_join.hpp", "#include <thread>\n")

    def test_good(self):
        self.passes(*self.script("layering"))

    def test_bad(self):
        for path, line, sentence in [
            ("core/x.hpp", '#include "../kernels/pool.hpp"', "core may include only core"),
            ("policy/x.hpp", '#  include "../kernels/pool.hpp"', "policy may include only core policy"),
            ("core/x.hpp", '#include "../flexdnn.hpp"', "includes the umbrella"),
            ("core/x.hpp", '#include "absent.hpp"', "not a header of ours"),
            ("core/x.hpp", "#include <flexdnn/core/shape.hpp>", "neither standard nor in the table"),
            ("core/x.hpp", "#include <nlohmann/json.hpp>", "neither standard nor in the table"),
            ("core/x.hpp", "#include <unistd.h>", "neither standard nor in the table"),
            ("kernels/x.hpp", "#include <xsimd/xsimd.hpp>", "belongs in kernels/simd/ alone"),
            ("io/x.hpp", "#include <Eigen/Core>", "belongs in train/ alone"),
            ("engine/x.hpp", "#include <thread>", "which firmware may lack"),
            ("engine/x.hpp", '#include "fork_join.hpp"', "which only programs ask for"),
            ("garage/x.hpp", "", "has no row in the table"),
            ("other.hpp", "", "not an umbrella header"),
        ]:
            with self.subTest(line=line or path):
                file = self.write(f"include/flexdnn/{path}", line + "\n")
                self.fails(sentence, *self.script("layering"))
                file.unlink()

    def test_operating_system(self):
        self.write("include/flexdnn/io/file.hpp", "#include <unistd.h>\n")
        self.passes(*self.script("layering"))

    def test_umbrella_too_high(self):
        self.write("include/flexdnn/io/bytes.hpp", "")
        self.write("include/flexdnn/flexdnn.hpp", '#include "io/bytes.hpp"\n')
        self.fails("from level 5, its own is 4", *self.script("layering"))
        self.write("include/flexdnn/io.hpp", '#include "flexdnn.hpp"\n#include "io/bytes.hpp"\n')
        self.write("include/flexdnn/flexdnn.hpp", '#include "io.hpp"\n')
        self.fails('includes "io.hpp" from level 5', *self.script("layering"))

    def test_empty(self):
        self.root = self.root / "nowhere"
        self.fails("no headers found", *self.script("layering"))


class mirrors(rule):
    def setUp(self):
        super().setUp()
        self.write("include/flexdnn/kernels/simd/pool.hpp", "")
        self.write("tests/kernels/pool.cpp", "")

    def test_good(self):
        self.passes(*self.script("mirrors"))

    def test_missing(self):
        self.write("include/flexdnn/core/shape.hpp", "")
        self.fails("core/shape.hpp: no tests/core/shape.cpp", *self.script("mirrors"))
        self.write("tests/structure/mirrors.txt", "# comment\ncore/shape.hpp kernels/pool.cpp\n")
        self.passes(*self.script("mirrors"))

    def test_stale_exceptions(self):
        for line, sentence in [
            ("core/gone.hpp kernels/pool.cpp", "there is no header core/gone.hpp"),
            ("kernels/simd/pool.hpp kernels/pool.cpp", "take it out"),
            ("kernels/simd/pool.hpp kernels/gone.cpp", "which is missing"),
        ]:
            with self.subTest(line=line):
                self.write("tests/structure/mirrors.txt", line + "\n")
                self.fails(sentence, *self.script("mirrors"))


class length(rule):
    def test_lines(self):
        file = self.write("include/flexdnn/core/shape.hpp", SPDX + "\n" * 299)
        self.passes(*self.script("length"))
        file.write_text(SPDX + "\n" * 300)
        self.fails("301 lines", *self.script("length"))

    def test_licence(self):
        self.write("tests/core/shape.cpp", "int main() {}\n")
        self.fails("no `SPDX-License-Identifier: MIT`", *self.script("length"))


class readme(rule):
    def test_block(self):
        self.fails("missing, or without", *self.script("readme", tools.compiler))
        self.write("include/answer.hpp", "inline int answer() { return 0; }\n")
        good = "```cpp\n#include <answer.hpp>\nint main() { return answer(); }\n```\n"
        self.write("README.md", "# Title\n" + good + "```cpp\nnot C++\n```\n")
        self.passes(*self.script("readme", tools.compiler))
        self.write("README.md", "```cpp\nint main() { return answer(); }\n```\n" + good)
        self.fails("fails", *self.script("readme", tools.compiler))
        self.write("README.md", "```cpp\nint start() { return 0; }\n```\n")
        self.fails("fails", *self.script("readme", tools.compiler))


class compile_fail(rule):
    def check(self, text):
        source = self.write("mistake.cpp", text)
        return (sys.executable, str(HERE.parent / "compile_fail" / "check.py"), str(source), "--",
                tools.compiler, "-std=c++20")

    def test_good(self):
        self.passes(*self.check("""// expect: flexdnn: no final exit
            // expect: wrong<3>
            template <int Exits> struct wrong {
              static_assert(Exits != 3, "flexdnn: no final exit: add one");
              static constexpr int value = Exits;
            };
            #ifdef REPAIRED
            int main() { return wrong<0>::value; }
            #else
            int main() { return wrong<3>::value; }
            #endif
            """))

    def test_bad(self):
        says = 'static_assert(false, "flexdnn: no exit");'
        repaired = "#ifndef REPAIRED\n{}\n#endif\n"
        for text, sentence in [
            (repaired.format(says), "the first line must be"),
            ("// expect:\n" + repaired.format(says), "the first line must be"),
            ("// expect: no exit\nint x;\n", "compiles, though it holds a mistake"),
            ("// expect: no exit\n" + says, "the repaired version does not compile"),
            ("// expect: no entrance\n" + repaired.format(says), "does not say `no entrance`"),
            ("// expect: no exit\n" + repaired.format(says + "\nint x = y;"), "2 errors instead of one"),
            ("// expect: no exit\n" + repaired.format(says.replace("flexdnn: ", "")),
             "does not name flexdnn"),
        ]:
            with self.subTest(sentence=sentence):
                self.fails(sentence, *self.check(text))


class symbols(rule):
    def check(self, text, *options):
        source, file = self.write("program.cpp", text), self.root / "program.o"
        self.passes(tools.compiler, "-std=c++20", "-c", str(source), "-o", str(file))
        return sys.executable, str(HERE.parent / "embedding" / "symbols.py"), *options, str(file)

    def test_good(self):
        good = "#include <cmath>\n#include <cstdio>\nfloat f(float x) { return std::printf(\"x\"), std::exp(x); }\n"
        self.passes(*self.check(good))
        self.fails("matches exp", *self.check(good, "--without", "exp"))
        self.passes(*self.check("void g();\nvoid f() { g(); }\nvoid g() {}\n"))

    def test_bad(self):
        program = "#include <{}>\nvoid f(int* x) {{ (void)({}); (void)x; }}\n"
        for include, body, sentence in [
            ("cstdlib", "std::malloc(static_cast<std::size_t>(*x))", "malloc: a symbol of kind heap"),
            ("new", "new int(*x)", "of kind heap"),
            ("vector", "new std::vector<int>(3)", "of kind heap"),
            ("stdexcept", "throw *x", "__cxa_throw: a symbol of kind exception"),
            ("vector", "std::__throw_length_error(\"x\")", "of kind exception"),
            ("typeinfo", "typeid(int).before(typeid(long))", "_ZTIi: a symbol of kind RTTI"),
            ("cstdio", "std::fopen(\"a\", \"r\")", "fopen: a symbol of kind file"),
            ("unistd.h", "read(0, x, 1)", "read: a symbol of kind file"),
            ("fcntl.h", "open(\"a\", 0)", "open: a symbol of kind file"),
            ("cstdio", "std::fread(x, 1, 1, nullptr)", "fread: a symbol of kind file"),
            ("iostream", "std::cout << *x", "_ZSt4cout: a symbol of kind iostream"),
            ("fstream", "new std::ifstream(\"a\")", "of kind iostream"),
            ("cstdlib", "system(\"a\")", "needs system, which is not in the list"),
        ]:
            with self.subTest(body=body):
                self.fails(sentence, *self.check(program.format(include, body)))

    def test_nothing(self):
        self.fails("no symbols", *self.check(""))


class cost(rule):
    def test_growth(self):
        source, baseline = self.write("f.cpp", "int f() { return 1; }\n"), self.write("baseline.txt", "# bytes\n")
        script = sys.executable, str(HERE.parent / "cost/cost.py"), "--baseline", str(baseline)
        row = "text/x", "--", tools.compiler, str(source)
        self.fails("no baseline", *script, *row)
        self.passes(*script, "--update", *row)
        self.passes(*script, *row)
        source.write_text(source.read_text() + "int table(int x) { return x / 7 * f() + x % 9; }\n")
        self.fails(" table (no large part before)", *script, *row)


class headers(rule):
    def build(self):
        listed = ";".join(str(file) for file in sorted(self.root.glob("include/*.hpp")))
        self.write("CMakeLists.txt", f"""
            cmake_minimum_required(VERSION 3.25)
            project(bad LANGUAGES CXX)
            include({HERE.as_posix()}/headers.cmake)
            add_library(strict INTERFACE)
            target_include_directories(strict INTERFACE include)
            flexdnn_check_headers(check ${{PROJECT_SOURCE_DIR}}/include "{listed}" strict)
            """)
        self.passes(tools.cmake, "-S", str(self.root), "-B", str(self.root / "build"),
                    f"-DCMAKE_CXX_COMPILER={tools.compiler}")
        return tools.cmake, "--build", str(self.root / "build"), "--target", "check"

    def test_headers(self):
        self.write("include/one.hpp", "#pragma once\n#include <vector>\ninline int one() { return 1; }\n")
        self.passes(*self.build())
        for text, sentence in [
            ("#pragma once\nint two() { return 2; }\n", "multiple definition of `two()'"),
            ("inline int two() { return 2; }\n", "redefinition of"),
            ("#pragma once\ninline std::vector<int> two() { return {2}; }\n", "std"),
        ]:
            with self.subTest(text=text):
                self.write("include/two.hpp", text)
                self.fails(sentence, *self.build())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--compiler", default="c++")
    parser.parse_args(namespace=tools)
    unittest.main(argv=sys.argv[:1])
