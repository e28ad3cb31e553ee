#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks examples/temporal and examples/monitor as a user runs them, on the clips of examples/data."""
import argparse
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"
SIGNS, CLIPS = DATA / "gtsrb" / "gtsrb_tracks.bin", DATA / "davis4_dev.bin"
given = argparse.Namespace()


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


class studies(unittest.TestCase):
    def told(self, *command):
        result = run(*command)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def refused(self, fragment, *command):
        result = run(*command)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertEqual((result.stdout, len(result.stderr.splitlines())), ("", 1), result.stderr)
        self.assertIn(fragment, result.stderr)

    def test_temporal(self):
        told = self.told(given.temporal, "--model", "cifar10_resnet56_mixed", "--report", CLIPS, "--json")
        ways = {w["way"]: w for w in told["ways"]}
        alone, gate = ways["each frame alone"]["whole"], ways["difference gate"]["whole"]
        self.assertLess(gate["macs"], alone["macs"])
        self.assertEqual(alone["macs"], ways["each frame alone"]["thinned"]["macs"])  # --every 1
        signs = ("--model", "gtsrb_resnet20", "--held", SIGNS, "--report", SIGNS)
        told = self.told(given.temporal, *signs, "--risk", 0.01, "--json")  # of seven tracks: certifies nothing
        self.assertEqual((told["tracks"], {w["step"] for w in told["ways"]}), (7, {None}))
        with tempfile.TemporaryDirectory() as folder:
            stills = shutil.copy(SIGNS, folder)
            self.refused("has no tracks", given.temporal, "--model", "gtsrb_resnet20", "--held", stills, "--report", SIGNS)
        self.refused("unknown model none", given.temporal, "--model", "none", "--report", SIGNS)
        self.refused("--every leaves no frame", given.temporal, *signs, "--every", 1000)

    def test_monitor(self):
        watch = (given.monitor, "--model", "gtsrb_resnet20", "--calibrate", SIGNS, "--images", SIGNS)
        told = self.told(*watch, "--shift", "noise", "--strength", 0.2, "--frames", 2500, "--at", 1000, "--share", 0.5,
                         "--json")
        chapters = told["chapters"]
        self.assertEqual(told["alarms"], 1)
        self.assertEqual(sum(c["frames"] for c in chapters), 2500)
        self.assertEqual([c["chapter"] for c in chapters[:3]], ["as calibrated", "shifted", "shifted, learning"])
        self.assertGreater(chapters[1]["disagree"], told["promised"])
        self.assertEqual((chapters[2]["disagree"], chapters[2]["frames"]), (0.0, 500))
        calm = self.told(*watch, "--shift", "none", "--frames", 500, "--share", 1, "--json")
        self.assertEqual((calm["alarms"], calm["audits"], len(calm["chapters"])), (0, 500, 1))
        self.refused("unknown shift 'fog'", *watch, "--shift", "fog")
        self.refused("below every level", *watch, "--risk", 1e-5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--temporal", required=True)
    parser.add_argument("--monitor", required=True)
    parser.parse_args(namespace=given)
    unittest.main(argv=["studies"])
