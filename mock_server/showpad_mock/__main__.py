"""`python -m showpad_mock` is `showpad-mock`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
