"""The command line: one file for each verb; what a verb needs is imported when it runs."""

from symcost.cli.main import main

__all__ = ["main"]
