"""Finds the Chromium that the browser tests drive; run as a program, installs one where root and apt-get can."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LIMIT_S = 600


def find_browser() -> str | None:
    """The path of an installed Chromium or Chrome that runs; None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name)) and _runs(path)), None)


def main() -> None:
    """Install Chromium where it is missing and can be; otherwise say in one sentence that its tests are skipped."""
    if find_browser():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        reason = "no Chromium or Chrome is installed, and installing one takes root and apt-get"
    else:
        print("installing Chromium for the browser tests", flush=True)
        reason = _install()
    if reason:
        print(f"The browser tests will be skipped: {reason}.")


def _runs(path: str) -> bool:
    """Whether the program starts: on Ubuntu, chromium-browser may be a stub that only asks for a snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install() -> str:
    """Install Debian's chromium; what went wrong, or an empty text."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", "chromium"]):
        try:
            done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            return f"apt-get {command[0]} took more than {LIMIT_S} s"
        if done.returncode:
            last = (done.stderr.strip() or f"status {done.returncode}").splitlines()[-1]
            return f"apt-get {command[0]} failed ({last.rstrip('.')})"
    return "" if find_browser() else "apt-get installed a chromium that does not start"


if __name__ == "__main__":
    main()
