"""Help: what each role reads in it, and what it never names."""

from __future__ import annotations

from tests.office import Office
from tests.shown import labels

FOR_COACHES = ("asking", "words", "numbers", "digests", "coaching", "alerts", "privacy")
# The questions that each role is offered, its topics, and words that it doesn't read.
READERS = {
    "jane": (
        ["What next?", "My week", "My last session"],
        ("asking", "words", "numbers", "privacy"),
        ("dmin", "oach", "team [", "inactive", "prep", "exec digest", "link", "status", "@jane"),
    ),
    "bob": (
        ["Who should I talk to?", "How is my team doing?", "Who hasn't practiced this week?"],
        FOR_COACHES,
        ("Admins:", "link @", "`status`"),
    ),
    "ana": (
        ["Compare the groups", "Who hasn't practiced this week?", "Top performers last month"],
        FOR_COACHES,
        (),
    ),
}


async def test_help_fits_the_role_of_its_reader(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    for who, (questions, topics, hidden) in READERS.items():
        short = await office.ask(who, "")
        assert labels(short) == [*questions, "All topics"]
        assert len(short.text) < 250
        pages = [await office.ask(who, f"help {topic}") for topic in topics]
        for message in (short, *pages):
            assert [word for word in hidden if word in message.text] == []
        for topic in (*topics[1:], "bot"):
            assert f"/exec help {topic}" in pages[0].text
        assert (await office.press(who, short, "All topics")).text == pages[0].text


async def test_an_empty_message_or_mention_shows_the_same_questions(office: Office) -> None:
    questions, *_ = READERS["jane"]
    for said, channel in (("@exec", "west-coast"), ("help", ""), ("?", "")):
        answer = await office.tell("jane", said, channel)
        assert labels(answer) == [*questions, "All topics"]


async def test_ten_sentences_are_about_the_bot(office: Office) -> None:
    answer = await office.ask("jane", "help bot")
    sections = [block for block in answer.blocks if block["type"] == "section"]
    assert len(sections) == 11  # with a title
    for word in ("admins", "low score", "recordings", "delete", "audit me", "nudge", "reminders"):
        assert word in answer.text


async def test_help_about_a_report_is_help_about_asking(office: Office) -> None:
    reports = await office.ask("jane", "help asking")
    assert (await office.ask("jane", "team help")).text == reports.text
