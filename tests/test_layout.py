"""The house rules that a machine can hold: portable arithmetic, pure rules, a first line in every file."""

import ast
from pathlib import Path

import pytest

SIM = Path(__file__).parents[1] / "sim"
FILES = sorted(SIM.rglob("*.py"))
PORTABLE = ("rules", "chance", "flow", "quality", "management")
ALLOWED_MATH = {"floor", "ceil", "inf", "nan", "isfinite", "isinf", "isnan", "sqrt", "fsum", "frexp", "ldexp"}
BANNED_NUMPY = {
    *("exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "power", "float_power", "sin", "cos", "tan", "tanh"),
    *("dot", "matmul", "einsum", "inner", "outer", "linalg", "random", "vdot", "tensordot", "cbrt", "logaddexp"),
}


def below(*folders):
    return [path for path in FILES if path.relative_to(SIM).parts[0] in folders]


def attributes(tree, module):
    """Names reached as ``module.name``."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", below(*PORTABLE), ids=lambda p: p.relative_to(SIM).as_posix())
def test_only_portable_arithmetic_decides(path):
    tree = ast.parse(path.read_text())
    assert attributes(tree, "math") <= ALLOWED_MATH
    assert not attributes(tree, "np") & BANNED_NUMPY
    assert not any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) for node in ast.walk(tree))
    powers = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)]
    # A whole power of two is exact; any other exponent would be the C library's business.
    assert all(isinstance(p.left, ast.Constant) and p.left.value in (2, 2.0) for p in powers)
    assert not {"random", "scipy", "pandas"} & {name.split(".")[0] for name in imported(tree) if path.name != "log.py"}


@pytest.mark.parametrize("path", below("rules"), ids=lambda p: p.name)
def test_rules_are_pure_functions_of_numbers(path):
    tree = ast.parse(path.read_text())
    assert {name for name in imported(tree) if not name.startswith("sim.arithmetic")} == set()
    banned = (ast.Raise, ast.Try, ast.With, ast.Global, ast.Nonlocal, ast.JoinedStr, ast.Dict, ast.Yield, ast.ClassDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, banned)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SIM).as_posix())
def test_every_file_says_what_it_is_about(path):
    says = ast.get_docstring(ast.parse(path.read_text()))
    assert says
    assert says.splitlines()[0].endswith((".", "?"))


def test_importing_does_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, sim; print(sorted({'pandas', 'scipy', 'matplotlib', 'simpy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
