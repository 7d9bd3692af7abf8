"""A function's twin: the same source, run as another process may run it, where text hashes to another number.

Each process draws the seed of its hashes anew, so ``hash("ada")`` and the order of a set of texts are its own. A process
can't change its seed. A twin is compiled from the function's source instead, with a look at every value on the way: a set of
what is hashed with the seed gives its items in another order, and `hash` gives other numbers.
"""

from __future__ import annotations

import ast
import builtins
import enum
import inspect
import sysconfig
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from types import CodeType, FunctionType, MethodType, MethodWrapperType
from typing import Any

_LOOK = "__look__"
_LIBRARIES = tuple({sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class NoTwin(Exception):
    """Why a function's source can't be found."""


class Twins:
    """The twins of functions, and of those of their helpers that belong to no library.

    hashed  whether `hash` was asked for something that is hashed with the seed
    """

    def __init__(self) -> None:
        self.hashed = False
        self._made: dict[FunctionType, Callable[..., Any]] = {}
        self._sets: dict[int, tuple[set[Any], _Elsewhere]] = {}

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The twin of a function. Raises `NoTwin`."""
        if not isinstance(function, FunctionType):
            raise NoTwin(f"{function!r:.60} isn't a plain function")
        if function not in self._made:
            self._made[function] = _compiled(function, self._look)
        return self._made[function]

    def run(self, twin: Callable[..., Any], *arguments: Any) -> Any:
        """Call a twin; what it returns holds plain sets again."""
        self._sets.clear()
        return _plain(twin(*arguments))

    def _look(self, value: Any) -> Any:
        """What the twin sees of a value."""
        kind = type(value)
        if kind is frozenset:
            return _FrozenElsewhere(value)
        if kind is set:
            # The same each time, because it may be changed.
            return self._sets.setdefault(id(value), (value, _Elsewhere(value)))[1]
        if value is builtins.hash:
            return self._hash
        if kind is MethodWrapperType and value.__name__ == "__hash__":
            return partial(self._hash, value.__self__)
        if kind is MethodType and isinstance(value.__func__, FunctionType):
            return MethodType(self._helper(value.__func__), value.__self__)
        return self._helper(value) if kind is FunctionType else value

    def _helper(self, function: FunctionType) -> Callable[..., Any]:
        if function.__code__.co_filename.startswith(_LIBRARIES):
            return function
        try:
            return self.of(function)
        except NoTwin:
            return function

    def _hash(self, value: Any) -> int:
        self.hashed = self.hashed or _is_seeded(value)
        return builtins.hash(value)


class _Elsewhere(set[Any]):
    """A set, in the order in which it may come in another process."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(_turned(list(set.__iter__(self))))

    def pop(self) -> Any:
        item = next(iter(self), None)
        self.remove(item)
        return item

    def __repr__(self) -> str:
        return repr(list(self)).replace("[", "{", 1).removesuffix("]") + "}" if self else "set()"


class _FrozenElsewhere(frozenset[Any]):
    """The same for a frozenset."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(_turned(list(frozenset.__iter__(self))))

    def __repr__(self) -> str:
        return f"frozenset({_Elsewhere(self)!r})" if self else "frozenset()"


def _turned(items: list[Any]) -> list[Any]:
    """Every item at another place, if the seed decides which one it is."""
    return [*items[1:], *items[:1]] if any(map(_is_seeded, items)) else items


def _is_seeded(item: object) -> bool:
    """Whether a value's hash is another one in each process."""
    if isinstance(item, (tuple, frozenset)):
        return any(map(_is_seeded, item))
    return isinstance(item, enum.Enum) or not isinstance(item, (int, float, complex, Decimal, Fraction, type(None)))


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is _Elsewhere:
        return set(value)
    if kind is _FrozenElsewhere:
        return frozenset(value)
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    return kind(map(_plain, value)) if kind in (list, tuple) else value


# --- from source to twin -------------------------------------------------------------------------


class _Looking(ast.NodeTransformer):
    """Puts a look around each value that code reads or makes."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        is_value = isinstance(node, (ast.Call, ast.BinOp, ast.Set, ast.SetComp))
        is_read = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Load)
        if not (is_value or is_read) or (isinstance(node, ast.Name) and node.id in ("super", "__class__")):
            return node
        look = ast.Call(ast.Name(_LOOK, ast.Load()), [node], [])  # type: ignore[list-item]
        return ast.copy_location(look, node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        """Its pattern must stay as it is."""
        node.guard = node.guard and self.visit(node.guard)
        node.body = [self.visit(statement) for statement in node.body]
        return node


def _compiled(function: FunctionType, look: Callable[[Any], Any]) -> Callable[..., Any]:
    code = function.__code__
    within = _outer(code.co_freevars, _looking(_node(code)))
    module = ast.fix_missing_locations(ast.Module([within], []))
    space = {**function.__globals__, _LOOK: look}
    try:
        exec(compile(module, code.co_filename, "exec", dont_inherit=True), space)
        twin: FunctionType = space[within.name](*(cell.cell_contents for cell in function.__closure__ or ()))
    except (SyntaxError, ValueError) as error:
        raise NoTwin(f"{code.co_name} can't be compiled anew ({error})") from error
    twin.__defaults__, twin.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return twin


def _looking(node: _Function) -> _Function:
    """The function alone, without decorators and defaults, with looks in its body."""
    copy: _Function = ast.parse(ast.unparse(node)).body[0] if not isinstance(node, ast.Lambda) else _lambda(node)  # type: ignore[assignment]
    if not isinstance(copy, ast.Lambda):
        copy.decorator_list, copy.returns = [], None
    nothing = ast.Constant(None)
    copy.args.defaults = [nothing for _ in copy.args.defaults]
    copy.args.kw_defaults = [default and nothing for default in copy.args.kw_defaults]
    return _Looking().visit(copy)  # type: ignore[no-any-return]


def _lambda(node: ast.Lambda) -> ast.Lambda:
    statement = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Lambda)
    return statement.value


def _outer(names: tuple[str, ...], inner: _Function) -> ast.FunctionDef:
    """A function that takes what the inner one finds around it, and returns the inner one."""
    body: list[ast.stmt] = (
        [ast.Return(inner)] if isinstance(inner, ast.Lambda) else [inner, ast.Return(_name(inner.name))]
    )
    arguments = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    made = ast.parse("def __outer__(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.args, made.body = arguments, body
    return made


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _node(code: CodeType) -> _Function:
    """Where the source defines this code. Raises `NoTwin`."""
    try:
        lines, _ = inspect.findsource(code)
        tree = _parsed("".join(lines))
    except (OSError, SyntaxError, TypeError, IndexError) as error:
        raise NoTwin(f"the source of {code.co_name} can't be read") from error
    found = [node for node in ast.walk(tree) if _is_at(node, code)]
    if len(found) > 1:
        places = {(line, column) for line, _, column, _ in code.co_positions()}
        found = [node for node in found if _first_place(node) in places]
    if len(found) != 1:
        raise NoTwin(f"the source of {code.co_name} can't be told from others")
    return found[0]  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _is_at(node: ast.AST, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return code.co_name == node.name and first == code.co_firstlineno
    return False


def _first_place(node: Any) -> tuple[int, int]:
    body = node.body if isinstance(node, ast.Lambda) else node.body[0]
    return body.lineno, body.col_offset
