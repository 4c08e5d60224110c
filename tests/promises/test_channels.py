"""What a channel sees: answers that people share, and rankings."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.office import NOW, Office, berlin
from tests.office_fixtures import OpenOffice
from tests.shown import (
    Button,
    buttons,
    column,
    columns,
    everything,
    first_line,
    names_in,
    numbers,
    offers,
    table,
)


async def test_what_is_shared_is_shown_first_and_can_be_removed(office: Office) -> None:
    answer = await office.ask("jane", "sessions me last 30d", "west-coast")
    shown = await office.press("jane", answer, Button.SHARE)
    assert shown.visible_to == office.user("jane")
    assert len(office.members("west-coast")) in numbers(shown.text)
    assert table(shown) == table(answer)
    assert office.posts("west-coast") == []

    await office.press_only("jane", shown, Button.POST)

    (post,) = office.posts("west-coast")
    assert table(post) == table(answer)
    assert "Jane Smith" in post.text
    (remove,) = [button for button in buttons(post) if button["text"]["text"] == Button.REMOVE]
    assert "disappears" in remove["confirm"]["text"]["text"]
    for who in ("priya", "gina.guest"):
        await office.press_only(who, post, Button.REMOVE)
        assert office.posts("west-coast") == [post]
    await office.press_only("jane", post, Button.REMOVE)
    assert office.posts("west-coast") == []


async def test_an_answer_in_a_direct_message_is_shared_in_a_channel_of_choice(
    office: Office,
) -> None:
    answer = await office.tell("jane", "sessions me last 30d")
    assert not offers(answer, Button.SHARE)
    form = await office.form("jane", answer, "Share in…")
    ack = await office.submit("jane", form, {"channel": office.channel("west-coast")})
    shown = await office.answer_to("jane", answer.channel, ack)
    assert office.posts("west-coast") == []
    await office.press_only("jane", shown, Button.POST)
    (post,) = office.posts("west-coast")
    assert table(post) == table(answer)

    form = await office.form("jane", answer, "Share in…")
    before = len(office.dms("jane"))
    ack = await office.submit("jane", form, {"channel": answer.channel})
    assert not offers(await office.answer_to("jane", answer.channel, ack), Button.POST)
    assert len(office.dms("jane")) <= before + 1


async def test_an_admin_removes_what_another_shared(office: Office) -> None:
    answer = await office.ask("jane", "sessions me last 30d", "west-coast")
    post = await office.share("jane", answer)
    assert post is not None
    await office.press_only("ana", post, Button.REMOVE)
    assert office.posts("west-coast") == []


async def test_nothing_is_posted_where_outsiders_or_a_crowd_read(office: Office) -> None:
    ana, team = office.user("ana"), office.slack.team
    team.add_channel("crowd", [ana, *(office.add_user(f"Crowd {n}") for n in range(200))])
    team.add_channel("unseen", [ana], private=True, has_bot=False)
    for channel in ("with-our-agency", "with-globex", "crowd", "unseen"):
        answer = await office.ask("ana", "sessions last 7d", channel)
        assert table(answer), channel  # privately, they get it all the same
        assert await office.share("ana", answer) is None, channel


async def test_a_guest_who_joins_before_it_is_posted_stops_it(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d", "west-coast")
    shown = await office.press("ana", answer, Button.SHARE)
    office.members("west-coast").append(office.user("gina.guest"))

    await office.press("ana", shown, Button.POST)

    assert office.posts("west-coast") == []


async def test_a_post_whose_arrival_is_unknown_is_not_posted_twice(office: Office) -> None:
    answer = await office.ask("ana", "sessions last 7d", "west-coast")
    shown = await office.press("ana", answer, Button.SHARE)
    office.slack.fault("response_url", "drop")
    office.slack.fault("chat.postMessage", "drop")

    await office.press_only("ana", shown, Button.POST)
    await office.at(NOW + timedelta(minutes=5))

    assert len(office.posts("west-coast")) == 1


async def test_a_channel_sees_counts_and_averages_without_names(office: Office) -> None:
    answer = await office.ask("ana", 'sessions group:"West Coast" last 7d', "west-coast")
    post = await office.share("ana", answer)

    assert post is not None
    assert numbers(first_line(post))[0] == numbers(first_line(answer))[0] > 20
    assert "Who" not in columns(post)
    assert names_in(post, office.roster("West Coast")) == set()
    assert not re.search(r"\w@\w", everything(post))


async def test_a_channel_never_sees_names_of_people_without_practice(office: Office) -> None:
    answer = await office.ask("ana", 'team group:"West Coast"', "west-coast")
    assert {"Sam Lee", "Liam Murphy"} <= set(column(answer, "Who"))
    post = await office.share("ana", answer)

    assert post is not None
    assert {9, 11} <= set(numbers(post.text))
    assert table(post) == []
    assert not re.search("Sam Lee|Liam Murphy", everything(post))


async def test_reports_about_people_who_need_help_are_not_for_channels(office: Office) -> None:
    await office.ask("ana", 'coach add @ana "West Coast"')
    for said in ("inactive", "assignments overdue", "prep @jane", "who should I talk to"):
        post = await office.share("ana", await office.ask("ana", said, "west-coast"))
        assert post is None or names_in(post, office.world.members.values()) == {"Ana Costa"}


async def test_a_channel_sees_no_average_of_fewer_than_three_people(office: Office) -> None:
    """Three people practiced this week, and only one of them last week."""
    office.without_sessions()
    for who, days, score in (
        *(("jane", days, 62) for days in (8, 9, 10)),
        *(("jane", 3, 61), ("jane", 2, 95), ("noah.williams", 2, 70), ("priya", 2, 80)),
    ):
        office.practice(who, days=days, score=score)
    await office.at(NOW + timedelta(hours=20))

    async def post(question: str) -> str:
        answer = await office.ask("ana", question, "west-coast")
        shared = await office.share("ana", answer)
        assert shared is not None, answer.text
        return everything(shared)

    compared = await post('compare this week vs last week group:"West Coast"')
    assert "76.5" in compared
    assert "62.0" not in compared
    scenarios = await post('scenarios group:"West Coast" this week')
    assert "76.5" in scenarios
    assert not re.search(r"78\.0|\+34", scenarios)  # Jane's own average and lift


async def test_no_average_of_few_can_be_subtracted_from_a_trend(office: Office) -> None:
    for said, has_total in (("trend", True), ('trend group:"West Coast" last 14d by day', False)):
        answer = await office.ask("ana", said, "west-coast")
        few = [row for row in table(answer) if int(row["People"]) < 3 and row["Average"] != "–"]
        assert bool(few) is not has_total, said
        post = await office.share("ana", answer)
        assert post is not None
        assert all(row["Average"] == "–" for row in table(post) if int(row["People"]) < 3)
        assert any(row["Average"] != "–" for row in table(post))
        assert ("graded" in post.text) is has_total, said


async def test_no_address_that_is_used_as_a_name_is_posted(office: Office) -> None:
    office.account("ana").real_name = "ana.costa@acme.com"
    for email, names in (("no.name", ("", "")), ("named.so", ("Named", "named.so@acme.com"))):
        office.world.add_member(*names, f"{email}@acme.com", groups=("West Coast",))
        office.practice(email, days=0.1)
    await office.at(NOW + timedelta(hours=7))
    asked = "sessions jane@acme.com no.name@acme.com named.so@acme.com last 7d"
    post = await office.share("ana", await office.ask("ana", asked, "west-coast"))
    assert post is not None
    assert not re.search(r"\S@\S|no\.name|Named", everything(post))
    assert "Ana Costa" in post.text


async def test_results_of_one_or_two_people_are_not_shared_by_others(office: Office) -> None:
    for said in (
        "sessions @jane last 7d",
        "sessions @jane @bob last 7d",
        'sessions group:"West Coast" not @jane last 30d',
        "session last @jane gold",
    ):
        answer = await office.ask("ana", said, "west-coast")
        assert await office.share("ana", answer) is None, said


async def test_people_share_their_own_session_without_execs_feedback(office: Office) -> None:
    answer = await office.ask("jane", "session last gold", "west-coast")
    grades = column(answer, "Item")
    assert grades
    post = await office.share("jane", answer)

    assert post is not None
    assert set(numbers(post.text)) & {float(n) for n in re.findall(r"\d+\.\d", answer.text)}
    assert not [item for item in grades if item in everything(post)]
    assert "“" not in everything(post)  # no quotes


async def test_people_who_hide_their_name_are_not_named_in_a_channel(office: Office) -> None:
    answer = await office.ask("ana", 'progress group:"West Coast" last 60d', "west-coast")
    shown = await office.press("ana", answer, Button.SHARE)
    praised = next(
        name
        for name in (person.name for person in office.roster("West Coast"))
        if name in everything(shown)
    )
    await office.ask(office.person(praised).email.partition("@")[0], "me unnamed")

    await office.press_only("ana", shown, Button.POST)

    (post,) = office.posts("west-coast")
    assert praised not in everything(post)


# Rankings


async def test_by_default_only_coaches_and_admins_read_a_ranking(office: Office) -> None:
    answer = await office.ask("ana", "leaderboard", "west-coast")
    assert len(table(answer)) == 25
    assert await office.share("ana", answer) is None

    own = await office.ask("jane", "leaderboard", "west-coast")

    assert names_in(own, office.world.members.values()) == {"Jane Smith"}
    assert len(table(own)) == 1
    assert await office.share("jane", own) is None


async def test_with_rankings_off_everybody_sees_their_own_place(
    open_acquainted: OpenOffice,
) -> None:
    async with open_acquainted(EXECBOT_NAMED_RANKING="off") as office:
        answer = await office.ask("ana", "leaderboard")
        named = names_in(answer, office.world.members.values())
        assert len(named - {"Ana Costa"}) == 0


async def test_with_rankings_for_channels_the_first_five_are_named(
    open_acquainted: OpenOffice,
) -> None:
    async with open_acquainted(EXECBOT_NAMED_RANKING="channel") as office:
        ranked = column(await office.ask("ana", "leaderboard", "west-coast"), "Who")
        first = next(member for member in office.world.members.values() if member.name == ranked[2])
        await office.ask(first.email.partition("@")[0], "me unnamed")

        answer = await office.ask("ana", "leaderboard", "west-coast")
        post = await office.share("ana", answer)

        assert post is not None
        assert column(post, "Who") == [*ranked[:2], *ranked[3:6]]
        few = " ".join(f"{office.person(name).email}" for name in ranked[:5])
        assert await office.share("ana", await office.ask("ana", f"leaderboard {few}")) is None


async def test_a_ranking_comes_to_a_channel_by_the_clock_only_where_it_may(
    open_acquainted: OpenOffice,
) -> None:
    said = "digest leaderboard last week every monday 9:00"
    for setting, posts in (("coach", 0), ("channel", 1)):
        async with open_acquainted(EXECBOT_NAMED_RANKING=setting) as office:
            await office.ask("ana", said, "west-coast")
            await office.at(berlin("2026-03-23 9:00"))
            assert len(office.posts("west-coast")) == posts
            for post in office.posts("west-coast"):
                assert max(map(int, column(post, "Place"))) <= 5  # more people on a tie


async def test_an_answer_in_a_channel_is_for_the_asker_alone(office: Office) -> None:
    for answer in (
        await office.ask("ana", "sessions last 7d", "west-coast"),
        await office.tell("ana", "sessions last 7d", "west-coast"),
    ):
        assert answer.visible_to == office.user("ana")
    assert offers(answer, Button.SHARE)
    assert office.posts("west-coast") == []


async def test_sharing_is_not_offered_where_nothing_is_posted(office: Office) -> None:
    assert offers(await office.ask("ana", "team"), Button.SHARE)
    answer = await office.ask("ana", "team", "with-globex")
    assert not offers(answer, Button.SHARE)
    assert not offers(answer, Button.WEEKLY)


async def test_sharing_is_offered_only_where_the_bot_can_post(office: Office) -> None:
    asked = 'team group:"East Coast" last 30d'
    channel = office.slack.team.channel_called("east-coast")
    channel.members.append(office.user("ana"))
    answer = await office.ask("ana", asked, "east-coast")
    assert table(answer)
    assert not offers(answer, Button.SHARE)
    refused = await office.ask("ana", 'digest "East Coast" every monday 9:00', "east-coast")
    assert "/invite" in refused.text
    channel.has_bot = True
    assert offers(await office.ask("ana", asked, "east-coast"), Button.SHARE)
