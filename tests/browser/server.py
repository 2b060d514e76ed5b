"""A real ``jupyter lab`` for one course folder: own settings and runtime files, no network, gone when the tests are."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TOKEN = "browser-tests"
START_S = 120
STOP_S = 20
IDLE_S = 300  # a server whose tests were killed ends itself


class JupyterLab:
    """One server process; its log is the file ``log``."""

    def __init__(self, course: Path, home: Path) -> None:
        self.log = home / "jupyter.log"
        self._runtime = home / "runtime"
        _quiet_settings(home / "config")
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *_options()],
                cwd=course,
                env=_environment(home),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def address(self) -> str:
        """Where it listens, once it answers; RuntimeError with the log when it ends or takes too long."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            port = self._port()
            if port and _answers(port):
                return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        raise RuntimeError(f"jupyter lab did not start:\n{self.tail()}")

    def stop(self) -> None:
        """End the server, and with it its kernels."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # kernels end when they miss their parent
            self._process.wait()

    def tail(self, lines: int = 60) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def _port(self) -> int | None:
        """The port that the system chose, from the file in which the server says so; None while it is not written."""
        try:
            return int(json.loads((self._runtime / f"jpserver-{self._process.pid}.json").read_text())["port"])
        except (FileNotFoundError, json.JSONDecodeError):
            return None


def _options() -> list[str]:
    return [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.extension_manager=readonly",
        f"--ServerApp.shutdown_no_activity_timeout={IDLE_S}",
        f"--MappingKernelManager.cull_idle_timeout={IDLE_S}",
        "--MappingKernelManager.cull_connected=True",
    ]


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's settings is read or written; no data set is found, so lessons use the embedded digits."""
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "CLOZEGRAD_DATA": "datasets",
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, **{name: str(home / folder) for name, folder in own.items()}, "PATH": path}


def _quiet_settings(config: Path) -> None:
    """Keep JupyterLab from asking about news and from looking for newer versions."""
    settings = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "labconfig").mkdir(parents=True)
    (config / "labconfig" / "page_config.json").write_text(json.dumps(settings))


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"/api/status?token={TOKEN}")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
