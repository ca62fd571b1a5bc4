"""JavaScript, with JSX; its extractor and rules also serve TypeScript."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import tree_sitter_javascript

from graph.languages.javascript.extraction import extract
from graph.languages.javascript.modules import JavaScriptLocator
from graph.languages.language import Dialect, Language, Rules, words

FAMILY = "javascript"
QUERIES = Path(__file__).parent

RULES = Rules(
    constructor="constructor",
    explicit_self=False,
    class_body_binds=False,
    lexical_kinds=frozenset({"namespace"}),
    neutral_bases=frozenset({"Object"}),
    submodules=False,
    builtins=words(
        "Array ArrayBuffer BigInt Blob Boolean Buffer DOMException DataView Date Error EvalError Event",
        "EventTarget File FormData Function Headers Infinity Intl JSON Map Math NaN Number Object Promise",
        "Proxy RangeError ReferenceError Reflect RegExp Request Response Set String Symbol SyntaxError",
        "TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint8Array WeakMap WeakRef WeakSet",
        "WebSocket XMLHttpRequest AbortController alert arguments atob btoa clearInterval clearTimeout",
        "console decodeURIComponent document encodeURIComponent fetch global globalThis history isFinite",
        "isNaN localStorage location navigator parseFloat parseInt performance process queueMicrotask",
        "requestAnimationFrame require self sessionStorage setImmediate setInterval setTimeout",
        "structuredClone undefined window describe expect it test beforeEach afterEach beforeAll afterAll",
        "jest vi",
    ),
    common_methods=words(
        "abort add addEventListener append appendChild apply assign at bind blur call catch charAt clear",
        "click clone close concat connect contains create delete destroy disconnect dispatch emit end",
        "endsWith entries error every exec fill filter finally find findIndex findLast flat flatMap focus",
        "forEach from get getAttribute getTime has hasOwnProperty includes indexOf info init insert is",
        "join json keys lastIndexOf load localeCompare log map match matchAll next of off on once open",
        "padEnd padStart parse pipe pop post push put querySelector querySelectorAll reduce reduceRight",
        "remove removeAttribute removeChild removeEventListener render repeat replace replaceAll request",
        "reset resolve reverse run save search send set setAttribute shift slice some sort splice split",
        "start startsWith stop stringify substr substring subscribe test text then toFixed toISOString",
        "toJSON toLowerCase toString toUpperCase trigger trim trimEnd trimStart unshift unsubscribe update",
        "use valueOf values warn write",
    ),
)


def _choose_dialect(_extension: str) -> Dialect:
    names = ("queries.scm", "fields.scm", "jsx.scm")
    return Dialect(tree_sitter_javascript.language(), tuple(QUERIES / name for name in names))


LANGUAGE = Language(
    name="javascript",
    extensions=("js", "jsx", "mjs", "cjs"),
    rules=RULES,
    dialect=_choose_dialect,
    extract=partial(extract, "javascript"),
    make_locator=JavaScriptLocator,
    family=FAMILY,
)
