"""The page of semantics and the tests by hand belong together: each sentence is shown, each test is named."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "semantics.md").read_text(encoding="utf-8")


def functions_of(folder):
    return {
        path.stem.removeprefix("test_"): {
            node.name.removeprefix("test_")
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        for path in folder.glob("test_*.py")
        if path.name != Path(__file__).name
    }


TESTS = functions_of(HERE)
OF_REVIEWS = functions_of(HERE.parent / "management")
NAMED = [(file, re.findall(r"`(\w+)`", names)) for file, names in re.findall(r"<br>`(\w+)`: (.*)", PAGE)]


def test_every_sentence_has_a_name_of_its_own_and_a_test():
    sentences = re.findall(r'^- (?:<a id="([\w-]+)"></a>)?(.*)\n(  <br>)?', PAGE, flags=re.MULTILINE)
    names = [name for name, _, _ in sentences]
    assert len(names) > 80
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(shown for _, _, shown in sentences)


def test_every_test_named_exists():
    assert not [
        (file, name) for file, names in NAMED for name in names if name not in (TESTS | OF_REVIEWS).get(file, ())
    ]


def test_every_test_by_hand_shows_some_sentence():
    named = {(file, name) for file, names in NAMED for name in names}
    here = {(file, name) for file, names in TESTS.items() for name in names}
    assert here - named <= {("actions", "the_uniform_is_somewhere_in_the_middle")}
