"""Messages to the bot alone: any text is a question, and the conversation keeps the answer."""

from __future__ import annotations

from tests.office import Office, labels, table


async def test_a_direct_message_is_answered_in_its_conversation(office: Office) -> None:
    answer = await office.tell("jane", "sessions last 20d")
    assert answer.via == "chat.postMessage"
    assert (answer.channel, answer.visible_to) == (office.dm("jane"), None)
    assert table(answer)[1:]
    print(labels(answer))
    print(answer.text)
    assert "Share in channel" not in labels(answer)

    again = await office.press("jane", answer, "Refresh")
    assert (again.ts, again.via) == (answer.ts, "chat.update")
    print(office.slack.calls[-4:])
