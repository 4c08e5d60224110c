"""What people ask about the bot itself, or want of it that it can't do, in plain words: a sentence,
and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot import access
from bot.answer import Answerer, Request
from bot.errors import Sentence, Suggestion
from bot.features import Feature
from bot.language.phrases import ABOUT
from bot.language.text import first_word
from bot.rendering.messages import View
from bot.rendering.views import NoticeView

# By the keys of `language/about_words.py`: first about the bot itself, then what it can't do.
SENTENCES = MappingProxyType(
    {
        "told": "Only you see my answers, and nobody gets a message about your question. But "
        "everybody can look up who looked at their practice, by name and day.",
        "warned": "No single bad attempt is told to anybody. Coaches read every week whom to talk "
        "to and why; where they want to, they hear of a first gold, of silence, of a low average "
        "over three attempts, and of what is overdue.",
        "seen": "You see your own practice. A coach also sees that of their people, every attempt "
        "of it, and an admin everybody's.",
        "typed": "I read what is said to me, and only you see my answers until you share one. I "
        "keep the words of questions for a month, and note who looked at whose practice.",
        "stored": "I store who did what and when, with scores and ranks, and no recording or "
        "transcript, for as long as whoever runs me has set, and who looked at whose practice.",
        "forget": "Whoever runs me can remove all that I store of somebody. Who is still in Exec "
        "comes back: delete them there first.",
        "hosted": "I run where whoever set me up has put me, with a database of their own, and "
        "show what I read in Exec in Slack alone. Ask them about hosting and privacy.",
        "operator": "That is for whoever runs me in your company: they have my settings, my key "
        "and my version.",
        "bot": "I'm a bot, and no language model: I look for words and names that I know, and "
        "answer with figures from Exec.",
        "rude": "Sorry that I was of no help. This is what I can answer:",
        "nervous": "That's all right: it is practice, nothing is lost by a bad attempt, and you "
        "can repeat it as often as you like.",
        "channels": "Ask here, after `{command}` anywhere in Slack, or with a mention in a "
        "channel: only you see the answer until you share it.",
        "usage": "I count nobody's questions. I note who looked at whose practice, and tell an "
        "admin of one person at a time: `{command} audit @jane`.",
        "counted": "Averages are of graded sessions only, lift is the best score minus the first, "
        "and Exec's own staff is left out. `{command} help numbers` says the rest.",
        "broken": "An attempt that breaks off is incomplete: I list it, and it counts in no "
        "average.",
        "fresh": "Whenever somebody asks I look for new sessions, unless I did within the last "
        "minute. Exec's grades may come later: *Refresh* in the menu under an answer reads again.",
        "up": "I'm up. Whenever somebody asks I look for new sessions in Exec; while Exec is away "
        "I answer from what I have, and say so.",
        "share": "*Share in channel* under an answer that you get in a channel shows you first "
        "what others will read. Whoever shared it can remove it again.",
        "file": "*Export CSV* in the menu under an answer sends you its rows as a file. It is for "
        "admins, and for coaches about their people.",
        "source": "All figures come from Exec: its sessions, scores and assignments, which I read "
        "and add up. `{command} help numbers` explains them.",
        "language": "I read English. Whoever runs me can have my answers in other words.",
        "accounts": "I find people in Exec by the e-mail address of their Slack account. Where "
        "that differs, an admin joins the two: `{command} link @jane jane@example.com`.",
        "discouraged": "That happens. Ten minutes on one thing is enough to begin with: here is "
        "what Exec said last time, and what might be next.",
        "ranks": "Gold, silver and bronze are Exec's own ranks: I show them and work none out, so "
        "I know no score that makes one.",
        "grades": "Scores, grades and ranks are Exec's own: I show them, and neither make nor "
        "change any. Your coach or an Exec admin is whom to ask.",
        "practise": "Practice runs in Exec, as often as you like. *What next* has a link.",
        "zone": "Times are in the time zone of your Slack profile, and weeks start on Monday.",
        "ranking": "Whoever runs me sets who may read a ranking with names, in "
        "`EXECBOT_NAMED_RANKING`.",
        "hide": "I can leave your name out of all I post in channels: digests, rankings and "
        "shared answers. Your coach and admins still see your practice.",
        "messages": "I pass on no messages: write to them in Slack. Your coach sees new sessions "
        "of yours as soon as I do.",
        "nudges": "A nudge is a direct message in a coach's name, who reads it first and can "
        "reword it; one an hour to each person, and there is no switch for them. The coach's list "
        "tells who practiced after it, and not who read it.",
        "access": "Who coaches somebody sees their practice, and an admin says who coaches whom: "
        '`{command} coach add @ana "West Coast"`.',
        "done": "*Done* under a person takes them off a coach's list until something new happens. "
        "I keep no notes.",
        "absent": "I know of no leave. *Done* under a person takes them off a coach's list until "
        "something new happens, and messages to yourself can be paused.",
        "beyond": "I can't do that: I work in Slack, answer questions about practice in Exec, and "
        "send digests, nudges and alerts.",
        "remind": "I can't remind anybody at a time they choose. What is due, and every Monday "
        "your own week, I can tell you.",
        "groups": "Who is in Exec, in which group, and an admin is decided there: I follow within "
        "a day, and figures are of who is in a group now.",
        "exec": "Assignments, scenarios, sessions and their scores are made and changed in Exec: I "
        "only read them.",
        "deals": "I know practice in Exec, and nothing of deals, quotas or win rates. With *Export "
        "CSV* an admin or a coach can set practice beside them elsewhere.",
        "forecast": "I tell what was, and predict nothing.",
        "recording": "I have no recordings or transcripts: they are in Exec. Of an attempt I have "
        "the score, and Exec's feedback with a few quotes.",
        "mail": "I answer in Slack only: no e-mail, slides or PDF. *Export CSV* in the menu under "
        "an answer sends admins and coaches its rows as a file, here.",
        "calendar": "I see no calendars and book nothing.",
        "content": "I'm no trainer and have no examples. What Exec said of your own attempts, and "
        "what to practice next, I can tell.",
    }
)
_WHO_LOOKED = Suggestion("Who looked at mine", "audit me")
_NEXT = Suggestion("What next", "what-next")
_HELP = Suggestion("What you can ask", "help")
_TALK = Suggestion("Who to talk to", "who should I talk to")
_FEEDBACK = Suggestion("My last feedback", "session me")
_SESSIONS = Suggestion("Sessions", "sessions {what}")
# `{what}` is what somebody named. Who is offered nothing here is offered the help.
WAYS = MappingProxyType(
    {
        **dict.fromkeys(("told", "warned", "seen", "typed", "usage"), (_WHO_LOOKED,)),
        **dict.fromkeys(("nudges", "done", "absent"), (_TALK,)),
        **dict.fromkeys(("nervous", "practice"), (_NEXT,)),
        **dict.fromkeys(("discouraged", "content"), (_FEEDBACK, _NEXT)),
        **dict.fromkeys(("deals", "mail"), (_SESSIONS,)),
        "broken": (Suggestion("My last sessions", "sessions me {what}"),),
        "fresh": (Suggestion("My sessions today", "sessions me today"),),
        "ranks": (Suggestion("My progress", "progress me"),),
        "grades": (_FEEDBACK,),
        "messages": (Suggestion("Who is my coach", "who is my coach"),),
        "hide": (Suggestion("Hide my name", "me unnamed"),),
        "remind": (Suggestion("What is due", "assignments me"), Suggestion("My week", "me")),
        "groups": (Suggestion("Groups", "which groups are there"),),
        "exec": (Suggestion("Assignments", "assignments {what}"), _SESSIONS),
        "forecast": (Suggestion("Trend so far", "trend {what}"),),
        "recording": (Suggestion("The last feedback", "session {what}"),),
        "calendar": (Suggestion("Prepare a 1:1", "prep {what}"),),
    }
)
OF_ADMINS = MappingProxyType(
    {key: (Suggestion("Status", "status"),) for key in ("fresh", "up", "operator")}
)


@dataclass(frozen=True, slots=True)
class About:
    """Answers questions about the bot. Raises UserError, SlackError and StorageError."""

    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(phrases={ABOUT: self.told})

    async def told(self, request: Request, rest: str) -> View:
        key, what = first_word(rest)
        ways = WAYS.get(key, (_HELP,))
        if access.visibility(request.asker).everyone:
            ways = (*OF_ADMINS.get(key, ()), *ways)
        filled = tuple(
            Suggestion(way.label, way.words.format(what=what).strip())
            for way in ways
            if what or "prep" not in way.words
        )
        offers = await self.answerer.offers(request.asker, filled)
        return NoticeView(Sentence(SENTENCES[key]), offers)
