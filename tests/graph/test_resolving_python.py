"""Python projects of a few lines, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from graph.resolver import resolve_project
from tests.graph.resolving import calls, edges, find_edge, resolve


def test_a_call_through_a_reexport_reaches_the_definition() -> None:
    sources = {
        "pkg/__init__.py": "from .impl import work as run",
        "pkg/impl.py": "def work(): pass",
        "main.py": "from pkg import run\nrun()",
    }
    assert calls(sources) == {"<main.py> -> pkg.impl.work": "import"}
    assert edges(sources, EdgeType.IMPORTS) == {
        "<main.py> -> <pkg/__init__.py>",
        "<pkg/__init__.py> -> <pkg/impl.py>",
    }


def test_a_star_import_brings_public_names_only() -> None:
    sources = {
        "names.py": "def shown(): pass\ndef _hidden(): pass",
        "main.py": "from names import *\nshown()\n_hidden()",
    }
    assert calls(sources) == {"<main.py> -> names.shown": "import"}


def test_star_imports_pass_names_on_and_circles_end() -> None:
    sources = {
        "a.py": "from b import *\nfrom c import *\ndef in_a(): in_c()",
        "b.py": "from a import *\ndef in_b(): in_a()",
        "c.py": "from b import *\ndef in_c(): in_b()",
    }
    assert calls(sources) == {
        "a.in_a -> c.in_c": "import",
        "b.in_b -> a.in_a": "import",
        "c.in_c -> b.in_b": "import",
    }


def test_method_resolution_order_is_pythons() -> None:
    sources = {
        "m.py": """
            class Base:
                def who(self): pass
            class Left(Base):
                pass
            class Right(Base):
                def who(self): pass
            class Both(Left, Right):
                def ask(self):
                    self.who()
        """
    }
    assert calls(sources) == {"m.Both.ask -> m.Right.who": "self"}
    assert edges(sources, EdgeType.INHERITS) == {
        "m.Left -> m.Base",
        "m.Right -> m.Base",
        "m.Both -> m.Left",
        "m.Both -> m.Right",
    }
    assert edges(sources, EdgeType.OVERRIDES) == {"m.Right.who -> m.Base.who"}


def test_super_follows_the_order_behind_its_class() -> None:
    sources = {
        "m.py": """
            class A:
                def __init__(self): pass
                def go(self): pass
            class B(A):
                def __init__(self):
                    super().__init__()
                def go(self):
                    super().go()
        """
    }
    assert calls(sources) == {"m.B.__init__ -> m.A.__init__": "super", "m.B.go -> m.A.go": "super"}
    assert edges(sources, EdgeType.OVERRIDES) == {"m.B.go -> m.A.go"}


def test_attributes_of_self_have_the_types_they_are_given() -> None:
    sources = {
        "store.py": "class Store:\n    def save(self): pass\nclass Log:\n    def note(self): pass",
        "service.py": """
            from store import Log, Store

            class Service:
                log: Log

                def __init__(self, store: Store):
                    self.store = store
                    self.own = Store()

                def work(self):
                    self.store.save()
                    self.own.save()
                    self.log.note()
        """,
    }
    project = resolve(sources)
    edge = find_edge(project, EdgeType.CALLS, "service.Service.work", "store.Store.save")
    assert edge.properties == {"confidence": 0.9, "method": "attribute", "lines": "12,13"}
    assert calls(sources) == {
        "service.Service.__init__ -> store.Store": "constructor",
        "service.Service.work -> store.Store.save": "attribute",
        "service.Service.work -> store.Log.note": "annotation",
    }


def test_constructors_annotations_and_returns_type_a_name() -> None:
    sources = {
        "m.py": """
            class Thing:
                def __init__(self): pass
                def use(self): pass
                @classmethod
                def make(cls):
                    return cls()

            def build():
                return Thing()

            def promise() -> "Thing | None": ...

            def main(given: Thing):
                made = Thing()
                made.use()
                build().use()
                promise().use()
                Thing.make().use()
        """
    }
    assert calls(sources) == {
        "m.Thing.make -> m.Thing": "constructor",
        "m.Thing.make -> m.Thing.__init__": "constructor",
        "m.build -> m.Thing": "constructor",
        "m.build -> m.Thing.__init__": "constructor",
        "m.main -> m.Thing": "constructor",
        "m.main -> m.Thing.__init__": "constructor",
        "m.main -> m.Thing.use": "constructor",
        "m.main -> m.build": "lexical",
        "m.main -> m.promise": "lexical",
        "m.main -> m.Thing.make": "attribute",
    }


def test_a_fluent_method_returns_its_receivers_class() -> None:
    sources = {
        "m.py": """
            class Query:
                def clone(self):
                    return self
            class Special(Query):
                def extra(self): pass
            def main():
                Special().clone().extra()
        """
    }
    assert calls(sources)["m.main -> m.Special.extra"] == "return"


def test_containers_and_context_managers_keep_their_elements() -> None:
    sources = {
        "m.py": """
            class Job:
                def run(self): pass
                def __enter__(self): return self
            def double(x): pass
            def main(jobs: list[Job]):
                for job in jobs:
                    job.run()
                handlers = {"double": double}
                handlers["double"](1)
                handlers.get("double")(2)
            def opened():
                with Job() as job:
                    job.run()
        """
    }
    assert calls(sources) == {
        "m.main -> m.Job.run": "container",
        "m.main -> m.double": "container",
        "m.opened -> m.Job": "constructor",
        "m.opened -> m.Job.run": "return",
        "m.opened -> m.Job.__enter__": "constructor",
    }


def test_a_property_is_read_as_what_it_returns_and_setters_get_ordinals() -> None:
    sources = {
        "m.py": """
            class Engine:
                def start(self): pass
            class Car:
                @property
                def engine(self) -> Engine: ...
                @engine.setter
                def engine(self, value): ...
                def drive(self):
                    self.engine.start()
        """
    }
    assert calls(sources)["m.Car.drive -> m.Engine.start"] == "return"
    assert edges(sources, EdgeType.DEFINES) == {
        "<m.py> -> m.Engine",
        "<m.py> -> m.Car",
        "m.Engine -> m.Engine.start",
        "m.Car -> m.Car.engine",
        "m.Car -> m.Car.engine#1",
        "m.Car -> m.Car.drive",
    }


def test_nested_functions_see_the_scopes_around_them_but_not_the_class() -> None:
    sources = {
        "m.py": """
            def helper(): pass
            class C:
                def helper(self): pass
                def method(self):
                    def inner():
                        helper()
                        self.helper()
                    inner()
        """
    }
    assert calls(sources) == {
        "m.C.method -> m.C.method.inner": "lexical",
        "m.C.method.inner -> m.helper": "lexical",
        "m.C.method.inner -> m.C.helper": "self",
    }


def test_a_local_name_hides_the_modules() -> None:
    sources = {"m.py": "def run(): pass\ndef main(run):\n    run()\ndef other():\n    run = None\n    run()"}
    assert calls(sources) == {}


def test_circular_imports_and_circular_inheritance_end() -> None:
    sources = {
        "a.py": "import b\nclass A(b.B):\n    def go(self): self.stop()",
        "b.py": "import a\nclass B(a.A):\n    def stop(self): self.go()",
    }
    assert edges(sources, EdgeType.INHERITS) == {"a.A -> b.B", "b.B -> a.A"}
    assert calls(sources) == {"a.A.go -> b.B.stop": "self", "b.B.stop -> a.A.go": "self"}


def test_a_circle_of_bases_means_the_same_from_each_of_its_classes() -> None:
    sources = {
        "a.py": "import b\nclass A(b.B):\n    def go(self): self.stop()\n    def stop(self): pass",
        "b.py": "import c\nclass B(c.C):\n    def go(self): super().go()",
        "c.py": "import a\nclass C(a.A):\n    def go(self): super().stop()",
    }
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    whole = resolve_project("p", facts).edges
    for path in sources:
        own = tuple(edge for edge in whole if edge.src_file == path)
        assert resolve_project("p", facts, only={path}).edges == own
    assert edges(sources, EdgeType.OVERRIDES) == {"a.A.go -> b.B.go", "b.B.go -> c.C.go", "c.C.go -> a.A.go"}
    assert calls(sources) == {
        "a.A.go -> a.A.stop": "self",
        "b.B.go -> c.C.go": "super",
        "c.C.go -> a.A.stop": "super",
    }


def test_a_chain_of_a_thousand_classes_is_resolved() -> None:
    classes = [f"class C{number}(C{number - 1}):\n    def m{number}(self): pass" for number in range(1, 1_000)]
    text = "\n".join(["class C0: pass", *classes, "C999().m950()"])
    assert len(edges({"m.py": text}, EdgeType.INHERITS)) == 999
    assert calls({"m.py": text})["<m.py> -> m.C950.m950"] == "constructor"


def test_of_two_modules_of_one_name_the_nearer_is_meant() -> None:
    sources = {
        "one/app/__init__.py": "",
        "one/app/models.py": "def load(): pass",
        "one/app/views.py": "from app.models import load\nload()",
        "two/app/__init__.py": "",
        "two/app/models.py": "def load(): pass",
        "two/app/views.py": "from app.models import load\nload()",
    }
    assert calls(sources) == {
        "<one/app/views.py> -> one.app.models.load": "import",
        "<two/app/views.py> -> two.app.models.load": "import",
    }


def test_package_roots_are_found_under_src_and_in_subfolders() -> None:
    sources = {
        "src/lib/__init__.py": "",
        "src/lib/core.py": "def start(): pass",
        "backend/web/__init__.py": "",
        "backend/web/app.py": "def serve(): pass",
        "tests/test_all.py": "import lib.core\nfrom web import app\nlib.core.start()\napp.serve()",
    }
    assert calls(sources) == {
        "<tests/test_all.py> -> lib.core.start": "import",
        "<tests/test_all.py> -> backend.web.app.serve": "import",
    }
    assert edges(sources, EdgeType.IMPORTS) == {
        "<tests/test_all.py> -> <src/lib/core.py>",
        "<tests/test_all.py> -> <backend/web/app.py>",
    }


def test_relative_imports_climb_and_outside_modules_become_nodes() -> None:
    sources = {
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/sub/deep.py": "from .. import top\nfrom ..missing import x\nimport os.path\nimport json\ntop.go()",
        "pkg/top.py": "def go(): pass",
        "pkg/json.py": "def loads(): pass",
    }
    assert calls(sources) == {"<pkg/sub/deep.py> -> pkg.top.go": "import"}
    assert edges(sources, EdgeType.IMPORTS) == {
        "<pkg/sub/deep.py> -> <pkg/top.py>",
        "<pkg/sub/deep.py> -> os.path",
        "<pkg/sub/deep.py> -> json",
    }


def test_a_bare_name_match_is_no_call_but_a_unique_method_is_guessed() -> None:
    sources = {
        "a.py": "def unseen(): pass\nclass Engine:\n    def ignite_engine(self): pass\n    def get(self): pass",
        "b.py": "def main(engine, d):\n    unseen()\n    engine.ignite_engine()\n    d.get()",
    }
    assert calls(sources) == {"b.main -> a.Engine.ignite_engine": "unique_method"}
    guess = find_edge(resolve(sources), EdgeType.CALLS, "b.main", "a.Engine.ignite_engine")
    assert guess.properties["confidence"] == 0.4


def test_nothing_is_guessed_for_what_comes_from_outside() -> None:
    sources = {
        "a.py": "class Engine:\n    def ignite_engine(self): pass",
        "b.py": "import motors\nclass Own(motors.Base):\n    def go(self):\n        self.ignite_engine()\n"
        "motors.make().ignite_engine()",
    }
    assert calls(sources) == {}


def test_own_members_are_found_in_spite_of_a_base_from_outside() -> None:
    sources = {
        "m.py": """
            import elsewhere
            class Own(elsewhere.Base):
                def __init__(self): super().__init__()
                def go(self): self.stop()
                def stop(self): self.unknown()
            Own().go()
        """
    }
    assert calls(sources) == {
        "m.Own.go -> m.Own.stop": "self",
        "<m.py> -> m.Own": "constructor",
        "<m.py> -> m.Own.__init__": "constructor",
        "<m.py> -> m.Own.go": "constructor",
    }


def test_an_abstract_hook_reaches_the_subclass_that_has_it() -> None:
    sources = {
        "m.py": """
            class Template:
                def run(self):
                    self.step()
            class Real(Template):
                def step(self): pass
        """
    }
    assert calls(sources) == {"m.Template.run -> m.Real.step": "subclass"}


def test_decorators_and_class_bodies_call_from_where_they_stand() -> None:
    sources = {
        "m.py": """
            def mark(function): return function
            class Field: pass
            class Model:
                field = Field()
                @mark
                def method(self): pass
        """
    }
    assert calls(sources) == {"m.Model -> m.Field": "constructor", "m.Model -> m.mark": "lexical"}


def test_overloads_and_conditional_definitions_are_told_apart() -> None:
    sources = {
        "m.py": """
            from typing import overload
            @overload
            def f(x: int) -> int: ...
            @overload
            def f(x: str) -> str: ...
            def f(x): return x
            try:
                def g(): pass
            except ImportError:
                def g(): pass
            f(1)
            g()
        """
    }
    assert calls(sources) == {
        "<m.py> -> m.f#2": "lexical",
        "<m.py> -> m.g": "lexical",
        "<m.py> -> m.g#1": "lexical",
    }


def test_a_file_that_half_parses_keeps_its_edges() -> None:
    sources = {"m.py": "def good(): pass\ndef main():\n    good()\ndef bad(:\n  ((\n"}
    assert calls(sources)["m.main -> m.good"] == "lexical"


def test_the_result_does_not_depend_on_the_order_of_files() -> None:
    sources = {
        "a.py": "from b import make\nclass A:\n    def go(self): return make()\ndef top(): A().go().go()",
        "b.py": "from a import A\ndef make(): return A()\nmake().go()",
        "c.py": "from a import *\nA().go().go().go()",
    }
    assert resolve(sources) == resolve(dict(reversed(sources.items())))


def test_one_file_alone_resolves_as_it_does_among_all() -> None:
    sources = {
        "a.py": "from b import make\nclass A:\n    def go(self): return make()\ndef top(): A().go().go()",
        "b.py": "from a import A\ndef make(): return A()\nmake().go()",
        "c.py": "from a import *\nimport os\nclass C(A): pass\nC().go().go().go()",
    }
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    whole = resolve_project("p", facts)
    for path in sources:
        alone = resolve_project("p", facts, only={path})
        assert alone.edges == tuple(edge for edge in whole.edges if edge.src_file == path)
        assert all(node in whole.nodes for node in alone.nodes)


def test_raised_classes_nested_tuples_and_made_decorators_are_calls() -> None:
    sources = {
        "m.py": """
            class Broken(Exception):
                def __init__(self): pass
            class Tool:
                def one(self): pass
                def two(self): pass
            def register():
                def keep(function): return function
                return keep
            def main():
                first, (second, third) = Tool(), (Tool().one, Tool().two)
                third()
                raise Broken
            @register()
            def extra(): pass
        """
    }
    assert calls(sources) == {
        "m.main -> m.Tool": "constructor",
        "m.main -> m.Tool.two": "constructor",
        "m.main -> m.Broken": "constructor",
        "m.main -> m.Broken.__init__": "constructor",
        "<m.py> -> m.register": "lexical",
        "<m.py> -> m.register.keep": "return",
    }
