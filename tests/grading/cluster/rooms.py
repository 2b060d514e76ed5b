"""A Dask scheduler and workers as processes of their own, as an instructor starts them."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 120
_TLS = "DASK_DISTRIBUTED__COMM__TLS__"
_QUIET = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s", "PYTHONPATH": str(ROOT)}


class Room:
    """A scheduler on a free port, and the workers that have joined it."""

    def __init__(self, place: Path, protocol: str = "tcp", variables: Mapping[str, str] = {}) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.place, self._variables = place, {**os.environ, **_QUIET, **variables}
        self._file = place / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        options = ["--host", "127.0.0.1", "--port", "0", "--protocol", protocol, "--scheduler-file", str(self._file)]
        self.scheduler = self._start("scheduler", *options, "--no-dashboard")
        while not (self._file.exists() and self._file.read_text().endswith("}")):
            if self.scheduler.poll() is not None:
                raise RuntimeError((place / "scheduler.log").read_text())

    @property
    def address(self) -> str:
        return str(json.loads(self._file.read_text())["address"])

    def hire(self, name: str, *options: str, to: str | None = None, **variables: str) -> "subprocess.Popen[bytes]":
        """Start a worker that grades one hand-in at a time."""
        asked = [to or self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--name", name]
        asked += ["--local-directory", str(self.place / name), *options]
        self.workers.append(self._start("worker", *asked, log=name, variables=variables))
        return self.workers[-1]

    def wait(self, count: int) -> None:
        """Until so many workers have joined."""
        from distributed import Client, Security

        tls = {name.removeprefix(_TLS): value for name, value in self._variables.items() if name.startswith(_TLS)}
        keys = {"tls_ca_file": "CA_FILE", "tls_client_cert": "CLIENT__CERT", "tls_client_key": "CLIENT__KEY"}
        security = Security(**{name: tls[key] for name, key in keys.items()}) if tls else None
        with Client(self.address, security=security, timeout=WAIT_S, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=WAIT_S)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def _start(
        self,
        kind: str,
        *options: str,
        log: str = "scheduler",
        variables: Mapping[str, str] = {},
    ) -> "subprocess.Popen[bytes]":
        with (self.place / f"{log}.log").open("wb") as said:
            command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
            environment = {**self._variables, **variables}
            return subprocess.Popen(command, stdout=said, stderr=said, cwd=self.place, env=environment)


@contextlib.contextmanager
def room(place: Path, protocol: str = "tcp", variables: Mapping[str, str] = {}) -> Iterator[Room]:
    """A scheduler, which ends with its workers."""
    made = Room(place, protocol, variables)
    try:
        yield made
    finally:
        made.close()
