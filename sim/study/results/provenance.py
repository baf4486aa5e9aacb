"""Where and how a run was made: enough to make it again."""

from __future__ import annotations

import os
import platform
import sys
from concurrent.futures import Executor
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

_PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "simpy", "pydantic", "loky")


def environment(jobs: int | Executor | None) -> dict[str, Any]:
    """The command, the machine and the versions; names of users and folders other than the arguments' stay out."""
    return {
        "command": [os.path.basename(sys.argv[0]), *sys.argv[1:]],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "jobs": type(jobs).__name__ if isinstance(jobs, Executor) else jobs,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
