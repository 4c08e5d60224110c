"""What people ask about the bot itself, or want of it that it can't do: the words that tell.

A row is a key, for which `features/about.py` has a sentence, and the texts that ask for it, as
patterns of whole words (see `phrases.py`). A text with semicolons is in parts, which stand in what
is said in whatever order; one after "!" does not, and one after "^" begins it. ASK is how people
begin who want something done.
"""

from __future__ import annotations

from collections.abc import Iterator

ASK = (
    r"(?:(?:please|can|could|would|will|you|ME|WE|how|do|to|want|need|like|go|ahead|just|let|help) "
    r")*"
)
_RANKS = r"(?:gold|silver|bronze|unranked|ranks?)"
_SEE = r"see|sees|view|read|look|access|watch|open|find|get|hear"
_OTHERS = (
    r"coach(?:es)?|admins?|manager|boss|lead|supervisor|anyone|anybody|everyone|others?|person|"
    r"people|MINE|WE|PERSON|customers|exec"
)
_COUNTS = r"counts?|counted|calculated|computed|worked out|measured|breaks?|lose"
_ATTEMPT = r"sessions?|scores?|calls?|results?|ones?|grades?|practise|recordings?"

# Asked where nobody and nothing is named.
OF_THE_BOT = (
    (
        "typed",
        r"^(?:do|does|is|are|will|can|what|how long) .*; store|stored|record|recorded|save|saved|"
        r"log|logged|keep|kept|remember|monitor\w*|track\w*; type|typed|ask|asked|write|wrote|say|"
        r"chat|here|questions?|messages?; !data|calls?|sessions?|scores?",
        r"^(?:is|are|am) (?:this|it|you|everything|any|anything|ME|our|WE)(?: \S+){0,3} "
        r"(?:recorded|recording|logged|logging|monitor\w+|track\w+|saved|stored|listening)(?: .*)?",
        r"^who (?:else )?(?:can|could) (?:see|read) (?:.* )?(?:chat|here|conversation|messages?|"
        r"questions?|this)",
        r"^(?:is|are) (?:this|it|that|ME questions?|questions?) (?:private|anonymous|confidential|"
        r"secret)(?: .*)?",
    ),
    (
        "stored",
        r"what|which|where|how long|how much; data|history|recordings?|transcripts?; store|keep|"
        r"kept|stored|have|saved?|retain\w*",
        r"how long|what|where; do|does|is|are; store|keep(?! \w+ing)|kept|stored|saved?|retain\w*",
        r"^(?:do|does|can|are|is) (?:you|exec|it|this|(?:the )?bot) (?:listen|record|hear)\w*(?: "
        r".*)?",
        r"what .*; you know|you have; about ME|on ME",
    ),
    (
        "hosted",
        r"gdpr|soc ?2|compliant|compliance|hosted|hosting|privacy|data protection|security policy|"
        r"encrypted|encryption|secure",
        r"where|which country|which server; (?:data|you|bot) (?:\S+ ){0,2}(?:hosted|live|lives|"
        r"located|kept)",
    ),
    (
        "operator",
        r"api key|token; rotate|change|replace|new|expired|renew|update|where",
        r"^(?:how much|what) (?:do|does|is|are) .*; cost|costs|licen[cs]es?|subscription; !session|"
        r"scenario",
        r"(?:what|which|new|last) (?:version|release)|changelog|what is new in|new features?",
        r"bug|bugs|feature request; report|found|there|file|submit|where|who",
        r"restrict|limit|block|disable|allow|configure|turn off|turn on|switch off; bot|execbot|"
        r"you|everyone|nudges; !PERSON|messages?|send\w*",
    ),
    (
        "bot",
        r"^(?:are|r|is) (?:you|this|it|execbot|the bot)(?: \S+){0,3} (?:bot|human|person|real|ai|"
        r"robot|machine|alive|chatgpt|gpt\S*|llm|claude|copilot)(?: .*)?",
        r"^(?:do|are) you (?:use|using|based on|powered by) .*; ai|chatgpt|gpt\S*|llm|claude|"
        r"openai|model",
        r"^who (?:made|built|created|wrote|makes|owns|maintains) (?:you|this|the bot|execbot)",
    ),
    (
        "rude",
        r"^(?:you|u|this|it|that|bot|execbot)(?: \S+){0,2} (?:suck|sucks|stupid|useless|dumb|"
        r"terrible|awful|rubbish|crap|idiot|broken|bad bot|hate)(?: .*)?",
        r"^(?:stupid|dumb|useless|bad|hate) (?:bot|thing|you|this)|^wtf.*|^ugh+",
    ),
    ("sorry", r"^(?:ME )?(?:sorry|apologies|my bad|pardon)(?: (?:about|for) (?:that|this))?$"),
    (
        "nervous",
        r"nervous|anxious|anxiety|scared|afraid|terrified|stress(?:ed|ful)?|intimidat\w+|awkward|"
        r"embarrass\w*|nerves; ME|normal|it|this|these|anyone|get|feel",
    ),
    (
        "channels",
        r"^(?:can|could|may|do|does|where|how|are|is) .*; use|talk|ask|work|works|working|reach|"
        r"type; you|bot|execbot; channels?|dms?|direct messages?|slack|groups?|threads?|phone|"
        r"mobile",
    ),
    (
        "usage",
        r"^(?:who|how many|how often|which) .*; use|uses|used|using|asked?|asks|ran|queries|"
        r"queried; (?:the )?(?:bot|execbot)|you|reports?|questions; !(?:look|practis)\w*",
    ),
    ("streak", rf"^(?:do|does|is|are|what|when|how|will|if)\b.*; {_COUNTS}; streaks?"),
    (
        "ranks",
        rf"what|when|how|how much|which|is|do|does; counts|qualifies|makes|needs?|needed|required|"
        rf"takes?|threshold|cut-?off|until|from|reach|differences?|or|earn|mean|means; {_RANKS}; "
        r"!who|how many|did|PERSON|MINE|last|this|week|month|should|get gold",
        rf"^what (?:is|are|do|does) (?:a |an )?{_RANKS}(?: (?:even|actually|really|exactly))*(?: "
        r"means?)?$",
        rf"^how (?:do|can|could|does) (?:ME|WE|you|one|people) (?:get|earn|reach|win) (?:a |to "
        rf")?{_RANKS}$",
        r"^(?:is|was) (?:an? )?\d+ (?:an? )?(?:good|bad|ok|okay|decent|great)(?: score)?$",
    ),
    (
        "grades",
        rf"grades?|graded|grading|graders?|scores?|scoring|{_RANKS}; wrong|unfair|incorrect|"
        r"mistake|dispute|appeal|complain\w*|contest|too (?:low|harsh|strict)|disagree; !PERSON|"
        r"why",
    ),
    (
        "counted",
        r"^(?:do|does|did|will|would|is|are) (?!ME|it).* counts?(?: (?:as|for|too|towards?|in)(?: "
        r".*)?)?$",
        rf"^(?:.* )?how (?:is|are|do|does)\b.* (?:{_COUNTS})(?: .*)?",
        r"^(?:which|what|are|is) .* counted(?: .*)?|^what counts(?: .*)?",
        r"^(?:.* )?why (?:do|does|is|are) .* (?:different|differ|not match|wrong|other)(?: .*)?",
        r"^what (?:is|are|do|does) (?:a |an |the )?(?:lift|graded|incomplete|ungraded|average|"
        r"valid|invalid)(?: (?:sessions?|calls?|scores?))?(?: mean)?$",
    ),
    ("calls", r"real calls?(?: .*)?(?:versus|or|and|count)(?: .*)?"),
    (
        "fresh",
        rf"^(?:.* )?(?:ME|it|this|{_ATTEMPT}) .*not (?:see|seeing|show|showing|there|appear\w*|"
        r"updated|here)(?: (?:it|up|here|yet|in|that|this|them))*$",
        r"^(?:where is|missing) ME (?:last )?(?:session|score|call)",
        rf"^ME .*; {_ATTEMPT}|it; missing|gone|disappeared|vanished|lost; !who|which",
        r"how|when|is|are|does|do|did|what; fresh|up to date|updated?|refresh\w*|synce?d?|out of "
        r"date|real ?time|live|stale|delay\w*",
        r"^(?:please )?(?:sync|refresh|update|reload)(?: (?:it|now|all|everything|data|the|please|"
        r"exec))*$",
    ),
    ("file", r"^(?:is|are) there (?:an? )?(?:api|download)(?: or)?$"),
    (
        "zone",
        r"what|which|whose; time ?zones?",
        r"when|what day|which day|does; week|weeks; start|starts|begin|begins",
    ),
    ("ranking", r"turn|switch|enable|disable; ranking|leaderboard|names"),
    (
        "hide",
        r"hide|anonymi[sz]e|opt out|not; ME (?:name|face)|named|mentioned",
        r"hide|off|remove|get|take|opt|appear|show up|not be; ME; leaderboards?|rankings?|digests?|"
        r"the channel; !who|how (?:am|high|far)",
        r"^hide ME(?: .*)?",
    ),
    (
        "up",
        r"^(?:is|are|why|was|were)\b.*; you|bot|execbot|exec|sync|connection; working|up|down|ok|"
        r"okay|alive|online|running|broken|fine|connected|slow|dead|offline|frozen; !PERSON|who|"
        r"MINE",
    ),
)
# Asked whoever and whatever is named beside it, and from "remind" on in vain.
WHOEVER = (
    (
        "told",
        rf"^(?:do|does|will|can|could|is|are|did|would) (?!ME)(?:{_OTHERS}|he|she|they|\S+).*; "
        r"told|tell|know|knows|notified|notice|see|informed|find out|hear|pinged|ping; ME|WE; "
        r"(?:look|looked|looking|ask|asked|asking|check|checked|search|searched|view|viewed)(?: "
        r"\S+){0,4}",
    ),
    (
        "warned",
        rf"^(?:do|does|will|is|are|can) (?:the )?(?:ME )?(?:{_OTHERS}) .*; ping|pinged|told|"
        r"notified|alert|alerted|messages?|hear|know|e-?mail|notifications?|informed; when|if|that",
    ),
    (
        "seen",
        rf"^(?:(?:who|what) )?(?:else )?(?:can|could|do|does|will|may|would) (?:(?:ME|the|other|WE|"
        rf"a|else|all|also|only) )*(?:{_OTHERS}) (?:(?:else|really|also|get to|still|only) )*(?:"
        r"see|view|read|look at|access|watch)(?: .*)?",
        r"^(?:can|could|does|will|may) (?!ME|you|WE|it|this|that|we)\S+ (?:see|view|look at|access|"
        rf"read) .*; ME; {_ATTEMPT}|data|week|feedback",
        r"^why .*; ME|WE; (?:can|do|does) (?:not|only)(?: \S+)? (?:see|view|find|access)|not "
        r"allowed",
        r"^who (?:else )?(?:can|may|could) (?:else )?(?:see|view|read|look at|access)\b.*; !ME "
        r"(?:question|chat|message).*",
        r"what; differences?|different|versus; coach|manager; admin|person",
        r"what can (?:(?:a|an|the) )*(?:coach(?:es)?|admins?|person|people|manager)(?: \S+)*; !you",
    ),
    (
        "broken",
        r"con+ection|internet|wifi|crashed|froze|frozen|cut off|dropped out|disconnected|kicked "
        r"out|hung up|closed the (?:tab|browser|laptop); count\w*|did|does|ME|happen\w*|session",
    ),
    (
        "practise",
        r"^(?:can|could|may) (?:ME|you|WE) (?:redo|repeat|retry|retake|scenario|practise)(?: "
        r"SCENARIO| .*)?",
        r"^ASK(?:have |should |must )*(?:redo|repeat|retry|retake|start|open|launch|begin|play|do|"
        r"take) (?:(?:the|a) )*(?:SCENARIO|(?:it|this|that|one|them) (?:again|over))(?: .*)?; !who|"
        r"how many|PERSON|did",
        r"^(?:(?:send|give|have|an?|the|what|is|ME) )*(?:link|url)s?(?: (?:to|for)(?: (?:the "
        r")?SCENARIO| .*)?)?$",
    ),
    (
        "share",
        r"^ASK(?:share|publish|post) (?:.* )?(?:to|in|into|with)(?: .*)?",
        r"^ASK(?:drop|put|stick) .*; (?:in|into|to) (?:#\S+|this channel|the channel|slack|here)",
        r"^ASKshare(?: (?:this|that|it|the|a|ME)(?: .*)?)?$",
        r"^ASK(?:unshare|(?:undo|remove|delete|take back) .*(?:share|shared|post|posted))(?: .*)?",
    ),
    (
        "remind",
        r"^ASK(?:remind|nudge|ping|poke) ME(?: .*)?|^ASKreminders?(?: .*)?",
    ),
    (
        "groups",
        r"^PERSON (?:(?:has|is|was|been|just|have) )*(?:now (?:in|on|part of)|moved|switched|"
        r"transferred|changed|joined|left)(?: (?:from|to|the|a|another|our|other))* (?:GROUP|MINE|"
        r"WE|groups?|teams?|everyone|exec)(?: .*)?",
        r"^ASK(?:move|transfer|switch|add|put|kick|remove|take|drop|invite|swap) .+ (?:to|into|in|"
        r"off|from|out of|onto|on) (?:the )?(?:GROUP|MINE|WE|groups?|teams?|exec|everyone).*; "
        r"!coach(?:es)?|leaderboard|data|average",
        r"^ASK(?:add|invite|remove|create|register) (?:a |new |an )*(?:person|people|someone|"
        r"members?|accounts?)(?: .*)?",
        r"^ASK(?:move|transfer|switch|invite) PERSON (?:to|into|from)(?: .*)?",
        r"^ASK(?:make|set) (?:PERSON|ME) (?:an )?admin$|(?:become|be) an admin",
        r"^ASK(?:rename|create|delete|archive|merge|split|edit) (?:a |the |new |my |our )*(?:GROUP|"
        r"groups?|MINE|WE)(?: .*)?",
    ),
    (
        "tasks",
        r"^ASK(?:assign|unassign|extend|reassign|postpone|push back|skip|waive|excuse)(?: .*)?; "
        r"!coach(?:es)?|who|PERSON 's|list|by person",
        r"move|change|extend|set|push|shift|cancel|remove|delete|fire|kill|drop|clear|close|"
        r"postpone|extension|mark|another|more (?:time|days); due dates?|deadlines?|assignments?|"
        r"tasks?|extension|as done|done; !who|which|what is|how many|(?:did|has|have|is|are) .*",
        r"^give PERSON (?:another|more|an? extra|until|an? extension)(?: .*)?",
        r"extension; get|need|ask|have|give|want",
    ),
    (
        "sessions",
        rf"^ASK(?:delete|remove|reset|erase|undo|wipe|cancel|clear|change|edit|fix|raise|override|"
        rf"set|correct|give PERSON|give ME) (?:.* )?(?:{_ATTEMPT}|{_RANKS})(?: .*)?; !from the|in "
        rf"the channel|average",
    ),
    (
        "forget",
        r"^ASK(?:delete|remove|erase|forget|wipe) (?:.* )?(?:data|history|PERSON|ME|him|her|them|"
        r"leaver|someone|everything|account|profile)(?: from (?:slack|here|the bot))?$",
        r"(?:left|leaves|leaving|quit) (?:the |our )?(?:everyone|company|us); remove|delete|what|"
        r"how|happens",
    ),
    (
        "scenarios",
        r"^ASK(?:archive|retire|rename|delete|create|build|edit|hide|add|make) (?:a |the |new |an |"
        r"another )*(?:SCENARIO|scenarios?|programs?)(?: .*)?",
    ),
    (
        "deals",
        r"salesforce|hubspot|crm|quotas?|revenue|deals?|pipeline (?:value|coverage)|win rates?|"
        r"close rates?|closed won|commission|bookings|attainment|sales numbers|gong; !api|"
        r"requests?",
    ),
    (
        "forecast",
        r"forecast\w*|predict\w*|projection|projected|on pace|likelihood|odds|chances? (?:of|that)",
    ),
    (
        "recording",
        r"transcripts?|audio|playback|play back|recordings?; !store|stored|keep|kept|save|saved|do "
        r"you record",
        r"^ASK(?:listen to|hear|watch|play)(?: back)? (?:"
        rf".* )?(?:{_ATTEMPT}|it|PERSON|SCENARIO)(?: .*)?",
        r"^what did PERSON (?:actually |really )?say(?: .*)?",
    ),
    (
        "mail",
        r"e-?mail (?:ME|WE|PERSON|it|this|that|everyone|MINE|the|a)|(?:by|via|to|over) (?:\S+ "
        r")?e-?mail|write (?:an? )?e-?mail|pdfs?|powerpoint|pptx?|slides?|slide deck|google "
        r"sheets?|google docs?|word doc|screenshots?|pictures? of",
    ),
    (
        "calendar",
        r"calendars?|outlook",
        r"^ASK(?:book|schedule|arrange|set up|find)(?: .*)? (?:meeting|1:1|1-1|1on1|one on one|"
        r"time|call|slot|minutes|room)(?: .*)?; !digest|summary|report|every|each|coach|team",
    ),
    (
        "write",
        r"^ASK(?:write|draft|compose|translate|rewrite)\b.*; !down|up",
    ),
    (
        "content",
        r"good|great|perfect|ideal|best|strong; look like|looks like|sound like|sounds like; !MINE|"
        r"PERSON|numbers|week",
        r"examples?|sample|model answer|cheat ?sheet|best practises|tips|advice|tricks; !PERSON",
        r"^how (?:do|should|can|would) (?:ME|WE|you|one) (?:handle|open|answer|respond|deal|close "
        r"a|overcome|reply)(?: .*)?",
    ),
    (
        "connect",
        r"log ?in|login|log into|sign in|connect|integrat\w+|hook up|plug in; exec|teams|zoom|"
        r"salesforce|microsoft|you|google|whatsapp|lms|api; can|could|how|do|does|please|is|are; "
        r"!working|when did|who",
    ),
)


def rows() -> Iterator[tuple[str, str]]:
    """Each pattern, with the words that its phrase says: the key and what is named."""
    for key, *texts in OF_THE_BOT:
        yield from (
            (rf"(?!.*(?:PERSON|GROUP|SCENARIO|THING)){_pattern(text)}", key) for text in texts
        )
    for key, *texts in WHOEVER:
        yield from ((_pattern(text), f"{key} {{what}}") for text in texts)


def _pattern(text: str) -> str:
    text = text.replace("ASK", ASK)
    return f"^{''.join(map(_part, text.split('; ')))}.*"


def _part(part: str) -> str:
    """Looks ahead for a part."""
    sign = "!" if part.startswith("!") else "="
    start = "" if part.startswith("^") else "(?:.* )?"
    return f"(?{sign}{start}(?:{part.lstrip('!^')})(?!\\S))"
