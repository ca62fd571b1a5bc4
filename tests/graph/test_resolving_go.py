"""A Go project of two packages, with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "go.mod": "// the shop\nmodule example.com/shop // v1\n\ngo 1.22\n",
    "main.go": """
        // Command shop sells.
        package main

        import (
            "fmt"
            "os"

            "example.com/shop/store"
            other "example.com/elsewhere/store"
        )

        var shared = store.New("shared")

        func main() {
            s, err := store.New("main")
            if err != nil {
                fmt.Println(err.Error())
            }
            s.Save()
            s.Log.Note("direct")
            s.Note("promoted")
            s.Missing()
            shared.Save()
            for _, item := range s.Items {
                item.Touch()
            }
            for name, item := range s.ByName {
                item.Touch()
                name.Touch()
            }
            literal := &store.Item{Name: "x"}
            literal.Touch()
            var closer store.Closer = s
            closer.Close()
            other.New("y").Save()
            os.Remove("x")
            helper()
        }

        func shadow(store *Box, size int) {
            store.Save()
            size.Save()
        }
    """,
    "helper.go": """
        package main

        func helper() int { return describe(1) }

        func describe(x interface{}) int {
            switch v := x.(type) {
            case *Box:
                v.Open()
            }
            if box, ok := x.(Box); ok {
                box.Open()
            }
            go func(b *Box) { b.Open() }(nil)
            return int(Count(1))
        }

        type Count int

        type Box struct{ next *Box }

        func (b *Box) Open() { b.next.next.Open() }

        func Save() {}
    """,
    "store/store.go": """
        package store

        // Store keeps
        // items.
        type Store struct {
            *Log
            Items  []*Item
            ByName map[string]Item
        }

        type Closer interface {
            Close() error
        }

        type Item struct{ Name string }

        // New opens a store.
        func New(path string) (*Store, error) {
            return &Store{Log: newLog()}, nil
        }
    """,
    "store/save.go": """
        package store

        func (s *Store) Save() { s.write(); write() }

        func (s *Store) write() {}

        func (s *Store) Close() error { return nil }

        func (i Item) Touch() {}

        func write() {}

        type Log struct{}

        func newLog() *Log { return &Log{} }

        func (l *Log) Note(text string) { l.write() }

        func Map[T Closer](all []T) {
            for _, one := range all {
                one.Close()
            }
        }
    """,
    "store/save_test.go": """
        package store_test

        import (
            "testing"

            . "example.com/shop/store"
        )

        func TestSave(t *testing.T) {
            s, _ := New("x")
            s.Save()
            t.Run("x", func(t *testing.T) { s.Close() })
        }
    """,
}


def test_calls_follow_packages_receivers_embedding_and_types() -> None:
    assert calls(PROJECT) == {
        "<main.go> -> store.store.New": "import",
        "main.main -> store.store.New": "import",
        "main.main -> store.save.Store.Save": "return",
        "main.main -> store.save.Log.Note": "return",
        "main.main -> store.save.Item.Touch": "constructor",
        "main.main -> store.store.Closer.Close": "annotation",
        "main.main -> helper.helper": "import",
        "helper.helper -> helper.describe": "lexical",
        "helper.describe -> helper.Box.Open": "annotation",
        "helper.Box.Open -> helper.Box.Open": "annotation",
        "store.store.New -> store.save.newLog": "import",
        "store.save.Store.Save -> store.save.Store.write": "self",
        "store.save.Store.Save -> store.save.write": "lexical",
        "store.save.Map -> store.store.Closer.Close": "container",
        "store.save_test.TestSave -> store.store.New": "import",
        "store.save_test.TestSave -> store.save.Store.Save": "return",
        "store.save_test.TestSave -> store.save.Store.Close": "return",
    }


def test_imports_lead_to_the_files_that_are_used() -> None:
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<main.go> -> fmt",
        "<main.go> -> os",
        "<main.go> -> <store/store.go>",
        "<main.go> -> example.com/elsewhere/store",
        "<store/save_test.go> -> testing",
        "<store/save_test.go> -> <store/store.go>",
    }


def test_methods_belong_to_their_type_and_embedding_is_inheritance() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {"store.store.Store -> store.save.Log"}
    defined = edges(PROJECT, EdgeType.DEFINES)
    assert "store.store.Store -> store.save.Store.Save" in defined
    assert "<store/save.go> -> store.save.Store.Save" not in defined
    assert "<store/save.go> -> store.save.write" in defined


def test_without_a_go_mod_a_package_is_known_by_the_end_of_its_path() -> None:
    sources = {path: text for path, text in PROJECT.items() if path != "go.mod"}
    assert "main.main -> store.store.New" in calls(sources)


def test_a_nested_module_has_a_path_of_its_own() -> None:
    sources = {
        "go.mod": "module example.com/all",
        "tools/go.mod": "module example.com/tools",
        "tools/gen/gen.go": "package gen\nfunc Run() {}",
        "gen/gen.go": "package gen\nfunc Run() {}",
        "main.go": 'package main\nimport "example.com/tools/gen"\nfunc main() { gen.Run() }',
    }
    assert calls(sources) == {"main.main -> tools.gen.gen.Run": "import"}


def test_a_function_may_be_given_its_type_arguments() -> None:
    sources = {
        "a.go": """
            package a
            func one[T any](name string) T { var t T; return t }
            func three[T any](one T, two T) *Box { return nil }
            type Box struct {}
            func (b *Box) open() {}
            func run() { one[int]("x"); two[string, []int]("y").open(); three[int](a, b).open() }
            func two[K comparable, V any](key K) *Box { return nil }
        """
    }
    assert calls(sources) == {
        "a.run -> a.one": "lexical",
        "a.run -> a.two": "lexical",
        "a.run -> a.three": "lexical",
        "a.run -> a.Box.open": "return",
    }


def test_definitions_say_what_a_reader_wants_to_know() -> None:
    facts = parse_source("store/store.go", PROJECT["store/store.go"])
    kinds = {item.qualified_name: item.kind for item in facts.definitions}
    assert kinds == {
        "Store": "struct",
        "Closer": "interface",
        "Closer.Close": "method",
        "Item": "struct",
        "New": "function",
    }
    store, new = facts.definitions[0], facts.definitions[-1]
    assert (store.docstring, store.signature) == ("Store keeps\nitems.", "type Store struct")
    assert (new.docstring, new.signature) == ("New opens a store.", "func New(path string) (*Store, error)")
    assert (store.start_line, store.end_line) == (6, 10)
    assert facts.package == "store"
    assert parse_source("main.go", PROJECT["main.go"]).docstring == "Command shop sells."
