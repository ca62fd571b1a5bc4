"""Ruby projects of a few files, each with every edge that it must give and no other."""

from __future__ import annotations

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import calls, edges

PROJECT = {
    "lib/shop.rb": """
        require "json"
        require_relative "shop/loud"
        require "shop/order"

        module Shop
          def self.open(name)
            Order.new(name)
          end
        end
    """,
    "lib/shop/loud.rb": """
        module Shop
          module Loud
            def shout
              prefix + name
            end

            def prefix = "!"
          end

          module Finders
            def find_all
              build
            end
          end
        end
    """,
    "lib/shop/order.rb": """
        module Shop
          class Base
            attr_reader :name

            def initialize(name)
              @name = name
            end

            def close(reason = nil)
              log(reason)
            end

            private

            def log(text)
            end
          end

          class Order < Base
            include Loud
            extend Finders

            def initialize(name)
              super
              @lines = [Line.new]
            end

            def self.build
              new("x").close
            end

            def close(reason = nil)
              super(reason)
              shout
              @lines.each { |line| line.pack }
              reason = 1
              reason
              self.class.build
            end

            class Line
              def pack; end
            end
          end
        end
    """,
    "lib/shop/more.rb": """
        class Shop::Order
          def again
            close
            Shop.open("y").again
            raise Failure, "no"
          end

          alias repeat again
          Failure = Class.new(StandardError)
        end
    """,
    "bin/run.rb": """
        require "shop"

        def helper
        end

        order = Shop::Order.new("a")
        order.repeat
        order.name
        Shop::Order.find_all
        Shop::Order.shout
        helper
        lost
    """,
    "bin/other.rb": """
        helper
        def lost; end
    """,
}


def test_modules_reopened_classes_and_both_kinds_of_methods_are_kept_apart() -> None:
    assert calls(PROJECT) == {
        "<bin/run.rb> -> bin.run.helper": "lexical",
        "<bin/run.rb> -> lib.shop.loud.Shop.Finders.find_all": "attribute",
        "<bin/run.rb> -> lib.shop.more.Shop.Order.repeat": "attribute",
        "lib.shop.more.Shop.Order.repeat -> lib.shop.more.Shop.Order.again": "self",
        "<bin/run.rb> -> lib.shop.order.Shop.Base.name": "attribute",
        "<bin/run.rb> -> lib.shop.order.Shop.Order": "attribute",
        "<bin/run.rb> -> lib.shop.order.Shop.Order.initialize": "attribute",
        "lib.shop.Shop.open -> lib.shop.order.Shop.Order": "attribute",
        "lib.shop.Shop.open -> lib.shop.order.Shop.Order.initialize": "attribute",
        "lib.shop.loud.Shop.Loud.shout -> lib.shop.loud.Shop.Loud.prefix": "self",
        "lib.shop.more.Shop.Order.again -> lib.shop.Shop.open": "attribute",
        "lib.shop.more.Shop.Order.again -> lib.shop.more.Shop.Order.Failure": "attribute",
        "lib.shop.more.Shop.Order.again -> lib.shop.more.Shop.Order.again": "return",
        "lib.shop.more.Shop.Order.again -> lib.shop.order.Shop.Order.close": "self",
        "lib.shop.order.Shop.Base.close -> lib.shop.order.Shop.Base.log": "self",
        "lib.shop.order.Shop.Order.build -> lib.shop.order.Shop.Order": "constructor",
        "lib.shop.order.Shop.Order.build -> lib.shop.order.Shop.Order.close": "self",
        "lib.shop.order.Shop.Order.build -> lib.shop.order.Shop.Order.initialize": "constructor",
        "lib.shop.order.Shop.Order.close -> lib.shop.loud.Shop.Loud.shout": "self",
        "lib.shop.order.Shop.Order.close -> lib.shop.order.Shop.Base.close": "super",
        "lib.shop.order.Shop.Order.close -> lib.shop.order.Shop.Order.Line.pack": "container",
        "lib.shop.order.Shop.Order.close -> lib.shop.order.Shop.Order.build": "self",
        "lib.shop.order.Shop.Order.initialize -> lib.shop.order.Shop.Base.initialize": "super",
        "lib.shop.order.Shop.Order.initialize -> lib.shop.order.Shop.Order.Line": "attribute",
    }


def test_mixins_and_superclasses_are_inherited() -> None:
    assert edges(PROJECT, EdgeType.INHERITS) == {
        "lib.shop.order.Shop.Order -> lib.shop.order.Shop.Base",
        "lib.shop.order.Shop.Order -> lib.shop.loud.Shop.Loud",
        "lib.shop.order.Shop.Order -> lib.shop.loud.Shop.Finders",
        "lib.shop.more.Shop.Order -> lib.shop.order.Shop.Base",
        "lib.shop.more.Shop.Order -> lib.shop.loud.Shop.Loud",
        "lib.shop.more.Shop.Order -> lib.shop.loud.Shop.Finders",
    }
    assert edges(PROJECT, EdgeType.OVERRIDES) == {
        "lib.shop.order.Shop.Order.close -> lib.shop.order.Shop.Base.close"
    }


def test_requires_find_files_in_the_load_path() -> None:
    assert edges(PROJECT, EdgeType.IMPORTS) == {
        "<lib/shop.rb> -> json",
        "<lib/shop.rb> -> <lib/shop/loud.rb>",
        "<lib/shop.rb> -> <lib/shop/order.rb>",
        "<bin/run.rb> -> <lib/shop.rb>",
    }


def test_a_class_method_and_an_instance_method_of_one_name_are_two() -> None:
    sources = {
        "a.rb": """
            class Job
              def self.call(x)
                new.call(x)
              end

              class << self
                def perform = call(1)
              end

              def call(x)
                run
              end

              def run; end
              define_method(:later) { run }
            end
        """
    }
    assert calls(sources) == {
        "a.Job.call -> a.Job": "constructor",
        "a.Job.call -> a.Job.call#1": "self",
        "a.Job.perform -> a.Job.call": "self",
        "a.Job.call#1 -> a.Job.run": "self",
        "a.Job.later -> a.Job.run": "self",
    }


def test_a_method_written_in_a_block_is_seen_in_the_block_alone() -> None:
    sources = {
        "a_spec.rb": """
            describe "one" do
              def app = 1
              it { app }
            end
            describe "two" do
              it { app }
            end
        """
    }
    assert calls(sources) == {"<a_spec.rb> -> a_spec.app": "lexical"}


def test_classes_from_outside_that_are_reopened_are_found() -> None:
    sources = {
        "helper.rb": "class Minitest::Test\n  def app; end\nend",
        "a_test.rb": "class ATest < Minitest::Test\n  def test_it\n    app\n    assert(1)\n  end\nend",
    }
    assert calls(sources) == {"a_test.ATest.test_it -> helper.Minitest.Test.app": "self"}


def test_a_definition_has_signature_comment_and_span() -> None:
    source = "# Adds.\n# Twice.\ndef add(a, *rest, k: 1, &block)\n  a\nend\n"
    (definition,) = parse_source("a.rb", source).definitions
    assert (definition.signature, definition.docstring) == ("def add(a, *rest, k: 1, &block)", "Adds.\nTwice.")
    assert (definition.start_line, definition.end_line) == (3, 5)
    assert [parameter.name for parameter in definition.parameters] == ["a", "rest", "k", "block"]


def test_the_method_of_an_unknown_receiver_is_not_guessed() -> None:
    sources = {
        "a.rb": "class Only\n  def discombobulate\n  end\nend\n\ndef run(thing)\n  thing.discombobulate\nend\n"
    }
    assert calls(sources) == {}


def test_an_accessor_is_two_methods_and_reads_what_was_assigned() -> None:
    sources = {
        "a.rb": """
            class Part
              def run; end
            end

            class Whole
              attr_accessor :part, :other

              def initialize
                @part = Part.new
              end

              def go
                self.other = part
                part.run
              end
            end
        """
    }
    assert calls(sources) == {
        "a.Whole.initialize -> a.Part": "constructor",
        "a.Whole.go -> a.Whole.part": "self",
        "a.Whole.go -> a.Whole.other=": "self",
        "a.Whole.go -> a.Part.run": "return",
    }
