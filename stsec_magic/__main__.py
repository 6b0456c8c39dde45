"""``python -m stsec_magic``."""

from stsec_magic.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
