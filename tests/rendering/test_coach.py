"""What coaches and the people they coach are told, whatever there is to tell."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.coach_views import NudgePreviewView
from bot.rendering.messages import Messages
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import assert_fits, nodes, texts
from tests.rendering.small import NUDGE

MESSAGES = Messages()


def buttons(message):
    return [node for node in nodes(message.blocks) if node.get("type") == "button"]


def test_of_many_people_there_are_five_lines_and_six_buttons():
    company = made.company(200)
    view = digest_samples.coach_messages(company)["coach-late"]
    message = MESSAGES.draw(view)
    assert_fits(message)
    assert len(view.report.conversations) > 100
    assert len(view.report.lines) <= 5
    assert len(buttons(message)) <= 6
    assert [each.get("style") for each in buttons(message)].count("primary") == 1
    assert buttons(message)[0]["style"] == "primary"
    assert " more" in message.text


def test_the_preview_of_a_nudge_is_what_will_be_sent():
    typed = "Hi <!channel> *Sam* :wave:,\n\n  see <@U1> a_b 2*3 *_now_*\r\n@here https://x.y"
    nudge = replace(NUDGE, words=typed)
    sent, preview = (
        MESSAGES.draw(nudge),
        MESSAGES.draw(NudgePreviewView("n_1", nudge, "Sam Lee")),
    )
    note, words, *_ = texts(sent)
    assert words == (
        "> Hi &lt;!channel&gt; *Sam* :wave:,\n> see &lt;@U1&gt; a_b 2*3 *_now_*\n"
        "> @here https://x.y"
    )
    assert texts(preview)[1] == f"> {note}\n{words}"
    assert_fits(sent)
    for nowhere in ("", "javascript:alert(1)", "https://x.com/" + "x" * 3_000, "<!here>"):
        unlinked = MESSAGES.draw(replace(NUDGE, link=nowhere))
        assert [each["text"]["text"] for each in buttons(unlinked)] == ["Reply to Ana"]
