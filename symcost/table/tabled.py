"""Answers: how they are told and shown in notebooks, and those that have a table given to programs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from symcost.table.model import Table
    from symcost.table.parts import Part


class Told:
    """An answer for people, in every format that they read; what is told of it is what its ``str`` says."""

    def told(self) -> tuple[Part, ...]:
        """Return the answer as paragraphs and tables, in the order in which they are read."""
        return (str(self),)

    def to_text(self) -> str:
        """Return the answer as plain text."""
        return str(self)

    def to_markdown(self) -> str:
        """Return the answer as GitHub-flavoured Markdown."""
        from symcost.table.markdown import to_markdown

        return to_markdown(self.told())

    def to_html(self, *, style: bool = True) -> str:
        """Return the answer as HTML for any page, with formulas as MathML, which screen readers speak.

        Args:
            style: whether the style sheet comes along; it is in force for this answer alone.
        """
        from symcost.table.html import to_html

        return to_html(self.told(), style=style)

    def to_latex(self) -> str:
        """Return the answer as LaTeX: paragraphs, and a tabular for each table with formulas in math mode."""
        from symcost.table.tabular import to_latex

        return to_latex(self.told())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/plain": self.to_text(),
            "text/markdown": self.to_markdown(),
            "text/html": self.to_html(),
            "text/latex": self.to_latex(),
        }


class Tabled(Told, ABC):
    """An answer with a table, for programs too; one that says more than its table tells it in words of its own.

    What is for people (text, Markdown, HTML, LaTeX) is the whole answer; what is for programs is its table, asked for
    in the same words as ``table`` is.
    """

    @abstractmethod
    def table(self, *args: Any, **asked: Any) -> Table:
        """Return the answer as rows under columns."""

    def told(self) -> tuple[Part, ...]:
        """Return what is said before the table, the table, and what is said after it."""
        from symcost.table.parts import words_beside

        return words_beside(str(self), self.table())

    def __str__(self) -> str:
        return str(self.table())

    def to_csv(self, **asked: Any) -> str:
        """Return comma-separated values: one line of column names, then the rows, numbers exact and plain."""
        from symcost.table.data import to_csv

        return to_csv(self.table(**asked))

    def to_json(self) -> Any:
        """Return the answer as JSON takes it, exact numbers as strings."""
        from symcost.table.data import to_json

        return to_json(self.table())

    def to_pandas(self, **asked: Any) -> pd.DataFrame:
        """Return the table as a data frame; integers are Python's own, which have no limit, and formulas SymPy."""
        from symcost.table.frames import to_pandas

        return to_pandas(self.table(**asked))

    def to_polars(self, **asked: Any) -> pl.DataFrame:
        """Return the table as a data frame of Polars, every number exact.

        A column of integers is of the least of Int64 and Int128 that holds it, and text where neither does; fractions
        and formulas are text.
        """
        from symcost.table.frames import to_polars

        return to_polars(self.table(**asked))
