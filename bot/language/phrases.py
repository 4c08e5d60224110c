"""What people say for each report: a row is a pattern of plain words, and the report it asks for.

Patterns are matched against words in lower case, spelt one way (`SPELLINGS`), without punctuation,
with a blank between them. PERSON, GROUP, SCENARIO and THING stand for names, ME for the asker, MINE
for "my team", WE for "we" and "us". `x`, `a` and `b` are where somebody's name is expected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.language.days import MONTHS, WEEKDAYS

# What is asked is no report: whom a coach should talk to; what
# groups, scenarios, programs or collections there are; to get no more messages; who is last of all;
# figures of whoever it may be; who coaches the asker; how the bot itself works.
THANKS, HELLO, HELP, TALK = "thanks", "hello", "help", "talk"
NEXT = "what next"
THINGS, STOP = "things", "stop"
LOWEST, STATS = "lowest", "stats"
OWN_COACH, ABOUT = "own coach", "about"
# What it is asked to do, which a button then does.
NUDGE, WATCH, COACHING = "nudge", "watch for", "coaching"
POST, POST_TO_ME, ADMINS = "post", "post to me", "admins"


# How people begin who want something done.
ASK = (
    r"(?:(?:and|also|then|ok|where|please|can|could|would|will|you|ME|WE|how|do|to|want|need|like|"
    r"go|ahead|just|let|help) )*"
)
# Answers about the bot: who sees the asker's practice, how they hide their name, and the rest.
SEEN, HIDE = "seen", "hide"
_PRACTISE = r"(?:practise|sessions?|scores?|results?|data|calls?|progress|feedback)"
_OF_NO_PRACTISE = (
    r"(?!.*(?:PERSON|GROUP|SCENARIO|THING|MINE|WE|practise|sessions?|scores?|overdue))"
)


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row: text with this `pattern` asks for this `report`.

    `words` are words of the language that the phrase says too; `{n}` in them is the part of that
    name in the pattern, `{what}` are all names in it and `{whom}` those of people and groups.
    `usual` are those of the period, where none is said. `is_nearest`: no report tells this; the
    nearest one is offered, and the phrase named as not understood.
    """

    pattern: re.Pattern[str]
    report: str
    words: str = ""
    usual: str = ""
    is_nearest: bool = False


def _rows(report: str, *patterns: str, words: str = "", usual: str = "") -> tuple[Phrase, ...]:
    return tuple(Phrase(_compiled(pattern), report, words, usual) for pattern in patterns)


def _nearest(report: str, *patterns: str, words: str = "") -> tuple[Phrase, ...]:
    return tuple(replace(row, is_nearest=True) for row in _rows(report, *patterns, words=words))


def _watch(pattern: str, words: str) -> tuple[Phrase, ...]:
    """A row of what is asked to be watched for, where its words are about these."""
    return _rows(WATCH, rf"{_WATCHED}(?={_TELL_ME}).*{pattern}.*", words=f"{{whom}} {words}")


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words; `<x>` in it is a few words, as many as fit at its end."""
    pattern = re.sub(r"<([xab])>$", r"(?P<\1>.{1,80})", pattern)
    pattern = re.sub(r"(?<!P)<([xab])>", r"(?P<\1>.{1,80}?)", pattern)
    return re.compile(rf"(?<!\S)(?:{pattern})(?:(?<=\s)|(?!\S))")


def _any_of(*patterns: str) -> re.Pattern[str]:
    """Whole words that fit one of these patterns."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(patterns)})(?!\S)")


_VERBS = sorted(word_set("is are was were has have had did do does could should would"))
# Spellings of one word, and words run together or cut short.
SPELLINGS = (
    {
        spelling: word
        for word, spellings in {
            "practise": "practice",
            "practised": "practiced",
            "practises": "practices",
            "practising": "practicing practisin practicin",
            "program": "programme",
            "programs": "programmes",
            "last": "latest newest",
            "session": "sesh attempt run try",
            "sessions": "attempts runs tries seshes",
            "scenario": "roleplay role-play",
            "scenarios": "roleplays role-plays",
            "person": "rep seller salesperson",
            "people": "reps sellers salespeople persons colleagues performers folks guys ppl peeps "
            "users scorers",
            "are": "r",
            "with": "w w/",
            "without": "w/o",
            "minutes": "mins min",
            "hours": "hrs hr",
            "doing": "doin",
            "going": "goin",
            "looking": "lookin",
            "getting": "gettin",
            "got": "gotten",
            "everyone 's": "everyones everybodys",
            "what is": "whats",
            "that is": "thats",
            "who is": "whos",
            "how": "hw",
            "how is": "hows",
            "how did": "how'd howd",
            "what did": "what'd whatd",
            "who did": "who'd whod",
            "when is": "whens",
            "where is": "wheres",
            "nobody": "no-one noone",
            "them": "em 'em",
            "percentage": "% pct",
            "versus": "vs v",
            "show": "display",
            "i": "i'm im i've ive i'd i'll",
            "we": "we're we've we'd we'll",
            "they": "they're they've",
            "you": "u",
            "you are": "you're youre",
            "where did": "where'd whered",
            "please": "pls plz",
            "and": "&",
            "performance": "perf",
            "anyone": "any1",
            "should": "shud shld",
            "everyone": "every1",
            "someone": "some1",
            "2": "two",
            "3": "three",
            "4": "four",
            "5": "five",
            "6": "six",
            "7": "seven",
            "8": "eight",
            "9": "nine",
            "10": "ten",
            "2 times": "twice",
        }.items()
        for spelling in spellings.split()
    }
    | {f"{verb}nt": f"{verb} not" for verb in _VERBS}
    | {"cant": "can not", "can't": "can not", "wont": "will not", "won't": "will not"}
)

TEAM_NOUNS = word_set(
    "team teams group people ppl peeps folks guys gang lot reps sellers crew squad "
    "department direct"
)
TEAM_OWNERS = frozenset(("my", "our", "the"))

# Manners, and what asks to be shown something whatever it is.
_EVERY_SO_OFTEN = r".*(?:every|each) (?:day|week|month|\w+day)"
POLITE = _any_of(
    r"(?:(?:can|could|would|will) you (?:please )?)?(?:send|give|get) (?:it|that|this|them) to ME"
    r"(?= (?:as|in) )",
    rf"(?:can|could|would|will) (?:you|ME|WE) (?:please )?(?!send {_EVERY_SO_OFTEN})(?:show|get|"
    r"see|have|find|pull|know|list|(?:give|send|help)(?! PERSON(?! 's))|(?:tell|ask|let)(?! "
    r"(?:PERSON|everyone|people|them|MINE|GROUP)(?! 's)))(?: up)?(?: ME| WE)?",
    r"^(?:can|could|would|will) (?:you|ME|WE)(?: please)?(?= (?:export|download|compare|rank|sort|"
    r"list|count|check|run) )",
    r"by (?:any|every)(?:one|body)",
    r"(?:the )?other(?= PERSON)",
    r"(?:(?<=tell ME )|(?<=know )|^)if(?= (?:any|some|every)?(?:one|body|PERSON|MINE|WE|ME|people) "
    r"(?:is|are|has|have|did|was|were)(?= ))",
    rf"(?<!not )(?!send {_EVERY_SO_OFTEN})(?:show|tell|give|send|get|let|pull|find|fetch)(?: up)? "
    r"(?:ME|WE)(?: (?:see|know|have))?",
    r"^(?:(?:just|only) )?(?:need|want)(?: (?:a|the))?(?: list of)?(?= (?!to|help)\S)|^pull up|"
    r"gimme|lemme(?: (?:see|know|have))?",
    r"(?<!do )(?<!should )(?:ME|WE) (?:want|need|(?:would )?like|wanna|wish)(?: to)?(?: (?:see|"
    r"know|have|look at|get))?",
    r"help ME(?: (?:to|with))?(?= (?!please|out|here)\S)",
    r"how (?:do|can|could) (?:ME|WE) (?:see|view|check|look up|find out)(?: (?:whether|if))?(?= "
    r"\S)",
    r"(?<!what )do you know|(?:(?:ME|was|just) )*(?:wonder|wondering|curious)(?: (?:whether|if))?",
    r"are you able to(?: (?:show|tell|give|send|get|see|find|pull))?(?: ME)?",
    r"would it be possible(?: (?:for ME|to(?: (?:get|see|have|know))?))*",
    r"(?:ME )?(?:am )?trying to (?:find out|see|figure out|work out|know|get)",
    r"have a look at|(?:^|(?<!when ME )(?<!that ME )(?<!if ME )(?<=ME )|(?<=WE )|(?<=to )|(?<=you "
    r")|(?<='s ))look at|check(?:ing)?(?: in)? on|please|kindly|hope you.{1,30}? (?:well|good)",
    r"^(?:good )?(?:morning|afternoon|evening)(?= \S+ \S+ \S+)",
    r"^(?:(?:a|so|ok|hey) )*(?:sorry|quick one|(?:quick|dumb|stupid|silly|random|honest|weird|"
    r"simple) (?:q|question))(?: (?:but|[-:]))?|^(?:never ?mind|forget (?:it|that)|ok then|oops)",
    r"(?<=\S )(?:many )?(?:thanks|thank you|thx|ty|cheers)(?: (?:so much|a lot|very much|again|in "
    r"advance))?$",
    r"^(?:(?:and|but|so) )*ME (?:think|believe|feel like|heard|guess|suppose|hope|bet)(?: that)?",
    r"^(?:ME|the|WE) (?:coach|manager|boss|lead|vp|ceo|cro|director|team lead) (?:says|said|thinks|"
    r"told (?:ME|WE)|wants(?: to (?:know|see))?|asked|asks|is asking)(?: (?:that|if|whether|for|ME|"
    r"WE|about))*",
    r"(?:the )?(?:full|complete|whole|entire) (?:list(?: of)?|(?=report|summary|"
    r"overview|history|picture))|(?<=\S )or (?:not|no|what)$",
    r"in total|^summari[sz]e|(?<=\S )(?:right|then|tho|lol)$",
    r"(?:ME )?(?:would )?love to (?:know|see)(?: (?:quickly|whether|if))*",
)
# What a question is not about: names after one of these, and ranks.
_NAME = r"(?:PERSON|GROUP|SCENARIO|ME)(?: 's)?"
_RANK = r"(?:gold|silver|bronze|unranked)s?\+?"
_EXCEPT = (
    r"except(?: for)?|excluding|exclude|excl|without|minus|but(?: not)?|apart from|aside from|"
    r"other than|rather than|instead of|besides|outside(?: of)?|(?:do )?not (?:counting|including|"
    r"count|include|consider|show(?: ME)?+)|leaving out|leave out|omit|ignoring|ignore|neither|nor|"
    r"bar|-"
)
LEFT_OUT = re.compile(
    rf"(?<!\S)(?:{_EXCEPT}|(?:(?:is|are|was|were) )?not (?:in|from|of|by)|that (?:is|are|was|were) "
    rf"not|(?<!do )(?<!did )(?<!does )(?<!has )(?<!have )(?<!is )(?<!are )(?<!was )(?<!were "
    rf")(?<!can )not|no)(?: (?:the|in|for|from|by|of))* (?P<names>{_NAME}(?:(?: (?:and|or|nor|"
    rf"the))* {_NAME})*)(?!\S)"
)
NOT_RANKED = re.compile(
    rf"(?<!\S)(?:(?P<below>not(?= (?:reach|make|made|achieve))|less than|lower than|worse than|"
    rf"below|under)|{_EXCEPT}|no|not|non)(?: (?:get|got|getting|have|had|hit|earn|earned|win|won|"
    r"reach|"
    rf"reached|make|made|achieve|achieved|a|an|any|the|single|rank|for|yet))* (?P<ranks>{_RANK}(?: "
    rf"(?:or|nor|and) {_RANK}| {_RANK})*)(?!\S)"
)
# What turns a question round: where it is not understood, nothing is offered without it.
TURNS = _any_of(
    r"not|no|non|never|nobody|none|neither|nor|nothing|hardly|rarely|seldom",
    r"without|except|excluding|exclude|excl|minus|omit|ignor\w+|leav\w+ out|besides|outside|"
    r"instead|rather|other than|apart from|aside from|but(?= (?:the )?·)|only",
    r"least|less|fewer|fewest|than",
)
# What says something, and is named where it is not understood.
MATTERS = _any_of(
    r"before|after|since|until|till|by (?!·)\S+",
    r"per|(?:every|each) (?:day|week|month|quarter|person|scenario|group)",
    r"how (?:do|can|could|far|to)|(?:make|turn|put|do) (?:that|this|it)|why",
    r"(?:in|on|at|with|about) (?:it|that|this|them|those)(?= ·|$)",
)
# Times and scores as people say them, and as the language has them. A number below 10 is a count.
_POINTS = (
    r"(\d{2,3})(?:%| percent| points)?(?! ?(?:\d|sessions?|times?|people|attempts?|calls?|"
    r"m(?:in\w*)?|s(?:ec\w*)?|h(?:ours?)?|days?|weeks?|months?|golds?|silvers?)\b)"
)
_LESS, _MORE = r"(?:less|lower|worse|under|below)", r"(?:more|higher|better|greater|over|above)"
_NOT = rf"(?:no|not|\w+n't|(?:{'|'.join(_VERBS)})nt)"
_DENIED = rf"(?:scores? (?:of )?)?{_NOT}(?: (?:get|score|scored|reach))?"
_BEFORE_UNIT = r"(\d+|my|this|last|past|next|coming|previous|current|per|each|every|by|the|a|one)"
_SHORT = {
    "wk": "week",
    "mo": "month",
    "mth": "month",
    "q": "quarter",
    "qtr": "quarter",
    "yr": "year",
}
# "Calls under two minutes" are so long; "who practised under an hour" did so much.
_LONG = (
    r"(sessions?|calls?|attempts?|roleplays?|ones?|anything)(?: (?:that|which))?(?: (?:took|take|"
    r"lasted|last|lasting|taking|were|are|ran))?"
)
_NUMBERS = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        range(2, 11),
        strict=True,
    )
)
_COUNT = rf"\d+|{'|'.join(_NUMBERS)}"
_UNIT_OF_TIME = r"(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b(?! ago)"
_QUARTERS = {
    word: place
    for place, words in enumerate(("first 1st", "second 2nd", "third 3rd", "last fourth 4th"), 1)
    for word in words.split()
}
_CALENDAR = "(week|month|quarter|year)"
_A_DATE = (
    r"(?= (?:the )?(?:\d|this |last |next |now|today|yesterday|tomorrow|jan|feb|mar|apr|may|jun|"
    r"jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun))"
)
_TASKS = r"(?:assignments?|tasks?|homework|to-?dos?)"
_NO_SCORE = (
    r"(?! ?(?:%?(?!(?:this|last|past|next|the|in|on|since|for|by|per) )[a-z]+ )?(?:s|secs?|m|mins?|"
    r"h|hrs?|hours?|d|days?|w|wks?|weeks?|months?|quarters?|years?|minutes?|seconds?|sessions?|"
    r"times?|attempts?|golds?|people|reps|calls?|roleplays?)\b)"
)
_TO_DATE = {"ytd": "year", "mtd": "month", "qtd": "quarter"}


def _week_of_month(which: str, month: str) -> str:
    """Seven days of a month, in words of the language."""
    end = monthrange(2025, MONTHS[month])[1] if which == "last" else 7 * _QUARTERS[which]
    return f"{end - 6}-{end} {month}"


_Rewording = tuple[str, str | Callable[[re.Match[str]], str]]
_REWORDED: tuple[_Rewording, ...] = (
    (
        r"(?<=\S )(?:vs|v|(?:as )?compare[ds]? (?:to|with|against)|(?:stacks?|measures?|holds?) up "
        r"(?:to|against|with)|beat(?! (?:my|his|her|their|an?|any) ))",
        "versus",
    ),
    (
        rf"({'|'.join(_NUMBERS)})(?= (?:days?|weeks?|months?|quarters?|years?|wks?|before|best|"
        rf"worst|"
        r"weakest|strongest|lowest|highest|longest|shortest))",
        lambda found: str(_NUMBERS[found[1].lower()]),
    ),
    *((rf"{_BEFORE_UNIT} {short}", rf"\1 {unit}") for short, unit in _SHORT.items()),
    *((rf"{_BEFORE_UNIT} {short}s", rf"\1 {unit}s") for short, unit in _SHORT.items()),
    (r"yday|yest|ystrday|yesterdays", "yesterday"),
    (r"tmrw|tmr|tmrow|tomorow|tommorow|tommorrow", "tomorrow"),
    (r"rn|atm|right now", "now"),
    (r"avg|avrg|ave", "average"),
    (r"role plays", "roleplays"),
    (r"role play", "roleplay"),
    (r"(?:n|no\.?|nr\.?|#) of", "number of"),
    (r"(first|last|latest|second|best|worst) go", r"\1 try"),
    (r"1st(?= (?:try|attempt|session|call|time|one|score)\b)", "first"),
    (r"(?:wk|week) (?:on|over|by) (?:wk|week)", "by week"),
    (r"(?:mo|mth|month) (?:on|over|by) (?:mo|mth|month)", "by month"),
    (r"stack[ -]rank", "rank"),
    (r"h1( 20\d\d)?", r"from january to june\1"),
    (r"h2( 20\d\d)?", r"from july to december\1"),
    (r"(ytd|mtd|qtd)", lambda found: f"this {_TO_DATE[found[1].lower()]}"),
    (
        rf"how (?:did|was|were|is|has) ((?:the |this |last )?(?:{_CALENDAR}|q[1-4]|today|yesterday|"
        rf"{'|'.join(MONTHS)})(?: 20\d\d)?) (?:go|going|been|look|looking)",
        r"\1 numbers",
    ),
    (r"year[- ]over[- ]year|yoy", "this year versus last year"),
    (rf"(?:scored|got|get) (?:a )?(?:perfect )?100{_NO_SCORE}", "score>=100"),
    (r"the (?:first|1st)(?: day)? of(?= [a-z]{3,9})", "1"),
    (
        r"(any|many|the|my|our) new(?= (?:golds?|silvers?|bronzes?|sessions?|scores?|results?)\b)",
        r"\1",
    ),
    (r"put(?:ting)? in(?= (?:year|in|this|last|since|during|so far|over|each|per)|$)", "spent"),
    (r"per ?cent(?:age)?", "percentage"),
    (r"per (?:head|capita|rep|user|seller)", "per person"),
    (r"every(?= (?:single )?(?:sessions?|attempts?|calls?|tries|try|scores?)\b)", "all"),
    (r"(?:from )?(?:oldest|earliest) (?:to|[-–]) (?:newest|latest)(?: first)?", "oldest"),
    (r"(?:the )?number of (?:people|ppl|reps)", "how many people"),
    (rf"since (?:i|we|they|he|she) (?:started|joined|began)(?: on| in| at)?{_A_DATE}", "since"),
    (r"by (?:the )?number of", "by"),
    (
        r"(overdue|due|assignments?|tasks?)(.{0,30}) (?:by|per|for each) (?:person|people|rep)",
        r"\1\2",
    ),
    (
        r"(?:(?:in|across|of|for|over|throughout) )?(?:(?:the|our|my|all|whole|entire|sales) "
        r")*(?:company|org|organi[sz]ation)(?:[ -]?wide)?(?! chart)|(?:in |across |for |of )all "
        r"(?:the )?(?:teams|groups)",
        "everyone",
    ),
    (
        r"(?:the )?(?:very )?first(?: ever)?(?= (?:sessions?|attempts?|calls?|scores?|try|"
        r"tries)\b)",
        "oldest",
    ),
    (r"(?:0|zero) (gold|silver|bronze)s?", r"no \1"),
    ("at least once", ""),
    (r"(best|worst|highest|lowest)(?: (?:scores?|ones?))? first", r"\1"),
    (r"(which|who|any|anyone|all|most|some|none|how many) of mine", r"\1 of my people"),
    (r"(?:include|including|with|count|counting) exec(?:'?s)?(?: own)? (?:staff|users)", "+system"),
    (r"(last|this|next) (week|month|quarter|year)'?s", r"\1 \2"),
    (r"(gold|silver|bronze)s?[ -](?:or|and)[ -](?:better|above|higher|up|over)", r"\1+"),
    (
        r"since (?:i|we|they|he|she) (?:started|joined|began)|(?:since|from) (?:my|his|her|their|"
        r"our|the) (?:very )?(?:first|oldest) (?:try|attempt|session|call|one|time)(?! to\b)",
        "ever",
    ),
    (
        r"since when (?:is|has|was) (.{1,40}?) (?:silent|inactive|quiet)",
        r"when did \1 last practise",
    ),
    (
        r"(?:in )?(?:the )?(first|1st|second|2nd|last) half of (?:the )?([a-z]{3,9})",
        lambda found: (
            f"1-15 {found[2]}"
            if found[1].lower() in ("first", "1st")
            else f"16-{monthrange(2025, MONTHS.get(found[2].lower(), 1))[1]} {found[2]}"
        ),
    ),
    (
        rf"(?:in |on |during )?(?:the )?(first|1st|second|2nd|third|3rd|last) week of (?:the "
        rf")?({'|'.join(MONTHS)})",
        lambda found: _week_of_month(found[1].lower(), found[2].lower()),
    ),
    (r"(?<!score )(?<!scores )between ([5-9]\d) and ([6-9]\d|100)", r"score \1-\2"),
    (r"(?:pb|personal best)s?", "best scores"),
    (r"(what\b.{1,40}?) up to(?! (?:\d|last))", r"\1 doing"),
    (r"(?:eod|cob|close of business|end of day) ((?:mon|tue|wed|thu|fri|sat|sun)\w*)", r"\1"),
    (
        r"which (?:1 |one )?(?:of (?:my|our|the) )?(?:reps?|people|person|ppl|sellers?|folks|team "
        r"members?)",
        "who",
    ),
    (r"(who|what|anyone|everyone)'?s got", r"\1 has got"),
    (r"(?<!does )(gold|silver|bronze)s? (?:count|tally|total)", r"\1"),
    (r"(?:the )?same (?:time|period|point|day)s? (last|previous)", r"\1"),
    (rf"(this|last) {_CALENDAR} so far", r"\1 \2"),
    (
        r"whose(?: scores? (?:is|are))?(?= (?:below|under|above|over)\b)|whose(?= (?:not|doing|"
        r"behind|late|overdue|on|in)\b)",
        "who is",
    ),
    (r"(?:without|w/o|with no|no) (?:a |any )?(?:rank|medals?)", "unranked"),
    (r"(?:in|for) (?:quite )?a (?:long )?while", "lately"),
    ("no one", "nobody"),
    ("b4", "before"),
    ("abt", "about"),
    (r"(?:and )?by when", ""),
    (r"(january|february|july|august|september|october|november|december)s", r"\1"),
    (r"(this|last) (week|month|quarter|year) and (this|last) \2", r"\1 \2 versus \3 \2"),
    (
        r"(?:my|our) (best|top|strongest|highest|worst|weakest|lowest|inactive|active|quiet|"
        rf"overdue|newest|new)(?= (?:{'|'.join(sorted(TEAM_NOUNS))})\b)",
        r"\1",
    ),
    (r"(rank|compare|sort|order) (?:(?:all|the|our) )*teams", r"\1 groups"),
    ("so far", ""),
    (r"^will do$", "ok"),
    (r"(wk|mo)(?= of)", lambda found: {"wk": "week", "mo": "month"}[found[1].lower()]),
    (r"(?:that |which )?(?:took|lasted|ran) (longer|shorter)", r"\1"),
    (rf"{_LONG} {_LESS}(?: than)? ({_COUNT}) ?{_UNIT_OF_TIME}", r"\1 shorter than \2 \3"),
    (rf"{_LONG} {_MORE}(?: than)? ({_COUNT}) ?{_UNIT_OF_TIME}", r"\1 longer than \2 \3"),
    (
        r"(?:the )?(first|1st|second|2nd|third|3rd|last|fourth|4th) quarter of (20\d\d)",
        lambda found: f"q{_QUARTERS[found[1].lower()]} {found[2]}",
    ),
    (
        r"(?:not|\w+n'?t)(?: yet)?(?: been)? graded(?: yet)?|(?:without|no) (?:a |any )?(?:score|"
        r"grade)s?(?: yet)?",
        "invalid",
    ),
    (r"(?:from )?(?:today and yesterday|yesterday and today)", "yesterday to today"),
    (r"this (morning|afternoon|evening)", r"today \1"),
    (r"last (?:night|nite)", "yesterday night"),
    (
        r"(?<!by )(?<!before )(?:(?:over|on|at) the|last|this past) weekend",
        "from saturday to sunday",
    ),
    (r"(?:for|in) (?:more than|over|at least) (\d+ (?:days|weeks|months))", r"last \1"),
    (r"(?:last|latest|past) (\d{1,2})$", r"top \1"),
    (r"(was|were) due (?:on )?((?:mon|tues|wednes|thurs|fri|satur|sun)day)", r"\1 due last \2"),
    (
        r"(?:only )?graded(?= (?:sessions?|attempts?|calls?))|only graded|graded (?:only|ones)|"
        r"(?:only )?with (?:a )?(?:score|grade)|scored only",
        "valid",
    ),
    (r"(?:over|across|throughout) (?:the )?(last|past)", r"\1"),
    (r"(?:leave|leaving|keep|keeping|take|taking) (\S+(?: \S+){0,4}?) out(?: of)?", r"without \1"),
    (r"(?<!length )(?<!duration )(?:scores? )?([<>]=?) ?(\d{1,3})", r"score\1\2"),
    (r"(?:the )?(?:last|latest) (\d{1,2})(?= (?:from|by|of|for) (?!the ))", r"top \1"),
    (r"(20\d\d) (q[1-4])", r"\2 \1"),
    ("eod|tonight", "end of today"),
    ("eow|cob friday", "end of this week"),
    ("eom", "end of this month"),
    (r"(?:by|before|until|till) (?:the )?end of (?:the )?day", "until today"),
    (rf"(?:by|before|until|till) (?:the )?end of (?:the )?{_CALENDAR}", r"until this \1"),
    (r"(?:by|before|until|till) (?:the )?end of", "until"),
    (rf"(?:since|from) (?:the )?(?:start|beginning) of (?:the |this )?{_CALENDAR}", r"this \1"),
    (r"(?:since|from) (?:the )?(?:start|beginning) of", "since"),
    (rf"(?:up (?:to|until|till)|prior to|no later than|ending|thru|til){_A_DATE}", "until"),
    (rf"(?<!week )(?:starting|beginning|as of){_A_DATE}", "since"),
    (r"(?:un)?til?l? now|to now|up to now|to (?:the )?present", "on"),
    (r"(versus|than|against) (?:a|1|one) (\w+) ago", r"\1 last \2"),
    (
        r"of all time|all-time|alltime|lifetime|since (?:the )?(?:start|beginning|launch|go-?live|"
        r"inception|we started|day one)(?! of)",
        "all time",
    ),
    (
        r"(this|last) (week|month|quarter|year) (to|with|and|versus|than|against) (?:the )?(last|"
        r"previous|this|prior)(?: one)?(?! (?:week|month|quarter|year|wk|mo|qtr|yr))",
        r"\1 \2 versus \4 \2",
    ),
    (
        r"(?<!week )(?<!month )(?<!quarter )(?<!year )(?:versus|against|than) (?:the )?(?:last|"
        r"previous) (week|month|quarter|year)",
        r"this \1 versus last \1",
    ),
    (
        r"(this|last) (week|month|quarter|year) (?:to|with|and|versus|than|against) (?:the )?\2 "
        r"before(?: that)?(?! last)",
        lambda found: (
            f"{found[1]} {found[2]} versus "
            + (f"{found[2]} before last" if found[1].lower() == "last" else f"last {found[2]}")
        ),
    ),
    (
        r"(?:last|past) ((\d+) ?[a-z]+) (?:versus|against|than|to|with|and) (?:the "
        r")?(?:(?:previous|prior|last)(?: \1)?|(?:\1|\2|ones?) (?:before|prior|earlier)(?: that)?)",
        r"last \1 versus last \1",
    ),
    (r"(overdue .*)due", r"\1"),
    (rf"{_DENIED} {_LESS}(?: than)? {_POINTS}", r"score>=\1"),
    (rf"{_DENIED} {_MORE}(?: than)? {_POINTS}", r"score<=\1"),
    (rf"(?:scores? (?:of )?)?(?:less|lower|worse) than {_POINTS}", r"score<\1"),
    (rf"(?:scores? (?:of )?)?(?:more|higher|better) than {_POINTS}", r"score>\1"),
    (r"(gold|silver|bronze)s", r"\1"),
    (r"(?:at least|minimum|min) (gold|silver|bronze)", r"\1+"),
    (rf"(?:incomplete|unfinished|ungraded|unscored)(?: ones?)?(?! {_TASKS})", "invalid"),
    (r"non[- ](gold|silver|bronze|unranked)", r"not \1"),
    (
        r"(?:without|w/o|no|not|except|excluding|exclude|ignoring|ignore|leaving out|leave out)(?: "
        r"the| any| all)? invalid",
        "valid",
    ),
    (r"(?:rated |scored )?(?:at or )(?:above|over) (\d{2,3})", r"score>=\1"),
    (r"(?:rated |scored )?(?:at or )(?:below|under) (\d{2,3})", r"score<=\1"),
    (
        r"(?:rated |scored )?(?<!score )(?<!scores )(\d{2,3})%? or (?:less|lower|below|under)",
        r"score<=\1",
    ),
    (
        r"my (week|month|quarter|year) (?:versus|against) (?:the )?last$",
        r"me this \1 versus last \1",
    ),
    (
        r"(?:scores? (?:of )?)?(\d{2,3})%? ?(?:\+|(?:or|and) (?:more|above|better|higher|over|up))",
        r"score \1+",
    ),
    (
        rf"(?<!score )(?<!scores )(under|below|over|above|at least|at most) "
        rf"(\d{{2,3}})%?(?![.\d]){_NO_SCORE}",
        r"score \1 \2",
    ),
    (r"(?:of|for|in) the (week|month|quarter|year)(?! (?:of|starting|beginning))", r"this \1"),
    (r"(week|month|quarter|year) to date", r"this \1"),
    (r"(last|past) (?:couple|couple of) (days|weeks|months)", r"last 2 \2"),
    (r"(last|past) few (days|weeks|months)", r"last 3 \2"),
    (r"(?:a )?fortnight", "2 weeks"),
    (r"scores(?= (?:over|above|under|below|between|at) )", "score"),
)
REWORDED = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?=[?!.,]*(?!\S))", re.IGNORECASE), words)
    for pattern, words in _REWORDED
)
EXPORT = _any_of(
    r"^(?:(?:please|can|could|would|you|ME|WE) )*(?:export|download)(?: (?:of|all|every|the|"
    r"everything))*",
    r"(?:export|download)(?: (?:of|all|every|everything))*",
    r"(?:as|in|to) (?:a )?(?:csv|excel|spreadsheet|file)",
    r"(?:csv|spreadsheet|excel)(?: (?:file|export|of))?",
)

_THANKS = (
    "k|kk|lol|haha\\w*|thanks|thank|thx|ty|cheers|ta|merci|danke|gracias|great|perfect|awesome|"
    "cool|"
    "nice|nice one|lovely|brilliant|excellent|super|wonderful|ok|okay|well done|good (?:job|work|"
    "bot|night)|got it|bye|goodbye"
)
_HELLO = (
    "hi|hello|hey|heya|howdy|sup|hiya|yo|good (?:morning|afternoon|evening|day)|morning|afternoon|"
    "evening"
)
# What stands beside these and asks for nothing.
_MANNERS = (
    "you|so|very|much|help|the|many|a lot|for|that|this|was|is|really|helpful|useful|there|all|it|"
    "bot|execbot|again|everyone|team|ME|WE|MINE|are|a|star|legend|hero|best|amazing|rock|⭐"
)

_HAS_NOT = r"(?:has|have|had|did|do|does|is|are|was|were)(?: (?:still|all))? (?:not|never)"
_PRACTISED = (
    r"(?:(?:been|yet|really|actually|even|ever|already|still|at all) )*(?:practis\w+|train(?:ed|"
    r"ing)?|active|start(?:ed)?|logged|touched|tried|used|played|did|do|doing|had|done)(?: (?:any|"
    r"a|an|one|anything|single|their|the|practise|practising|scenario|sessions?|scenarios|app|tool|"
    r"platform|yet|at all))*"
)
_LAST = r"(?:last|most recent|previous)"
_DOING = (
    r"(?:doing|going|performing|getting on|getting along|ramping(?: up)?|progressing|coming along|"
    r"coming on|holding up|looking|faring|trending|do|practising)"
)
_BEST = r"(?:best|top|highest|strongest|leading)"
_EXTREME = r"(?:weakest|strongest|lowest|highest|best|worst|top)"
_SORT = r"(?P<sort>best|highest|worst|lowest|longest|shortest)"
_ATTEMPTS = r"(?:sessions?|scores?|calls?|results?|ones?)"
_NUMBER = r"(?P<n>\d{1,3})"
_UNIT = r"(?P<n>day|week|month)"
_CALL = r"(?:session|scenario|call|practise|score|result|one|game|round|feedback)"
_MOST = r"(?: (?:ME|the|some|a|most|more|bit|of|little|WE))*"
_WELL = r"(?:ok|okay|well|good|fine|great|alright|better|worse|badly|poorly)"
_MEETING = (
    r"(?:(?:meet|talk|speak|chat|sit|catch|sync)(?:t?ing)?|see(?:ing)?|coaching)(?: (?:up|down|to|"
    r"with))*"
)
_STUCK = (
    r"(?:stuck|struggling|in trouble|slipping|at risk|falling behind|behind(?! on)|lost|going "
    r"backwards)(?: (?:most|lately|now|at all))*"
)
_IN_PERSON = (
    r"(?:1:1|1-1|1on1|1-on-1|1-to-1|1 (?:on|to) 1|one[ -](?:on|to)[ -]one|121|catch[- ]?up|"
    r"check-?in|(?:coaching )?meeting|coaching(?: (?:session|call|chat))?)"
)
# The first try, the one now, and whose these are.
_ONE = r"(?:one|session|score|call|time|result|scenario|ever)"
_FIRST = rf"(?:first|oldest)(?: {_ONE})*"
_NOW = (
    rf"(?:(?:last|most recent|current) {_ONE}|last(?! (?:week|month|quarter|year|\w+day|\d))|now|"
    r"today)"
)
_WHOSE = r"(?:ME|PERSON|MINE|WE|SCENARIO|'s|the|his|her|their|in|on|very)"
_SLIPPING = (
    r"(?:slipping|struggling|stuck|lagging|in trouble|at risk|going backwards|falling behind|"
    r"sliding|stalling|plateau\w+)"
)
_GREW = r"(?:(?:improv\w+|gain\w*|grew|jump\w*|better)(?: (?:the|most|a lot|much))*)"
_SUMMARY = (
    r"(?:summary|breakdown|rundown|overview|report|update|status|recap|dashboard|highlights|"
    r"headlines?|big picture|snapshot|tldr|tl;dr)"
)
_SIDE = r"(?:PERSON|GROUP|SCENARIO|MINE|ME)"
_WHOEVER = r"(?:who|anyone|anybody|someone|somebody|people|everyone|everybody)"
_DONE = r"(?:(?=SCENARIO)|times|sessions?|scenarios?|calls?|practises|(?:gold|silver|bronze)s?)"
_A_TIME = rf"(?:today|yesterday|q[1-4]|{'|'.join((*MONTHS, *WEEKDAYS))})"
# No report has one side beside all others.
_AGAINST_ALL = (
    r"(?:\w+ )??(?:versus|against|than)(?: (?:the|our|whole|entire|all|of|overall))* (?:company|"
    r"org(?:anisation|anization)?|everyone|everybody|others|rest|average|norm|overall|people)(?: "
    r"(?:else|of|company|wide|the|average|WE|MINE|people))*"
)
_SO_OFTEN = (
    r"(?:(?:(?:more|less|fewer) than|at (?:least|most)|over|under|only|exactly|just) (?:\d+\+?|one|"
    rf"a) {_DONE}|\d+ (?:or (?:more|less|fewer) {_DONE}|{_DONE} or (?:more|less|fewer))|\d+\+ "
    rf"{_DONE}|(?<!last )(?<!first )(?<!top )\d+ times|(?:more|less) than once)"
)

_OFTEN = r"(?:(?:every|each) (?:day|week|month|morning|\w+day)|daily|weekly|monthly|\w+days)s?"
_TO_PEOPLE = (
    r"(?:(?:to|for|all|the|of|both) )*(?:PERSON|people|everyone|everybody|them|those|MINE|WE|GROUP|"
    r"anyone|whoever|who)"
)
_NOTE = (
    r"(?:(?:an?|the|quick|friendly|gentle|little) )*(?:nudge|reminder|message|note|ping|dm|heads "
    r"?up)"
)
# What is watched for: it is told of somebody, and is still to come.
_WATCHED = (
    r"(?=.*(?:PERSON|GROUP|MINE|WE|people|person|any\w*|some\w*|every\w+|groups?|team|assignments?|"
    r"average))"
)
_IDLE = r" (?:inactive|quiet|silent|idle|slack\w*|nothing|no|not|without|stop\w*)(?= |$)"
_SUBJECT = (
    r"(?:(?:the|1|one|any|some|of|a|new) )*(?:PERSON|ME|MINE|WE|GROUP|groups?|people|person|"
    r"any(?:one|body|thing)|some(?:one|body|thing)|sessions?|assignments?|average)"
)
_TELL_ME = (
    r"^(?:(?:and|also|then) )*(?:(?:whenever|as soon as|every time|any time|the moment)(?= \S)|"
    r"(?:(?:set|up|create|add|an?|new|have|it|exec) )*(?:(?:alerts?|warn|notify|notifications?|"
    r"inform)(?: (?:ME|WE))?|(?:ping|message|text|dm) (?:ME|WE)) (?:when|whenever|if|once|about|of|"
    rf"on|for|as soon as|every time|any time|that)|(?:when|once) {_SUBJECT} (?:\S+ ){{0,2}}?(?:is|"
    rf"are|has|have)(?=$| )|(?:when|if|once) {_SUBJECT}(?: (?!did|do|was|were|last)\S+){{0,4}}? "
    r"(?:practises|gets?|finish(?:es)?|completes?|hits?|reach(?:es)?|passes|falls?|drops?|goes|"
    r"miss(?:es)?|scores|earns?|wins?|improves|slips?|stops?)(?=$| ))"
)


PHRASES: tuple[Phrase, ...] = (
    *_rows(
        THANKS,
        rf"^(?:(?:that|this|it|you|was|is|are|so|really) )*(?:{_THANKS})(?: (?:{_THANKS}|"
        rf"{_MANNERS}))*$",
    ),
    *_rows(HELLO, rf"^(?:{_HELLO})(?: (?:{_HELLO}|{_MANNERS}))*$"),
    *_rows(
        "me",
        r"(?:send|show|give|tell|email) ME ME (?:own )?(?:week|stats|results|numbers|progress|"
        r"scores|practise|summary|report) (?:every|each) (?:week|mondays?).*",
    ),
    *_rows(
        NUDGE,
        rf"^(?!do you|do ME|when|if){ASK}(?:(?:send|give|drop) {_NOTE}|nudge|ping|poke|remind|"
        rf"message|msg|dm|chase(?: up)?|"
        r"bug|round up|let(?= .* know)|tell|text|write to|reach out to|follow up with) "
        rf"{_TO_PEOPLE}(?: .*)?",
        rf"^{ASK}(?:send|give|drop|write|shoot) {_TO_PEOPLE}(?: .*)? {_NOTE}(?: .*)?",
        rf"^{ASK}(?:nudge|ping|poke|remind) (?!ME).+",
        words="{whom}",
    ),
    *_watch(
        r"(?:below|under|less|lower|drop\w*|f[ae]ll\w*|dip\w*|score<=?)\D*(?P<n>\d{2,3})",
        "below {n}",
    ),
    *_watch(
        rf"(?=.*{_IDLE})\S.*? (?P<n>\d{{1,3}}) ?(?P<unit>d|days?|w|weeks?)(?= |$)",
        "inactive {n}{unit}",
    ),
    *_watch(rf"{_IDLE}.* (?:a|1|one|the) week(?= |$)", "inactive 7d"),
    *_watch(
        r" (?:inactive|quiet|silent|idle|slack\w*|(?:not|stop\w*) practis\w+)(?= |$)",
        "inactive 14d",
    ),
    *_watch(r" (?:overdue|late|deadlines?|due dates?|behind)(?= |$)", "overdue"),
    *_watch(r" golds?(?= |$)", "gold"),
    *_rows(
        WATCH,
        rf"{_TELL_ME}.*",
        rf"^{ASK}(?:watch|keep an eye on|keep ME posted (?:on|about)|monitor) (?:PERSON|MINE|GROUP)"
        r"(?: for ME| closely)?$",
        words="{whom}",
    ),
    *_rows("alert", r"^(?:.* )?alert(?:s|ing)?(?: .*)?", words="list"),
    *_rows(
        "digest",
        rf"^{ASK}(?:change|move|edit|delete|remove|reschedule|pause|skip|preview)(?: .*)? digests?"
        r"(?: .*)?",
        words="list",
    ),
    *_rows(
        POST_TO_ME,
        rf"^{ASK}(?:send|email|dm|message|show|give|tell|post|forward|schedule)(?: .* to)? ME "
        rf".*{_OFTEN}(?: .*)?",
        rf"^(?:(?:a|the|WE) )*{_SUMMARY} .*(?:every|each) (?:day|week|month|morning|\w+day)s?"
        r"(?: .*)?",
    ),
    *_rows(
        POST,
        rf"(?:post|send|share|email|show|give|tell|drop|publish|set|set up|create|schedule|digest|"
        rf"repeat) (?:.* )?(?P<n>{_OFTEN}(?:(?: at)? \d{{1,2}}(?:[:.]\d\d)?(?: ?[ap]m)?)?)(?: .*)?",
        words="{whom} {n}",
    ),
    *_rows(
        POST,
        r".* (?:\w+days?|daily|weekly) (?:at )?\d{1,2}(?:[:.]\d\d)? ?[ap]m$",
        r"how (?:do|can|could) (?:ME|WE) (?:get|set up|receive|send|post|have) .*(?:daily|weekly|"
        r"monthly|every|each|summary|digest|report|email)s?",
        rf"^{ASK}(?:set|set up|create|make|schedule) .*(?:{_OFTEN}|\w+day (?:recap|summary|report|"
        r"update|e-?mail|overview))(?: .*)?",
        rf"^{ASK}(?:(?:set|up|setup|create|make|schedule|configure|start|add|get|send|post|an?|new|"
        r"weekly|monthly|daily|\w+day) )+digests?(?: .*)?",
        words="{whom}",
    ),
    *_rows("digest", r"^(?!stop|cancel|turn|no )(?:.* )?digests?(?: .*)?", words="list"),
    *_rows(
        HELP,
        r"^(?:(?:what|which|list|all|show|the|are|your) )*commands?(?: .*)?",
        words="commands",
    ),
    *_rows(
        COACHING,
        rf"^{ASK}(?:add|make|set|assign|appoint|put) (?=.*PERSON).+ coach(?:es)?(?= |$).*",
        r"^PERSON (?:should|will|shall|must|can) coach .*",
        words="add {whom}",
    ),
    *_rows(
        COACHING,
        rf"^{ASK}(?:remove|unassign|delete|drop|take|stop) (?=.*PERSON)(?!.*PERSON 's coach).+ "
        r"coach(?:es|ing)?(?= |$).*",
        words="remove {whom}",
    ),
    *_rows(
        HELP,
        r"^(?:add|remove|make|set|assign|change) .+ coach(?= |$).*",
        r"how (?:do|can|could) (?:ME|WE) (?:add|remove|invite|assign|make|set up) .*(?:coach|MINE|"
        r"WE|GROUP)(?: .*)?",
        words="coach",
    ),
    *_rows(
        "status",
        r"(?:rate limits?|requests?|api|quota|api calls|budget)(?: \w+){0,3} (?:left|remaining|"
        r"used|usage|limit)(?: .*)?",
    ),
    *_rows(
        STOP,
        r"(?:^|how (?:do|can) (?:ME|WE) |you )(?:stop|pause|mute|quit|turn off|switch off|kill|end|"
        r"disable|get rid of|cancel|snooze|no more|do not) (?:.* )?(?:send(?:ing)?|messag\w+|"
        r"pinging|ping|bothering|reminders?|notifications?|notif\w*|emails?|reports?|digests?|"
        r"updates?|summar\w+|yourself|mondays)(?: .*)?",
        r"unsubscribe.*|leave ME alone",
    ),
    *_rows(
        ADMINS,
        r"^(?:who|list|which|are|is|am)\b.* admins?(?: .*)?",
        r"^(?!.*SCENARIO)who (?:else )?(?:has|have) (?:full |admin |the )*(?:access|rights)(?: "
        r".*)?",
        r"^who (?:else )?(?:sees|can see) (?:everything|all)(?: .*)?",
    ),
    *_rows(
        ABOUT,
        rf"^who (?:else )?(?:sees?|(?:can|could|may) (?:see|view|read|access)) ME {_PRACTISE}$",
        rf"^(?:can|could|do|does|will) .*(?:see|view|read|access) ME {_PRACTISE}$",
        words=SEEN,
    ),
    *_rows(ABOUT, rf"^{ASK}(?:hide|anonymi[sz]e) ME(?: name)?$", words=HIDE),
    *_rows(
        ABOUT,
        r"^what (?:(?:is|are|the|a) )*scores? (?:(?:is|do|ME|need|for|a|makes|gets) )+"
        r"(?:gold|silver|bronze)$",
        r"^(?:do|does|will|would) (?!ME|PERSON).* counts?$",
        r"^where (?:do|does|did) .*(?:numbers|figures|data) (?:come )?from$",
        r"^how many (?:sessions|times|chances) (?:do|can|may) (?:ME|WE) get$",
    ),
    *_rows(
        HELP,
        r"^(?:please )?help(?: ME| WE)?(?: (?:please|out|here|with (?:this|that|it)))*$",
        r"what (?:else )?(?:can|could|may|do) you (?:do|say|tell|know|show|answer)",
        r"what (?:can|could|should|may) (?:ME|WE) (?:ask|say|type|see)(?: (?:you|here|about.*))?$|"
        r"^what(?: else)?(?: you)?$",
        r"what (?:are you|is this|is (?:exec)?bot|is exec)|who are you",
        r"how (?:do|does|can|should) (?:this|it|you|ME|WE) (?:work|use|ask)\b.*",
        r"what (?:is|are) (?:a|an) .{1,40}|what (?:do|does) .{1,40} mean",
        r"^(?:(?:some|a few|more|any) )*examples?(?:)?$|examples? (?:of|for) .*(?:ask|questions?|"
        r"type).*",
    ),
    *_rows(
        "audit",
        r"(?:who|anyone|anybody|someone) (?:has |have |had )?(?:been )?(?:look|looked|seen?|"
        r"view|viewed|check|checked|asked|looking)(?: (?:at|about|for|into|up))* ME(?: "
        r"(?:practise|sessions|results|scores|data))?",
        r"^(?:did|has|is|are|have) (?!ME|you|WE)\S+(?: \S+)? (?:look\w*|seen?|view\w*|check\w*)(?: "
        r"(?:at|up|on))* ME(?: (?:practise|sessions|results|scores|data))?$",
        words="me",
    ),
    *_rows(
        "audit",
        r"(?:the )?audit(?: log)?(?: (?:of|for|on|about) PERSON)?",
        r"who (?:(?:has|have|had|been|else|all) )*(?:look\w*|saw|seen?|view\w*|check\w*|opened|"
        r"peek\w*|snoop\w*|access\w*)(?: (?:at|up|into|on))* PERSON(?: 's)?(?: (?:practise|"
        r"sessions|results|scores|data))?",
    ),
    # What is told by a report that has more.
    *_rows(
        "trend",
        rf"(?:which|what) {_UNIT} (?:had|has|was|saw|got)(?: the)? (?:most|fewest|least|best|"
        rf"highest)(?: (?:sessions|practise|active|golds?|scores?|average))?",
        words="by {n}",
    ),
    *_rows(
        "sessions",
        rf"how (?:did|was|were) (?:ME |PERSON |'s )*(?:last|most recent) {_NUMBER}(?: "
        rf"{_ATTEMPTS})? (?:go|went|look)",
        words="top {n}",
    ),
    *_rows(
        "progress",
        rf"(?:(?:who|has|did|is) )?(?:{_GREW} )?(?:from )?(?:{_WHOSE} )*{_FIRST} (?:to|versus|and|"
        rf"or|against|than|with) (?:{_WHOSE} )*{_NOW}",
        rf"(?:(?:better|worse) )?than (?:{_WHOSE} )*{_FIRST}",
        usual="all time",
    ),
    *_rows(
        "sessions",
        rf"(?:compare )?(?:ME |PERSON |'s )*last {_ONE} (?:(?:better|worse|higher|lower) "
        rf")?(?:versus|and|to|against|with|than)(?: the)?(?: {_ONE})? (?:before|previous)(?: that| "
        rf"{_ONE})?",
        words="top 2",
    ),
    *_rows(
        "progress",
        r"progress (?:on|in|by|per|for|across) (?:each|every|all)(?: the)? scenarios?",
        rf"(?:{_WHOSE} )*{_BEST}(?: {_ONE})? (?:versus|and|or|against|to|than) (?:{_WHOSE} "
        rf")*{_NOW}",
        rf"^(?:(?:is|am|has|was) )?(?P<x>PERSON|ME) (?:(?:is|am|has|been|was) )*{_SLIPPING}",
    ),
    *_rows(
        "sessions",
        rf"(?:{_WHOEVER} )?(?:(?:is|are|has|have|did|does|keeps|just) )*(?:(?:g[ai]v\w+|"
        rf"h[au]ng\w*) "
        r"up|bail\w*|abandon\w*|cut\w*(?: (?:their|the|his|her|ME|it|sessions?|calls?))* short|"
        r"walk\w* out|(?:quit\w*|left|stop\w*|end\w*|drop\w* out) (?:halfway|half way|midway|"
        r"partway|early|in the middle))(?: (?:on|in|of|out|half|way|through|thru|the|a|their|his|"
        r"her|calls?|sessions?|middle))*",
        words="invalid",
    ),
    *_rows(
        "sessions",
        rf"(?:distribution|breakdown|split|mix)(?: (?:of|by|the|all))* (?:ranks?|medals?|"
        rf"{_RANK}(?: (?:and )?{_RANK})+)|(?:ranks?|medals?) (?:distribution|breakdown|split|mix)",
    ),
    # What no report tells.
    *_nearest(
        "progress",
        rf"(?:{_RANK}|pass\w*|perfect)(?: \w+){{0,2}} (?:on|at|in|with) (?:(?:ME|the|his|her|"
        rf"their) )*oldest {_ONE}",
    ),
    *_nearest("leaderboard", rf"(?P<a>{_WHOEVER} .*?) {_SO_OFTEN}"),
    *_nearest("sessions", _SO_OFTEN, r"averages? (?:time|length|duration|session length)"),
    *_nearest("sessions", r"(?:practis|train)ing (?:right )?(?:now|currently)", words="today"),
    *_nearest(
        "leaderboard",
        r"who .*(?:every|each|all(?: the)?) (?:day|week|month|quarter|scenario|session|"
        r"assignment)s?",
        r"(?:how many people|anyone|anybody|people) .*(?:every|all(?: the)?) (?:scenario|session|"
        r"assignment)s?",
        r"(?:top|best|leading|highest) \d{1,3} .*(?:per|each|every) (?:group|WE|team)",
        rf"(?<!where )(?<!scenario )(?:am|is|are|was|were) (?:ME|PERSON) (?:the )?(?:very "
        rf")?(?:worst|lowest|weakest|bottom|last)(?! {_ATTEMPTS}| (?:at|in|on|skills?|"
        rf"scenarios?)\b)",
        r"(?:am|is) (?:ME|PERSON) in (?:it|(?:the )?top \d+)",
    ),
    *_nearest(
        "scenarios",
        r"what is(?: the)? SCENARIO(?: scenario)? about",
        rf"(?:scenarios?|ones)(?: (?:that|which))?(?: (?:(?:has|have|did) )?nobody| {_HAS_NOT}(?: "
        rf"{_SIDE})?| (?:{_SIDE}|WE|people) {_HAS_NOT}) {_PRACTISED}",
    ),
    *_nearest(
        "team",
        rf"(?<=GROUP ){_AGAINST_ALL}|(?<=MINE ){_AGAINST_ALL}|(?<=WE ){_AGAINST_ALL}",
    ),
    *_nearest("progress", rf"(?<=PERSON ){_AGAINST_ALL}"),
    *_nearest(
        "assignments",
        r"(?:will|going to|gonna|about to|might) (?:miss|be (?:late|overdue)|blow)(?: (?:on|for|"
        r"with|the|a|their|his|her|deadlines?|due dates?))*",
    ),
    *_nearest(
        "leaderboard",
        r"(?:who|that|which|people)(?: (?:has|have|with|is|are|an|on))* averag(?:e|es|ing)(?: "
        r"(?:is|are|of))? (?=(?:score )?(?:over|above|under|below|more|less)\b)",
        words="by average",
    ),
    *_nearest(
        "assignments",
        r"(?:assignments?|overdue|completion|due)(?= ).* (?:by|per|for each) (?:groups?|WE|MINE|"
        r"scenario)",
    ),
    # One's own place.
    *_rows(
        "leaderboard",
        r"how (?:do|am|did) ME (?:(?:doing|do|rank) )?(?:versus|against)(?: the)? (?:MINE|WE|"
        r"others|rest|people|everyone|everybody)(?: (?:of|in|the|MINE|WE|people))*",
    ),
    # Two of a kind.
    *_rows(
        "compare",
        r"(?:compare|comparing|comparison (?:of|between)|differences? between) <a> (?:and|with|to|"
        r"against|versus|or) <b>",
        rf"(?P<a>(?:\S+ )?{_SIDE})(?: 's)?(?: (?:progress|scores?|results?|numbers|sessions))? "
        r"(?:versus|against) <b>",
        rf"^(?P<a>\S+(?: \S+)?) versus (?P<b>{_SIDE}.*)",
        rf"(?:who|which)(?: \S+){{0,3}} (?:better|worse|more|best|stronger|ahead)(?: (?:(?:at|on|"
        rf"in|with) )?\S+)? (?P<a>{_SIDE}) or <b>",
        r"(?:(?:doing |do )?(?:better|worse|more|less|up|down|averages?|scores?|or) "
        r")*(?P<a>(?:this|last) (?:week|month|quarter|year)) (?:versus|against) (?P<b>(?:this|"
        r"last) .{1,80}|(?:week|month|quarter|year) before last)",
        rf"how (?:is|are|was|were|did|does|do|has|have) <a>(?: {_DOING})? (?:versus|against|better "
        rf"than|worse than) <b>",
        rf"(?:(?:doing |do )?(?:better|worse|more|less) )?(?:in )?(?P<a>{_A_TIME}) (?:versus|"
        rf"against|than)(?: in)? (?P<b>(?:last )?{_A_TIME})",
        r"how (?:do|does|did) <a> and <b> compare",
        r"how (?:do|does|did|is|are|was|were) <a> (?:different|differ) (?:from|to|than) <b>",
        rf"(?P<a>{_SIDE}) (?:and|with) (?P<b>{_SIDE})(?: 's)?(?: \w+)? (?:side by side|next to "
        r"each other)",
        rf"(?P<a>{_SIDE}) (?:and|or|versus) (?P<b>{_SIDE}) who .*(?:better|more|ahead|best|most|"
        rf"higher)",
        r"(?:is|are|was|were|does|do|did|has|am) <a> (?:(?:better|worse|stronger|more|doing "
        r"better) than|ahead of|behind(?! on\b)) <b>",
        rf"(?P<a>{_SIDE}) (?:better|worse) than <b>",
    ),
    *_rows(
        "prep",
        rf"(?:(?:prep|prepare|preparing|preparation|notes|ready) )?(?:ME )?(?:for )?(?:(?:a|ME|the|"
        rf"next|WE) )*{_IN_PERSON} (?:with|for) <x>",
        rf"(?P<x>PERSON) (?:'s )?(?:next )?{_IN_PERSON}",
        rf"(?:ME )?{_IN_PERSON} (?P<x>PERSON)",
        r"(?:prep|prepare|prepping|preparing)(?: notes)?(?: ME)?(?: for)? <x>",
        r"^ready for <x>",
        r"(?:talking points|notes|questions|agenda|things to (?:say|discuss|ask))(?: (?:to ask|for|"
        r"with|on|about))* (?P<x>PERSON)",
        rf"(?P<x>PERSON) before (?:(?:ME|WE) )?(?:call|{_MEETING}) (?:him|her|them)",
        rf"before (?:(?:ME|WE) )?{_MEETING} <x>",
        r"(?:call|chat|sync) with (?P<x>PERSON)(?! 's)",
        rf"^(?:(?:ME|am|about to|going to|due to|are|WE) )*{_MEETING} (?P<x>PERSON)(?! 's)",
        r"(?:what|how) (?:should|can|do) (?:ME|WE) (?:talk|speak|discuss|ask|say|tell|mention|"
        r"raise|praise|coach|help)(?: (?:to|about|with))* (?P<x>PERSON).*",
    ),
    *_rows(
        TALK,
        r"^(?:(?:is|are) there )?any (?:red flags?|concerns|problems|issues)(?: (?:with|in|on) "
        r"(?:MINE|WE))?$",
        r"^(?:(?:is|are) there )?(?:anything|anyone|anybody|someone|something|what)(?: (?:that|who|"
        r"else))? (?:ME|WE) (?:should|need to|must|have to) (?:be )?(?:worr\w+|concern\w+|know|"
        r"watch|look out|nudge|talk|call|speak|check|help|praise)(?: (?:about|of|on|for|to|with|"
        r"in))*$",
        r"who (?:(?:should|can|must|could) (?:ME|WE)|do (?:ME|WE) (?:need|have) to|to) (?!compare|"
        r"promote|fire|reward|pick|choose|assign|pair|invite|give|put)\w+(?: (?:to|with|about|"
        r"after|on|out|up|in|first|next|most))*",
        rf"who (?:needs|need|wants|requires|could use){_MOST} (?:help|attention|support|coaching|"
        rf"talk|word|chat|hand)",
        rf"^(?:who|is anyone|is anybody|is someone|are any people|is there anyone|are people|are "
        rf"WE)(?: (?:is|are|all|of|in|on|MINE|WE|who))* {_STUCK}",
        rf"(?:anyone|anybody|who) {_STUCK}",
        r"(?:is|are)(?: (?:all|of|the|everyone|everybody|MINE|WE|people))+ on track",
        r"who (?:got|is getting|has got|gets|is doing|did) worse(?! (?:at|in|on|with) )",
        r"who(?:se)? (?:scores? )?(?:has |have )?(?:dropped|fell|fallen|declined|dipped|slipped|"
        r"went down)",
    ),
    *_rows(
        OWN_COACH,
        r"^(?:who (?:is|are) )?ME coach(?:es)?$|^who (?:coaches|manages) (?:ME|WE|MINE)$",
        r"^(?:do|does) (?:ME|WE) have (?:a )?coach(?:es)?$",
        r"^(?:which|what) (?:groups?|teams?|WE) (?:am|is|are|was) (?:PERSON|ME) (?:in|on|part "
        r"of)(?: .*)?$",
        r"^who (?:coaches|manages|is coaching) PERSON(?: .*)?$",
        r"^(?:who (?:is|are) )?PERSON 's (?:coach(?:es)?|manager|boss|lead)$",
        words="{whom}",
    ),
    *_rows(
        "coach",
        r"^(?:who (?:is|are) )?(?:(?:list|all|the|WE|ME|of|how many|are|there) )*coach(?:es)?(?: "
        r"(?:list|here|are|there|do|WE|ME|have))*(?: (?:for|of|in|on)(?: the)? GROUP| and (?:the|"
        r"their|which) (?:people|groups|WE))?$",
        r"^who coaches(?: (?:the|who|whom|GROUP|everyone))*$",
        r"^(?:who|which|what|any|is|are|how many)\b.* (?:no|without(?: an?)?|not have an?) "
        r"coach(?:es)?$",
        words="list",
    ),
    *_rows(
        THINGS,
        r"^(?:(?:list|show|see|view|what|which|are|all|the|there|any|is|of|WE) )*(?P<n>group|"
        r"program|collection)s(?: (?:are|do|have|has|exist|there|WE|ME|coach|available|called|in|"
        r"exec))*$",
        r"^(?:(?:list|all|the|show|of) )*list(?: of)?(?: all| the)* (?P<n>scenario)s$",
        r"^(?:which|what|all)(?: the)? (?P<n>scenario)s(?: (?:are|do|have|exist|there|WE|ME|"
        r"available|called|in|exec))+$",
        words="{n}",
    ),
    *_rows(
        "team",
        r"(?:which|what) (?:groups?|teams?|WE)(?: (?:is|are|was|were|has|have|had|did|does|do|"
        r"doing|the|done|got|practis\w+))* (?:most|least|fewest|best|worst|better|ahead|quietest|"
        r"highest|lowest|biggest|more|less)(?: (?:active|engaged|practise|sessions|time|scores?|"
        r"average|golds?|practised|over|inactive))*",
    ),
    # Who is last of all: nobody ranks people from there.
    *_rows(
        LOWEST,
        r"who (?:(?:is|are|was|were|has|have|had|did|does|got|scored|scores|practis\w+|train\w*|"
        r"spent|spends|performed|the|done|ME|MINE|WE) )*(?:worst|least|lowest|fewest|weakest|"
        r"bottom)(?: (?:average|scores?|sessions|time|golds?|practise|active|performer|people|"
        r"person))*",
        r"(?<!has the )(?:worst|lowest|weakest|bottom|poorest)(?: \d{1,3})? (?:average|averages|"
        r"people|person|performer)(?: scores?)?",
        r"(?:fewest|least) (?:sessions|golds?|time|active|practise|engaged)(?: (?:people|person|"
        r"groups?|team))?",
        r"bottom \d{1,3}|^(?:and )?(?:the )?bottom$",
    ),
    *_rows(
        "team",
        rf"^(?:the )?{_BEST}(?: performing)? (?:groups?|teams?|WE)(?= |$)(?! members?)",
    ),
    *_rows(
        "assignments",
        r"who (?:is|are)(?: still)? not (?:done|finished)(?: with (?:the |their "
        r")?assignments?)?(?= in| on| yet| by|$)",
    ),
    *_rows(
        "assignments",
        r"(?:am|is|are|has|have|did) (?:ME|PERSON|everyone|everybody|anyone|anybody|MINE|WE|people|"
        r"GROUP|they)(?: all)? (?:finish\w*|complet\w*|done|do)(?: with)?(?: (?:the|their))? "
        r"(?=THING)",
        r"(?<=THING )status(?: by person)?",
        r"how (?:many|much) (?:assignments |scenarios |tasks )?(?:(?:are|is|do|have|ME|WE|still) "
        r")*(?:left|remaining|to go|open)(?: (?:to do|of|in|on|for))?",
        r"who(?: still)? (?:needs|need|has|have) to (?:do|finish|complete|take)(?: (?:the|their))?",
        r"(?:am|is) (?:ME|PERSON) (?:all |already )?(?:done|finished|caught up)(?! (?:with|"
        r"SCENARIO|the|THING))",
        r"on track (?:for|with|on|to finish|to complete)(?: the)? (?=THING)",
        r"how far .*(?=THING)",
    ),
    # Who does not.
    *_rows(
        "inactive",
        rf"who(?: in| on)? (?:GROUP |MINE )?(?:{_HAS_NOT}|never) {_PRACTISED}",
        rf"(?:people|MINE|GROUP|anyone|anybody|someone|somebody|those|has anyone|has anybody|"
        rf"members)(?: (?:who|that))? (?:{_HAS_NOT}|not|never) {_PRACTISED}",
        r"who (?:has |have |had |did )?(?:practised |done |been doing )?nothing",
        rf"(?<!how )(?:has|have|did|is) (?:everyone|everybody|all)(?: (?:in|on|of|from))?(?: "
        rf"the)?(?: (?:MINE|WE|GROUP))? {_PRACTISED}",
        rf"(?:nobody|none of(?: the)? (?:people|GROUP|MINE|WE))(?: (?:in|on|from)(?: the)? "
        rf"(?:GROUP|MINE|WE))?(?: (?:has|have))? {_PRACTISED}",
        r"who (?:is|are|was|were|is been|has been|have been|has gone|is gone|went) (?:all "
        r")?(?:missing|inactive|silent|quiet|slacking|absent|idle|lazy|not practising|not training|"
        r"not active|not using (?:it|this|exec))",
        r"who (?:has |have )?missed (?=(?:last|this|the) (?:week|month)|yesterday|today)",
        r"who (?:stopped|skipped|quit|forgot) (?:to )?(?:practis\w+|training)?",
        r"who (?:needs|need|deserves) (?:a )?(?:nudge|reminder|push|kick|poke|to practise)",
        r"(?<!what is )(?<!what is still )(?:inactive|silent|quiet|missing|absent|idle)(?: "
        r"people)?|slackers|laggards|non-?starters|who (?:is|are) (?:the )?laziest",
        r"(?:without|no|not|zero|0)(?: any| a single| a| 1)? (?:practise|practising|practised|"
        r"sessions?)(?! at all)",
    ),
    *_rows(
        "inactive",
        r"(?:without|no|not|zero|0)(?: any| a single| a| 1)? (?:practise|practising|practised|"
        r"sessions?) at all",
        usual="all time",
    ),
    *_rows(
        "team",
        r"last (?:session|practis\w+|active|activity)(?: dates?)? (?:of|by|per|for) (?:(?:each|"
        r"every|all|the) )*(?:person|people|MINE|WE|GROUP|everyone)",
    ),
    # What to do of one's own accord, and what has to be done.
    *_rows(
        NEXT,
        r"^(?:what|which(?: (?:one|scenario))?) (?:should|shall|can|could|do|must) ME (?:practise|"
        r"do|redo|repeat|retry|work on|train)(?: (?:next|now|today))?$",
        r"^(?:what is |so what is |what )next(?: (?:up|for))*(?: ME)?$",
        r"^(?:how|where) (?:do|can|could|should|to) ?(?:ME )?(?:start|begin|do|find|practise|take|"
        r"play)(?: (?:a|an|the|new|my|another|some|to))*(?: (?:scenarios?|sessions?|practise|"
        r"training))?$",
        r"^what to practise(?: next)?$",
    ),
    *_rows(
        NEXT,
        r"what (?:should|shall|can|could|must) (?P<x>(?!ME|MINE|WE|GROUP|people|everyone)\S+(?: "
        r"\S+)?) (?:practise|work on|train) (?:next|now)",
    ),
    *_rows(
        "assignments",
        r"(?:what|who|whose|which|anything|nothing|is|are|how many|everything|PERSON|ME)?(?: (?:is|"
        r"are|has|have))?(?: anyone| anybody| anything| assignments| tasks)?(?: are)? ?(?:overdue|"
        r"late|behind (?:schedule|on)|past due|miss(?:ed)? (?:a |the |their )?deadlines?)(?: "
        r"(?:assignments|tasks|scenarios|people|ones))?",
        words="overdue",
    ),
    *_rows(
        "assignments",
        r"what (?:do|does|should|must|has|have) (?:ME|PERSON|WE) (?:need |have |got )?(?:to "
        r")?(?:practise|do|finish|complete)(?: next| now| first)?",
        r"(?:do|does) (?:ME|PERSON) have (?:anything|something|stuff|much)(?: (?:to do|on|left|"
        r"planned|for|due|scheduled))* (?=today|tomorrow|this|next|by|before)",
        r"(?:do|does) (?:ME|PERSON|WE) (?:need|have) to (?:practise|do|finish|complete)(?: "
        r"anything)?",
        r"^nothing due|what is left(?: to do| to finish)?",
        r"(?:has|have|did) (?:PERSON|ME) (?:finish\w*|complet\w*|done) (?:everything|all|it all)",
        r"(?:what )?(?:is|are)?(?: there)?(?: anything)? ?(?:due(?! dates?)|assigned|to do|"
        r"outstanding|pending)(?: (?:for|to))?",
        r"(?:anything|something|everything|what)(?: (?:is|left|still|there|else|ME|have|need))* to "
        r"(?:finish|complete|do|practise)",
        rf"{_TASKS} (?:(?:are|is|were|still) )*not (?:done|finish\w*|complet\w*)|not done {_TASKS}",
        r"(?:what is |anything )?(?:coming up|upcoming)",
        r"(?:(?:when|what) (?:is|are) )?(?:(?:ME|the|WE|MINE|PERSON|'s) )*next (?:assignments?|"
        r"deadlines?|tasks?|due dates?)",
        rf"who(?: in| on)? (?:GROUP |MINE )?(?:{_HAS_NOT}|has|have|is|are)? ?(?:finish|"
        rf"complet)\w*(?:(?: (?:the|their|all|any|every))* assignments?)?",
        r"(?:completion|finishing)(?: (?:rates?|status))?(?: (?:of|for|in))?",
        r"assignments?|deadlines?|tasks?|homework|to-?dos?|due dates?",
    ),
    *_rows(
        "assignments",
        r"(?:is|are) (?:everything|anything|all|it|THING)(?: all)? (?:done|finished|complete\w*)",
        r"(?:has|have|did|is|are) (?:anyone|anybody|everyone|everybody|MINE|WE|people|they|"
        r"GROUP)(?: all)? (?:finish\w*|complet\w*)(?: (?:with|the|their|all))*",
    ),
    *_rows(
        "sessions",
        r"how (?:long|many days|many weeks) (?:is it |has it been )?since (?:PERSON|ME)(?: 's)?(?: "
        r"last)? (?:practis\w+|session|call)",
        r"(?:when|what times?) (?:did|was|has|does|do|is) (?:PERSON|ME|MINE)(?: last| most "
        r"recent)?(?: (?:last|practis\w+|active|train\w*))+|(?:the )?last time (?:PERSON|ME) "
        r"(?:practis\w+|did)",
        r"ME (?:practise )?time(?! (?:by|per|each))",
        r"(?<!most )(?:minutes|hours|time) (?:practis\w+|spent)(?: practising)?(?! (?:by|per|"
        r"each))",
    ),
    *_rows(
        "session",
        r"what (?:should|must|can|could|do|to)(?: (?:ME|PERSON|need|have|to|get|be))* (?:fix|"
        r"improve|work on|change|do better)(?: \w+){0,5}? (?:on|in|for|with|at)(?: the)? "
        r"(?=SCENARIO)",
    ),
    *_rows(
        "skills",
        r"what (?:should|must|can|could|do|to)(?: (?:ME|PERSON|MINE|WE|need|have|to|be|get|the))* "
        r"(?:fix|fixing|get better at|improve|improving|work on|worked on|working on)(?: (?:first|"
        r"next|now|most|the|with|for|in|on))*(?! SCENARIO)",
        r"what (?:am|is|are|do|does) (?:ME|PERSON|MINE|WE) (?:keep |always |usually |still "
        r")?(?:doing|do|get|getting) wrong(?: (?:across|in|on|over|with|the|all|every|each|any|ME|"
        r"WE|sessions?|scenarios?|calls?))*",
    ),
    # One attempt.
    *_rows(
        "session",
        r"where (?:did |do |does )?(?:ME|PERSON) (?:lose|lost|dropp?e?d?) (?:(?:the|most|any) "
        r")*points(?= (?:in|on|with)\b)",
    ),
    *_rows(
        "session",
        r"(?:the )?feedback(?: (?:for|on|of|from|about|to))?(?:(?: PERSON| ME)(?: 's)? last "
        r"(?=SCENARIO))?",
        rf"what (?:went|was going) (?:well|wrong|badly)(?: (?:in|on|with|during)(?: the)?(?: PERSON"
        rf" 's| ME)? {_LAST} {_CALL})?|what (?:did|could|should|can) (?:ME|"
        r"PERSON) (?:do |have done )?(?:better|improve|wrong|badly|well)",
        r"(?:how|what) did (?:PERSON|ME) (?:do|score|get)(?: (?:on|in|at|with)(?: the)? SCENARIO)? "
        r"last time",
        r"what (?:did|does|do) (?:the )?(?:ai|bot|feedback|review|it|they|exec) (?:say|tell|like|"
        r"think|criticise|criticize|flag)(?: .*)?",
        r"why (?:did|was|is) (?:PERSON|ME) (?:only )?(?:get|score|fail|unranked|bronze|silver)",
        rf"(?:PERSON 's |ME )?{_LAST} (?=SCENARIO)",
        rf"(?:how (?:did|long (?:was|did|is)) )?(?:PERSON 's |ME )?(?:very )?{_LAST} {_CALL}(?: go|"
        rf" went| take| last)?",
    ),
    *_rows(
        "team",
        r"^active people(?! (?:per|by|each))",
        r"how many active people(?: (?:do|did|are|were|have|had|there|WE|MINE))*",
    ),
    # A ranking.
    *_rows(
        "leaderboard",
        rf"{_BEST} {_NUMBER}(?: people|(?= by ))",
        words="top {n}",
    ),
    *_rows(
        "leaderboard",
        r"(?:(?:number|count) of )?golds? (?:leaders?|ranking|leaderboard|(?:per|by|for each) "
        r"person)",
        words="by gold",
    ),
    *_rows(
        "leaderboard",
        rf"who (?:has|have|had|got)(?: (?:got|the))* {_BEST}(?! scores?(?! average| mean))(?: "
        r"(?:average|scores?|mean))*",
        rf"{_BEST} averages?|{_BEST} on average",
        rf"^(?:the )?{_BEST} (?:in|on|at)(?: the)? (?=SCENARIO|THING)",
        r"who (?:is|are|was|were) (?:the )?(?:very )?(?:best|strongest)(?: (?:people|person))?",
        words="by average",
    ),
    *_rows(
        "leaderboard",
        r"(?:who (?:has|had|have|made|got)(?: the)? )?(?:biggest|largest|greatest|highest) (?:jump|"
        r"gain|improvement|lift|increase)s?",
        r"who (?:has |have )?(?:moved up|climbed|jumped|rose|gained)(?: the)? most",
        words="by lift",
    ),
    *_rows(
        "leaderboard",
        r"who (?:did|does|has|do|scored|performed|performs|is doing)(?: (?:the|done|doing))* "
        r"(?:best|well|great|highest)(?: (?:people|person))?",
        rf"who (?:has|have|had|got|gets)(?: (?:got|the))* {_BEST} scores?",
        rf"(?:everyone|everybody|people|each person) (?:'s |own )*{_BEST}(?: scores?)?",
        words="by best",
    ),
    *_rows(
        "leaderboard",
        r"who (?:practised|practises|trained|trains|did|does|practise|has practised|is "
        r"practising)(?: it)?(?: the)? most(?: sessions| often| frequently)?",
        r"most (?:active|sessions|engaged|hard-?working|diligent)(?: people| person)?",
        words="by sessions",
    ),
    *_rows(
        "leaderboard",
        rf"(?<!scenario )(?<!scenarios )(?:am|was) ME (?:the )?(?:very )?{_BEST}(?! {_ATTEMPTS})",
        r"(?:how do )?ME (?:rank|ranking|place|position|standing)",
        r"where (?:do|am|is) ME (?:stand|rank|standing)(?: (?:in|on|among)(?: the)? (?:MINE|WE|"
        r"GROUP))?",
        r"what (?:place|position|rank) (?:am |is )?ME(?: in| at)?",
    ),
    *_rows(
        "leaderboard",
        r"who practises(?: the)? longest",
        r"(?:who (?:\S+ )?)?(?:the )?most (?:practise )?(?:time|hours|minutes)(?: (?:in|practising|"
        r"spent))*",
        words="by time",
        usual="last 30d",
    ),
    *_rows(
        "leaderboard",
        rf"(?:the )?{_BEST} (?:people|person|performer|talent|of the (?:week|month))",
        r"number (?:one|1)|who (?:is|are|was) (?:on |at |the )*top (?:of|on|in)(?: the)? (?:leader "
        r"?-?boards?|rankings?|table|list)",
        r"leader ?-?boards?|rankings?|league table|standings|podium|high ?scores|champions?",
        r"who (?:is|are|was) (?:(?:at|in) )?(?:the )?(?:leading|winning|ahead|lead|on top|number "
        r"one|first|champion|top|star)|who (?:won|wins|leads|led|tops|topped)|mvps?",
        rf"^(?:the )?{_BEST} (?:in|on|of|at)(?: the)? (?=GROUP|MINE|WE)",
        r"who (?:is|are) (?:crushing|killing|nailing|smashing|shining|on fire|on a roll|"
        r"rocking)(?: it)?",
        r"(?:rank|ranked) (?:ME|everyone|everybody|people|MINE|GROUP|WE|them)(?: all)?(?: (?:by|on|"
        r"in|at)(?= (?:SCENARIO|THING)))?",
    ),
    *_rows("scenarios", r"how many (?:different|distinct|unique) scenarios"),
    *_rows(
        "sessions",
        r"how many scenarios(?! (?:do|are|have) (?:WE|ME|there)(?: have)?$)",
    ),
    *_rows(
        "scenarios",
        r"(?:(?:average|score|scores|results?|sessions|success|performance|WE) )*(?:by|per|(?:for|"
        r"in|of|on) (?:each|every|all)|each|across|every|all)(?: the)? scenarios?",
        r"(?:worst|weakest|best|lowest|highest|strongest|top)(?: scoring| scored| rated)? "
        r"scenarios?",
        r"scenarios (?:(?:sorted|ranked) )?by (?:average|score)(?: scores?)?",
    ),
    *_rows(
        "trend",
        r"(?:(?:scores?|averages?|results?|adoption|usage|engagement|practise|sessions) (?:(?:is|"
        r"are|or|go|going|gone|went|trending) )*(?:up|down|drop\w*|fall\w*|fell|ris\w+|rose|"
        r"increas\w*|decreas\w*)|(?:go|going|gone|went|trending) (?:up|down))(?: or (?:up|down))?",
        r"(?:adoption|usage|engagement|participation) (?:trends?|over time|improv\w+|grow\w*)",
    ),
    *_rows(
        "team",
        r"(?:(?:average|total|score|scores|results?|sessions|number of|usage|adoption|practise|"
        r"minutes|hours|time|spent|count of|stats|activity) )*(?:by|per|(?:for|of) (?:each|every)|"
        r"each|every) (?:person|people|groups?|teams?|WE|team)",
        rf"(?:how is )?(?:usage|adoption|engagement|participation)(?: (?:rates?|levels?))?(?: "
        rf"(?:of|for|in|{_DOING}))?",
        r"(?:is|are) (?:anyone|people|everyone|MINE|WE|GROUP)(?: \w+)? using (?:it|this|exec)",
    ),
    *_rows(
        "team",
        r"(?:groups (?:rank\w*|sort\w*|order\w*|compared|side by side)|(?:sort|order|rank) "
        r"groups)(?: by \S+)?",
    ),
    *_rows(
        "leaderboard",
        r"(?:(?:rank\w*|sort\w*|order\w*)(?: (?:MINE|WE|everyone|people|GROUP|them))? )?by "
        r"(?P<n>average|time|gold|lift|best|sessions)(?: (?:score|spent|practised))*",
        r"(?:most|top) (?P<n>gold|time|sessions)s?(?: (?:spent|practised))*",
        words="by {n}",
    ),
    # Where it goes.
    *_rows(
        "trend",
        rf"{_UNIT} (?:by|over|on) (?P=n)",
        rf"(?:by|per|each|every) {_UNIT}",
        rf"(?:(?:which|what|is|was|WE|the|and) )*(?:busiest|quietest|most active) {_UNIT}",
        words="by {n}",
    ),
    *_rows("trend", rf"daily(?! {_SUMMARY})(?: active)?", words="by day"),
    *_rows("trend", rf"weekly(?! {_SUMMARY})(?: active)?", words="by week"),
    *_rows("trend", rf"monthly(?! {_SUMMARY})(?: active)?", words="by month"),
    *_rows(
        "trend",
        r"over time|trends?|trending(?: up| down)?|development|graph|chart|plot|timeline|time line|"
        r"curve",
        r"(?:is|are) (?:WE|MINE|people|everyone|PERSON|GROUP|practise)(?: practise| practising)? "
        r"(?:(?:going|trending) (?:up|down)|practising (?:more|less)|(?:more|less) active|"
        r"(?:dropping|falling|tailing|picking|slowing)(?: off| up| down)?|rising|growing|declining|"
        r"increasing|decreasing)",
    ),
    *_rows(
        "skills",
        r"(?:which|what) skills? (?:needs?(?: (?:the|most|some|more))* (?:work|attention|help|"
        r"practise)|(?:should|must|does|do|can) (?:ME|WE|MINE|GROUP|PERSON|they|people)(?: need "
        r"to)? (?:work on|practise|focus on|improve|train))(?: (?:the )?most| next| first)?",
    ),
    *_rows(
        "progress",
        r"(?:(?:biggest|top|best|greatest) improvers?|most improve\w*)(?: (?:people|person))?",
        r"(?:beat|broke|break|set|hit|got|get|any|new)(?: (?:an?|any|ME|his|her|their|new|the))* "
        r"(?:best scores?|records?)",
        r"(?:is|are|was|were|has|have|did|does|do|how (?:is|are|much|did|has|have|does))?(?: "
        r"(?P<x>\S+(?: \S+){0,2}?))? ?(?:improv\w+|progress\w*|getting better(?: or worse)?|got "
        r"better|(?<!who is )better(?! scores?)|(?:getting|got) worse|learning|learned|growing|"
        r"lift)(?: (?:most|the most|a lot|lately|so far|at all))?",
        r"how (?:good|bad|strong|weak) (?:am|is|are) <x> (?:at|in|on|with) (?=(?:the )?SCENARIO)",
        r"(?:how|what) (?:did|has|does|is|was) (?P<x>PERSON|ME)(?: (?:do|done|doing|score|perform|"
        r"get))?(?: (?:on|in|with|at))? (?=(?:the )?SCENARIO)",
    ),
    *_rows(
        "progress",
        r"(?<!times )(?:did|has|have|will|is|was|does) (?P<x>PERSON|ME) (?:(?:already|ever|"
        r"actually) )?(?:pass\w*|finish\w*|complet\w*|master\w*|done|do|tried)(?: with)?(?: the)? "
        r"SCENARIO(?: one| scenario)?",
        usual="all time",
    ),
    *_rows(
        "skills",
        r"what skills? (?:am|is|are) <x> (?:weak|strong|good|bad|best|worst)\w* (?:at|in)",
        r"(?:how )?(?:good|bad|strong|weak|skilled) (?:am|is|are) <x> (?:at|in|on|with) (?=(?:the "
        r")?THING)",
        r"(?:am|is|are) (?:PERSON|ME|MINE|WE) (?:any |really )?(?:good|bad|strong|weak) (?:at|in|"
        r"on|with) (?=(?:the )?THING)",
        rf"skill (?:levels?|scores?|ratings?)|{_EXTREME} skills?|(?:what |which )?skills? (?:is|"
        rf"are) (?:the )?{_EXTREME}",
        r"(?:what|which|where)?(?: (?:is|are|am|does|do))?(?: (?:PERSON|ME|WE|MINE|GROUP))?(?: "
        r"'s)? ?(?:(?:biggest|main|greatest) )?(?:strengths?|weakness(?:es)?|skills? gaps?|skills?|"
        r"competenc(?:y|ies)|proficienc(?:y|ies)|strong points?|weak (?:spots?|points?)|skills? "
        r"gaps?)(?: and (?:weakness(?:es)?|strengths?))?",
        r"what (?:is|are|am) <x> (?:good|bad|best|worst|(?:weak|strong)(?:est)?|great|poor|"
        r"terrible) (?:at|in)",
        r"where (?:am|is|are) <x> (?:(?:the )?(?:best|worst)|(?:weak|strong)(?:est)?|good|bad|"
        r"lacking)",
        r"what (?:should|does|do|must) <x> (?:need to )?(?:work|focus|improve)(?: on)?(?: next| "
        r"now| first)?",
    ),
    *_rows(
        "scenarios",
        r"(?:which|what) scenarios? (?:am|is|are|do|does) (?:ME|PERSON|MINE|WE|GROUP|people|"
        r"they)(?: do)?(?: (?:the|really|so))* (?:best|worst|good|bad|weak\w*|strong\w*) (?:at|in|"
        r"on)",
        r"(?:which|what) scenarios? (?:do|does|did) (?:people|MINE|WE|GROUP|they|PERSON|ME|"
        r"everyone) (?:practise|do|use|play) (?:the )?(?:most|least)(?: often)?",
        r"scenarios? (?:that |where )?(?:people|MINE|WE|GROUP|they|PERSON|ME|everyone) (?:do "
        r")?(?:fail|struggl|lose|get stuck)\w*(?: (?:with|on|at|most))*",
        r"(?:what|where|which)(?: scenarios?)? (?:do|does|are|is|did) (?:people|everyone|anyone|"
        r"everybody|PERSON|WE|MINE|GROUP|ME|they)(?: all)? (?:struggl\w+|fail\w*|stuck|losing|"
        r"lose)(?: (?:with|on|at|the|most))*",
        r"(?:what|which) (?:are |is |were )?(?:the )?scenarios?(?: (?:is|are|was|were|do|does|did|"
        r"has|have|with))?(?: (?:(?:the|ME|MINE|WE) )?(?:(?:lowest|highest|best|worst) (?:average|"
        r"scores?)|hardest|toughest|easiest|hard|tough|difficult|easy|popular|(?:most |least "
        r")?(?:practised|used)(?: (?:the )?(?:most|least))?|best|worst|failing|struggl\w+))?",
        r"what (?:did|do|does|have|has) (?:MINE|WE|people|GROUP|PERSON|ME) (?:practise|practised|"
        r"do|done|play|train)(?: the)? (?:most|least)(?: often)?",
        r"(?:hardest|toughest|easiest|most difficult|trickiest|most (?:practised|popular|used)|"
        r"least (?:practised|popular|used))(?: (?:scenarios?|ones?))?",
        r"scenarios",
    ),
    # One's own.
    *_rows(
        "me",
        r"how (?:am|are|is|was|were|do(?= ME (?:do|look))|did|have) ME(?: (?:been|week|weeks))*(?: "
        r"(?:doing|going|go|do|done|look))?",
        r"ME (?:week|own week|stats|statistics|numbers|figures|results|summary|report|overview|"
        r"performance|dashboard|profile|status|account)",
        rf"(?:am|is) ME (?:doing {_WELL}|on track)",
    ),
    # A person, and then a team.
    *_rows(
        "scenarios",
        rf"how (?:is|are|was|were|did|does|do)(?: the)? SCENARIO(?: scenario)?(?: {_DOING})?",
        r"(?:is|are|was)(?: the)? SCENARIO (?:(?:so|too|still) )*(?:hard|difficult|easy|used)",
        rf"how (?:do|did|does|is|are|has|have|was|were)(?: the)? (?:GROUP|MINE|WE|everyone|"
        rf"everybody|people|they)(?: {_DOING})? (?:on|in|with|at) (?=(?:the )?SCENARIO)",
    ),
    *_rows(
        "progress",
        rf"how (?:PERSON|ME) (?:is|was|has been|did|am)(?: {_DOING})?",
        rf"(?:{_SUMMARY}|more|anything) (?:on|for|of|about) PERSON",
        rf"how (?:is|was|has|does|did|about) (?:PERSON|(?P<x>he|she))(?: been)?(?: {_DOING})?",
        rf"(?:is|are|was|were) PERSON(?: {_DOING})?(?: (?:so|really|very|any))* {_WELL}",
        r"what (?:about|is up with) PERSON",
    ),
    *_rows("team", rf"(?:WE |MINE )?daily {_SUMMARY}", usual="today"),
    *_rows("team", rf"(?:WE |MINE )?weekly {_SUMMARY}", usual="last 7d"),
    *_rows(
        "team",
        rf"how (?:is|are|was|were|did|do|does|has|have)(?: the)? (?:GROUP|MINE|WE|everyone|"
        rf"everybody|people|they)(?: (?:all|group|WE|been))*(?: {_DOING})?",
        rf"(?:is|are|was|were)(?: the)? (?:GROUP|MINE|WE|everyone|everybody|people) {_DOING} "
        rf"{_WELL}",
        rf"how (?:is|are|was|were|did|do|does|has|have) (?P<x>\S+(?: \S+){{0,3}}?) {_DOING}",
        r"(?:MINE|GROUP|WE)(?: 's| group| team)? (?:results|figures|numbers|stats|statistics|"
        r"performance|week|report|overview|summary|status|average|month|activity|update)",
        r"how many (?:in|of|on)(?: the)? (?:GROUP|MINE|WE|people)(?: (?:has|have|are|were))?(?: "
        r"practis\w+| active)?",
        r"who (?:is|are) (?:in|on)(?: the)? (?:MINE|GROUP|WE)|who do (?:ME|WE) (?:coach|manage|"
        r"have|see)",
        r"(?:what )?(?:percentage|proportion|share)(?: of)?(?: the)? (?:MINE|WE|GROUP|everyone|"
        r"people)(?: (?:has|have|is|are|was|were|did))?(?: (?:practis\w+|train\w*|active|"
        r"start\w*))?",
        r"how many people(?: (?:do|does|are|have|is|there|in|on|ME|WE|MINE|GROUP|have|the|coach|"
        r"manage))*(?: (?:who |that )?(?:has |have )?practis\w+)?",
        r"(?:which|what|rank|compare)(?: the| all)? (?:groups?|WE|teams)(?: (?:is|are|was|were|"
        r"does|do|did)(?: (?:doing|the))? (?:best|worst|better|ahead)| (?:has |have "
        r")?(?:practis\w+|trained|did|does|do)(?: the)? (?:most|least|more|best|worst))?",
        rf"^(?:(?:and|what about|how about) )*(?:MINE|WE)(?= |$)(?!(?: 's)? (?:(?:best|highest|"
        rf"worst|lowest|longest|shortest) {_ATTEMPTS}|sessions))",
        r"^all (?:the )?(?:groups|teams)",
        r"how (?:big|large|active|engaged) (?:is|are|was|were)(?: the)? (?:MINE|WE|GROUP)",
        r"(?:list|members of|names? of|people (?:in|on))(?: everyone)?(?: (?:in|on))?(?: (?:all|of|"
        r"the|people))* (?:MINE|WE|GROUP)",
    ),
    *_rows(
        STATS,
        r"(?<!session )(?:stats|statistics|numbers|figures|performance|kpis?|metrics)",
        rf"(?:(?:WE|daily|weekly|monthly|group) )?{_SUMMARY}",
    ),
    *_rows(
        "sessions",
        rf"(?:last|most recent) {_NUMBER} (?:sessions|scenarios|calls|scores|results|(?=SCENARIO))",
        rf"{_NUMBER} (?:last|most recent) (?:sessions|scenarios|calls|scores|results)",
        words="top {n}",
    ),
    *_rows(
        "sessions",
        rf"{_NUMBER} {_SORT} {_ATTEMPTS}",
        words="{sort} top {n}",
    ),
    *_rows("sessions", rf"{_SORT} {_ATTEMPTS}", words="{sort}"),
    *_rows("sessions", rf"top {_ATTEMPTS}", words="best"),
    *_rows("sessions", rf"top {_NUMBER} {_ATTEMPTS}", words="best top {n}"),
    *_rows(
        "sessions",
        r"(?:(?:who|how many|total|number of|count of) )?(?:(?:got|have|has|earned|scored|won|did|"
        r"of|hit|reached|made|achieved|get|getting|a) )*golds?(?: (?:medals?|ranks?|badges?))?",
        words="gold",
    ),
    *_rows(
        "sessions",
        r"(?:what is )?(?:ME |the )?averages?(?: scores?)?(?! (?:time|length|duration|session "
        r"length))",
        words="by average",
        usual="last 30d",
    ),
    *_rows(
        "sessions",
        r"how (?:much|many)(?: practise)?(?: (?:minutes|hours|time))(?: practise)?",
        words="by time",
        usual="last 30d",
    ),
    *_rows(
        "sessions",
        r"(?:how many|how much|how often|how long|number of|count of|count|total)(?: of)?(?: the| "
        r"all)?(?: (?:sessions|times|calls|scenarios|practise|practises|minutes|hours|time)){0,2}",
        r"(?:did|has|have|does|do|is|are|was|were) <x> (?:practis\w+|train\w*|start\w*|active|do "
        r"anything|(?:do|done|had|have) (?:any|a|some|their) (?:sessions?|practise|practising|"
        r"training))",
        r"who (?:all )?(?:has |have |did |was |is )?(?:practis\w+|trained|active)",
        r"who (?:(?:all|has|have|is) )*(?:done|did|tried|played|attempted) (?=(?:the )?SCENARIO)",
        r"(?:is|are|does|do|did|has) (?:PERSON|anyone|anybody|people) (?:(?:even|still|actually|"
        r"been) )*(?:us(?:e|es|ed|ing)|playing|doing)(?: (?:it|this|exec|(?:the )?(?:bot|app|tool|"
        r"platform)))?",
        r"what (?:did|has|have|does|was|were|is|are) (?:PERSON|GROUP|MINE|ME|WE|people|everyone|"
        r"they) (?:do|done|practis\w+|doing|up to|been (?:up to|doing|practising)|work(?:ed|ing)? "
        r"on)",
        r"what (?:happened|has happened|is new|is happening|is going on|went on)",
        r"anything (?:new|happening)|news|activity",
        r"(?:history|sessions|session|scores?(?! (?:over|above|under|below|between|at|[\d<>=]))|"
        r"results?|practise|practises|training)",
    ),
    *_rows(
        ABOUT,
        rf"^{_OF_NO_PRACTISE}(?:(?:why|how|what|where|when|who|which|long) )*(?:do|does|did|are|"
        r"is|can|could|will|would) (?:you|(?:(?:the|this) )*(?:bot|execbot))(?: .*)?",
        rf"^{_OF_NO_PRACTISE}(?:.* )?(?:bot|execbot|gdpr|privacy|private|confidential|ME data|"
        r"ME questions?)(?: .*)?",
    ),
)

# Where no phrase says what is asked, what these words point at: reports to offer, not to answer.
POINTS_AT = tuple(
    (report, _any_of(words))
    for report, words in (
        (
            "prep",
            r"prep\w*|meet\w*|talk\w*|conversation|say|mention|praise|hit|tell|ask|1:1|worr\w*",
        ),
        (
            "session",
            r"feedback|tips?|advice|said|told|wrong|mistakes?|fix|review\w*|comments?",
        ),
        (
            "assignments",
            r"assign\w*|deadlines?|due|overdue|late|required|mandatory|compulsory|complet\w*|"
            r"finish\w*|certif\w*|left|outstanding|open|stuck|behind|hold\w*|block\w*|catch up",
        ),
        (
            "inactive",
            r"stopp?\w*|skip\w*|slack\w*|lazy|dodg\w*|avoid\w*|ghost\w*|nothing|missing|absent|"
            r"disappear\w*|remind\w*|nudge|ping|poke|bother\w*|quiet|licen[cs]es?|seats|unused|"
            r"wast\w*",
        ),
        (
            "progress",
            r"improv\w*|better|worse|progress\w*|learn\w*|grow\w*|first|oldest|plateau\w*|slip\w*|"
            r"develop\w*|jump\w*|gain\w*|ramp\w*|ready|pass\w*|fail\w*",
        ),
        (
            "skills",
            r"skills?|weak\w*|strong\w*|strengths?|struggl\w*|competen\w*|kill\w*|focus|work on|"
            r"bad at|good at|training",
        ),
        (
            "trend",
            r"trend\w*|up|down|tank\w*|dropp?\w*|fell|fall\w*|ris\w*|spik\w*|busiest|busy|monthly|"
            r"weekly|chart|graph|pattern|forecast|predict\w*|direction|moved|plateau\w*|time of "
            r"day",
        ),
        (
            "leaderboard",
            r"rank\w*|top|deserve\w*|recogni\w*|shout|best|stars?|winn?\w*|ahead|lead\w*|most|"
            r"beat\w*|highest|crush\w*|mvp|champion\w*",
        ),
        (
            "scenarios",
            r"scenarios?|topics?|exercises?|hard\w*|eas\w*|difficult\w*|popular|used|retire\w*|"
            r"tough\w*|content",
        ),
        (
            "team",
            r"percent\w*|%|share|ratio|rates?|proportion|adoption|usage|engag\w*|groups?|active|"
            r"head\w*|numbers?|total|median|everyone|people|person|overall|kpis?|roi|budget|"
            r"summ\w+|overview|report|bullets?|lines?",
        ),
    )
)

# Words that narrow nothing, whatever stands beside them.
STOP_WORDS = word_set(
    # how it is asked
    "please kindly thanks hi hello hey hiya yo well dear bot exec execbot ok okay cool sorry asap "
    "quick quickly just really actually basically exactly honestly kinda sorta maybe perhaps "
    "though anyway btw lol hmm um uh oh so too even very quite already yet still now currently "
    "lately recently usually normally typically generally collectively show see get let got want "
    "know find list "
    "view check say ask "
    # what holds it together
    "a an the and to of for on in with by from at about but 's ? is are was were be been being "
    "am do does did done doing has have had having may what which who where how it its it's "
    "this that these those there here i me my we our us you your all any some many much everyone "
    "everybody anyone anybody someone somebody everything anything something "
    # what it is about, whatever it is
    "hit reached achieved earned overview summary breakdown people whole entire overall "
    "altogether thing things stuff last during"
)
# Words that narrow nothing beside a name: "show her sessions" alone is about nobody we know.
PRONOUNS = word_set("he him his she her hers they them their theirs")
# What is ahead, and when: assignments and meetings are, and no session.
AHEAD = word_set("when will would shall should can could must might")
# What sessions are called, what is in them, and what is done with them.
OF_SESSIONS = word_set(
    "practise practised practises practising practice training session sessions attempt attempts "
    "call calls score scores scored scoring result results tried touched log logged happen "
    "happened "
    "spend spent points"
)
# How it stands with what has to be done, which a list of that tells of each.
FINISHED = word_set(
    "finish finished complete completed open unfinished incomplete uncompleted remaining left"
)
# Those of them that ask for something of their own where there is no phrase: "call sam".
ASKS_FOR_MORE = word_set("say ask want doing done ok okay many much call")
# Words of ours that say something which we don't know: they are no names, and never dropped.
NOT_DROPPED = (
    PRONOUNS
    | AHEAD
    | OF_SESSIONS
    | FINISHED
    | word_set(
        "need again ever each every one ones more most far if as into onto up down out off between "
        "per via or good great nice like look think wonder wondering go going went make person "
        "also then plus within group groups team teams scenario scenarios skill skills time times "
        "member members program programs collection collections assignment assignments task tasks "
        "report reports data figure figures number numbers stats statistics performance company "
        "slack ranks whose whom yours graded same both personal cost costs price ranked data "
        "side add"
    )
)
COMMON_WORDS = STOP_WORDS | NOT_DROPPED


# In these is much that people are called as, or scenarios: "mark it done".
_OF_ANYTHING = (ABOUT, COACHING, NUDGE, WATCH)


def vocabulary() -> Iterator[str]:
    """Every word that a pattern or the list of stop words has, always in the same order; not of
    what asks for anything whatever."""
    for pattern in (
        *(phrase.pattern.pattern for phrase in PHRASES if phrase.report not in _OF_ANYTHING),
        LEFT_OUT.pattern + TURNS.pattern + MATTERS.pattern,
    ):
        for word, is_either in re.findall(r"(?<![\\A-Z])\b([a-z]{2,})(\?)?", pattern):
            yield word
            if is_either:
                yield word[:-1]
    yield from SPELLINGS
    yield from sorted(COMMON_WORDS)
