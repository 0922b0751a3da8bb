"""Which message codes the source uses, found by reading it and not by running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "keruen"
TEMPLATES = (".html", ".j2", ".jinja", ".js", ".svg")
_PROBLEM_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# A translator's methods say a message and make no problem; a count names the kind it counts.
_NO_MAKERS = {"__call__", "plural", "has", "_message", "and_more"}
_SPOKEN = re.compile(r"(cli|report|unit|word|web)\.[a-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class Told:
    """A place in the source where a problem is made.

    Parameters
    ----------
    code : str
        Code given.
    where : str
        File and line.
    given : frozenset of str or None
        Parameters that the message can use; None where reading alone cannot tell.
    """

    code: str
    where: str
    given: frozenset[str] | None


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of the package, parsed."""
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py"))
    )


def literals() -> set[str]:
    """Every string that stands in the source as it is, docstrings among them."""
    return {
        node.value
        for _, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def spoken_codes() -> set[str]:
    """Codes of messages other than problems, from modules and templates."""
    found = {text for text in literals() if _SPOKEN.fullmatch(text)}
    for path in SOURCE.rglob("*"):
        if path.suffix in TEMPLATES:
            text = path.read_text(encoding="utf-8")
            found |= {
                match.group(2)
                for match in re.finditer(r"""(["'])([a-z0-9_.]+)\1""", text)
                if _SPOKEN.fullmatch(match.group(2))
            }
    return found


def spoken_prefixes() -> set[str]:
    """Beginnings of codes that are put together while running, such as ``word.confidence.``."""
    found = set()
    for _, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                start = str(node.values[0].value)
                if re.match(r"(cli|report|unit|word|web)\.", start):
                    found.add(start)
    return found


def told_problems() -> Iterator[Told]:
    """Every place where a problem is made with a code that reading can tell."""
    makers = _makers()
    for path, module in modules():
        returned = _returned_texts(module)
        for function in _functions(module):
            for call in _calls(function):
                name = _name(call.func)
                maker = makers.get((path, name)) or makers.get((None, name))
                if maker is None:
                    continue
                position, takes = maker
                given = _given(call, function) if takes else None
                for text in _texts(_argument(call, position), returned):
                    yield Told(text, f"{path.relative_to(SOURCE)}:{call.lineno}", given)


def _makers() -> dict[tuple[Path | None, str], tuple[int, bool]]:
    """Functions and records with a parameter ``code``: its position, and whether they take values.

    Those that take none (``params`` or ``**params``) get the values of their message elsewhere.
    Keyed by module and name, and by name alone for those called from another module.
    """
    found: dict[tuple[Path | None, str], tuple[int, bool]] = {}
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                names = [a.arg for a in node.args.args if a.arg not in {"self", "cls"}]
                takes = node.args.kwarg is not None or "params" in names
            elif isinstance(node, ast.ClassDef):
                names = [
                    n.target.id
                    for n in node.body
                    if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
                ]
                takes = "params" in names
            else:
                continue
            if "code" in names and node.name not in _NO_MAKERS:
                maker = (names.index("code"), takes)
                found[(path, node.name)] = found[(None, node.name)] = maker
    return found


def _functions(module: ast.Module) -> Iterator[ast.AST]:
    """Outermost functions and methods; and the module itself for what stands outside them."""
    yield from (n for n in module.body if not isinstance(n, ast.ClassDef))
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            yield from node.body


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    yield from (n for n in ast.walk(node) if isinstance(n, ast.Call))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _argument(call: ast.Call, position: int) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if "code" in named:
        return named["code"]
    return call.args[position] if position < len(call.args) else None


def _texts(code: ast.expr | None, returned: dict[str, set[str]]) -> set[str]:
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        return {code.value} if _PROBLEM_WORD.fullmatch(code.value) else set()
    if isinstance(code, ast.IfExp):
        return _texts(code.body, returned) | _texts(code.orelse, returned)
    if isinstance(code, ast.Call):
        return returned.get(_name(code.func), set())
    return set()


def _returned_texts(module: ast.Module) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and _name_of(function.returns) == "str":
            texts = {
                text
                for node in ast.walk(function)
                if isinstance(node, ast.Return)
                for text in _texts(node.value, {})
            }
            if texts:
                found[function.name] = texts
    return found


def _name_of(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _given(call: ast.Call, function: ast.AST) -> frozenset[str] | None:
    """Parameters of a message, as far as keywords and dictionaries written out tell."""
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    given |= {"file", "row", "column"}
    dictionaries = [n for n in ast.walk(call) if isinstance(n, ast.Dict)]
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        value = argument.body if isinstance(argument, ast.Lambda) else argument
        if isinstance(value, ast.Name):
            written = _assigned(value.id, function)
            if value.id == "params" and not written:
                return None
            dictionaries += written
        elif isinstance(value, ast.Call | ast.Attribute | ast.Starred) and not _harmless(value):
            return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    for dictionary in dictionaries:
        for key in dictionary.keys:
            if not isinstance(key, ast.Constant):
                return None
            given.add(str(key.value))
    return frozenset(given)


def _assigned(name: str, function: ast.AST) -> list[ast.Dict]:
    """Dictionaries that a name of a function is set to, or that a function of that name returns."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef) and node.name == name and node is not function:
            returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
            found += [value for value in returned if isinstance(value, ast.Dict)]
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else ([node.target] if isinstance(node, ast.AnnAssign) else [])
        )
        if any(_name_of(t) == name for t in targets) and isinstance(
            getattr(node, "value", None), ast.Dict
        ):
            found.append(node.value)  # type: ignore[attr-defined]
    return found


def _harmless(value: ast.expr) -> bool:
    """Arguments that are a place or a mask and hold no parameters."""
    if isinstance(value, ast.Attribute):
        return value.attr != "params"
    return isinstance(value, ast.Call) and _name(value.func) in {
        "int",
        "str",
        "to_numpy",
        "asarray",
        "float",
    }


def limits_set() -> set[str]:
    """Codes of limits that the engine gives its records: what ``limit`` is set to, anywhere."""
    found: set[str] = set()
    for path, module in modules():
        if path.parent.name not in {"capacity", "rail", "terminals"}:
            continue
        for node in ast.walk(module):
            found |= _words(_limit_of(node))
    return found


def _limit_of(node: ast.AST) -> ast.AST | None:
    """What a node sets a limit to: an assignment, a keyword, a function that names one."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                return next((value for name, value in pairs if _name_of(name) == "limit"), None)
            if _name_of(target) == "limit":
                return node.value
        return None
    if isinstance(node, ast.AnnAssign) and _name_of(node.target) in {"UNBOUNDED", "NOT_IN_SERVICE"}:
        return node.value
    if isinstance(node, ast.keyword) and node.arg == "limit":
        return node.value
    if isinstance(node, ast.FunctionDef) and node.name == "limit_of":
        return ast.Module(node.body[1:], [])
    return None


def _words(node: ast.AST | None) -> set[str]:
    return {
        n.value
        for n in ast.walk(node or ast.Module([], []))
        if isinstance(n, ast.Constant)
        and isinstance(n.value, str)
        and _PROBLEM_WORD.fullmatch(n.value)
    }
