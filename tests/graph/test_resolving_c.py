"""C projects of a few files, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges, resolve

PROJECT = {
    "include/store.h": """
        #ifndef STORE_H
        #define STORE_H
        #define STORE_CHECK(x) do { if (!(x)) store_fail(#x); } while (0)

        struct store;

        /* Opens a store. */
        struct store *store_open(const char *path);
        void store_close(struct store *s);
        void store_fail(const char *what);
        static inline int store_size(struct store *s) { return 0; }
        #endif
    """,
    "src/store.c": """
        #include <stdlib.h>
        #include "store.h"

        struct store { int fd; };

        static void reset(struct store *s) { s->fd = 0; }

        /** Opens a store.
         *  Never NULL. */
        struct store *store_open(const char *path) {
            struct store *s = malloc(sizeof *s);
            STORE_CHECK(s);
            reset(s);
            return s;
        }

        void store_close(struct store *s) { free(s); }
        void store_fail(const char *what) { abort(); }
    """,
    "src/log.c": """
        static void reset(void) {}
        void log_open(void) { reset(); }
        void hidden(void) {}
    """,
    "src/main.c": """
        #include <stdio.h>
        #include "store.h"

        int main(void) {
            struct store *s = store_open("x");
            printf("%d", store_size(s));
            hidden();
            log_open();
            store_close(s);
            return 0;
        }
    """,
}


def test_a_call_reaches_the_definition_behind_the_prototype_and_only_what_is_included() -> None:
    assert calls(PROJECT) == {
        "store.store_open -> include.store.STORE_CHECK": "import",
        "store.store_open -> store.reset": "lexical",
        "log.log_open -> log.reset": "lexical",
        "main.main -> store.store_open": "import",
        "main.main -> include.store.store_size": "import",
        "main.main -> store.store_close": "import",
    }


def test_prototypes_are_no_definitions_and_includes_are_imports() -> None:
    names = [node.properties["qualifiedName"] for node in resolve(PROJECT).nodes if node.label == "Function"]
    assert sorted(names) == [
        *("include.store.STORE_CHECK", "include.store.store_size", "log.hidden", "log.log_open", "log.reset"),
        *("main.main", "store.reset", "store.store_close", "store.store_fail", "store.store_open"),
    ]
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<src/store.c> -> stdlib.h",
        "<src/store.c> -> <include/store.h>",
        "<src/main.c> -> stdio.h",
        "<src/main.c> -> <include/store.h>",
    }


def test_functions_in_tables_and_pointers_are_followed_where_they_are_written() -> None:
    sources = {
        "driver.c": """
            struct ops { int (*open)(void); int (*close)(void); };
            static int file_open(void) { return 1; }
            static int file_close(void) { return 1; }
            static const struct ops file_ops = { .open = file_open, .close = file_close };
            #define OPEN_IT file_open

            int use(const struct ops *given) {
                int (*chosen)(void) = file_close;
                file_ops.open();
                chosen();
                OPEN_IT();
                return given->close();
            }
        """
    }
    assert calls(sources) == {
        "driver.use -> driver.file_open": "lexical",
        "driver.use -> driver.file_close": "lexical",
    }


def test_two_programs_with_one_name_each_call_their_own() -> None:
    sources = {
        f"{program}/{name}": text
        for program in ("one", "two")
        for name, text in {
            "run.h": "int run(void);",
            "run.c": '#include "run.h"\nint run(void) { return 0; }',
            "main.c": '#include "run.h"\nint main(void) { return run(); }',
        }.items()
    }
    assert calls(sources) == {"one.main.main -> one.run.run": "import", "two.main.main -> two.run.run": "import"}


def test_a_definition_has_signature_comment_and_span() -> None:
    source = "// Adds.\n// Twice.\nstatic int *add(struct point *a, int n)\n{\n    return 0;\n}\n"
    (definition,) = parse_source("a.c", source).definitions
    assert (definition.signature, definition.docstring) == (
        "static int *add(struct point *a, int n)",
        "Adds.\nTwice.",
    )
    assert (definition.start_line, definition.end_line, definition.modifiers) == (3, 6, ("internal",))
    assert [parameter.name for parameter in definition.parameters] == ["a", "n"]


def test_a_header_is_of_the_language_that_its_words_say() -> None:
    assert parse_source("a.h", "int add(int a);\nstruct s { int class; };").language == "c"
    assert parse_source("a.h", "namespace a { class B; }").language == "cpp"
    assert parse_source("a.h", "#include <vector>\nstd::vector<int> all();").language == "cpp"


def test_macros_in_declarations_do_not_hide_them() -> None:
    source = "LIB_API int start(void) __attribute__((cold));\nLIB_EXPORT void stop(void) { start(); }\n"
    facts = parse_source("a.c", source)
    assert (facts.marks, [item.name for item in facts.definitions]) == ((), ["stop"])
    assert facts.definitions[0].signature == "void stop(void)"
