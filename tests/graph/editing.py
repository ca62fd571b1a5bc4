"""Random projects and random edits of them: what hypothesis draws from to try the graph that follows edits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

PATHS = ("shop.py", "cart.py", "pkg/__init__.py", "pkg/base.py", "pkg/tax.py")
FUNCTIONS = ("price", "total", "reset")
CLASSES = ("Base", "Cart", "Order")
METHODS = ("run", "save", "total")
MODULES = ("shop", "cart", "pkg", "pkg.base", "pkg.tax", "json")
CALLS = (*(f"{name}()" for name in FUNCTIONS), *(f"{name}().{method}()" for name in CLASSES for method in METHODS))
METHOD_CALLS = (*CALLS, *(f"self.{method}()" for method in METHODS), "super().run()", "self.kept.save()")


@dataclass(frozen=True)
class Class:
    """A class: its base, what `self.kept` is, and {method: (call, what it returns)}."""

    base: str
    kept: str
    methods: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Source:
    """A file: lines of imports, {function: (call, what it returns)}, classes, and blank lines before all."""

    imports: tuple[str, ...]
    functions: dict[str, tuple[str, str]]
    classes: dict[str, Class]
    blank: int = 0

    def text(self) -> str:
        """Return it as Python."""
        lines = [*("" for _ in range(self.blank)), *self.imports]
        for name, (call, result) in self.functions.items():
            lines += [f"def {name}(item=None):", f"    item.save({call})", f"    return {result}"]
        for name, found in self.classes.items():
            lines += [f"class {name}({found.base}):", f"    kept = {found.kept}"]
            for method, (call, result) in found.methods.items():
                lines += [f"    def {method}(self):", f"        {call}", f"        return {result}"]
        return "\n".join(lines) + "\n"


_results = st.sampled_from(
    ("None", "item", *(f"{name}()" for name in CLASSES), *(f"{name}()" for name in FUNCTIONS))
)
_imports = st.one_of(
    st.builds("from {} import {}".format, st.sampled_from(MODULES), st.sampled_from((*FUNCTIONS, *CLASSES, "*"))),
    st.builds("from {} import {} as {}".format, st.sampled_from(MODULES), *[st.sampled_from(CLASSES)] * 2),
    st.builds("import {}".format, st.sampled_from(MODULES)),
)
_classes = st.builds(
    Class,
    base=st.sampled_from(("object", *CLASSES)),
    kept=st.sampled_from(("None", *(f"{name}()" for name in CLASSES))),
    methods=st.dictionaries(
        st.sampled_from(METHODS),
        st.tuples(st.sampled_from(METHOD_CALLS), st.sampled_from(("self", "None", "self.run()", "Cart()"))),
        max_size=2,
    ),
)
sources = st.builds(
    Source,
    imports=st.lists(_imports, max_size=3).map(tuple),
    functions=st.dictionaries(st.sampled_from(FUNCTIONS), st.tuples(st.sampled_from(CALLS), _results), max_size=2),
    classes=st.dictionaries(st.sampled_from(CLASSES), _classes, max_size=2),
)
projects = st.dictionaries(st.sampled_from(PATHS), sources, min_size=2)


@st.composite
def edit(draw: st.DrawFn, project: dict[str, Source]) -> dict[str, Source]:
    """Return the project with one file added, replaced, moved, removed, or changed in one place."""
    rest = dict(project)
    path = draw(st.sampled_from(PATHS))
    found = rest.pop(path, None)
    if found is None:
        return {**rest, path: draw(sources)}
    change = draw(st.sampled_from(("replace", "remove", "move", "shift", "import", "function", "class")))
    if change == "remove":
        return rest
    if change == "move":
        return {**rest, draw(st.sampled_from(PATHS)): found}
    return {**rest, path: draw(_change(found, change))}


@st.composite
def _change(draw: st.DrawFn, found: Source, change: str) -> Source:
    other = draw(sources)
    if change == "shift":
        return replace(found, blank=found.blank + 1)
    if change == "import":
        return replace(found, imports=other.imports)
    if change == "function":
        kept = {name: body for name, body in found.functions.items() if name not in other.functions}
        return replace(found, functions=kept | dict(list(other.functions.items())[:1]))
    if change == "class":
        kept_classes = {name: body for name, body in found.classes.items() if name not in other.classes}
        return replace(found, classes=kept_classes | dict(list(other.classes.items())[:1]))
    return other
