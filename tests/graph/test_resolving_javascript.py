"""JavaScript from before it had classes: objects and classes that are built by assignment."""

from __future__ import annotations

from graph.elements import EdgeType
from tests.graph.resolving import calls, edges, resolve

PROJECT = {
    "view.js": """
        module.exports = View;
        function View(name) { this.path = this.lookup(name); }
        View.prototype.lookup = function lookup(name) { return tryStat(name); };
        View.prototype.render = function () { this.lookup(this.path); };
        View.open = function (name) { return new View(name); };
        function tryStat(name) {}
    """,
    "page.js": """
        var View = require('./view');
        var inherits = require('util').inherits;
        function Page() { View.call(this); }
        inherits(Page, View);
        Page.prototype.show = function () { this.render(); View.open('x').render(); };
        var Sheet = function () {};
        Sheet.prototype = Object.create(Page.prototype);
        Sheet.prototype.print = function () { this.show(); };
    """,
    "response.js": """
        var http = require('http');
        var res = Object.create(http.ServerResponse.prototype);
        module.exports = res;
        res.set = res.header = function header(name) { this.end(); };
        res.send = function send() { this.set('x'); this.unheard(); res.status(1); };
        res.status = (code) => res;
    """,
    "app.js": """
        var res = require('./response');
        var app = exports = module.exports = {};
        app.init = function () { this.handle(); };
        app.handle = function () { res.send(); res.status(1).header('y'); };
    """,
    "main.js": """
        const app = require('./app');
        const tools = { open() {} };
        tools.close = function () { this.open(); };
        app.init(); tools.close();
    """,
}


def test_this_is_the_object_whose_method_a_function_becomes_by_assignment() -> None:
    assert calls(PROJECT) == {
        "view.View.constructor -> view.View.lookup": "self",
        "view.View.lookup -> view.tryStat": "lexical",
        "view.View.render -> view.View.lookup": "self",
        "view.View.open -> view.View": "constructor",
        "view.View.open -> view.View.constructor": "constructor",
        "page.Page.show -> view.View.render": "self",
        "page.Page.show -> view.View.open": "attribute",
        "page.Sheet.print -> page.Page.show": "self",
        "response.res.send -> response.res.header": "attribute",
        "response.res.send -> response.res.status": "attribute",
        "app.app.init -> app.app.handle": "self",
        "app.app.handle -> response.res.send": "attribute",
        "app.app.handle -> response.res.status": "attribute",
        "app.app.handle -> response.res.header": "return",
        "main.tools.close -> main.tools.open": "self",
        "<main.js> -> app.app.init": "attribute",
        "<main.js> -> main.tools.close": "attribute",
    }


def test_a_function_with_a_prototype_is_a_class() -> None:
    kinds = {node.properties["qualifiedName"]: node.properties["kind"] for node in resolve(PROJECT).nodes}
    assert kinds["view.View"] == "class"
    assert kinds["view.View.constructor"] == kinds["view.View.render"] == "method"
    assert kinds["response.res"] == kinds["app.app"] == "object"
    assert edges(PROJECT, EdgeType.INHERITS) == {"page.Page -> view.View", "page.Sheet -> page.Page"}


def test_the_default_import_of_a_commonjs_module_is_the_module() -> None:
    sources = {
        "lib/tools.cjs": "exports.work = function () {};\n",
        "lib/main.js": "import tools from './tools.cjs';\ntools.work();\ntools.rest();\n",
    }
    assert calls(sources) == {"<lib/main.js> -> lib.tools.work": "import"}
