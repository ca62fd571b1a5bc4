"""Ruby."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_ruby

from graph.languages.language import Dialect, Language, Rules, words
from graph.languages.ruby.extraction import extract
from graph.languages.ruby.modules import RequireLocator

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="ruby",
    extensions=("rb", "rake", "ru", "gemspec"),
    rules=Rules(
        constructor="initialize",
        explicit_self=False,
        class_body_binds=False,
        lexical_kinds=frozenset({"class", "module"}),
        neutral_bases=frozenset({"Object", "BasicObject", "Kernel", "Comparable", "Enumerable"}),
        submodules=False,
        builtins=frozenset({"__dir__", "__method__", "block_given?", "binding", "caller", "lambda", "proc"}),
        common_methods=words(
            "abs add all any append apply args arity at attributes between body bytes bytesize call capitalize",
            "ceil changed chars children chomp chop class clear clone close code collect compact concat",
            "config content count create cycle data default define delete detect digest dirname display",
            "downcase drop dump dup each each_key each_line each_pair each_slice each_value each_with_index",
            "each_with_object empty encode encoding end entries env errors eql error even every exec execute",
            "exist exists exit extend extname fail fetch file filename fill filter find find_all find_index",
            "first flat_map flatten flush format freeze get gets get_byte gsub handle has_key hash headers hex",
            "host id include index info inject input insert inspect instance_eval instance_exec instance_of",
            "intersect invert is_a join key keys kind_of last length lines lines list ljust load lock log lstrip",
            "map match max member merge merge message method method_missing min mode name new next nil none now",
            "odd on one open options ord output params parse partition pass path pick pop position post print",
            "push puts raise rand read readline readlines reduce reject remove rename render replace request",
            "require reset resolve respond_to response result reverse rewind rindex rjust rotate round rstrip",
            "run sample save scan seek select send set shift shuffle size skip sleep slice sort sort_by source",
            "split squeeze start start_with stat status step stop store string strip sub succ sum swapcase",
            "symbolize_keys synchronize take tap tell test text then throw time times to_a to_ary to_f to_h",
            "to_hash to_i to_json to_proc to_s to_str to_sym token tr transform_keys transform_values trim",
            "truncate type union uniq unlink unlock unpack unshift upcase update upto url use valid value values",
            "values_at version wait warn warning width with_index wrap write yield zero zip",
            "delete! dup! merge! map! select! reject! sort! sub! gsub! strip! uniq! flatten! compact! concat!",
            "empty? nil? any? all? none? one? include? key? has_key? value? member? is_a? kind_of? respond_to?",
            "start_with? end_with? equal? eql? exist? file? directory? zero? positive? negative? even? odd?",
            "frozen? match? between? valid? closed? alive?",
        ),
        shared=True,
        reopened_kinds=frozenset({"class", "module"}),
        implicit_members=True,
        static_apart=True,
        guesses=False,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_ruby.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=RequireLocator,
    family="ruby",
)
