"""C++ projects of a few files, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "include/db/db.h": """
        #pragma once
        #include <string>
        namespace db {
        class LIB_EXPORT Base {
         public:
          virtual ~Base();
          virtual bool Get(const std::string& key) = 0;
          void Log() {}
        };
        class Table : public Base {
         public:
          explicit Table(int size);
          Table(int size, int step);
          bool Get(const std::string& key) override;
          static Table* Open();
          void Lock() EXCLUSIVE_LOCKS_REQUIRED(mu_);
         private:
          bool Find();
          Cache cache_;
          std::unique_ptr<Cache> spare_;
          std::string name_;
        };
        }  // namespace db
    """,
    "include/db/cache.h": """
        namespace db {
        class Cache {
         public:
          int Look(int a) { return a; }
          int Look(int a, int b) { return a; }
        };
        }
    """,
    "src/db.cc": """
        #include "db/db.h"
        #include "db/cache.h"
        namespace db {
        namespace {
        int Helper() { return 1; }
        }
        Table::Table(int size) : name_("x") { Helper(); }
        Table::Table(int size, int step) {}
        bool Table::Get(const std::string& key) {
          Log();
          this->cache_.Look(1);
          spare_->Look(1, 2);
          name_.Find();
          return Find();
        }
        Table* Table::Open() { return new Table(3); }
        bool Table::Find() { return db::Free(); }
        bool Free() { return Helper() > 0; }
        }  // namespace db
    """,
    "src/main.cc": """
        #include <db/db.h>
        using namespace db;
        static int Helper() { return 2; }
        int main() {
          auto table = Table::Open();
          table->Get("k");
          Table local(1, 2);
          auto made = std::make_unique<db::Table>(1);
          made->Log();
          Helper();
          for (const auto& item : unknown()) item.Look(1);
          return Free();
        }
    """,
}


def test_members_written_anywhere_are_called_through_fields_locals_and_namespaces() -> None:
    assert calls(PROJECT) == {
        "db.db.Table.Table -> db.db.Helper": "lexical",
        "db.db.Table.Get -> include.db.db.db.Base.Log": "self",
        "db.db.Table.Get -> include.db.cache.db.Cache.Look": "annotation",
        "db.db.Table.Get -> include.db.cache.db.Cache.Look#1": "annotation",
        "db.db.Table.Get -> db.db.Table.Find": "self",
        "db.db.Table.Open -> include.db.db.db.Table": "constructor",
        "db.db.Table.Open -> db.db.Table.Table": "constructor",
        "db.db.Table.Find -> db.db.Free": "attribute",
        "db.db.Free -> db.db.Helper": "lexical",
        "main.main -> db.db.Table.Open": "attribute",
        "main.main -> db.db.Table.Get": "return",
        "main.main -> include.db.db.db.Table": "constructor",
        "main.main -> db.db.Table.Table": "attribute",
        "main.main -> db.db.Table.Table#1": "constructor",
        "main.main -> include.db.db.db.Base.Log": "attribute",
        "main.main -> include.db.cache.db.Cache.Look": "unique_method",
        "main.main -> main.Helper": "lexical",
        "main.main -> db.db.Free": "import",
    }


def test_bases_and_overridden_methods_cross_files() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {"include.db.db.db.Table -> include.db.db.db.Base"}
    assert edges(PROJECT, EdgeType.OVERRIDES) == {"db.db.Table.Get -> include.db.db.db.Base.Get"}


def test_templates_containers_and_aliases_are_looked_through() -> None:
    sources = {
        "a.hpp": """
            template <typename T>
            class List : public Shared<T> {
             public:
              T* first() { return grow(); }
              T* grow() { return nullptr; }
            };
            struct Item { void show(); static Item make(); };
            inline void Item::show() {}
            inline Item Item::make() { return Item(); }
            using Items = std::vector<Item>;
        """,
        "b.cpp": """
            #include "a.hpp"
            void run(const std::vector<Item*>& all, std::map<int, Item> named, List<Item> list) {
              for (auto* item : all) item->show();
              named[3].show();
              list.first();
              Item::make().show();
              static_cast<Item*>(list.raw())->show();
              [](Item& inner) { inner.show(); };
            }
        """,
    }
    found = calls(sources)
    assert found == {
        "a.List.first -> a.List.grow": "self",
        "a.Item.make -> a.Item": "constructor",
        "b.run -> a.Item.show": "annotation",
        "b.run -> a.List.first": "annotation",
        "b.run -> a.Item.make": "attribute",
    }


def test_overloads_that_cannot_be_told_apart_are_said_to_be_so() -> None:
    sources = {
        "a.cc": """
            struct Slice { Slice(const char* s) {} Slice(int n) {} };
            void put(int a) {}
            void put(char a) {}
            void put(int a, int b) {}
            void run() { put(1); put(1, 2); Slice s(1); }
        """
    }
    assert calls(sources) == {
        "a.run -> a.put": "overload",
        "a.run -> a.put#1": "overload",
        "a.run -> a.put#2": "lexical",
        "a.run -> a.Slice": "constructor",
    }


def test_a_test_of_googletest_is_a_method_of_its_fixture() -> None:
    sources = {
        "a_test.cc": """
            class StoreTest : public testing::Test { public: void Fill() {} };
            TEST_F(StoreTest, Keeps) { Fill(); }
        """
    }
    assert calls(sources) == {"a_test.StoreTest.Keeps -> a_test.StoreTest.Fill": "self"}


def test_same_names_in_other_namespaces_and_classes_are_not_meant() -> None:
    sources = {
        "a.cc": """
            namespace one { void go() {} struct Car { void drive() {} }; }
            namespace two { struct Car { void stop() {} };
            void run(Car c, Unknown u) { go(); c.drive(); u.drive(); } }
        """
    }
    assert calls(sources) == {}


def test_of_classes_with_one_name_the_included_one_is_meant() -> None:
    program = "namespace a {{ class Job {{ public: void Run() {{ Step(); }} void Step() {{}} }}; }}"
    sources = {
        "include/job.h": "namespace a { class Job { public: virtual void Run() = 0; }; }",
        "src/one.cc": program.format(),
        "src/two.cc": program.format(),
        "src/main.cc": "namespace a { class Job { public: void Go() {} }; }\nint main() { a::Job job; job.Go(); }",
        "src/user.cc": '#include "job.h"\nnamespace a { void use(Job* job) { job->Run(); job->Step(); } }',
    }
    assert calls(sources) == {
        "one.a.Job.Run -> one.a.Job.Step": "self",
        "two.a.Job.Run -> two.a.Job.Step": "self",
        "main.main -> main.a.Job": "attribute",
        "main.main -> main.a.Job.Go": "annotation",
        "user.a.use -> include.job.a.Job.Run": "annotation",
    }


def test_a_definition_is_named_with_its_namespaces_and_class() -> None:
    source = "namespace a::b {\n/// Says.\ntemplate <class T>\nT Box<T>::get(int n) const {\n return x;\n}\n}\n"
    *outer, method = parse_source("a.cc", source).definitions
    assert [(item.kind, item.qualified_name) for item in outer] == [("namespace", "a"), ("namespace", "a.b")]
    assert (method.kind, method.qualified_name, method.docstring) == ("method", "a.b.Box.get", "Says.")
    assert method.signature == "template <class T> T Box<T>::get(int n) const"
