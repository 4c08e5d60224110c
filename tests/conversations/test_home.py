"""The Home tab: what each person finds there, and what comes of a press in it."""

from __future__ import annotations

from bot.sandbox.slack_records import View
from bot.storage.coaches import Coach
from tests.office import Office, labels


def said(view: View) -> str:
    """Everything that a Home tab says, but for its buttons."""
    found = []
    for block in view.blocks:
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [str(each["text"]) for each in texts if each and each.get("type") != "button"]
    return "\n".join(found)


async def coach_west(office: Office, who: str = "bob") -> None:
    """Somebody coaches West Coast, whose sessions of the last weeks are held."""
    west = next(id_ for id_, each in office.world.groups.items() if each.name == "West Coast")
    person = office.world.person(f"{who}@acme.com").id
    await office.bot.core.coaches.add(Coach(person, frozenset({west})), by="ana")
    await office.ask("ana", 'team "West Coast" last 60d')
    office.forget()


async def test_a_rep_sees_their_own(office: Office) -> None:
    await office.ask("jane", "me")
    office.forget()
    view = await office.open_home("jane")
    assert office.paths() == []
    text = said(view)
    assert text.startswith("I answer questions about practice on Exec")
    assert "Your practice  ·  13 – 19 March" in text
    assert "Your people" not in text
    assert labels(view).count("Feedback") == 5
    after = await office.press_home("jane", "Feedback")
    assert said(after).startswith("I answered in *Messages*.")
    (answer,) = office.seen("jane", office.dm("jane"))
    assert "Jane Smith, one session" in answer.text
