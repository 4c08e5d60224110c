"""From a private answer to a channel: who will see it, the post, and the way back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.demo.slack_workspace import Message
from tests.workspace import Workspace, labels, table

pytestmark = pytest.mark.acquainted


def public(workspace: Workspace) -> list[Message]:
    """What the bot has posted for everybody."""
    bot = workspace.slack.team.bot_user_id
    return [m for m in workspace.slack.messages if m.visible_to is None and m.user == bot]


async def shared(workspace: Workspace, who: str = "ana", channel: str = "west-coast") -> Message:
    """An answer that someone shared, as the channel sees it."""
    answer = await workspace.ask(who, "sessions me last 30d", channel)
    asked = await workspace.press(who, answer, "Share in channel")
    await workspace.press(who, asked, "Post it")
    await workspace.until(lambda: is_told(workspace, who, channel))
    (post,) = public(workspace)
    return post


async def jane_shared(workspace: Workspace) -> None:
    await shared(workspace, "jane")


def is_told(workspace: Workspace, who: str, channel: str) -> bool:
    texts = [message.text for message in workspace.seen(who, channel)]
    return f"Posted in #{channel}." in texts


REFUSED = {
    "with-globex": "People from other companies are in #with-globex",
    "with-our-agency": "A guest is in #with-our-agency",
    "secret": "I can't see who is in this channel",
    "two-guests": "2 guests are in #two-guests",
    "huge": "#huge has 301 members.",
}


async def test_no_button_in_a_direct_message(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d", workspace.dm("ana"))
    assert table(answer)
    assert "Share in channel" not in labels(answer)


async def test_a_direct_message_is_no_place_to_share_in(workspace: Workspace) -> None:
    here = workspace.dm("ana")
    answer = await workspace.tell("ana", "sessions last 7d")
    form = await workspace.open_form("ana", answer, "Share in…")
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {"channel": here})
    told = await workspace.heard("ana", here, after=ack)
    assert told.text == "You can share only in a channel. Choose one, then try again."


@pytest.mark.new_here
async def test_neither_names_nor_addresses_stand_in_what_is_shared(workspace: Workspace) -> None:
    """Not of those who were asked about, nor the sharer's own address."""
    workspace.slack.team.users[workspace.user("ana")].real_name = "ana.costa@acme.com"
    people = {"no.name@acme.com": ("", ""), "named.so@acme.com": ("Named", "named.so@acme.com")}
    for email, names in people.items():
        workspace.world.add_member(*names, email, groups=("West Coast",))
        an_hour_ago = workspace.clock() - timedelta(hours=1)
        workspace.world.add_session(email, "Renewal Save", an_hour_ago, score=88.0)
    question = "sessions jane@acme.com no.name@acme.com named.so@acme.com worst top 3 last 7d"
    answer = await workspace.ask("ana", question, "west-coast")
    confirm = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", confirm, "Post it")
    await workspace.bot.drain()
    (post,) = public(workspace)
    said = f"{post.text} {post.blocks}"
    assert not re.search(r"\S@\S|Jane|no\.name|Named", said)
    assert "3 people, " in post.text
    assert "Average score" in post.text
    assert table(post) == []
    assert "Shared by Ana Costa" in post.text
