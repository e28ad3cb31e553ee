#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks examples/stream as a user runs it: what it tells of a stream agrees in its JSON line, its rows and its video;
what it refuses it refuses in one sentence, before anything is written."""
import argparse
import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRACKS = ROOT / "examples" / "data" / "gtsrb" / "gtsrb_tracks.bin"
FRAMES = 300
FILES = {"report.html", "frames.csv", "annotated.mp4"}
STRIP, LEAST = 104, 320  # rows below a small picture, and what a picture is enlarged to at least
given = argparse.Namespace()


def run(*command, **more):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)


def even(extent):
    return extent + extent % 2


class stream(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = Path(directory.name)

    def play(self, *options, video=TRACKS, model="gtsrb_resnet20", **more):
        return run(given.program, "--video", video, "--model", model, "--json", *options, **more)

    def told(self, *options, **more):
        result = self.play(*options, **more)
        self.assertEqual(result.returncode, 0, result.stderr)
        line = json.loads(result.stdout)
        self.assertEqual(line["arrived"], line["answered"] + line["dropped"] + line["late"])
        self.assertLessEqual({"latency_ms", "exit_shares", "busy_share"}, line.keys())
        self.assertLessEqual(line["latency_ms"]["p50"], line["latency_ms"]["p99"])
        if line["answered"] + line["late"] > 0:
            self.assertAlmostEqual(sum(line["exit_shares"]), 1.0)
        return line

    def refused(self, fragments, *options, **more):
        result = self.play(*options, **more)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for fragment in fragments.split("|"):
            self.assertIn(fragment, result.stderr)

    def file(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def check_video(self, file, frames, height, width, times):
        probed = run("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,width,height",
                     "-of", "json", f"file:{file}")
        self.assertEqual(json.loads(probed.stdout)["streams"], [
            {"width": even(times * width), "height": even(times * height) + STRIP, "nb_read_frames": str(frames)}])

    def check_rows(self, line, file):
        with open(file, newline="") as rows:
            rows = list(csv.DictReader(rows))
        self.assertEqual([row["frame"] for row in rows], [str(i) for i in range(line["arrived"])])
        for what in ("answered", "late", "dropped"):
            self.assertEqual(sum(row["what"] == what for row in rows), line[what], what)
        in_time = [row for row in rows if row["what"] == "answered" and row["truth"]]
        right = sum(row["label"] == row["truth"] for row in in_time)
        self.assertEqual((len(in_time), right), (line.get("labelled", 0), line.get("right", 0)))

    def test_records_in_time(self):
        out = self.folder / "it's: a \"fólder\""
        line = self.told("--fps", 1000, "--out", out, "--energy", "model")
        self.assertEqual(line["arrived"], FRAMES)
        self.assertEqual({file.name for file in out.iterdir()}, FILES)
        self.check_rows(line, out / "frames.csv")
        self.check_video(out / "annotated.mp4", FRAMES, 32, 32, LEAST // 32)
        for told in ("Computation and accuracy", "Energy, modelled"):
            self.assertIn(told, (out / "report.html").read_text())
        self.assertEqual(line["energy"]["how"], "modelled")
        self.assertGreater(line["energy"]["joules"], 0.0)
        self.assertEqual(sum(e["labelled"] for e in line["accuracy_by_exit"]), line["labelled"])
        self.refused("holds|already: nothing is overwritten", "--fps", 1000, "--out", out)
        self.assertEqual({file.name for file in out.iterdir()}, FILES)

    def test_overload(self):
        out = self.folder / "out"
        line = self.told("--fps", 20000, "--mtl", 2, "--risk", 0.005, "--limit", 100, "--out", out)
        self.assertGreater(line["dropped"], 0)
        self.check_rows(line, out / "frames.csv")
        self.check_video(out / "annotated.mp4", 100, 32, 32, LEAST // 32)

    def test_all_dropped(self):
        out = self.folder / "out"
        line = self.told("--fps", 1000, "--mtl", 1e-6, "--limit", 15, "--out", out, "--energy", "model")
        self.assertEqual(line["dropped"], 15)
        self.assertEqual(line["energy"]["joules"], 0.0)
        self.check_rows(line, out / "frames.csv")
        self.check_video(out / "annotated.mp4", 15, 32, 32, LEAST // 32)

    def test_interrupted_on_a_terminal(self):
        out = self.folder / "out"
        ours, theirs = pty.openpty()
        command = [given.program, "--video", TRACKS, "--model", "gtsrb_resnet20", "--fps", "20", "--out", out]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True,
                              env={**os.environ, "TERM": "vt100"}) as player:
            os.close(theirs)
            shown = b""
            while not re.search(rb"arrived +[1-9]", shown):
                shown += os.read(ours, 65536)
            player.send_signal(signal.SIGINT)
            told = player.communicate(timeout=60)[0]
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # all has been read
                break
        os.close(ours)
        self.assertEqual(player.returncode, 0, shown)
        arrived = int(re.search(r"^arrived +(\d+)", told, re.MULTILINE).group(1))
        self.assertLess(arrived, FRAMES)
        self.assertEqual([int(n) for n in re.findall(rb"arrived +(\d+) frames", shown)][-1], arrived)
        self.assertIn(b"final", shown)
        self.check_video(out / "annotated.mp4", arrived, 32, 32, LEAST // 32)

    def test_odd_video(self):
        video, out = self.folder / "odd: 'it'.mkv", self.folder / "out"
        made = run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=101x75:rate=24000/1001:duration=1",
                   "-pix_fmt", "yuv444p", f"file:{video}")
        self.assertEqual(made.returncode, 0, made.stderr)
        labels = self.file("labels.csv", "frame,label\n" + "".join(f"{i},{i % 3 - 1}\n" for i in range(24)))
        line = self.told("--out", out, "--labels", labels, video=video)
        self.assertEqual((line["arrived"], line["fps"]), (24, 24000 / 1001))
        self.assertLessEqual(line["labelled"], 16)  # two in three, where all were in time
        self.check_rows(line, out / "frames.csv")
        self.check_video(out / "annotated.mp4", 24, 75, 101, 5)
        # As of a camera, nothing says that this name can be read again.
        result = self.play("--format", "matroska", "--fps", 1000, "--out", self.folder / "once", video=f"file:{video}")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("note: no annotated.mp4: its source cannot be read a second time", result.stderr)

    def test_budget(self):
        play = ("--fps", 1000, "--risk", 0.01, "--mtl", 100)
        freely, kept = self.told(*play), self.told(*play, "--floor", 0.1, "--budget-macs", 1e8)
        self.assertLess(kept["macs_a_frame"], freely["macs_a_frame"])
        self.refused("wants --floor", *play, "--budget-macs", 2e9)
        self.refused("resnet20 has no exits", *play, "--floor", 0.1, "--budget-macs", 2e9, model="resnet20")

    def test_meter(self):
        now = time.time()
        trace = self.file("meter.csv", f"seconds,watts\n{now - 1:.3f},5\n{now + 60:.3f},5\n")
        energy = self.told("--fps", 1000, "--energy", trace)["energy"]
        self.assertEqual(energy["how"], "measured")
        self.assertGreater(energy["joules"], 5 * 0.29)
        self.refused("No such file", "--fps", 1000, "--energy", self.folder / "none")

    def test_comparators(self):
        table = self.file("systems.csv", 'system,"accuracy, %"\nours,"98 <i>"\n')
        out = self.folder / "out"
        self.told("--fps", 1000, "--limit", 20, "--out", out, "--comparators", table)
        for cell in ("<th>accuracy, %</th>", "<td>98 &lt;i"):
            self.assertIn(cell, (out / "report.html").read_text())
        ragged = self.file("ragged.csv", "a,b\n1\n")
        torn = self.file("torn.csv", 'a,b\n"1,2\n')
        self.refused("line 2 ends inside quotes", "--fps", 100, "--out", self.folder / "x", "--comparators", torn)
        self.refused("line 2 has 1 cells, wanted the heading's 2", "--fps", 100, "--out", self.folder / "x",
                     "--comparators", ragged)

    def test_without_ffmpeg(self):
        out = self.folder / "out"
        result = self.play("--fps", 1000, "--limit", 20, "--out", out, env={"PATH": str(self.folder)})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("ffmpeg is not on the PATH", result.stderr)
        self.assertEqual({file.name for file in out.iterdir()}, FILES - {"annotated.mp4"})

    def test_broken_ffmpeg(self):
        self.file("ffmpeg", "#!/bin/sh\necho '[error] No room' >&2\nexit 1\n").chmod(0o755)
        out = self.folder / "out"
        result = self.play("--fps", 1000, "--limit", 20, "--out", out, env={"PATH": str(self.folder)})
        self.assertEqual((result.returncode, len(result.stderr.splitlines())), (1, 1), result.stderr)
        self.assertIn("not written, ffmpeg says: 'No room'", result.stderr)
        self.assertEqual({file.name for file in out.iterdir()}, FILES - {"annotated.mp4"})

    def test_refusals(self):
        out = self.folder / "out"
        play = ("--fps", 1000, "--out", out)
        self.refused("unknown model 'resnet'|known are", *play, model="resnet")
        self.refused("none.bin|No such file", *play, video=self.folder / "none.bin")
        self.refused("--fps is -1, wanted above 0", "--fps", -1, "--out", out)
        self.refused("--mtl is -5, wanted above 0", *play, "--mtl", -5)
        self.refused("give --fps", "--out", out)
        for text, fragments in (("label\n1\nx\n", "line 3: label is 'x', a number is wanted"),
                                ("label\n1\n43\n", "line 3: label is 43, wanted a class from 0 to 42"),
                                ("class\n1\n2\n", f"has 2 rows, wanted one each frame, {FRAMES}"),
                                ("name\n1\n", "line 1 has no column label or class")):
            self.refused("labels.csv|" + fragments, *play, "--labels", self.file("labels.csv", text))
        self.assertEqual([file for file in out.iterdir()] if out.exists() else [], [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.parse_args(namespace=given)
    unittest.main(argv=sys.argv[:1])
