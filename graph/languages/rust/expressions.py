"""Rust's expressions, paths and types as the dotted strings of `graph.facts`.

`Option`, `Result` and smart pointers are taken for what they hold, and so are the calls that unwrap them.
"""

from __future__ import annotations

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, Shapes, add_step
from graph.languages.language import words

_INNER_TYPES = words(
    "Option Result Box Rc Arc RefCell Cell Mutex RwLock Cow Pin Ref RefMut MutexGuard OnceCell LazyLock OnceLock",
    "ManuallyDrop NonNull",
)
_SEQUENCE_TYPES = words(
    "Vec VecDeque HashSet BTreeSet LinkedList BinaryHeap Iterator IntoIterator DoubleEndedIterator IndexSet Iter",
)
_MAPPING_TYPES = words("HashMap BTreeMap IndexMap")
TRANSPARENT_CALLS = words(
    "unwrap expect unwrap_or unwrap_or_default unwrap_or_else as_ref as_mut as_deref as_deref_mut borrow",
    "borrow_mut lock clone to_owned ok ok_or ok_or_else iter iter_mut into_iter cloned copied map_err rev",
    "filter skip take peekable collect as_slice to_vec context with_context",
)
"""Methods whose result is, for all that follows, what they are called on."""
_WRAPPED_TYPES = words("reference_type pointer_type dynamic_type abstract_type parenthesized_type bracketed_type")
PATH_MARK = "::"
"""Ends a root that is a module by its place: `crate::`, `super::super::`."""


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return what a value of this type is."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type in {"primitive_type", "unit_type", "never_type"}:
        return (LITERAL,)
    if node.type in _WRAPPED_TYPES:
        return read_type(_wrapped(node), depth + 1)
    if node.type == "array_type":
        return add_step(read_type(node.child_by_field_name("element"), depth + 1), "{}") or (LITERAL,)
    if node.type == "bounded_type":
        return tuple(value for child in node.named_children for value in read_type(child, depth + 1))
    if node.type == "generic_type":
        return _read_generic(node, depth + 1)
    name = name_type(node, depth)
    return () if name.startswith(UNKNOWN) else (f"{name}.@",)


def name_type(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return the type itself that a type's node names, without references and arguments."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type in {"type_identifier", "identifier"}:
        return read_text(node)
    if node.type in {"scoped_type_identifier", "scoped_identifier"}:
        return read_path(node, depth + 1)
    if node.type == "generic_type":
        return name_type(node.child_by_field_name("type"), depth + 1)
    if node.type == "qualified_type":
        return name_type(node.child_by_field_name("type"), depth + 1)
    return name_type(_wrapped(node), depth + 1) if node.type in _WRAPPED_TYPES else UNKNOWN


def _wrapped(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the type behind a reference, `dyn` or `impl`."""
    named = node.child_by_field_name("type") or node.child_by_field_name("trait")
    return named or (node.named_children[-1] if node.named_children else None)


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    name = name_type(node)
    short = name.rpartition(".")[2]
    held = node.child_by_field_name("type_arguments")
    arguments = [child for child in held.named_children if child.type != "lifetime"] if held is not None else []
    types = [child.child_by_field_name("type") if child.type == "type_binding" else child for child in arguments]
    if types and short in _INNER_TYPES:
        return read_type(types[0], depth)
    if types and short in _SEQUENCE_TYPES:
        return add_step(read_type(types[0], depth), "{}") or (LITERAL,)
    if types and short in _MAPPING_TYPES:
        return add_step(read_type(types[-1], depth), "{:}") or (LITERAL,)
    return (f"{name}.@",)


def split_path(node: tree_sitter.Node | None, depth: int = 0) -> list[str]:
    """Return the parts of a path; those of a type without its arguments."""
    if node is None or depth > MAX_DEPTH:
        return []
    if node.type in {"scoped_identifier", "scoped_type_identifier"}:
        return [
            *split_path(node.child_by_field_name("path"), depth + 1),
            read_text(node.child_by_field_name("name")),
        ]
    if node.type in {"generic_type", "bracketed_type", "qualified_type"}:
        return split_path(node.child_by_field_name("type") or first_named(node), depth + 1)
    return [read_text(node)]


def place_path(parts: list[str], node: tree_sitter.Node) -> tuple[str, list[str]]:
    """Return the module that a path starts from as the file sees it, and the rest.

    In a module that is written inline `self` and `super` may still mean something in this file.
    """
    if not parts or parts[0] not in {"self", "super"}:
        return (parts[0], parts[1:]) if parts else ("", [])
    ups = next((at for at, part in enumerate(parts) if part not in {"self", "super"}), len(parts))
    above, rest = parts[:ups].count("super"), parts[ups:]
    inline = _inline_modules(node)
    if above <= len(inline):
        return "self", [*inline[: len(inline) - above], *rest]
    return ".".join(["super"] * (above - len(inline))), rest


def _inline_modules(node: tree_sitter.Node) -> list[str]:
    names: list[str] = []
    parent = node.parent
    while parent is not None:
        if parent.type == "mod_item":
            names.insert(0, read_text(parent.child_by_field_name("name")))
        parent = parent.parent
    return names


def read_path(node: tree_sitter.Node, depth: int = 0) -> Expression:
    """Return a path as an expression; its root ends with `::` if it says where to start."""
    del depth
    parts = split_path(node)
    if len(parts) > 1 and parts[0] in {"crate", "self", "super"}:
        module, rest = place_path(parts, node)
        return ".".join([module.replace(".", PATH_MARK) + PATH_MARK, *rest])
    return ".".join([name_root(parts[0]), *parts[1:]] if len(parts) > 1 else parts)


def name_root(name: str) -> Expression:
    """Return the root of a path: a module's name in small letters, which no variable hides."""
    return f"{name}()" if name[:1].islower() else name


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is."""
    return SHAPES.read_expression(node, depth)


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    return SHAPES.read_values(node, depth)


def _read_call(node: tree_sitter.Node, depth: int) -> Expression:
    function = node.child_by_field_name("function")
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    callee = read_expression(function, depth)
    if callee in {"Some", "Ok", "Box.new", "Rc.new", "Arc.new", "RefCell.new", "Mutex.new"}:
        return read_expression(first_named(node.child_by_field_name("arguments")), depth)
    owner, _, name = callee.rpartition(".")
    is_method = function is not None and function.type == "field_expression"
    return owner if is_method and name in TRANSPARENT_CALLS else f"{callee}.()"


def _block_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    last = tail_of(node)
    return read_values(last, depth) if last is not None else ()


def tail_of(block: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the expression that a block's value is."""
    children = [child for child in block.named_children if "comment" not in child.type]
    last = children[-1] if children else None
    if last is None or last.type in {"let_declaration", "empty_statement"} or last.type.endswith("_item"):
        return None
    if last.type == "expression_statement":
        return None if last.children[-1].type == ";" else first_named(last)
    return last


def _all_of(nodes: list[tree_sitter.Node | None], depth: int) -> tuple[Expression, ...]:
    return tuple(value for node in nodes for value in read_values(node, depth))


def _if_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    alternative = node.child_by_field_name("alternative")
    return _all_of([node.child_by_field_name("consequence"), first_named(alternative)], depth)


def _match_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    body = node.child_by_field_name("body")
    arms = body.named_children if body is not None else []
    return _all_of([arm.child_by_field_name("value") for arm in arms if arm.type == "match_arm"], depth)


def _first_of(node: tree_sitter.Node, depth: int) -> Expression:
    types = read_type(node.child_by_field_name("type"), depth)
    return types[0] if types else UNKNOWN


SHAPES = Shapes(
    names=words("identifier self"),
    literals=words(
        "string_literal raw_string_literal char_literal integer_literal float_literal boolean_literal",
        "negative_literal binary_expression unit_expression closure_expression macro_invocation tuple_expression",
    ),
    inner=words(
        "parenthesized_expression reference_expression try_expression await_expression unary_expression",
        "unsafe_block expression_statement range_expression",
    ),
    members={"field_expression": ("value", "field")},
    readers={
        "call_expression": _read_call,
        "scoped_identifier": read_path,
        "index_expression": lambda node, depth: f"{read_expression(first_named(node), depth)}.[]",
        "struct_expression": lambda node, _depth: f"{name_type(node.child_by_field_name('name'))}.()",
        "type_cast_expression": _first_of,
        "generic_function": lambda node, depth: read_expression(node.child_by_field_name("function"), depth),
    },
    values={"block": _block_values, "if_expression": _if_values, "match_expression": _match_values},
)
