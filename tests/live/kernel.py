"""A real kernel, with a folder, an IPython profile and a history of its own."""

from __future__ import annotations

import json
import os
import queue
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ipykernel")
jupyter_client = pytest.importorskip("jupyter_client")

Message = dict[str, Any]

ROOT = Path(__file__).parents[2]
TIMEOUT = 60

# All that a kernel needs of the environment that the tests run in, which may hold secrets.
_INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "PATHEXT")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one piece of code.

    Attributes:
        reply: The content of the execute_reply.
        messages: Every message on iopub that belongs to it, until the kernel was idle again.
    """

    reply: Message = field(repr=False)
    messages: list[Message] = field(repr=False)

    @property
    def status(self) -> str:
        """ "ok", "error" or "aborted"."""
        return str(self.reply["status"])

    @property
    def text(self) -> str:
        """Streams and plain texts, in the order in which they came."""
        return "".join(_shown(each) for each in self.messages)

    @property
    def errors(self) -> list[str]:
        """The tracebacks."""
        return ["\n".join(each["content"]["traceback"]) for each in self.of("error")]

    def of(self, kind: str) -> list[Message]:
        """The messages of a kind: "stream", "display_data", "error" ..."""
        return [each for each in self.messages if each["msg_type"] == kind]

    def stream(self, name: str) -> str:
        """What was written to "stdout" or "stderr"."""
        return "".join(each["content"]["text"] for each in self.of("stream") if each["content"]["name"] == name)


def _shown(message: Message) -> str:
    content = message["content"]
    if message["msg_type"] == "stream":
        return str(content["text"])
    return str(content.get("data", {}).get("text/plain", "")) if isinstance(content.get("data"), dict) else ""


class Kernel:
    """A kernel that runs, and all that it ever said."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self._log = folder / "kernel.log"
        self._ipython = folder / ".ipython"
        home = folder / ".home"
        home.mkdir(exist_ok=True)
        self._env = {
            **{name: os.environ[name] for name in _INHERITED if name in os.environ},
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "IPYTHONDIR": str(self._ipython),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # it warns about frozen modules
            **env,
        }
        self._received: list[Message] = []
        self._manager: Any = None
        self._client: Any = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        from jupyter_client import KernelManager
        from jupyter_client.kernelspec import KernelSpec

        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self._manager = KernelManager(connection_file=str(self.folder / "connection.json"))
        # Whatever kernels the machine has: this interpreter's own.
        self._manager._kernel_spec = KernelSpec(argv=argv, display_name="tests", language="python")
        with self._log.open("ab") as log:
            self._manager.start_kernel(env=self._env, cwd=str(self.folder), stdout=log, stderr=log)
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=TIMEOUT)

    def run(
        self,
        code: str,
        silent: bool = False,
        store_history: bool = True,
        metadata: Mapping[str, object] | None = None,
        answers: Sequence[str] = (),
    ) -> Reply:
        """Run code, as a front end does.

        Args:
            code: A cell.
            silent: Without its number, its echo and IPython's events.
            store_history: Whether it counts.
            metadata: Of the request; ``cellId`` is the cell's id.
            answers: What to type when the code asks (``input``, ``getpass``), in turn.
        """
        deadline = time.monotonic() + TIMEOUT
        client = self._client
        content = {
            "code": code,
            "silent": silent,
            "store_history": store_history and not silent,
            "user_expressions": {},
            "allow_stdin": bool(answers),
            "stop_on_error": False,
        }
        request = client.session.msg("execute_request", content, metadata=dict(metadata or {}))
        client.shell_channel.send(request)
        own = request["header"]["msg_id"]
        for answer in answers:
            client.get_stdin_msg(timeout=TIMEOUT)
            client.input(answer)
        messages = []
        while True:
            message = self._next(client.get_iopub_msg, deadline)
            if message["parent_header"].get("msg_id") != own:
                continue
            messages.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        while True:
            message = self._next(client.get_shell_msg, deadline)
            if message["parent_header"].get("msg_id") == own:
                return Reply(message["content"], messages)

    def _next(self, get: Any, deadline: float) -> Message:
        try:
            message: Message = get(timeout=max(0.01, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError(f"the kernel didn't answer within {TIMEOUT} s:\n{self.log[-2000:]}") from None
        self._received.append(message)
        return message

    def wire(self, *, inputs: bool = True) -> str:
        """All that ever came over the wire, as JSON.

        Args:
            inputs: With the echo of the code that was run.
        """
        if self._manager is not None:
            self.run("pass", silent=True)  # whatever was written after the last reply comes before this one's
        kept = [each for each in self._received if inputs or each["msg_type"] != "execute_input"]
        texts = [(each["msg_type"], each["metadata"], each["content"]) for each in kept]
        return json.dumps(texts, ensure_ascii=False, default=str)

    @property
    def log(self) -> str:
        """What the kernel's process wrote to its own stdout and stderr."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def history(self) -> str:
        """All text in the history's database; the kernel is shut down, so that all is in it."""
        self.stop()
        texts = []
        for file in sorted(self._ipython.rglob("history.sqlite")):
            with closing(sqlite3.connect(file)) as database:
                tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                for table in tables:
                    rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                    texts += [str(value) for row in rows for value in row if value is not None]
        return "\n".join(texts)

    def stop(self) -> None:
        """Shut it down, if it runs."""
        manager, client = self._manager, self._client
        self._manager = self._client = None
        try:
            if client is not None:
                client.stop_channels()
        finally:
            if manager is not None:
                manager.shutdown_kernel()
                manager.cleanup_resources()
                manager.context.term()

    def __repr__(self) -> str:
        return f"Kernel({len(self._received)} messages)"


@contextmanager
def running(folder: Path | str, env: Mapping[str, str] | None = None) -> Iterator[Kernel]:
    """A kernel while the block lasts.

    Args:
        folder: Its working directory; its profile and its log lie there, too.
        env: Variables of its environment, beside the few that it needs.
    """
    kernel = Kernel(Path(folder), env or {})
    try:
        kernel.start()
        yield kernel
    finally:
        kernel.stop()
