"""The budget holds for any text, forms are taken as the rules say, and a cut never opens a code block."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supastate.search.context.assembling import plan_sections
from supastate.search.context.budgeting import allot, choose
from supastate.search.context.counting import MESSAGE_TOKENS, count_tokens
from supastate.search.context.model import SECTIONS, Candidate, Form, Section
from supastate.search.context.shortening import FENCE, MARK, cut_lines, cut_text, shorten

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.one_of(
    st.text(max_size=2_000),
    st.text(alphabet="。数据 🎉👩‍👩‍👧‍👦\u0301é`~\n.ab", max_size=2_000),
    st.lists(
        st.sampled_from(["```py", "```", "~~~", "x = 1", "Done. Next!", "", "完成。", "a" * 300]), max_size=60
    ).map("\n".join),
)


def make_candidate(*texts: str, place: int = 0) -> Candidate:
    forms = tuple(Form(name, text) for name, text in zip(("full", "shortened", "signature"), texts, strict=False))
    return Candidate(role="user", source={"id": place}, forms=forms, why={}, place=place)


def make_candidates(texts: Sequence[str]) -> list[Candidate]:
    return [
        make_candidate(text, shorten(text, most=60), place=place)
        for place, text in enumerate(texts)
        if text.strip()
    ]


def open_fence(text: str) -> str:
    """Return the fence of the block that a text leaves open, '' if none."""
    fence = ""
    for line in text.split("\n"):
        marks = line.strip()
        if fence:
            fence = "" if len(marks) >= len(fence) and set(marks) == {fence[0]} else fence
        elif opening := FENCE.match(line):
            fence = opening["fence"]
    return fence


@untimed
@given(
    budget=st.integers(200, 100_000),
    code=st.lists(TEXTS, max_size=8),
    turns=st.lists(TEXTS, max_size=8),
    memories=st.lists(TEXTS, max_size=8),
)
def test_no_text_breaks_any_budget(budget: int, code: list[str], turns: list[str], memories: list[str]) -> None:
    listed = {
        Section.CODE: make_candidates(code),
        Section.TURNS: make_candidates(turns),
        Section.MEMORIES: make_candidates(memories),
    }
    plans = plan_sections(listed, budget=budget, left_out={})
    texts = [item.form.text for plan in plans for item in plan.chosen]
    assert sum(count_tokens(text) + MESSAGE_TOKENS for text in texts) <= budget
    shown = sum(len(plan.chosen) for plan in plans)
    assert shown + sum(len(plan.left_out) for plan in plans) == sum(map(len, listed.values()))


@untimed
@given(text=TEXTS, most=st.integers(1, 400))
def test_an_extract_is_within_its_room_and_marked_and_leaves_no_block_open(text: str, most: int) -> None:
    short = shorten(text, most=most, words={"done"})
    assert count_tokens(short) <= most
    if short not in (text, ""):
        assert MARK in short or "".join(short.split()).startswith("".join(text.split()))  # only space is left out
        assert not open_fence(short)
    for cut in (cut_text(text, most=most), cut_lines(text, most=most)):
        assert count_tokens(cut) <= most
        assert cut in (text, "") or cut.endswith(MARK)


@untimed
@given(parts=st.lists(st.text(max_size=60), max_size=6))
def test_counts_add_up_to_no_less_than_the_whole(parts: list[str]) -> None:
    assert count_tokens("".join(parts)) <= sum(map(count_tokens, parts))


@untimed
@given(budget=st.integers(0, 5_000), wants=st.tuples(*[st.integers(0, 5_000)] * len(SECTIONS)))
def test_shares_are_within_the_budget_and_nothing_wanted_lies_idle(budget: int, wants: tuple[int, ...]) -> None:
    wanted = dict(zip(SECTIONS, wants, strict=True))
    given = allot(budget, wants=wanted, shares=SECTIONS)
    assert sum(given.values()) <= budget
    assert all(given[section] <= wanted[section] for section in Section)
    idle = budget - sum(given.values())
    assert idle < len(Section) or given == wanted


def test_a_section_with_nothing_leaves_its_share_to_the_others_in_proportion() -> None:
    shares = {Section.CODE: 40, Section.TURNS: 30, Section.MEMORIES: 30}
    wants = {Section.CODE: 0, Section.TURNS: 10_000, Section.MEMORIES: 10_000}
    assert allot(1_000, wants=wants, shares=shares) == {
        Section.CODE: 0,
        Section.TURNS: 500,
        Section.MEMORIES: 500,
    }


def test_no_text_takes_more_than_half_of_what_is_left_while_others_wait() -> None:
    long, short = "word " * 300, "word " * 20
    first, second = make_candidate(long, short), make_candidate(short)
    room = Form("full", long).tokens + 10
    assert [item.form.name for item in choose([first, second], room=room)] == ["shortened", "full"]
    assert [item.form.name for item in choose([first], room=room)] == ["full"]


def test_the_extract_keeps_the_first_the_asked_for_and_the_last() -> None:
    middle = [f"Filler number {n} is of no use here." for n in range(30)]
    text = "\n".join(["We met on Monday.", *middle, "The lease is 330 seconds.", *middle, "All agreed."])
    short = shorten(text, most=45, words={"lease"}, reach=40)
    assert short.startswith("We met on Monday.\n…\n")
    assert "\n…\nThe lease is 330 seconds.\n…\n" in short
    assert short.endswith("All agreed.")


def test_a_code_block_is_kept_whole_or_closed() -> None:
    block = "```python\nx = 1\n```"
    assert block in shorten(f"See this.\n{block}\n" + "More words follow here. " * 40, most=40)
    assert shorten("```python\n" + "x = 1\n" * 200, most=30).endswith("…\n```")


def test_a_character_is_not_cut_from_its_marks() -> None:
    family = "👩‍👩‍👧‍👦"
    kept = cut_text(family * 50, most=40).removesuffix(MARK)
    assert kept == family * (len(kept) // len(family))
    assert kept
