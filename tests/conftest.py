"""What every test runs under: no network, no home folder, the same examples every time."""

from __future__ import annotations

import gc
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from support.compiled import share_compiled

# Same seed, same result, on a slow machine too. To look further than the suite does:
#   pytest --hypothesis-profile=search tests/laws
settings.register_profile("suite", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("search", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Let logs and caches, of child processes too, fall into a folder that is thrown away.

    Before a test is collected: where compiled kernels lie is settled by the first import of one.
    """
    home = Path(tempfile.mkdtemp(prefix="keruen-user-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    share_compiled(home / "cache")
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name in ("cache", "config", "data", "state"):
        patch.setenv(f"XDG_{name.upper()}_HOME", str(home / name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let slow tests begin first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Let what stays until the end, modules and tests, out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the work tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that reaches for the network; only sockets of this machine may connect."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        if self.family == getattr(socket, "AF_UNIX", None) or _is_local(address):
            connect(self, address)
            return
        _refuse(address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_local(address: object) -> bool:
    return isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1", "localhost"}


def _refuse(address: object) -> NoReturn:
    raise RuntimeError(f"tests run without a network; one asked for {address!r}")
