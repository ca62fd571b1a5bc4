"""A Java project of two packages, with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges, find_edge, resolve

PROJECT = {
    "src/main/java/com/shop/model/Item.java": """
        package com.shop.model;

        /** Something that
         * is sold. */
        public class Item implements Priced, Comparable<Item> {
            private final String name;
            protected Maker maker = new Maker();

            public Item(String name) { this(name, 1); }
            public Item(String name, int count) { this.name = name; }

            @Override public long price() { return maker.cost(); }
            public String name() { return name; }
            public static Item free() { return new Item("free"); }
            public int compareTo(Item other) { return name.compareTo(other.name()); }

            public static class Maker {
                long cost() { return base(); }
                private long base() { return 1; }
            }
        }
    """,
    "src/main/java/com/shop/model/Priced.java": """
        package com.shop.model;

        public interface Priced {
            long price();
            default long twice() { return price() * 2; }
        }
    """,
    "src/main/java/com/shop/model/Special.java": """
        package com.shop.model;

        class Special extends Item {
            Special() { super("special"); }
            @Override public long price() { return super.price() + twice() + maker.cost(); }
            public void price(long other, long another) {}
        }
    """,
    "src/main/java/com/shop/Shop.java": """
        package com.shop;

        import static com.shop.Tools.round;
        import com.shop.model.*;
        import com.shop.model.Item.Maker;
        import java.util.List;
        import java.util.Map;

        public class Shop<T extends Priced> {
            private final List<Item> items;
            private Map<String, Item> named;
            private T best;

            Shop(List<Item> items) { this.items = items; }

            long total() {
                long size = size();
                for (Item item : items) { item.price(); }
                for (var item : items) { item.twice(); }
                items.forEach(item -> item.name());
                items.get(0).name();
                named.get("x").name();
                best.twice();
                return round(size);
            }

            private int size() { return items.size(); }

            void make() {
                var maker = new Maker();
                maker.toString();
                Item.free().price();
                new Item("a", 2).name().trim();
                Runnable later = this::size;
                List.of(1).stream().map(Item::new);
                Object o = null;
                if (o instanceof Item found) { found.price(); }
                ((Item) o).twice();
                unknown.price();
            }

            void anonymous() {
                Priced priced = new Priced() {
                    @Override public long price() { return size(); }
                };
                priced.price();
            }

            void overloads(String text) {
                take(1); take("x"); take(text + 1); take(Item.free()); take(new Special()); take(text, 1);
            }

            void take(int number) {}
            void take(String text) {}
            void take(Priced priced) {}
            void take(String... all) {}
        }
    """,
    "src/main/java/com/shop/Tools.java": """
        package com.shop;

        enum Tools {
            FAST { @Override void run() { help(); } },
            SLOW;

            void run() {}
            void help() { FAST.run(); }
            static long round(long value) { return Math.round(value); }
        }

        record Pair(Tools left, String right) {
            Pair { left.help(); right.help(); }
            void both() { left().run(); left.run(); }
        }
    """,
    "src/test/java/com/shop/ShopTest.java": """
        package com.shop;

        class ShopTest {
            Item item;
            void testTotal() { new Shop(null).total(); item.price(); Tools.SLOW.run(); run(); }
        }
    """,
}
SHOP = "main.java.com.shop.Shop.Shop"
MODEL = "main.java.com.shop.model"
TOOLS = "main.java.com.shop.Tools"


def test_calls_follow_packages_receivers_inheritance_and_types() -> None:
    assert calls(PROJECT) == {
        f"{MODEL}.Item.Item -> {MODEL}.Item.Item.Maker": "constructor",
        f"{MODEL}.Item.Item.Item -> {MODEL}.Item.Item.Item#1": "self",
        f"{MODEL}.Item.Item.price -> {MODEL}.Item.Item.Maker.cost": "annotation",
        f"{MODEL}.Item.Item.free -> {MODEL}.Item.Item": "constructor",
        f"{MODEL}.Item.Item.free -> {MODEL}.Item.Item.Item": "constructor",
        f"{MODEL}.Item.Item.compareTo -> {MODEL}.Item.Item.name": "annotation",
        f"{MODEL}.Item.Item.Maker.cost -> {MODEL}.Item.Item.Maker.base": "self",
        f"{MODEL}.Priced.Priced.twice -> {MODEL}.Priced.Priced.price": "self",
        f"{MODEL}.Special.Special.Special -> {MODEL}.Item.Item.Item": "super",
        f"{MODEL}.Special.Special.price -> {MODEL}.Item.Item.price": "super",
        f"{MODEL}.Special.Special.price -> {MODEL}.Priced.Priced.twice": "self",
        f"{MODEL}.Special.Special.price -> {MODEL}.Item.Item.Maker.cost": "annotation",
        f"{SHOP}.total -> {SHOP}.size": "self",
        f"{SHOP}.total -> {MODEL}.Item.Item.price": "annotation",
        f"{SHOP}.total -> {MODEL}.Priced.Priced.twice": "annotation",
        f"{SHOP}.total -> {MODEL}.Item.Item.name": "annotation",
        f"{SHOP}.total -> {TOOLS}.Tools.round": "attribute",
        f"{SHOP}.make -> {MODEL}.Item.Item.Maker": "attribute",
        f"{SHOP}.make -> {MODEL}.Item.Item.free": "attribute",
        f"{SHOP}.make -> {MODEL}.Item.Item.price": "annotation",
        f"{SHOP}.make -> {MODEL}.Item.Item": "constructor",
        f"{SHOP}.make -> {MODEL}.Item.Item.Item": "overload",
        f"{SHOP}.make -> {MODEL}.Item.Item.Item#1": "constructor",
        f"{SHOP}.make -> {MODEL}.Item.Item.name": "constructor",
        f"{SHOP}.make -> {SHOP}.size": "self",
        f"{SHOP}.make -> {MODEL}.Priced.Priced.twice": "annotation",
        f"{SHOP}.anonymous -> {MODEL}.Priced.Priced": "constructor",
        f"{SHOP}.anonymous -> {MODEL}.Priced.Priced.price": "annotation",
        f"{SHOP}.anonymous.<Priced>.price -> {SHOP}.size": "self",
        f"{SHOP}.overloads -> {SHOP}.take": "self",
        f"{SHOP}.overloads -> {SHOP}.take#1": "self",
        f"{SHOP}.overloads -> {SHOP}.take#2": "self",
        f"{SHOP}.overloads -> {SHOP}.take#3": "self",
        f"{SHOP}.overloads -> {MODEL}.Item.Item.free": "attribute",
        f"{SHOP}.overloads -> {MODEL}.Special.Special": "constructor",
        f"{SHOP}.overloads -> {MODEL}.Special.Special.Special": "constructor",
        f"{TOOLS}.Tools.<Tools>.run -> {TOOLS}.Tools.help": "self",
        f"{TOOLS}.Tools.help -> {TOOLS}.Tools.run": "annotation",
        f"{TOOLS}.Pair.Pair -> {TOOLS}.Tools.help": "annotation",
        f"{TOOLS}.Pair.both -> {TOOLS}.Tools.run": "annotation",
        f"test.java.com.shop.ShopTest.ShopTest.testTotal -> {SHOP}": "constructor",
        f"test.java.com.shop.ShopTest.ShopTest.testTotal -> {SHOP}.Shop": "constructor",
        f"test.java.com.shop.ShopTest.ShopTest.testTotal -> {SHOP}.total": "constructor",
        f"test.java.com.shop.ShopTest.ShopTest.testTotal -> {TOOLS}.Tools.run": "annotation",
    }


def test_imports_lead_to_the_files_that_are_used() -> None:
    folder = "src/main/java/com/shop"
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        f"<{folder}/Shop.java> -> <{folder}/Tools.java>",
        f"<{folder}/Shop.java> -> <{folder}/model/Item.java>",
        f"<{folder}/Shop.java> -> <{folder}/model/Priced.java>",
        f"<{folder}/Shop.java> -> <{folder}/model/Special.java>",
        f"<{folder}/Shop.java> -> java.util",
    }


def test_extends_implements_and_anonymous_classes_are_inheritance() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {
        f"{MODEL}.Item.Item -> {MODEL}.Priced.Priced",
        f"{MODEL}.Special.Special -> {MODEL}.Item.Item",
        f"{SHOP}.anonymous.<Priced> -> {MODEL}.Priced.Priced",
        f"{TOOLS}.Tools.<Tools> -> {TOOLS}.Tools",
    }
    assert f"{MODEL}.Special.Special.price -> {MODEL}.Item.Item.price" in edges(PROJECT, EdgeType.OVERRIDES)


def test_each_overload_is_called_where_its_arguments_say() -> None:
    project = resolve(PROJECT)
    overloads = [f"{SHOP}.take", f"{SHOP}.take#1", f"{SHOP}.take#2", f"{SHOP}.take#3"]
    found = [find_edge(project, EdgeType.CALLS, f"{SHOP}.overloads", name) for name in overloads]
    assert len({edge.target for edge in found}) == 4
    assert all(edge.properties["confidence"] == 0.95 for edge in found)


def test_overloads_that_nothing_tells_apart_are_all_weak() -> None:
    sources = {
        "A.java": "class A { void go(x.One one) {} void go(x.Two two) {} void run() { go(null); go(); } }",
    }
    assert calls(sources) == {"A.A.run -> A.A.go": "overload", "A.A.run -> A.A.go#1": "overload"}


def test_overloads_of_ancestors_are_seen_and_none_is_called_with_too_many_arguments() -> None:
    sources = {
        "A.java": "class A { A() {} void go() {} void go(int a, int b) {} }",
        "B.java": "class B extends A { void go(int a) {}\n"
        "void run() { go(); go(1); go(1, 2); go(1, 2, 3); new B(1); } }",
        "P.java": "record P(int x, int y) { P { check(x); } static P of() { return new P(1, 2); } }",
    }
    assert calls(sources) == {
        "B.B.run -> A.A.go": "self",
        "B.B.run -> A.A.go#1": "self",
        "B.B.run -> B.B.go": "self",
        "B.B.run -> B.B": "constructor",
        "P.P.of -> P.P": "constructor",
        "P.P.of -> P.P.P": "constructor",
    }


def test_definitions_say_what_a_reader_wants_to_know() -> None:
    facts = parse_source("Item.java", PROJECT["src/main/java/com/shop/model/Item.java"])
    item, constructor = facts.definitions[0], facts.definitions[1]
    assert (item.kind, item.docstring) == ("class", "Something that\nis sold.")
    assert item.signature == "public class Item implements Priced, Comparable<Item>"
    assert (constructor.kind, constructor.qualified_name) == ("method", "Item.Item")
    assert constructor.signature == "public Item(String name)"
    assert [item.name for item in facts.definitions if "static" in item.modifiers] == ["free", "Maker"]
