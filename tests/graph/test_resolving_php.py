"""PHP projects of a few files, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "src/Http/Kernel.php": """<?php
        namespace App\\Http;

        use App\\Models\\{User, Post as Entry};
        use Psr\\Log\\LoggerInterface;
        use function App\\helper;

        class Kernel extends Base implements Runs
        {
            use Logs;

            private ?User $user;

            public function __construct(private Entry $entry, LoggerInterface $log)
            {
                parent::__construct();
                $this->log = $log;
                $log->save();
            }

            public function run(User $given): static
            {
                $this->entry->publish();
                $this->user->save();
                $given->name()->publish();
                self::make()->run($given);
                helper();
                local();
                strlen("x");
                $this->note();
                foreach ($this->all() as $item) {
                    $item->save();
                }
                return new static($this->entry, $this->log);
            }

            /** @return User[] */
            private function all(): array { return [new User(), new User]; }

            public static function make(): self { return new Kernel(); }
        }

        function local(): void {}
    """,
    "src/Http/Base.php": """<?php
        namespace App\\Http;

        abstract class Base
        {
            public function __construct() {}
            abstract public function run(\\App\\Models\\User $given);
        }

        interface Runs {}

        trait Logs
        {
            protected function note(): void { $this->unknown(); }
        }
    """,
    "src/Models/models.php": """<?php
        namespace App\\Models;

        class User
        {
            public function save(): bool { return true; }
            public function name(): Post { return new Post; }
        }

        class Post
        {
            public function publish(): void {}
        }
    """,
    "src/helpers.php": """<?php
        namespace App;

        require_once __DIR__ . '/Models/models.php';

        function helper(): void { \\App\\Http\\local(); }
        function strlen(string $text): int { return 1; }
    """,
    "other/User.php": """<?php
        namespace Other;

        class User { public function save() { local(); } }
        function local() {}
    """,
}


def test_names_mean_what_use_and_namespace_say() -> None:
    assert calls(PROJECT) == {
        "Http.Kernel.App.Http.Kernel.__construct -> Http.Base.App.Http.Base.__construct": "super",
        "Http.Kernel.App.Http.Kernel.all -> Models.models.App.Models.User": "constructor",
        "Http.Kernel.App.Http.Kernel.make -> Http.Kernel.App.Http.Kernel": "constructor",
        "Http.Kernel.App.Http.Kernel.make -> Http.Kernel.App.Http.Kernel.__construct": "constructor",
        "Http.Kernel.App.Http.Kernel.run -> Http.Base.App.Http.Logs.note": "self",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.Kernel": "constructor",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.Kernel.__construct": "constructor",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.Kernel.all": "self",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.Kernel.make": "self",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.Kernel.run": "return",
        "Http.Kernel.App.Http.Kernel.run -> Http.Kernel.App.Http.local": "lexical",
        "Http.Kernel.App.Http.Kernel.run -> Models.models.App.Models.Post.publish": "annotation",
        "Http.Kernel.App.Http.Kernel.run -> Models.models.App.Models.User.name": "annotation",
        "Http.Kernel.App.Http.Kernel.run -> Models.models.App.Models.User.save": "annotation",
        "Http.Kernel.App.Http.Kernel.run -> helpers.App.helper": "import",
        "Models.models.App.Models.User.name -> Models.models.App.Models.Post": "constructor",
        "helpers.App.helper -> Http.Kernel.App.Http.local": "import",
        "other.User.Other.User.save -> other.User.Other.local": "lexical",
    }


def test_classes_traits_and_interfaces_are_inherited() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {
        "Http.Kernel.App.Http.Kernel -> Http.Base.App.Http.Logs",
        "Http.Kernel.App.Http.Kernel -> Http.Base.App.Http.Base",
        "Http.Kernel.App.Http.Kernel -> Http.Base.App.Http.Runs",
    }
    assert edges(PROJECT, EdgeType.OVERRIDES) == {"Http.Kernel.App.Http.Kernel.run -> Http.Base.App.Http.Base.run"}


def test_uses_and_includes_are_imports() -> None:
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<src/Http/Kernel.php> -> <src/Models/models.php>",
        "<src/Http/Kernel.php> -> Psr.Log.LoggerInterface",
        "<src/Http/Kernel.php> -> <src/helpers.php>",
        "<src/helpers.php> -> <src/Models/models.php>",
    }


def test_closures_catches_enums_and_static_properties_are_typed() -> None:
    sources = {
        "a.php": """<?php
            enum Suit: string {
                case Hearts = 'h';
                public function label(): string { return 'x'; }
            }
            class Failure extends \\Exception { public function report() {} }
            class Pool {
                private static ?Pool $one = null;
                public static function get(): Pool { return self::$one ??= new self(); }
                public function go() {}
            }
            function main(array $all) {
                Suit::Hearts->label();
                Pool::get()->go();
                $each = fn(Pool $pool) => $pool->go();
                try { $x = $all[0] ?? new Pool(); $x->go(); } catch (Failure $error) { $error->report(); }
                $made = new class extends Pool { public function go() { parent::go(); } };
                $all[0]->unheard();
            }
        """
    }
    assert calls(sources) == {
        "a.Pool.get -> a.Pool": "constructor",
        "a.main -> a.Suit.label": "self",
        "a.main -> a.Pool.get": "attribute",
        "a.main -> a.Pool": "constructor",
        "a.main -> a.Pool.go": "constructor",
        "a.main -> a.Failure.report": "annotation",
        "a.main.anonymous.go -> a.Pool.go": "super",
    }


def test_functions_fall_back_to_the_global_namespace() -> None:
    sources = {
        "lib.php": "<?php\nfunction shared() {}\n",
        "a.php": "<?php\nnamespace A;\nfunction run() { shared(); \\shared(); namespace\\shared(); other(); }\n",
        "b.php": "<?php\nnamespace B;\nfunction other() {}\n",
    }
    assert calls(sources) == {"a.A.run -> lib.shared": "import"}


def test_a_definition_has_signature_comment_and_namespace() -> None:
    source = "<?php\nnamespace A\\B;\n/**\n * Says.\n */\nfinal class C extends D\n{\n}\n"
    (definition,) = parse_source("a.php", source).definitions
    assert (definition.qualified_name, definition.signature) == ("A.B.C", "final class C extends D")
    assert (definition.docstring, definition.bases) == ("Says.", ("::A::B::D",))
