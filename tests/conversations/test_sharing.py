"""From a private answer to a channel: who will see it, the post, and the way back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.sandbox.slack_workspace import Message, SlackUser
from tests.workspace import Workspace, button, labels, table

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


async def test_who_will_see_it_is_shown_first(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions me last 30d", "west-coast")
    asked = await workspace.press("ana", answer, "Share in channel")
    people = workspace.slack.team.channel_called("west-coast").members
    assert asked.text.startswith(
        f"{len(people)} people in #west-coast will see your own practice, just like this: "
    )
    assert " sessions: Ana Costa, last 30 days\n" in asked.text
    assert labels(asked) == ["Post it", "Cancel"]
    assert asked.visible_to == workspace.user("ana")
    assert public(workspace) == []
    assert table(workspace.seen("ana", "west-coast")[0]) == table(answer)  # it stays above


async def test_post_it(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions me last 30d", "west-coast")
    asked = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", asked, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    (post,) = public(workspace)
    assert post.channel == workspace.channel("west-coast")
    assert table(post) == table(answer)
    assert "Shared by Ana Costa" in post.text
    assert any("Shared by Ana Costa" in str(block) for block in post.blocks)
    assert workspace.slack.mentions_of(post) == []
    shown = workspace.seen("ana", "west-coast")
    assert "Post it" not in [label for message in shown for label in labels(message)]


@pytest.mark.begins(after=jane_shared)
@pytest.mark.parametrize("who", ["jane", "ana"])
async def test_the_sharer_and_an_admin_remove_it(workspace: Workspace, who: str) -> None:
    (post,) = public(workspace)
    assert button(post, "Remove")["confirm"]["deny"]["text"] == "Keep"
    await workspace.press_only(who, post, "Remove")
    await workspace.until(lambda: public(workspace) == [])


@pytest.mark.begins(after=jane_shared)
async def test_nobody_else_removes_it(workspace: Workspace) -> None:
    (post,) = public(workspace)
    for who, told in (
        ("priya", "Only the person who shared this, or an admin"),
        ("gina.guest", "Guests can't"),
        ("gus.globex", "Practice results stay"),
    ):
        refused = await workspace.press_still(who, post, "Remove")
        assert refused.text.startswith(told)
        assert public(workspace) == [post]


REFUSED = {
    "with-globex": "People from other companies are in #with-globex",
    "with-our-agency": "A guest is in #with-our-agency",
    "secret": "I can't see who is in this channel",
    "two-guests": "2 guests are in #two-guests",
    "huge": "#huge has 301 members.",
}


async def test_where_it_is_not_posted(workspace: Workspace) -> None:
    team = workspace.slack.team
    ana = workspace.user("ana")
    guest = team.add_user(SlackUser("U6001", "g2", "Gil Guest", "g@x.example", is_restricted=True))
    team.add_channel("secret", [ana], private=True, has_bot=False)
    team.add_channel("two-guests", [ana, guest.id, workspace.user("gina.guest")])
    team.add_channel("huge", [ana] * 300)
    for channel, heard in REFUSED.items():
        answer = await workspace.ask("ana", "sessions last 7d", channel)
        refusal = await workspace.press("ana", answer, "Share in channel")
        assert refusal.text.startswith(heard)
        assert public(workspace) == []
        assert answer in workspace.seen("ana", channel)


async def test_a_guest_who_joined_meanwhile_stops_the_post(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d", "west-coast")
    asked = await workspace.press("ana", answer, "Share in channel")
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("gina.guest"))
    refusal = await workspace.press("ana", asked, "Post it")
    assert refusal.text.startswith("A guest is in #west-coast")
    assert public(workspace) == []


async def test_no_button_in_a_direct_message(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d", workspace.dm("ana"))
    assert table(answer)
    assert "Share in channel" not in labels(answer)


async def test_a_drop_while_posting_is_not_posted_twice(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d", "west-coast")
    asked = await workspace.press("ana", answer, "Share in channel")
    workspace.slack.fault("response_url", "drop")
    ack = await workspace.press_only("ana", asked, "Post it")
    told = await workspace.heard("ana", "west-coast", after=ack)
    if told.visible_to is None:
        told = await workspace.heard("ana", "west-coast", after=told)
    assert told.text.startswith("Slack broke off while I was posting")
    assert len(public(workspace)) == 1


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
    await workspace.bot.work.drain()
    (post,) = public(workspace)
    said = f"{post.text} {post.blocks}"
    assert not re.search(r"\S@\S|Jane|no\.name|Named", said)
    assert "3 people, " in post.text
    assert "Average score" in post.text
    assert table(post) == []
    assert "Shared by Ana Costa" in post.text


async def test_who_is_praised_and_hid_their_name_since_is_not_shared(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'progress group:"West Coast" last 60d', "west-coast")
    confirm = await workspace.press("ana", answer, "Share in channel")
    west = [each.name for each in workspace.world.roster("West Coast")]
    (praised, *_) = [name for name in west if name in str(confirm.blocks[2:])]
    await workspace.ask(workspace.world.person(praised).email, "me unnamed")
    for message, label in ((confirm, "Post it"), (answer, "Share in channel")):
        refusal = await workspace.press("ana", message, label)
        assert refusal.text.startswith("Somebody in this asked me since not to name them")
    again = await workspace.press("ana", answer, "Refresh")
    shown = await workspace.press("ana", again, "Share in channel")
    assert praised not in str(shown.blocks[2:])
    assert public(workspace) == []


@pytest.mark.new_here
async def test_no_mean_of_one_or_two_people_stands_in_what_is_shared(workspace: Workspace) -> None:
    """Three practiced this week; of them one alone did last week, and came further at a second
    attempt."""
    for each in [*workspace.world.sessions]:
        workspace.world.delete(each.id)
    of_jane = [("jane", days, 62) for days in (8, 9, 10)] + [("jane", 3, 61), ("jane", 2, 95)]
    for who, days, score in (*of_jane, ("noah.williams", 2, 70), ("priya", 2, 80)):
        at = workspace.clock() - timedelta(days=days)
        workspace.world.add_session(f"{who}@acme.com", "Renewal Save", at, score=score)

    async def post(question: str) -> dict[str, list[str]]:
        workspace.clock.tick(61)
        answer = await workspace.ask("ana", question, "west-coast")
        confirm = await workspace.press("ana", answer, "Share in channel")
        await workspace.press("ana", confirm, "Post it")
        await workspace.bot.work.drain()
        return {row[0]: row[1:] for row in table(public(workspace)[-1])}

    scenarios = await post('scenarios group:"West Coast" this week')
    people, graded, average, _, *came = scenarios["Renewal Save"]
    assert (people, graded, average, *came) == ("3", "4", "76.5", "–", "–", "–")
    compared = await post('compare this week vs last week group:"West Coast"')
    assert (compared["Average"], compared["Lift"]) == (["76.5", "–", "–"], ["–", "–", "–"])
    groups = await post("team this week")
    assert groups["West Coast"] == ["11", "3", "4", "76.5", "76.5", "–"]
