"""A Rust workspace of two crates, with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "Cargo.toml": '[workspace]\nmembers = ["shop", "crates/store"]\n',
    "shop/Cargo.toml": '[package]\nauthors = ["A <a@example.com>"]\nname = "shop"\n\n[dependencies]\nname = "x"\n',
    "crates/store/Cargo.toml": '[package]\nname = "shop-store"\nversion = "1.0.0"\n',
    "crates/store/src/lib.rs": """
        //! Keeps things.
        pub mod item;
        mod log;

        pub use crate::item::Item as Thing;
        use self::log::{Log, Level::{self, *}};
        use std::collections::HashMap;

        /// A store
        /// of items.
        #[derive(Debug, Default)]
        pub struct Store {
            log: Log,
            pub items: Vec<Thing>,
            named: HashMap<String, Box<Thing>>,
        }

        impl Store {
            pub fn open(path: &str) -> Result<Self, std::io::Error> {
                Ok(Self::empty(path)?)
            }

            fn empty(_path: &str) -> Result<Store, std::io::Error> {
                Ok(Store { log: Log::new(High), items: vec![], named: HashMap::new() })
            }

            pub fn save(&mut self) {
                self.log.note("saved");
                for item in self.items.iter() {
                    item.touch();
                }
                for item in &mut self.items {
                    item.price();
                }
                self.items[0].touch();
                self.items.iter().for_each(|item| item.touch());
                if let Some(found) = self.named.get("x") {
                    found.touch();
                }
                match self.level() {
                    Level::High => self::helper(),
                    _ => println!("{} {}", self.log.level(), helper()),
                }
                save();
            }

            fn level(&self) -> Level { High }
        }

        fn helper() {}

        fn save() {}

        impl Drop for Store {
            fn drop(&mut self) { self.save() }
        }

        #[cfg(test)]
        mod tests {
            use super::*;

            fn helper() {}

            #[test]
            fn saves() {
                let mut store = Store::open("x").unwrap();
                store.save();
                helper();
                super::helper();
                assert_eq!(store.level(), Level::Low);
                missing();
            }
        }
    """,
    "crates/store/src/item.rs": """
        pub trait Priced {
            fn price(&self) -> u32;
            fn twice(&self) -> u32 { self.price() * 2 }
        }

        pub struct Item(pub u32, Part);

        pub struct Part;

        impl Part {
            fn weight(&self) -> u32 { 1 }
        }

        impl Item {
            pub const fn new(count: u32) -> Item { Item(count, Part) }
            pub fn touch(&self) { self.1.weight(); self.0.weight(); }
        }

        impl Priced for Item {
            fn price(&self) -> u32 { self.touch(); 1 }
        }

        pub fn total<T: Priced>(one: &T, all: &[Box<dyn Priced>], other: impl Priced) -> u32 {
            one.price() + all[0].twice() + other.price()
        }
    """,
    "crates/store/src/log/mod.rs": """
        mod inner;

        #[derive(Clone, Copy)]
        pub enum Level { High, Low }

        pub struct Log { level: Level, sink: inner::Sink }

        impl Log {
            pub fn new(level: Level) -> Self { Self { level, sink: inner::Sink::File(inner::File) } }
            pub fn note(&self, text: &str) { self.sink.write(text); super::helper(); }
            pub fn level(&self) -> Level { self.level.clone() }
        }
    """,
    "crates/store/src/log/inner.rs": """
        pub struct File;

        impl File {
            fn write(&self, text: &str) {}
        }

        pub enum Sink { File(File), Both { left: File, right: File }, Nothing }

        impl Sink {
            pub fn write(&self, text: &str) {
                match *self {
                    Sink::File(ref file) => file.write(text),
                    Self::Both { ref left, .. } => left.write(text),
                    Sink::Nothing => {}
                }
            }
        }
    """,
    "shop/src/main.rs": """
        use shop_store::{item::{self, Priced}, Store, Thing};

        mod args;

        fn main() {
            let args = args::Args::parse();
            let mut store = match Store::open(args.path()) {
                Ok(store) => store,
                Err(error) => panic!("{}", error),
            };
            store.save();
            let thing = Thing::new(1);
            thing.twice();
            <Thing as Priced>::price(&thing);
            item::total(&thing, &[], thing);
            std::fs::write("x", "y").unwrap();
        }
    """,
    "shop/src/args.rs": """
        pub struct Args { path: String }

        impl Args {
            pub fn parse() -> Self { Args { path: crate::args::default_path() } }
            pub fn path(&self) -> &str { &self.path.save() }
        }

        fn default_path() -> String { String::new() }
    """,
}
STORE = "crates.store.src"


def test_calls_follow_modules_impl_blocks_traits_and_types() -> None:
    assert calls(PROJECT) == {
        f"{STORE}.lib.Store.open -> {STORE}.lib.Store.empty": "self",
        f"{STORE}.lib.Store.empty -> {STORE}.log.mod.Log.new": "attribute",
        f"{STORE}.lib.Store.save -> {STORE}.log.mod.Log.note": "annotation",
        f"{STORE}.lib.Store.save -> {STORE}.item.Item.touch": "container",
        f"{STORE}.lib.Store.save -> {STORE}.item.Item.price": "container",
        f"{STORE}.lib.Store.save -> {STORE}.lib.Store.level": "self",
        f"{STORE}.lib.Store.save -> {STORE}.lib.helper": "lexical",
        f"{STORE}.lib.Store.save -> {STORE}.log.mod.Log.level": "annotation",
        f"{STORE}.lib.Store.save -> {STORE}.lib.save": "lexical",
        f"{STORE}.lib.Store.drop -> {STORE}.lib.Store.save": "self",
        f"{STORE}.lib.tests.saves -> {STORE}.lib.Store.open": "attribute",
        f"{STORE}.lib.tests.saves -> {STORE}.lib.Store.save": "return",
        f"{STORE}.lib.tests.saves -> {STORE}.lib.tests.helper": "lexical",
        f"{STORE}.lib.tests.saves -> {STORE}.lib.helper": "import",
        f"{STORE}.lib.tests.saves -> {STORE}.lib.Store.level": "return",
        f"{STORE}.item.Priced.twice -> {STORE}.item.Priced.price": "self",
        f"{STORE}.item.Item.new -> {STORE}.item.Item": "constructor",
        f"{STORE}.item.Item.touch -> {STORE}.item.Part.weight": "annotation",
        f"{STORE}.item.Item.price -> {STORE}.item.Item.touch": "self",
        f"{STORE}.item.total -> {STORE}.item.Priced.price": "annotation",
        f"{STORE}.item.total -> {STORE}.item.Priced.twice": "container",
        f"{STORE}.log.mod.Log.note -> {STORE}.log.inner.Sink.write": "annotation",
        f"{STORE}.log.mod.Log.note -> {STORE}.lib.helper": "import",
        f"{STORE}.log.inner.Sink.write -> {STORE}.log.inner.File.write": "annotation",
        "shop.src.main.main -> shop.src.args.Args.parse": "attribute",
        "shop.src.main.main -> shop.src.args.Args.path": "return",
        f"shop.src.main.main -> {STORE}.lib.Store.open": "attribute",
        f"shop.src.main.main -> {STORE}.lib.Store.save": "return",
        f"shop.src.main.main -> {STORE}.item.Item.new": "attribute",
        f"shop.src.main.main -> {STORE}.item.Priced.twice": "return",
        f"shop.src.main.main -> {STORE}.item.Item.price": "attribute",
        f"shop.src.main.main -> {STORE}.item.total": "import",
        "shop.src.args.Args.parse -> shop.src.args.default_path": "import",
    }


def test_imports_lead_to_modules_of_the_crate_and_of_others() -> None:
    store = "crates/store/src"
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        f"<{store}/lib.rs> -> <{store}/item.rs>",
        f"<{store}/lib.rs> -> <{store}/log/mod.rs>",
        f"<{store}/lib.rs> -> std",
        f"<{store}/log/mod.rs> -> <{store}/log/inner.rs>",
        f"<shop/src/main.rs> -> <{store}/lib.rs>",
        f"<shop/src/main.rs> -> <{store}/item.rs>",
        "<shop/src/main.rs> -> <shop/src/args.rs>",
    }


def test_trait_impls_are_inheritance_and_their_functions_override() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {f"{STORE}.item.Item -> {STORE}.item.Priced"}
    assert edges(PROJECT, EdgeType.OVERRIDES) == {f"{STORE}.item.Item.price -> {STORE}.item.Priced.price"}
    assert f"{STORE}.lib.Store -> {STORE}.lib.Store.drop" in edges(PROJECT, EdgeType.DEFINES)


def test_a_type_and_its_impl_block_may_be_in_different_files() -> None:
    sources = {
        "src/lib.rs": "mod kind;\nmod more;\npub fn run(kind: kind::Kind) { kind.go(); kind.stay(); }",
        "src/kind.rs": "pub struct Kind;",
        "src/more.rs": "use crate::kind::Kind;\nimpl Kind { pub fn go(&self) {} }\n"
        "impl super::Other { fn stay(&self) {} }",
    }
    assert calls(sources) == {"lib.run -> more.Kind.go": "annotation"}


def test_a_method_of_the_type_itself_hides_that_of_a_trait() -> None:
    sources = {
        "src/lib.rs": """
            struct Entry;
            trait Named { fn path(&self) -> u8; fn name(&self) -> u8; }
            impl Named for Entry {
                fn path(&self) -> u8 { 1 }
                fn name(&self) -> u8 { 2 }
            }
            impl Entry { fn path(&self) -> u8 { 3 } }
            fn run(entry: &Entry) { entry.path(); entry.name(); }
        """
    }
    assert calls(sources) == {
        "lib.run -> lib.Entry.path#1": "annotation",
        "lib.run -> lib.Entry.name": "annotation",
    }


def test_definitions_say_what_a_reader_wants_to_know() -> None:
    facts = parse_source("lib.rs", PROJECT["crates/store/src/lib.rs"])
    store, opened = facts.definitions[0], facts.definitions[1]
    assert facts.docstring == "Keeps things."
    assert (store.kind, store.docstring, store.signature) == ("struct", "A store\nof items.", "pub struct Store")
    assert (opened.kind, opened.qualified_name) == ("method", "Store.open")
    assert opened.signature == "pub fn open(path: &str) -> Result<Self, std::io::Error>"
    assert "static" in opened.modifiers
    assert [item.qualified_name for item in facts.definitions if item.kind == "module"] == ["tests"]
