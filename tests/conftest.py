"""What every test runs under: no network, no home folder, the same examples every time."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

# Same seed, same result, on a slow machine too. To look further than the suite does:
#   pytest --hypothesis-profile=search tests/laws
settings.register_profile("suite", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("search", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let slow tests begin first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the work tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let logs and caches, of child processes too, fall into a folder that is thrown away."""
    home = tmp_path_factory.mktemp("user")
    wanted = {
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
    }
    _share_compiled(home / "cache")
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update({name: str(folder) for name, folder in wanted.items()})
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _share_compiled(caches: Path) -> None:
    """Let all workers use the kernels that one has compiled; a hash of the sources names them."""
    compiled = Path(__file__).resolve().parent.parent / "build" / "keruen" / "compiled"
    try:
        compiled.mkdir(parents=True, exist_ok=True)
        (caches / "keruen").mkdir(parents=True)
        (caches / "keruen" / "compiled").symlink_to(compiled, target_is_directory=True)
    except OSError:  # then each worker compiles for itself
        return


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
