"""How errors are written."""

from __future__ import annotations

import pickle

import pytest

from symcost.errors import NoAnswer, Problem, SpecError, SymcostError, UsageError, did_you_mean, printable, quoted


def test_the_place_comes_first() -> None:
    problem = Problem("node 'act' reads 'stm', which no earlier node makes", "model[3].from", "specs/tiny.yaml", 6, 3)
    assert problem.text() == "specs/tiny.yaml:6:3: node 'act' reads 'stm', which no earlier node makes"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is wrong"), "is wrong"),
        (Problem("is wrong", path="model[3].conv2d.out"), "model[3].conv2d.out: is wrong"),
        (Problem("is wrong", file="a.yaml"), "a.yaml: is wrong"),
        (Problem("is wrong", path="model[3]", file="a.yaml"), "a.yaml: model[3]: is wrong"),
        (Problem("is wrong", file="a.yaml", line=6), "a.yaml:6: is wrong"),
        (Problem("is wrong", path="model[3]", file="a.yaml", line=6, column=3), "a.yaml:6:3: is wrong"),
    ],
)
def test_what_is_not_known_of_the_place_is_left_out(problem: Problem, text: str) -> None:
    assert problem.text() == text


def test_a_problem_is_one_printable_line() -> None:
    assert Problem("reads 'a\nb\x1b[31m\ud800'", file="x\r.yaml").text() == r"x\r.yaml: reads 'a\nb\x1b[31m\ud800'"


def test_an_error_has_one_line_per_problem() -> None:
    error = SpecError(Problem("is wrong", file="a.yaml", line=1, column=2), "is wrong too")
    assert str(error) == "a.yaml:1:2: is wrong\nis wrong too"
    assert error.problems == (Problem("is wrong", file="a.yaml", line=1, column=2), Problem("is wrong too"))


@pytest.mark.parametrize(("kind", "code"), [(SpecError, 3), (UsageError, 2), (NoAnswer, 1), (SymcostError, 3)])
def test_exit_codes(kind: type[SymcostError], code: int) -> None:
    assert kind("no").exit_code == code
    assert issubclass(kind, SymcostError)


def test_errors_survive_being_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(NoAnswer(Problem("nothing fits", path="macs"))))  # noqa: S301
    assert isinstance(error, NoAnswer)
    assert str(error) == "macs: nothing fits"


@pytest.mark.parametrize(
    ("word", "options", "hint"),
    [
        ("stm", ["stem", "head"], "; did you mean 'stem'?"),
        ("Conv2D", ["conv2d", "conv1d"], "; did you mean 'conv2d'?"),
        ("c", ["C", "H"], "; did you mean 'C'?"),
        ("maxpool2d", ["avg_pool2d", "max_pool2d"], "; did you mean 'max_pool2d'?"),
        ("transformer", ["stem", "head"], ""),
        ("stem", [], ""),
        ("s" * 10_000, ["stem"], ""),
    ],
)
def test_a_close_word_is_offered(word: str, options: list[str], hint: str) -> None:
    assert did_you_mean(word, options) == hint


def test_text_of_the_user_is_shown_in_quotes_and_short() -> None:
    assert quoted("c + 1") == "'c + 1'"
    assert quoted("it's") == '"it\'s"'
    assert quoted("x" * 1000) == f"'{'x' * 28} ... {'x' * 28}'"
    assert printable("é × 2") == "é × 2"
