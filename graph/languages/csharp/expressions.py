"""C#'s expressions and types as the dotted strings of `graph.facts`."""

from __future__ import annotations

import tree_sitter

from graph.facts import ARITY_MARK, FUNCTION_ARGUMENT, LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, Shapes, add_step
from graph.languages.language import words

_SEQUENCE_TYPES = words(
    "List IList ICollection IEnumerable IEnumerator IReadOnlyList IReadOnlyCollection HashSet ISet SortedSet",
    "Queue Stack LinkedList IQueryable IOrderedEnumerable Collection ReadOnlyCollection ObservableCollection Span",
    "ConcurrentBag ConcurrentQueue IAsyncEnumerable ImmutableList ImmutableArray",
)
_MAPPING_TYPES = words(
    "Dictionary IDictionary IReadOnlyDictionary ConcurrentDictionary SortedDictionary SortedList",
    "ImmutableDictionary",
)
_INNER_TYPES = words("Task ValueTask Lazy Nullable Expression")
_GIVES_INSTANCE = words(
    "GetService GetRequiredService GetKeyedService GetRequiredKeyedService Resolve CreateInstance Deserialize"
)
_GIVES_SEQUENCE = words("GetServices GetKeyedServices OfType Cast")
"""Methods of .NET that give what their one type argument says."""
_FUNCTION_TYPES = {"Func": -1, "Action": 0, "Predicate": 0}
"""Types of functions, and how many of their type arguments are no parameters."""


_LITERAL_TYPES = {
    "string_literal": "string",
    "verbatim_string_literal": "string",
    "interpolated_string_expression": "string",
    "raw_string_literal": "string",
    "integer_literal": "int",
    "real_literal": "double",
    "character_literal": "char",
    "boolean_literal": "bool",
    "typeof_expression": "Type",
}


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return what a value of this type is."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type == "predefined_type":
        return () if read_text(node) == "void" else (f"{read_text(node)}.@",)
    if node.type == "array_type":
        return add_step(read_type(node.child_by_field_name("type"), depth + 1), "{}") or (LITERAL,)
    if node.type in {"nullable_type", "ref_type", "pointer_type", "scoped_type"}:
        return read_type(node.child_by_field_name("type") or first_named(node), depth + 1)
    if node.type in {"generic_name", "qualified_name"}:
        return _read_generic(node, depth + 1)
    name = name_type(node, depth)
    return () if name == UNKNOWN else (f"{name}.@",)


def name_type(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return the type itself that a type's node names; of its arguments, how many they are."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type == "identifier":
        return read_text(node)
    if node.type == "generic_name":
        return f"{read_text(first_named(node))}{mark_arity(node.named_children[-1])}"
    if node.type == "qualified_name":
        parts = (node.child_by_field_name("qualifier"), node.child_by_field_name("name"))
        return ".".join(name_type(part, depth + 1) for part in parts)
    if node.type == "alias_qualified_name":
        return name_type(node.child_by_field_name("name"), depth + 1)
    if node.type in {"nullable_type", "primary_constructor_base_type"}:
        return name_type(first_named(node), depth + 1)
    return UNKNOWN


def mark_arity(parameters: tree_sitter.Node | None) -> str:
    """Return how .NET tells `Result<T>` from `Result`: a mark and the number of type parameters, or nothing."""
    kinds = ("type_parameter_list", "type_argument_list")
    if parameters is None or parameters.type not in kinds:
        return ""
    return f"{ARITY_MARK}{sum(child.type == ',' for child in parameters.children) + 1}"


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    last = node.child_by_field_name("name") if node.type == "qualified_name" else node
    arguments = last.named_children[-1].named_children if last is not None and last.named_child_count > 1 else []
    name = name_type(node)
    short = _plain_name(name)
    if arguments and short in _INNER_TYPES:
        return read_type(arguments[0], depth)
    if short in _FUNCTION_TYPES:
        return (f"{FUNCTION_ARGUMENT}{len(arguments) + _FUNCTION_TYPES[short]}.@",)
    if arguments and short in _SEQUENCE_TYPES:
        return add_step(read_type(arguments[0], depth), "{}")
    if arguments and short in _MAPPING_TYPES:
        return add_step(read_type(arguments[-1], depth), "{:}")
    return (f"{name}.@",)


def _plain_name(path: Expression) -> str:
    return path.rpartition(".")[2].partition(ARITY_MARK)[0]


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is."""
    return SHAPES.read_expression(node, depth)


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    return SHAPES.read_values(node, depth)


def read_callee(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what is called where this node is an invocation's function."""
    if node is not None and node.type in {"identifier", "generic_name"}:
        return f"{_short_name(node)}()"
    return read_expression(node, depth)


def read_given(node: tree_sitter.Node) -> Expression:
    """Return what an argument is, as far as it tells overloads apart: also a literal's type."""
    value = node.named_children[-1] if node.named_children else node
    if value.type in _LITERAL_TYPES:
        return f"{_LITERAL_TYPES[value.type]}.@"
    if value.type in {"lambda_expression", "anonymous_method_expression"}:
        return f"{FUNCTION_ARGUMENT}{_count_parameters(value.child_by_field_name('parameters'))}"
    if value.type == "prefix_unary_expression":
        return read_given(value)
    return next(iter(read_values(value)), UNKNOWN)


def _count_parameters(node: tree_sitter.Node | None) -> int:
    if node is None:
        return 0
    return 1 if node.type in {"identifier", "implicit_parameter"} else node.named_child_count


def _short_name(node: tree_sitter.Node | None) -> str:
    return read_text(first_named(node) if node is not None and node.type == "generic_name" else node)


def _read_member(node: tree_sitter.Node, depth: int) -> Expression:
    owner = read_expression(node.child_by_field_name("expression"), depth)
    return f"{owner}.{_short_name(node.child_by_field_name('name'))}"


def _read_call(node: tree_sitter.Node, depth: int) -> Expression:
    function = node.child_by_field_name("function")
    name = function.child_by_field_name("name") if function is not None else None
    if name is not None and name.type == "generic_name":
        given = _read_type_argument(name, depth)
        if given and _short_name(name) in _GIVES_INSTANCE:
            return given
        if given and _short_name(name) in _GIVES_SEQUENCE:
            return f"{given}.{{}}"
    return f"{read_callee(function, depth)}.()"


def _read_type_argument(name: tree_sitter.Node, depth: int) -> Expression:
    """Return an instance of the only type argument, empty if there are more."""
    arguments = name.named_children[-1].named_children
    return _first(read_type(arguments[0], depth)).removeprefix(UNKNOWN) if len(arguments) == 1 else ""


def _read_binding(node: tree_sitter.Node, depth: int) -> Expression:
    """Read `.name` of `value?.name`: a member of what stands before the question mark."""
    outer = node.parent
    while outer is not None and outer.type != "conditional_access_expression":
        outer = outer.parent
    owner = read_expression(outer.child_by_field_name("condition"), depth) if outer is not None else UNKNOWN
    return f"{owner}.{_short_name(node.child_by_field_name('name'))}"


def _first(values: tuple[Expression, ...]) -> Expression:
    return values[0] if values else UNKNOWN


def _read_cast(node: tree_sitter.Node, depth: int) -> Expression:
    return _first(read_type(node.child_by_field_name("type") or node.child_by_field_name("right"), depth))


def _new_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    kind = node.child_by_field_name("type")
    name = name_type(kind)
    if kind is not None and _plain_name(name) in _SEQUENCE_TYPES | _MAPPING_TYPES:
        return read_type(kind, depth)
    return () if name == UNKNOWN else (f"{name}.()",)


def _either_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    if read_text(node.child_by_field_name("operator")) != "??":
        return (LITERAL,)
    fields = (node.child_by_field_name(field) for field in ("left", "right"))
    return tuple(value for child in fields for value in read_values(child, depth))


SHAPES = Shapes(
    names=words("identifier this base"),
    literals=words(
        "string_literal verbatim_string_literal raw_string_literal interpolated_string_expression integer_literal",
        "real_literal character_literal boolean_literal null_literal typeof_expression lambda_expression",
        "anonymous_method_expression is_expression is_pattern_expression prefix_unary_expression",
    ),
    inner=words("parenthesized_expression await_expression postfix_unary_expression checked_expression argument"),
    steps={"element_access_expression": ("expression", "[]")},
    choices={
        "conditional_expression": ("consequence", "alternative"),
        "assignment_expression": ("right",),
    },
    readers={
        "invocation_expression": _read_call,
        "member_access_expression": _read_member,
        "member_binding_expression": _read_binding,
        "conditional_access_expression": lambda node, depth: read_expression(node.named_children[-1], depth),
        "object_creation_expression": lambda node, depth: _first(_new_values(node, depth)),
        "generic_name": name_type,
        "qualified_name": name_type,
        "alias_qualified_name": name_type,
        "cast_expression": _read_cast,
        "as_expression": _read_cast,
        "array_creation_expression": _read_cast,
        "binary_expression": lambda node, depth: _first(_either_values(node, depth)),
    },
    values={"object_creation_expression": _new_values, "binary_expression": _either_values},
)
