"""Turn the syntax tree of an expression into nested functions, one per node.

Each blames its own part of the text when it fails, so an error names the smallest part that is wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias, TypeVar

from symcost.algebra import arithmetic
from symcost.algebra.arithmetic import FUNCTIONS, Function, Value
from symcost.algebra.atoms import Box, exact
from symcost.algebra.order import Undecided
from symcost.algebra.poly import Num
from symcost.algebra.tokens import ExprError
from symcost.errors import did_you_mean, quoted

Env: TypeAlias = Mapping[str, Value]
Run: TypeAlias = Callable[[Env, Box], Value]
T = TypeVar("T")

MAX_DEPTH = 100
TRUTHS: dict[str, bool] = {"true": True, "false": False, "True": True, "False": False}

_BINARY: dict[type[ast.operator], Callable[[Value, Value], Num]] = {
    ast.Add: arithmetic.add,
    ast.Sub: arithmetic.subtract,
    ast.Mult: arithmetic.multiply,
    ast.Div: arithmetic.divide,
    ast.FloorDiv: arithmetic.floor_divide,
    ast.Mod: arithmetic.remainder,
    ast.Pow: arithmetic.power,
}
_UNARY: dict[type[ast.unaryop], Callable[[Value], Value]] = {
    ast.USub: arithmetic.negative,
    ast.UAdd: arithmetic.number,
    ast.Not: lambda value: not arithmetic.truth(value),
}
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class Compiler(ast.NodeVisitor):
    """One expression at work. What has no method here is refused.

    Attributes:
        text: the expression.
        names: names of values met so far.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.depth = 0

    def visit(self, node: ast.AST) -> Any:
        """Return the function of a node."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"more than {MAX_DEPTH} operations stand inside one another")
        run = super().visit(node)
        self.depth -= 1
        return run

    def generic_visit(self, node: ast.AST) -> NoReturn:
        """Refuse a node."""
        self.fail(f"{type(node).__name__.lower()} has no meaning in an expression")

    def fail(self, reason: str) -> NoReturn:
        """Refuse the expression."""
        raise ExprError(f"{quoted(self.text)}: {reason}")

    def source(self, node: ast.expr) -> str:
        """Return the text of a node; columns count characters, since the text is ASCII."""
        return self.text[node.col_offset : node.end_col_offset]

    def blaming(self, node: ast.expr, operation: Callable[..., T]) -> Callable[..., T]:
        """Return the operation with its errors starting with the text of the node."""
        source = quoted(self.source(node))

        def run(*values: Any) -> T:
            try:
                return operation(*values)
            except (ExprError, ZeroDivisionError) as error:
                kind = Undecided if isinstance(error, Undecided) else ExprError
                raise kind(f"{source}: {error}") from None

        return run

    def visit_Constant(self, node: ast.Constant) -> Run:
        """Read a number from its digits: Python's own value of 0.1 is not 1/10."""
        if isinstance(node.value, bool):
            return _always(node.value)
        return _always(exact(Fraction(self.source(node).replace("_", ""))))

    def visit_Name(self, node: ast.Name) -> Run:
        """Look a name up when the expression is evaluated."""
        name = node.id
        if name in TRUTHS:
            return _always(TRUTHS[name])
        if name in FUNCTIONS:
            self.fail(f"{quoted(name)} is a function; write {name}(...)")
        self.names.add(name)

        def run(env: Env, box: Box) -> Value:
            try:
                return env[name]
            except KeyError:
                raise ExprError(_unknown(name, env)) from None

        return run

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Run:
        """Apply - + not."""
        if type(node.op) not in _UNARY:
            self.generic_visit(node.op)
        operation = self.blaming(node, _UNARY[type(node.op)])
        operand = self.visit(node.operand)
        return lambda env, box: operation(operand(env, box))

    def visit_BinOp(self, node: ast.BinOp) -> Run:
        """Apply + - * / // % **."""
        if type(node.op) not in _BINARY:
            self.generic_visit(node.op)
        operation = self.blaming(node, _BINARY[type(node.op)])
        left, right = self.visit(node.left), self.visit(node.right)
        return lambda env, box: operation(left(env, box), right(env, box))

    def visit_Compare(self, node: ast.Compare) -> Run:
        """Decide a chain of == != < <= > >=."""
        if any(type(op) not in _RELATIONS for op in node.ops):
            self.generic_visit(node)
        relations = [_RELATIONS[type(op)] for op in node.ops]
        operands = [self.visit(operand) for operand in (node.left, *node.comparators)]
        relate = self.blaming(node, _relate_all)
        return lambda env, box: relate(relations, [operand(env, box) for operand in operands], box)

    def visit_BoolOp(self, node: ast.BoolOp) -> Run:
        """Stop at the value that settles it; one that is undecided does no harm then."""
        settles = isinstance(node.op, ast.Or)
        operands = [self._truth(value) for value in node.values]

        def run(env: Env, box: Box) -> Value:
            undecided: list[Undecided] = []
            for operand in operands:
                try:
                    if operand(env, box) is settles:
                        return settles
                except Undecided as error:
                    undecided.append(error)
            if undecided:
                raise undecided[0]
            return not settles

        return run

    def visit_IfExp(self, node: ast.IfExp) -> Run:
        """Evaluate one of two values."""
        test, body, orelse = self._truth(node.test), self.visit(node.body), self.visit(node.orelse)
        return lambda env, box: body(env, box) if test(env, box) else orelse(env, box)

    def _truth(self, node: ast.expr) -> Run:
        truth, run = self.blaming(node, arithmetic.truth), self.visit(node)
        return lambda env, box: truth(run(env, box))

    def visit_Call(self, node: ast.Call) -> Run:
        """Apply a function."""
        apply = self.blaming(node, _applied(self._function(node)))
        args = [self.visit(arg) for arg in node.args]
        return lambda env, box: apply([arg(env, box) for arg in args], box)

    def _function(self, node: ast.Call) -> Function:
        name = self.source(node.func)
        if name not in FUNCTIONS:
            known = f"; there are {', '.join(sorted(FUNCTIONS))}"
            self.fail(f"unknown function {quoted(name)}{did_you_mean(name, FUNCTIONS, known)}")
        function = FUNCTIONS[name]
        if not function.fewest <= len(node.args) <= function.most:
            self.fail(f"{name} takes {function.arity()}, got {len(node.args)}")
        return function


def _always(value: Value) -> Run:
    return lambda env, box: value


def _relate_all(relations: list[str], values: list[Value], box: Box) -> bool:
    pairs = zip(relations, values, values[1:], strict=False)
    return all(arithmetic.relate(relation, a, b, box) for relation, a, b in pairs)


def _applied(function: Function) -> Callable[[list[Value], Box], Num]:
    def apply(values: list[Value], box: Box) -> Num:
        return arithmetic.small(function.call([arithmetic.number(value) for value in values], box))

    return apply


def _unknown(name: str, env: Env) -> str:
    known = f"; known here: {', '.join(sorted(env))}" if 0 < len(env) <= _NAMES_SHOWN else ""
    hint = "; write true or false" if name.lower() in _TRUTHS else did_you_mean(name, (*env, "true", "false"), known)
    return f"unknown name {quoted(name)}{hint}"


_NAMES_SHOWN = 16
_TRUTHS = ("yes", "no", "on", "off", "none", "null")
"""What YAML 1.1, C or Python say for true, false or nothing."""
