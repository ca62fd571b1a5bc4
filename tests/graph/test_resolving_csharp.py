"""A C# project of three namespaces, with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "Model/Item.cs": """
        using System;

        namespace Shop.Model;

        /// <summary>Something that
        /// is sold.</summary>
        public partial class Item : Base, IPriced {
            private readonly Maker maker = new();
            public Item Next { get; set; }
            public Maker Best => Find();
            public Item(string name) : this(name, 1) { }
            public Item(string name, int count) : base(name) { }
            public override long Price() => base.Price() + maker.Cost();
            private Maker Find() { return maker; }

            public class Maker {
                internal long Cost() => 1;
            }
        }
    """,
    "Model/ItemMore.cs": """
        namespace Shop.Model
        {
            public partial class Item
            {
                public static Item Free() { return new Item("free"); }
                public void Sell() { Price(); this.maker.Cost(); Helper.Note(this); Console.WriteLine(Find()); }
            }

            internal static class Helper { public static void Note(Item item) { item.Next.Next.Sell(); } }
        }
    """,
    "Model/Base.cs": """
        namespace Shop.Model {
            public interface IPriced { long Price(); }
            public abstract class Base {
                protected Base(string name) { }
                public virtual long Price() => 0;
            }
        }
    """,
    "Tools/Extensions.cs": """
        using Shop.Model;

        namespace Shop.Tools {
            public static class Extensions {
                public static long Twice(this IPriced priced, int times = 2) => priced.Price() * times;
                public static void Each<T>(this T item) where T : Item { item.Sell(); }
            }
            public static class Money { public static int Round(int value) => Math.Round(value); }
        }
    """,
    "Shop.cs": """
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Shop.Tools;
        using static Shop.Tools.Money;
        using Thing = Shop.Model.Item;

        namespace Shop.App {
            public class Store<T> where T : Model.IPriced {
                private List<Thing> items;
                private Dictionary<string, Thing> named;
                private T best;

                public async Task<Thing> Load(Thing? given) {
                    foreach (var item in items) item.Sell();
                    foreach (Thing item in items) { item.Price(); }
                    items[0].Twice();
                    items.ForEach(one => one.Sell());
                    named["x"].Best.Cost();
                    best.Price();
                    given?.Next?.Sell();
                    (await Load(null)).Price();
                    var made = new Thing("x") { Next = Thing.Free() };
                    made!.Sell();
                    if (unknown is Model.Base based) based.Price();
                    (unknown as Thing).Sell();
                    Round(1);
                    Shop.Model.Helper.Note(made);
                    unknown.Sell();
                    int Local(int value) => Round(value);
                    Local(2);
                    return made;
                }

                public void Log(int level) { }
                public void Log(string text) { Log(1); Log(text); Log($"x{text}"); }

                class Console { public static void Clear() { } }
            }

            class Sell { }
        }
    """,
}
ITEM = "Model.Item.Item"
MORE = "Model.ItemMore.Item"
STORE = "Shop.Store"


def test_calls_follow_namespaces_parts_receivers_and_extension_methods() -> None:
    assert calls(PROJECT) == {
        f"{ITEM} -> {ITEM}.Maker": "constructor",
        f"{ITEM}.Item -> {ITEM}.Item#1": "self",
        f"{ITEM}.Item#1 -> Model.Base.Base.Base": "super",
        f"{ITEM}.Price -> Model.Base.Base.Price": "super",
        f"{ITEM}.Price -> {ITEM}.Maker.Cost": "annotation",
        f"{ITEM}.Best -> {ITEM}.Find": "self",
        f"{MORE}.Free -> {ITEM}": "constructor",
        f"{MORE}.Free -> {ITEM}.Item": "constructor",
        f"{MORE}.Sell -> {ITEM}.Price": "self",
        f"{MORE}.Sell -> {ITEM}.Maker.Cost": "annotation",
        f"{MORE}.Sell -> {ITEM}.Find": "self",
        f"{MORE}.Sell -> Model.ItemMore.Helper.Note": "attribute",
        f"Model.ItemMore.Helper.Note -> {MORE}.Sell": "annotation",
        "Tools.Extensions.Extensions.Twice -> Model.Base.IPriced.Price": "annotation",
        f"Tools.Extensions.Extensions.Each -> {MORE}.Sell": "annotation",
        f"{STORE}.Load -> {MORE}.Sell": "constructor",
        f"{STORE}.Load -> {ITEM}.Price": "annotation",
        f"{STORE}.Load -> Tools.Extensions.Extensions.Twice": "container",
        f"{STORE}.Load -> {ITEM}.Maker.Cost": "container",
        f"{STORE}.Load -> Model.Base.IPriced.Price": "annotation",
        f"{STORE}.Load -> Model.Base.Base.Price": "annotation",
        f"{STORE}.Load -> {STORE}.Load": "self",
        f"{STORE}.Load -> {ITEM}": "constructor",
        f"{STORE}.Load -> {ITEM}.Item": "constructor",
        f"{STORE}.Load -> {MORE}.Free": "attribute",
        f"{STORE}.Load -> Tools.Extensions.Money.Round": "attribute",
        f"{STORE}.Load -> Model.ItemMore.Helper.Note": "attribute",
        f"{STORE}.Load -> {STORE}.Load.Local": "lexical",
        f"{STORE}.Load.Local -> Tools.Extensions.Money.Round": "attribute",
        f"{STORE}.Log#1 -> {STORE}.Log": "self",
        f"{STORE}.Log#1 -> {STORE}.Log#1": "self",
    }


def test_usings_lead_to_the_files_that_are_used() -> None:
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<Model/Item.cs> -> System",
        "<Tools/Extensions.cs> -> <Model/Base.cs>",
        "<Tools/Extensions.cs> -> <Model/Item.cs>",
        "<Tools/Extensions.cs> -> <Model/ItemMore.cs>",
        "<Shop.cs> -> System.Collections.Generic",
        "<Shop.cs> -> System.Threading.Tasks",
        "<Shop.cs> -> <Tools/Extensions.cs>",
        "<Shop.cs> -> <Model/Item.cs>",
        "<Shop.cs> -> <Model/ItemMore.cs>",
    }


def test_bases_are_inheritance_for_every_part_of_a_class() -> None:
    inherited = edges(PROJECT, EdgeType.INHERITS)
    assert inherited == {
        f"{ITEM} -> Model.Base.Base",
        f"{ITEM} -> Model.Base.IPriced",
        f"{MORE} -> Model.Base.Base",
        f"{MORE} -> Model.Base.IPriced",
    }
    assert f"{ITEM}.Price -> Model.Base.Base.Price" in edges(PROJECT, EdgeType.OVERRIDES)


def test_a_namespace_sees_those_around_it_but_not_its_siblings() -> None:
    sources = {
        "A.cs": "namespace N { class A { public static void Go() {} } }",
        "B.cs": "namespace N.B { class User { void Run() { A.Go(); Other.Go(); } } }",
        "C.cs": "namespace N.C { class Other { public static void Go() {} } }",
        "E.cs": "namespace N.E { class Other { public static void Go() {} } }",
        "D.cs": "namespace N.D; using C; class User { void Run() { Other.Go(); } }",
    }
    assert calls(sources) == {"B.User.Run -> A.A.Go": "attribute", "D.User.Run -> C.Other.Go": "attribute"}
    assert edges(sources, EdgeType.IMPORTS) == {"<D.cs> -> <C.cs>"}


def test_an_extension_method_is_called_where_the_class_has_no_method_that_fits() -> None:
    sources = {
        "A.cs": "namespace N { interface I { } class A : I { public void Go() {} public void Stay(int x) {} } }",
        "E.cs": """
            namespace N {
                static class E {
                    public static void Go(this I it) {}
                    public static void Stay(this I it, int x, string text) {}
                    static void Run(A a) {
                        a.Go(); a.Stay(1); a.Stay(1, "x"); E.Go(a); E.Stay(a, 1, "y"); a.Leave();
                    }
                }
            }
        """,
    }
    assert calls(sources) == {
        "E.E.Run -> A.A.Go": "annotation",
        "E.E.Run -> A.A.Stay": "annotation",
        "E.E.Run -> E.E.Stay": "attribute",
        "E.E.Run -> E.E.Go": "attribute",
    }


def test_an_extension_method_of_a_foreign_type_is_found_by_its_name() -> None:
    sources = {
        "E.cs": """
            namespace N {
                static class E {
                    public static bool IsOpen(this System.Type it) => true;
                    public static void Fill<T>(this IList<T> list, T item) {}
                    public static void Add<T>(this IList<T> list, T item, int times) {}
                    public static int Twice(this int it) => 2 * it;
                    public static Task AsTask(this CancellationToken token) => null;
                }
                static class F { public static int Twice(this string it) => 2; }
                class Own { public bool IsOpen() => false; public bool Fill; }
            }
        """,
        "Run.cs": """
            namespace N {
                class Run {
                    void Go(System.Type type, List<int> all, Own own) {
                        type.IsOpen(); all.Where(x => x.IsOpen()); all.Fill(1);
                        all.Add(1, 2); 1.Twice(); type.Wait().AsTask();
                    }
                    void Stop(Own own) { own.IsOpen(); own.Fill(1); }
                }
            }
        """,
    }
    assert calls(sources) == {
        "Run.Run.Go -> E.E.IsOpen": "unique_method",
        "Run.Run.Go -> E.E.Fill": "unique_method",
        "Run.Run.Stop -> E.Own.IsOpen": "annotation",
    }


def test_the_build_may_import_the_namespace_of_the_only_class_of_a_name() -> None:
    sources = {
        "A.cs": "namespace N.Utils { class Guard { public static void NotNull(object it) {} } class Two {} }",
        "B.cs": "namespace N.More { class Two { public static void Go() {} } }",
        "C.cs": "namespace M { class C { void Go() { Guard.NotNull(this); Two.Go(); Console.Write(1); } } }",
    }
    assert calls(sources) == {"C.C.Go -> A.Guard.NotNull": "unique_method"}


def test_one_of_many_overloads_is_found() -> None:
    overloads = "".join(f"    public static void Go(T{at} it) {{}}\n" for at in range(40))
    types = " ".join(f"class T{at} {{}}" for at in range(40))
    source = f"namespace N {{ {types}\nclass A {{\n{overloads}    void Run(T39 it) {{ Go(it); }}\n}} }}"
    assert calls({"A.cs": source}) == {"A.A.Run -> A.A.Go#39": "self"}


def test_the_number_of_type_parameters_tells_classes_apart() -> None:
    sources = {
        "Box.cs": """
            namespace N {
                abstract class Boxes { public abstract void Open(object key); }
                abstract class Box : Boxes { public abstract void Open(string key); }
                abstract class Box<T> : Boxes { public abstract void Open(T key); }
                partial class Tin { public void Bend() {} }
                partial class Tin<T> { public void Bend() {} }
            }
        """,
        "Own.cs": """
            namespace N {
                class Small : Box {
                    public override void Open(object key) {}
                    public override void Open(string key) {}
                }
                class Large<T> : Box<T> {
                    public override void Open(object key) {}
                    public override void Open(T key) {}
                }
            }
        """,
        "Use.cs": """
            namespace N {
                class Use {
                    void Any(Boxes boxes) { boxes.Open(this); }
                    void One(object it) { ((Box<int>)it).Open(1); }
                    void Two(Tin tin, N.Tin<int> other) { tin.Bend(); new Tin<string>(); }
                }
            }
        """,
    }
    assert calls(sources) == {
        "Use.Use.Any -> Box.Boxes.Open": "annotation",
        "Use.Use.Any -> Own.Small.Open": "subclass",
        "Use.Use.Any -> Own.Large.Open": "subclass",
        "Use.Use.One -> Box.Box.Open#1": "annotation",
        "Use.Use.One -> Own.Large.Open#1": "subclass",
        "Use.Use.Two -> Box.Tin.Bend": "annotation",
        "Use.Use.Two -> Box.Tin#1": "constructor",
    }


def test_what_dotnets_own_generic_methods_give_is_known() -> None:
    sources = {
        "A.cs": """
            namespace N {
                interface IStep { void Take(); void Skip(); void Stay(); void Rest(); }
                class Run {
                    ConcurrentDictionary<string, IStep> known;
                    void Go(IServiceProvider services) {
                        services.GetRequiredService<IStep>().Take();
                        foreach (var step in services.GetServices<IStep>()) { step.Skip(); }
                        services.GetServices<IStep>().Reverse().Aggregate(0, (sum, step) => step.Stay());
                        known.GetOrAdd("x", name => null).Rest();
                    }
                }
            }
        """,
    }
    assert set(calls(sources)) == {f"A.Run.Go -> A.IStep.{name}" for name in ("Take", "Skip", "Stay", "Rest")}


def test_definitions_say_what_a_reader_wants_to_know() -> None:
    facts = parse_source("Item.cs", PROJECT["Model/Item.cs"])
    item = facts.definitions[0]
    assert (item.kind, item.docstring) == ("class", "Something that\nis sold.")
    assert item.signature == "public partial class Item : Base, IPriced"
    assert facts.package == "Shop.Model"
    named = {item.qualified_name: item.modifiers for item in facts.definitions}
    assert "getter" in named["Item.Best"]
    assert "constructor" in named["Item.Item"]
    assert "Item.Next" not in named
