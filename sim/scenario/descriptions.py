"""What each key of a scenario file means: the text that stands under it in the models."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from sim.scenario.written import Part


@cache
def descriptions(part: type[Part]) -> dict[str, str]:
    """Meaning of the part's keys, as written in its source; empty where the source is not at hand."""
    try:
        source = textwrap.dedent(inspect.getsource(part))
    except (OSError, TypeError):
        return {}
    (body,) = (node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    found = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            key = part.model_fields[field.target.id].alias if field.target.id in part.model_fields else None
            found[key or field.target.id] = inspect.cleandoc(str(ast.literal_eval(text.value)))
    return found
