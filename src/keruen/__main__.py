from __future__ import annotations

from keruen.cli.main import main

if __name__ == "__main__":
    main()
