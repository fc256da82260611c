"""Run the command line: ``python -m symcost``."""

import sys

from symcost.cli import main

if __name__ == "__main__":
    sys.exit(main())
