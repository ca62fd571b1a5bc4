"""What Python code passes, stores and hands back: each construct with its edges, and near misses without."""

from __future__ import annotations

import pytest

from graph.elements import EdgeType
from graph.facts import FileFacts
from graph.parsing import parse_source
from graph.resolver import resolve_project
from tests.graph.resolving import calls, find_edge, resolve


def test_a_passed_function_is_called_by_the_one_that_takes_it() -> None:
    sources = {
        "run.py": """
            def run(job, *rest, retry=None, **named):
                job()
                retry()
                rest[0]()
                named['end']()
        """,
        "main.py": """
            from run import run
            def work(): pass
            def again(): pass
            def more(): pass
            def end(): pass
            run(work, more, retry=again, end=end)
        """,
    }
    project = resolve(sources)
    edge = find_edge(project, EdgeType.CALLS, "run.run", "main.work")
    assert edge.properties == {"confidence": 0.7, "method": "argument", "lines": "3"}
    assert calls(sources) == {
        "<main.py> -> run.run": "import",
        "run.run -> main.work": "argument",
        "run.run -> main.again": "argument",
        "run.run -> main.more": "argument",
        "run.run -> main.end": "argument",
    }


def test_an_argument_reaches_its_own_parameter_only() -> None:
    sources = {
        "m.py": """
            class Tool:
                def use(self, first, second):
                    first()
                @staticmethod
                def free(first, second):
                    second()
            def one(): pass
            def two(): pass
            Tool().use(one, two)
            Tool.use(Tool(), two, one)
            Tool.free(one, two)
        """
    }
    found = calls(sources)
    assert {edge for edge in found if edge.endswith((".one", ".two"))} == {
        "m.Tool.use -> m.one",
        "m.Tool.use -> m.two",
        "m.Tool.free -> m.two",
    }


def test_an_annotation_is_believed_before_what_is_passed() -> None:
    sources = {
        "m.py": """
            class Base:
                def go(self): pass
            class Child(Base):
                def go(self): pass
            def typed(item: Base): item.go()
            def untyped(item): item.go()
            typed(Child())
            untyped(Child())
        """
    }
    found = calls(sources)
    assert found["m.typed -> m.Base.go"] == "annotation"
    assert found["m.untyped -> m.Child.go"] == "argument"
    assert "m.typed -> m.Child.go" not in found
    assert "m.untyped -> m.Base.go" not in found


def test_what_a_constructor_is_given_becomes_an_attribute() -> None:
    sources = {
        "m.py": """
            class Engine:
                def start(self): pass
            class Car:
                def __init__(self, engine):
                    self.engine = engine
                def drive(self):
                    self.engine.start()
            class Truck(Car):
                def __init__(self, engine):
                    super().__init__(engine)
            Truck(Engine())
        """
    }
    assert calls(sources)["m.Car.drive -> m.Engine.start"] == "argument"


def test_arguments_pass_through_several_functions() -> None:
    sources = {
        "m.py": """
            def inner(call): call()
            def outer(call): inner(call)
            def work(): pass
            outer(work)
        """
    }
    assert calls(sources) == {
        "m.outer -> m.inner": "lexical",
        "<m.py> -> m.outer": "lexical",
        "m.inner -> m.work": "argument",
    }


def test_a_parameter_that_takes_anything_is_not_followed() -> None:
    functions = "\n".join(f"def f{number}(): pass\nrun(f{number})" for number in range(20))
    assert set(calls({"m.py": f"def run(call): call()\n{functions}"}).values()) == {"lexical"}


def test_functions_that_hand_back_what_they_are_given_do_not_mix_their_callers() -> None:
    same = "class A:\n    def a(self): pass\nclass B:\n    def b(self): pass\ndef same(x): return x\n"
    assert calls({"m.py": f"{same}same(A()).a()"})["<m.py> -> m.A.a"] == "argument"
    mixed = calls({"m.py": f"{same}same(A)()\nsame(B)"})
    assert "<m.py> -> m.A" not in mixed
    assert "<m.py> -> m.B" not in mixed


def test_a_decorated_function_is_called_and_so_is_its_wrapper() -> None:
    sources = {
        "m.py": """
            import functools
            def logged(function):
                @functools.wraps(function)
                def wrapper(*args):
                    return function(*args)
                return wrapper
            def marked(function):
                return function
            @logged
            def work(): pass
            @marked
            def plain(): pass
            def main():
                work()
                plain()
        """
    }
    found = calls(sources)
    assert {edge for edge in found if not edge.startswith("<")} == {
        "m.logged.wrapper -> m.work",
        "m.main -> m.work",
        "m.main -> m.logged.wrapper",
        "m.main -> m.plain",
    }


def test_containers_remember_constant_keys_and_places() -> None:
    sources = {
        "m.py": """
            def one(): pass
            def two(): pass
            def three(): pass
            table = {"one": one, "deep": {"two": two}}
            table["one"]()
            table["deep"]["two"]()
            row = [one, two]
            def by_place(): row[1]()
            def by_text(): {"1": one, 1: two}["1"]()
            def any_of(key): table[key]()
            def out_of_place(): row[2]()
        """
    }
    assert set(calls(sources)) == {
        "<m.py> -> m.one",
        "<m.py> -> m.two",
        "m.by_place -> m.two",
        "m.any_of -> m.one",
    }


def test_containers_are_filled_where_they_are_used() -> None:
    sources = {
        "m.py": """
            def one(): pass
            def two(): pass
            def three(): pass
            handlers = []
            table = {}
            def register(function):
                handlers.append(function)
            def fill():
                table["two"] = two
                table.update({"three": three})
            register(one)
            def run():
                for handler in handlers:
                    handler()
                table["two"]()
                table["three"]()
            def other(handlers):
                handlers[0]()
        """
    }
    found = calls(sources)
    assert {edge for edge in found if edge.startswith(("m.run", "m.other"))} == {
        "m.run -> m.one",
        "m.run -> m.two",
        "m.run -> m.three",
    }


def test_tuples_are_taken_apart_by_place() -> None:
    sources = {
        "m.py": """
            class A:
                def go(self): pass
            class B:
                def go(self): pass
            def pair(): return A(), B()
            def typed() -> tuple[A, B]: ...
            def first():
                a, _ = pair()
                a.go()
            def second():
                (_, b) = typed()
                b.go()
            def rest():
                a, *others, b = A(), B(), B(), A()
                others[0].go()
            def numbered(items: list[A]):
                for number, item in enumerate(items):
                    item.go()
            def zipped(items: list[A], more: list[B]):
                for a, b in zip(items, more):
                    b.go()
            def items(table: dict[str, B]):
                for key, value in table.items():
                    value.go()
        """
    }
    found = calls(sources)
    assert {edge for edge in found if edge.endswith("go")} == {
        "m.first -> m.A.go",
        "m.second -> m.B.go",
        "m.rest -> m.B.go",
        "m.numbered -> m.A.go",
        "m.zipped -> m.B.go",
        "m.items -> m.B.go",
    }


def test_a_lambda_with_a_name_is_a_function_and_any_other_part_of_what_is_around() -> None:
    sources = {
        "m.py": """
            def work(): pass
            named = lambda: work()
            def main(items):
                named()
                sorted(items, key=lambda item: work())
        """
    }
    project = resolve(sources)
    assert [node.properties["name"] for node in project.nodes if node.label == "Function"].count("named") == 1
    assert calls(sources) == {
        "m.named -> m.work": "lexical",
        "m.main -> m.named": "lexical",
        "m.main -> m.work": "lexical",
    }


def test_a_property_that_is_read_is_called_but_a_method_that_is_named_is_not() -> None:
    sources = {
        "m.py": """
            class Car:
                @property
                def speed(self): return 1
                def stop(self): pass
                def report(self):
                    print(self.speed, self.stop)
            def write(car: Car):
                car.speed = 3
                return car.stop
        """
    }
    assert calls(sources) == {"m.Car.report -> m.Car.speed": "self"}


def test_statements_and_operators_call_special_methods() -> None:
    sources = {
        "m.py": """
            class Bag:
                def __iter__(self): return self
                def __next__(self): return 1
                def __len__(self): return 1
                def __getitem__(self, key): return key
                def __setitem__(self, key, value): pass
                def __contains__(self, item): return True
                def __add__(self, other): return self
                def __enter__(self): return self
                def __exit__(self, *error): pass
                def __eq__(self, other): return True
            def loop(bag: Bag):
                for item in bag: pass
            def read(bag: Bag): return bag[0], len(bag)
            def write(bag: Bag): bag[0] = 1
            def test(bag: Bag): return 1 in bag
            def join(bag: Bag): return bag + bag
            def hold(bag: Bag):
                with bag: pass
            def other(bag): return bag[0] + len(bag)
        """
    }
    assert set(calls(sources)) == {
        "m.loop -> m.Bag.__iter__",
        "m.loop -> m.Bag.__next__",
        "m.read -> m.Bag.__getitem__",
        "m.read -> m.Bag.__len__",
        "m.write -> m.Bag.__setitem__",
        "m.test -> m.Bag.__contains__",
        "m.join -> m.Bag.__add__",
        "m.hold -> m.Bag.__enter__",
        "m.hold -> m.Bag.__exit__",
    }


def test_an_abstract_method_leads_to_what_implements_it() -> None:
    template = """
        from abc import abstractmethod
        class Shape:
            {decorator}
            def area(self): {body}
            def show(self): return self.area()
        class Square(Shape):
            def area(self): return 1
    """
    abstract = {"m.Shape.show -> m.Shape.area": "self", "m.Shape.show -> m.Square.area": "subclass"}
    assert calls({"m.py": template.format(decorator="@abstractmethod", body="...")}) == abstract
    assert calls({"m.py": template.format(decorator="", body="raise NotImplementedError")}) == abstract
    assert calls({"m.py": template.format(decorator="", body="return 0")}) == {
        "m.Shape.show -> m.Shape.area": "self"
    }


def test_what_tests_put_in_the_place_of_an_abstract_method_is_for_tests_alone() -> None:
    sources = {
        "base.py": """
            class Store:
                def save(self):
                    raise NotImplementedError

            def run(store: Store):
                store.save()
        """,
        "disk.py": "from base import Store\n\nclass Disk(Store):\n    def save(self):\n        pass\n",
        "tests/test_it.py": """
            from base import Store

            class Fake(Store):
                def save(self):
                    pass

            def test_it(store: Store):
                store.save()
        """,
    }
    assert calls(sources) == {
        "base.run -> base.Store.save": "annotation",
        "base.run -> disk.Disk.save": "subclass",
        "tests.test_it.test_it -> base.Store.save": "annotation",
        "tests.test_it.test_it -> disk.Disk.save": "subclass",
        "tests.test_it.test_it -> tests.test_it.Fake.save": "subclass",
    }


def test_attributes_named_by_text_are_found() -> None:
    sources = {
        "m.py": """
            class Visitor:
                def visit(self, node, name):
                    getattr(self, f"visit_{node}")()
                    getattr(self, "leave")()
                    getattr(self, name, self.other)()
                def visit_a(self): pass
                def visit_b(self): pass
                def leave(self): pass
                def other(self): pass
                def hidden(self): pass
        """
    }
    assert set(calls(sources)) == {
        "m.Visitor.visit -> m.Visitor.visit_a",
        "m.Visitor.visit -> m.Visitor.visit_b",
        "m.Visitor.visit -> m.Visitor.leave",
        "m.Visitor.visit -> m.Visitor.other",
    }


@pytest.mark.parametrize(
    "made",
    [
        "partial(work, 1)",
        "functools.partial(work)",
        "next(iter([work]))",
        "cast('object', work)",
        "dict(a=1) and work",
    ],
)
def test_pythons_own_functions_are_seen_through(made: str) -> None:
    sources = {"m.py": f"import functools\nfrom functools import partial\ndef work(): pass\nmade = {made}\nmade()"}
    expected = {} if made.startswith("cast") else {"<m.py> -> m.work"}
    assert set(calls(sources)) == set(expected)


def test_map_and_filter_call_their_function() -> None:
    sources = {"m.py": "def work(x): pass\ndef keep(x): pass\nmap(work, filter(keep, [1]))\nmap(1, work)"}
    assert calls(sources) == {"<m.py> -> m.work": "lexical", "<m.py> -> m.keep": "lexical"}


def test_a_class_attribute_may_bear_the_name_of_what_it_is() -> None:
    sources = {
        "m.py": """
            class Error(Exception):
                def __init__(self): pass
            class Store:
                Error = Error
                def fail(self): raise self.Error()
        """
    }
    assert calls(sources) == {
        "m.Store.fail -> m.Error": "attribute",
        "m.Store.fail -> m.Error.__init__": "attribute",
    }


def test_arguments_flow_alike_for_one_file_alone_and_in_any_order() -> None:
    sources = {
        "a.py": "from b import run\nclass A:\n    def go(self): pass\nrun(A(), print)\nrun(run, A)",
        "b.py": "def run(item, call):\n    item.go()\n    call()\n    return item\nclass B:\n    def go(self): 1",
        "c.py": "from b import B, run\nrun(B(), lambda: 1)\nrun(B(), run).go()\nclass C(run(B, B)):\n    pass",
    }
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    assert all(FileFacts.from_json(found.to_json()) == found for found in facts.values())
    whole = resolve_project("p", facts)
    assert resolve_project("p", dict(reversed(facts.items()))) == whole
    for path in sources:
        alone = resolve_project("p", facts, only={path})
        assert alone.edges == tuple(edge for edge in whole.edges if edge.src_file == path)
