"""Small scenarios for the command line, and the command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SMALL = """\
name: small
title: {title}
calendar: {{days: 2, open: "09:00", close: "11:00"}}
replications: 3
seed: 1
customers:
  all: {{arrivals: {{rate: 15/h}}, start: desk, patience: 15 min}}
stages:
  desk: {{staff: [clerk], work: {{dist: exponential, mean: 3 min}}, target_wait: 5 min}}
staff:
  clerk: {{count: 1, skill: 0.8}}
actions:
  greet: {{stage: desk, dimension: empathy, weight: 1, time: 5 s, expected: 0.9}}
  wait: {{stage: desk, kind: wait, dimension: responsiveness, weight: 1, expected: 5 min}}
policies:
  as_is: {{}}
  hire_one: {{staff.clerk.count: 2}}
"""


def written(folder: Path, title: str = "A desk", text: str = SMALL) -> Path:
    path = folder / "small.yaml"
    path.write_text(text.format(title=title), "utf-8")
    return path


def environment(**extra: str) -> dict[str, str]:
    other = ("PYTHONIO", "PYTHONUTF8", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(other)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | extra


def sim(*words: str | Path, cwd: Path, **extra: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sim", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment(**extra), capture_output=True, timeout=120)
