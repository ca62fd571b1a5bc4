"""TypeScript and JavaScript projects of a few lines, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from tests.graph.resolving import calls, edges, find_edge, resolve

PROJECT = {
    "src/impl.ts": "export function work() {}\nexport default class Main { run() {} }\n"
    "export const tool = () => 1;",
    "src/index.ts": "export * from './impl';\nexport { tool as renamed, default as Main } from './impl';\n"
    "export * as all from './impl';",
    "src/app.ts": """
        import { work, renamed, Main, all } from '.';
        work();
        renamed();
        new Main().run();
        all.tool();
    """,
}


def test_reexports_of_every_kind_lead_to_the_definition() -> None:
    assert calls(PROJECT) == {
        "<src/app.ts> -> impl.work": "import",
        "<src/app.ts> -> impl.tool": "import",
        "<src/app.ts> -> impl.Main": "constructor",
        "<src/app.ts> -> impl.Main.run": "constructor",
    }
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<src/index.ts> -> <src/impl.ts>",
        "<src/app.ts> -> <src/index.ts>",
    }


def test_default_named_and_namespace_imports_resolve_extensions_and_index_files() -> None:
    sources = {
        "lib/one.tsx": "export default function One() { return null }",
        "lib/two/index.js": "export function two() {}",
        "lib/three.ts": "export const three = async () => {};",
        "main.ts": """
            import Anything from './lib/one';
            import { two as second } from './lib/two';
            import * as third from './lib/three.js';
            import fs from 'node:fs';
            import './styles.css';
            Anything(); second(); third.three(); fs.readFileSync('x');
        """,
    }
    assert calls(sources) == {
        "<main.ts> -> lib.one.One": "import",
        "<main.ts> -> lib.two.two": "import",
        "<main.ts> -> lib.three.three": "import",
    }
    assert edges(sources, EdgeType.IMPORTS) == {
        "<main.ts> -> <lib/one.tsx>",
        "<main.ts> -> <lib/two/index.js>",
        "<main.ts> -> <lib/three.ts>",
        "<main.ts> -> node:fs",
    }


def test_this_super_fields_and_constructor_properties_are_typed() -> None:
    sources = {
        "store.ts": "export class Store { save() {} }\nexport class Base { constructor() {} open() {} }",
        "service.ts": """
            import { Base, Store } from './store';

            export class Service extends Base {
              private cache = new Store();
              constructor(private store: Store) { super(); }
              open() { super.open(); this.close(); }
              close = () => { this.store.save(); this.cache.save(); };
            }
        """,
    }
    assert calls(sources) == {
        "service.Service -> store.Store": "constructor",
        "service.Service.constructor -> store.Base.constructor": "super",
        "service.Service.open -> store.Base.open": "super",
        "service.Service.open -> service.Service.close": "self",
        "service.Service.close -> store.Store.save": "attribute",
    }
    assert edges(sources, EdgeType.INHERITS) == {"service.Service -> store.Base"}
    assert edges(sources, EdgeType.OVERRIDES) == {"service.Service.open -> store.Base.open"}


def test_annotations_promises_arrays_and_casts_are_followed() -> None:
    sources = {
        "m.ts": """
            interface Runner { run(): Promise<Result>; }
            class Result { show() {} }
            async function main(runner: Runner, all: Array<Result>, unknown: any) {
              (await runner.run()).show();
              for (const item of all) item.show();
              (unknown as Result).show();
            }
        """
    }
    project = resolve(sources)
    assert find_edge(project, EdgeType.CALLS, "m.main", "m.Result.show").properties["lines"] == "5,6,7"
    assert calls(sources) == {"m.main -> m.Runner.run": "annotation", "m.main -> m.Result.show": "annotation"}


def test_components_are_called_where_they_are_used() -> None:
    sources = {
        "Button.jsx": "import { memo } from 'react';\nexport const Button = memo(({ label }) => <b>{label}</b>);",
        "App.tsx": "import { Button } from './Button';\n"
        "export default function App() { return <Button label='x' />; }",
    }
    assert calls(sources) == {"App.App -> Button.Button": "import"}


def test_commonjs_modules_export_objects_members_and_themselves() -> None:
    sources = {
        "a.js": "function hidden() {}\nmodule.exports = { shown: hidden, made() { this.shown(); } };",
        "b.js": "exports.one = function () {};\nclass Two { go() {} }\nexports.Two = Two;",
        "c.js": "module.exports = function () {};",
        "main.js": """
            const a = require('./a');
            const { one, Two } = require('./b');
            const c = require('./c');
            a.shown(); a.made(); one(); new Two().go(); c();
        """,
    }
    assert calls(sources) == {
        "a.exports.made -> a.hidden": "self",
        "<main.js> -> a.hidden": "attribute",
        "<main.js> -> a.exports.made": "attribute",
        "<main.js> -> b.one": "import",
        "<main.js> -> b.Two": "constructor",
        "<main.js> -> b.Two.go": "constructor",
        "<main.js> -> c.exports": "import",
    }


def test_modules_are_passed_on_by_require_and_circles_of_it_end() -> None:
    sources = {
        "real.js": "module.exports = class Real { go() {} };",
        "index.js": "module.exports = require('./real');",
        "all.js": "module.exports = { other: require('./index') };\nexports.made = require('./real');",
        "one.js": "module.exports = require('./two');",
        "two.js": "module.exports = require('./one');",
        "main.js": """
            const Real = require('./index');
            const all = require('./all');
            const one = require('./one');
            new Real().go();
            new all.other().go();
            new all.made().go();
            one(); one.x(); new one();
        """,
        "child.js": "const Base = require('./real');\n"
        "module.exports = class Child extends Base { go() { super.go(); } };",
    }
    project = resolve(sources)
    assert find_edge(project, EdgeType.CALLS, "<main.js>", "real.Real").properties["lines"] == "5,6,7"
    assert calls(sources) == {
        "<main.js> -> real.Real": "constructor",
        "<main.js> -> real.Real.go": "constructor",
        "child.Child.go -> real.Real.go": "super",
    }
    assert edges(sources, EdgeType.INHERITS) == {"child.Child -> real.Real"}


def test_objects_of_functions_and_namespaces_are_scopes() -> None:
    sources = {
        "m.ts": """
            export const api = {
              list() { return this.fetchAll(); },
              fetchAll: () => 1,
            };
            namespace Tools {
              export function first() { second(); }
              export function second() {}
            }
            api.list();
            Tools.first();
        """
    }
    assert calls(sources) == {
        "m.api.list -> m.api.fetchAll": "self",
        "m.Tools.first -> m.Tools.second": "lexical",
        "<m.ts> -> m.api.list": "attribute",
        "<m.ts> -> m.Tools.first": "attribute",
    }


def test_calls_in_anonymous_callbacks_belong_to_the_function_around_them() -> None:
    sources = {
        "m.ts": """
            function save(x: number) {}
            function main(items: number[], save2: any) {
              items.forEach((item) => { save(item); });
              items.map(save => save(1));
            }
        """
    }
    assert calls({"m.ts": sources["m.ts"].replace("items.map(save => save(1));", "")}) == {
        "m.main -> m.save": "lexical"
    }
    assert calls(sources) == {}


def test_the_alias_of_the_source_folder_is_understood() -> None:
    sources = {
        "web/src/lib/http.ts": "export function get() {}",
        "web/src/pages/home.ts": "import { get } from '@/lib/http';\nget();",
    }
    assert calls(sources) == {"<web/src/pages/home.ts> -> web.src.lib.http.get": "import"}


def test_python_and_typescript_never_call_each_other() -> None:
    sources = {
        "a.py": "class Engine:\n    def ignite_engine(self): pass",
        "b.ts": "function main(e) { e.ignite_engine(); }",
    }
    assert calls(sources) == {}
