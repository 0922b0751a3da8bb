"""Compile every kernel once, so that what follows finds them: a day of trains on the template.

``make test`` lets it run beside the type checker. The compiled code is kept where
``keruen.jit`` keeps it; ``XDG_CACHE_HOME`` says which folder of caches that is.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from keruen.model import load_model
from keruen.study.line_trains import Gathered, LineOnDay, line_trains


def main() -> None:
    """Run the trains of the corridor template under every policy."""
    with resources.as_file(resources.files("keruen") / "templates" / "corridor") as folder:
        base = load_model(Path(folder))
    day = base.settings.base_date
    line_trains(Gathered(), "main", [LineOnDay("main", day, base.at(day))], base.settings.seed)


if __name__ == "__main__":
    main()
