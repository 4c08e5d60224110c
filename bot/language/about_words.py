"""What people ask about the bot itself, or want of it that it can't do: the words that tell.

A row is a key, for which `features/about.py` has a sentence, and the texts that ask for it, as
patterns of whole words (see `phrases.py`). A text with semicolons is in parts, which stand in what
is said in whatever order; one after "!" does not, and one after "^" begins it. ASK is how people
begin who want something done.
"""

from __future__ import annotations

from collections.abc import Iterator

ASK = (
    r"(?:(?:and|also|then|ok|where|please|can|could|would|will|you|ME|WE|how|do|to|want|need|like|"
    r"go|"
    r"ahead|just|let|help) )*"
)
_RANKS = r"(?:gold|silver|bronze|unranked|ranks?)"
_OTHERS = (
    r"coach(?:es)?|admins?|manager|boss|lead|supervisor|anyone|anybody|everyone|others?|they|"
    r"person|people|MINE|WE|PERSON|customers|exec"
)
_COUNTS = r"counts?|counted|calculated?|computed?|worked out|measured"
_KEEPS = r"(?:stor(?:e|ed|ing)|record(?:ed|ing)?|saved?|log|logged|logging|keep|kept|retain\w*)"
_ATTEMPT = r"sessions?|scores?|calls?|results?|ones?|grades?|practise|recordings?"

# Asked where nobody and nothing is named.
OF_THE_BOT = (
    (
        "typed",
        r"^(?:do|does|can|are|is) (?:you|exec|it|(?:the )?(?:bot|execbot))\b.*; read|reading|see|"
        r"scan\w*|spy\w*; messages?|slack|dms?|chats?|channels?",
        rf"^(?:do|does|is|are|will|can|what|how long) .*; {_KEEPS}|monitor\w*|track\w*; type|typed|"
        r"ask|asked|write|wrote|say|chat|here|questions?|messages?",
        rf"^(?:is|are|am) (?:this|it|you|everything|anything|ME|WE)(?: \S+){{0,3}} (?:{_KEEPS}|"
        r"monitor\w+|track\w+|listening|watched|filmed)(?: .*)?",
        r"^who (?:else )?(?:can|could) (?:see|read) (?:.* )?(?:chat|here|conversation|messages?|"
        r"questions?|this)",
        r"^(?:is|are) (?:this|it|that|ME questions?|questions?) (?:private|anonymous|confidential|"
        r"secret)(?: .*)?",
    ),
    (
        "stored",
        rf"what|which|where|how long|how much; data|information|info|history|transcripts?|"
        rf"sessions?|scores?|results|ME|people; you|it|exec|bot|is|are; hang on|hold|{_KEEPS}",
        r"^(?:do|does|can|are|is) (?:you|exec|it|this|(?:the )?bot) (?:listen|record|hear)\w*(?: "
        r".*)?",
        r"what .*; you know|you have; about ME|on ME",
    ),
    (
        "hosted",
        r"^(?:do|does|is|are|can|will)\b.*; send|sent|share|shared|sell|see|sees|train|leave|"
        r"leaves|goes; data|messages|questions|information",
        r"gdpr|soc ?2|compliant|compliance|hosted|hosting|privacy|data protection|security policy|"
        r"encrypted|encryption|secure",
    ),
    (
        "operator",
        r"^who\b.*; contact|turn to|call|ask; broken|wrong|problem|issue|support|not work\w*|bug",
        r"key; rotat\w*|renewed|revoked|changed|expired|expires|invalid|wrong|leaked",
        r"restart|reboot|backups?|import|upload|update yourself|password",
        r"^where .*; logs?|log files?",
        r"uninstall|settings?|configure|configuration|support team|support contact|talk to (?:a |"
        r"someone )?(?:human|support|person|someone)",
        r"^(?:how much|what) (?:do|does|is|are) .*; cost|costs|licen[cs]es?|subscription",
        r"(?:what|which|new|last) (?:version|release)|changelog|what is new in|new features?",
        r"bug|bugs|feature request; report|found|there|file|submit|where|who",
        r"restrict|limit|block|disable|allow|turn off|turn on|switch off; bot|execbot|you|"
        r"everyone|nudges",
    ),
    (
        "bot",
        r"ai|chatgpt|gpt|llm|openai; score|scores|grade|grades|generated|use|using|you",
        r"^(?:are|r|is) (?:you|this|it|execbot|the bot)(?: \S+){0,3} (?:bot|human|person|real|ai|"
        r"robot|machine|alive|chatgpt|gpt\S*|llm|claude|copilot)(?: .*)?",
        r"^who (?:made|built|created|wrote|makes|owns|maintains) (?:you|this|the bot|execbot)",
    ),
    (
        "rude",
        r"^(?:you|u|this|it|that|bot|execbot)(?: \S+){0,2} (?:suck|sucks|slow|stupid|useless|dumb|"
        r"terrible|awful|rubbish|crap|idiot|broken|hate)(?: .*)?",
        r"^(?:stupid|dumb|useless|bad|hate) (?:bot|thing|you|this)|^wtf.*|^ugh+",
    ),
    (
        "nervous",
        r"nervous|anxious|anxiety|scared|afraid|terrified|stress(?:ed|ful)?|intimidat\w+|awkward|"
        r"embarrass\w*|nerves; ME|normal|it|this|these|anyone|get|feel",
    ),
    (
        "channels",
        r"^(?:can|could|do|does|is|are|how)\b.*; you|it|this|bot; channels?|phone|mobile|dms?|"
        r"slack app|threads?|desktop; !leaderboard",
    ),
    (
        "usage",
        r"^(?:what|which) (?:questions )?(?:do|did|does|have|has|are) (?!ME)\S+ .*; ask|asked|type|"
        r"typed|asking",
        r"^(?:who|has anyone) .*; look\w*|viewed|saw|seen; whose|what|data|who",
        r"^(?:who|how many|how often|which) .*; use|uses|used|using|asked?|asks|ran|queries|"
        r"queried; (?:the )?(?:bot|execbot)|you|reports?|questions",
    ),
    (
        "source",
        r"^(?:where|how)\b.*; do|does|did|are|is; numbers|figures|data|stats|information|results; "
        r"from|get|come|taken|collected",
    ),
    (
        "language",
        r"^(?:do|can|could|what|which|how many)\b.*; speak|languages?",
    ),
    (
        "accounts",
        r"^(?:ME|someone|somebody|a new person|the|change|update|fix) .*; name|e-?mail|account|"
        r"address; change|changed|wrong|different|new|update|misspelled",
        r"^why .*; you; know who ME|not know ME|recogni[sz]e|find ME",
    ),
    (
        "discouraged",
        r"^ME (?:(?:really|just|so|am|do) )*(?:hate|quit|tired|bored|give up|(?:do )?not (?:get|"
        r"understand) (?:it|this)|not like).*",
        r"^what is the point(?: .*)?|^why (?:do|should|must) ME (?:do|have to|bother)(?: .*)?|"
        r"^(?:this|it) is (?:too |so |really )*(?:hard|boring|difficult|pointless|stupid|silly)",
    ),
    (
        "ranks",
        rf"^(?:what|which) (?:is |are )?(?:the )?(?:\w+ )?scores? (?:(?:is|makes|counts|gets?|"
        rf"equals|do|ME|need|for|to|reach|a|an|as) )+{_RANKS}$",
        rf"what|when|how far|how much|is|do|does; counts|qualifies|makes|needed|"
        rf"required|takes?|needs? (?:\d+ )?for|threshold|cut-?off|from|differences?|or|mean|means; "
        rf"{_RANKS}; !PERSON|MINE|who|how many|did|should",
        rf"^what (?:is|are|do|does) (?:a |an )?{_RANKS}(?: (?:even|actually|really|exactly))*(?: "
        r"means?| worth)?$",
        rf"^how (?:do|can|could|does) (?:ME|WE|you|one|people) (?:get|earn|reach|win) (?:a |to "
        rf")?{_RANKS}$",
        r"^(?:is|was) (?:an? )?\d+ (?:an? )?(?:good|bad|ok|okay|decent|great)(?: score)?$",
    ),
    (
        "grades",
        r"^(?:ME think )?(?:this|that|it) is (?:so |really |too |just )*(?:unfair|not fair|harsh|"
        r"wrong|low)$",
        r"^who (?:grades|scores|decides?) .*|^how (?:do|does|is|are)\b.* (?:grad(?:ing|"
        r"ed)|scor(?:ing|ed)|decides?)(?: .*)?|^what (?:is|counts as) (?:an? |the )?(?:good|"
        r"passing|pass) (?:score|grade|mark).*",
        rf"grades?|graded|grading|scores?|scoring|{_RANKS}; wrong|unfair\w*|incorrect|mistake|"
        r"dispute|appeal|complain\w*|contest|too (?:low|harsh|strict)|disagree|bs|bullshit|"
        r"ridiculous|a joke|should be; !why|who|went wrong|getting wrong|do wrong",
    ),
    (
        "counted",
        r"numbers?|figures|count|total|stats; wrong|off|incorrect|not right|not match; !cut|take",
        r"^(?:do|does|did|will|would|is|are) (?!ME|it).* counts?(?: (?:as|for|too|towards?|in|"
        r"against)(?: .*)?)?$",
        rf"^(?:.* )?how (?:is|are|do|does)\b.* (?:{_COUNTS})(?: .*)?",
        r"^(?:which|what|are|is) .* counted(?: .*)?|^what counts(?: .*)?",
        r"^(?:.* )?why (?:do|does|is|are) .* (?:different|differ|not match|wrong|other)(?: .*)?",
        r"^what (?:is|are|do|does) (?:a |an |the )?(?:lift|graded|incomplete|ungraded|average|"
        r"valid|invalid)(?: (?:sessions?|calls?|scores?))?(?: mean)?$",
    ),
    (
        "fresh",
        r"why (?:is|are|do|does|did) not (?:it|they|that|ME) (?:\S+ )?(?:here|there|show\w*|up|"
        r"visible|listed)",
        r"^where (?:is|are|has) ME .*(?:sessions?|scores?|calls?|results?).*|^where did ME\b.* (?:"
        r"go|end up|disappear)(?: .*)?",
        r"^why\b.*; invalid|ungraded|no score|no grade; ME|it|this|there",
        r"^when (?:do|does|will|is|are) (?:ME|the|it) (?:\S+ ){0,3}?(?:scores?|grades?|results?|"
        r"graded|scored|feedback)(?: (?:in|ready|out|there|back|come|appear|show up))*$",
        r"^(?:is|are|was|has|have|did)\b.*; ME|it|the|this; graded(?! sessions)|scored; !who|last",
        rf"^(?:.* )?(?:ME|it|this|{_ATTEMPT}) .*not (?:see|seeing|show|showing|there|appear\w*|"
        r"updated|here)(?: (?:it|up|here|yet|in|that|this|them))*$",
        rf"^ME .*; {_ATTEMPT}|it; missing|gone|disappeared|vanished|lost",
        r"how|when|is|are|does|do|did|what; fresh|up to date|updated?|refresh\w*|synce?d?|out of "
        r"date|real ?time|live|stale|delay\w*|how (?:late|old|recent|current)",
        r"^(?:please )?(?:sync|refresh|update|reload)(?: (?:it|now|all|everything|data|the|please|"
        r"exec))*$",
    ),
    (
        "file",
        r"webhooks?|power ?bi|tableau|looker|zapier|data warehouse|rest api|graphql",
        r"^(?:is|are) there (?:an? )?(?:api|download)(?: or)?$",
    ),
    (
        "zone",
        r"what|which|whose; time ?zones?",
        r"when|what day|which day|does; week|weeks; start|starts|begin|begins",
    ),
    (
        "ranking",
        r"turn|switch|enable|disable|anonymi[sz]e|hide; leaderboards?|rankings?|names; !ME",
        r"leaderboards?|rankings?; visible|public|private|shown|hidden|who sees|who can see; !ME",
    ),
    (
        "hide",
        r"hide|anonymi[sz]e|opt out|not; ME (?:name|face)|named|mentioned",
        r"hide|off|remove|take|opt|appear|show up|not be; ME; leaderboards?|boards?|rankings?|"
        r"digests?|the channel",
        r"^hide ME(?: .*)?",
    ),
    (
        "up",
        r"^(?:is|are|why|was|were)\b.*; you|bot|execbot|exec|sync|connection; working|up|down|ok|"
        r"okay|alive|online|running|broken|fine|connected|slow|dead|offline|frozen",
    ),
)
# Asked whoever and whatever is named beside it, and from "remind" on in vain.
WHOEVER = (
    (
        "told",
        r"^do you (?:tell|notify|inform|alert|message) .*; when|if|that|about",
        r"will|does|do|can|would; (?:any|some)(?:one|body)|people|PERSON|MINE|WE|others; know|see|"
        r"hear|find out; (?:if|when|that|what) ME ask\w*",
        rf"^(?:do|does|will|can|could|is|are|did|would) (?!ME)(?:{_OTHERS}|he|she|\S+).*; told|"
        r"tell|know|knows|notified|notice|see|informed|find out|hear|pinged|ping; ME|WE; "
        r"(?:look|open|pull|peek|ask|check|search|view)(?:ed|ing)?(?: \S+){0,4}",
    ),
    (
        "warned",
        r"^who\b.*; told|notified|alerted|hears|pinged; when|if|that",
        r"^what\b.*; do|does|will; get|gets|receive|told|sent|hear; every|mondays?|weekly|each "
        r"week|about ME; !ME get|WE|MINE",
        rf"^(?:do|does|will|is|are|can) (?:the )?(?:ME )?(?:{_OTHERS}) .*; ping|pinged|told|"
        r"notified|alert|alerted|messages?|hear|know|e-?mail|notifications?|informed; when|if|that",
    ),
    (
        "seen",
        r"^what (?:can|could|does) (?!ME|you|WE|it)\S+ see(?: .*)?$",
        r"^(?:can|could|does|do|will) (?:any(?:one|body)|others|everyone|people)(?: \S+)? see "
        r"(?:this|that|it)(?: (?:stuff|chat))?$",
        r"^who\b.*; allowed|permitted|able|going to|gonna|gets? to; see|read|view|hear|know; ME|WE|"
        r"MINE",
        r"without; seeing|knowing|watching|finding out",
        r"^(?:is|are) .*; visible|public|private|shown|exposed; ME|MINE|WE",
        rf"^(?:(?:who|what) )?(?:else )?(?:can|could|do|does|will|may|would) (?:(?:ME|the|other|WE|"
        rf"a|an|else|all|also|only) )*(?:{_OTHERS})(?: \S+){{0,4}} (?:see|view|read|look at|access|"
        r"watch)(?: .*)?; !improve\w*|overdue",
        r"^(?:can|could|do|does|will|may|would) (?!ME |you|WE|it|this|that|MINE see)(?:ME )?\S+ "
        r"(?:\S+ )?(?:see|view|know(?! how)|find out|hear|access|read).*; ME|MINE|WE",
        r"^why .*; ME|WE; (?:can|do|does) (?:not|only)(?: \S+)? (?:see|view|find|access)|not "
        r"allowed",
        r"^who (?:else )?(?:sees|(?:can|may|could) (?:else )?(?:see|view|read|look at|access))\b.*",
        r"what; differences?|different|versus; coach|manager; admin|person",
    ),
    (
        "broken",
        r"con+ection|internet|wifi|crashed|froze|frozen|cut off|dropped out|disconnected|kicked "
        r"out|hung up|closed the (?:tab|browser|laptop); count\w*|did|does|ME|happen\w*|session",
    ),
    (
        "practise",
        r"how many|how often|unlimited|max(?:imum)?|limit; sessions|times|chances|practise|redo|"
        r"repeat; (?:can|do|am|may|is) (?:ME|WE|you|one|it|there|people) (?:get|have left|allowed|"
        r"redo|repeat|practise)|allowed",
        r"^(?:can|could|may) (?:ME|you|WE) (?:redo|repeat|retry|retake|scenario|practise)(?: .*)?",
        r"^ASK(?:have |should |must )*(?:redo|repeat|retry|retake|start|open|launch|begin|play|do|"
        r"take) (?:(?:the|a) )*(?:SCENARIO|(?:it|this|that|one|them) (?:again|over))(?: .*)?",
        r"^(?:(?:send|give|have|an?|the|what|is|ME) )*(?:link|url)s?(?: (?:to|for)(?: .*)?)?$",
    ),
    (
        "share",
        r"^ASK(?:send|forward|shoot) (?:it|this|that|the|ME) (?:.* )?(?:to|with) (?:ME "
        r")?(?!ME)(?:\S+)(?: .*)?",
        r"^ASK(?:make|put) (?:this|that|it) (?:public|visible)(?: .*)?",
        r"^ASK(?:share(?! of)|publish|post) (?:.* )?(?:to|in|into|with)(?: .*)?",
        r"^ASK(?:drop|put|stick) .*; (?:in|into|to) (?:#\S+|this channel|the channel|slack|here)",
        r"^ASKshare(?: (?:this|that|it|the|a|ME)(?: .*)?)?$",
        r"^ASK(?:unshare|(?:undo|remove|delete|take back) .*(?:share|shared|post|posted))(?: .*)?",
    ),
    (
        "accounts",
        r"can not; PERSON|someone|somebody|people|person|who|he|she; log in|login|access|see "
        r"anything|use (?:it|this|you|exec)",
    ),
    (
        "access",
        r"access|permissions?; give|get|need|grant|want|remove|revoke|have|how",
    ),
    (
        "done",
        r"^ASK(?:note|mark|flag|snooze|mute|silence|hide|tick off|check off|ignore|skip) (?:that |"
        r"to |ME )*(?:PERSON|ME (?:talked|spoke|met)).*; !PERSON 's|last",
        r"^ME (?:(?:already|just|have|did) )*(?:spoke|talked|met|chatted|checked in) .*; PERSON; "
        r"!about",
    ),
    (
        "messages",
        r"^(?:ask|tell) (?!ME|WE|you|PERSON|MINE)\S+ (?:to|if|whether|for|that|ME) .*; !about",
        r"^(?:manager|boss|coach|lead) know .*",
        r"^ASK(?:tell|message|inform|notify|write to|ask|let) (?:ME )?(?:coach|manager|boss|lead|"
        r"supervisor|admin)(?: .*)?",
    ),
    (
        "nudges",
        r"nudges?|nudged|nudging; change|edit|text|wording|words|how often|how many|read|seen|"
        r"opened|answer|reply|replied|did|do|does|when|get|say|sent|send|history|work; !needs?|"
        r"deserves?",
    ),
    (
        "remind",
        r"^ASK(?:(?:remind|nudge|ping|poke|call|text) ME|(?:set |create |add |an? )*reminders?)(?: "
        r".*)?",
    ),
    (
        "groups",
        r"what happens|what if|if|when; changes?|moves?|switch\w*|joins?; groups?|teams?|WE; "
        r"!average",
        r"^ASK(?:(?:move|transfer|switch|invite) PERSON (?:to|into|from)|assign PERSON (?:to|into) "
        r"(?:the )?(?:GROUP|MINE|groups?|teams?))(?: .*)?",
        r"admin (?:rights|access|permissions?|role); give|get|make|need|want|remove|add",
        r"^PERSON (?:(?:has|is|was|been|just|have) )*(?:now (?:in|on|part of)|moved|switched|"
        r"transferred|changed|joined|left)(?: (?:from|to|the|a|another|our|other))* (?:GROUP|MINE|"
        r"WE|groups?|teams?|everyone|exec)(?: .*)?",
        r"^ASK(?:move|add|put|kick|remove|take|drop|invite|swap) .+ (?:to|into|in|off|from|out of|"
        r"onto|on) (?:the )?(?:GROUP|MINE|WE|groups?|teams?|exec|everyone).*; !coach(?:es)?|"
        r"leaderboard|data|average",
        r"^ASK(?:add|invite|remove|create|register) (?:a |new |an )*(?:person|people|someone|"
        r"members?|accounts?)(?: .*)?",
        r"^ASK(?:make|set) (?:PERSON|ME) (?:an )?admin(?: .*)?|(?:become|be) an admin",
        r"^ASK(?:add|make|rename|create|delete|archive|merge|split|edit) (?:an? |the |new |"
        r"another )*(?:GROUP|groups?|MINE|WE)(?: .*)?",
    ),
    (
        "exec",
        r"^(?:can|could|may|is it possible)\b.*; deadlines?|due dates?|assignments?|tasks?; moved|"
        r"changed|extended|pushed|removed|cancel\w*|dropped",
        r"^ASKmark .*; done|complete|completed|finished|passed|absent",
        r"which|what; scenarios?; assign",
        r"^ASK(?:assign|unassign|extend|reassign|postpone|push back|skip|waive|excuse)(?: .*)?; "
        r"!coach(?:es)?|PERSON 's",
        r"^ASK(?:add|create|make|move|change|extend|set|push|shift|cancel|remove|delete|fire|drop|"
        r"clear|close|postpone|mark) .*; due dates?|deadlines?|assignments?|tasks?; !who|which",
        r"extension",
        r"^give PERSON (?:another|more|an? extra|until)(?: .*)?",
        r"outside (?:of )?exec|in real life; add|count|log|record|did",
        rf"^ASK(?:delete|remove|reset|erase|undo|wipe|cancel|clear|change|edit|fix|raise|override|"
        rf"set(?! of| ME an? )|correct|give PERSON(?! 's)|give ME) (?:.* )?(?:{_ATTEMPT}|{_RANKS})"
        rf"(?: .*)?; !from the|average",
        r"^ASK(?:make|create|build|pick|choose|archive|retire|rename|delete|edit|hide|add) "
        r"(?:an? |the |ME |own |new |another )*(?:SCENARIO|scenarios?|programs?)(?: .*)?",
    ),
    (
        "forget",
        r"what happens; data|sessions?|history; leave|leaves|left|quit|gone|fired",
        r"^ASK(?:delete|remove|erase|forget|wipe|purge) (?:.* )?(?:data|history|PERSON|ME|him|her|"
        r"them|leaver|someone|everything|account|profile)(?: from (?:slack|here|the bot))?$",
        r"(?:left|leaves|leaving|quit) (?:the |our )?(?:everyone|company|us); remove|delete|what|"
        r"how|happens",
    ),
    (
        "absent",
        r"vacation|on leave|holidays?|pto|maternity|sick|parental leave|out of office|ooo; PERSON|"
        r"he|she|ME|they; !practis\w*|last|during|since|before|pause|digest|mute|snooze",
    ),
    (
        "deals",
        r"(?:hit|hits|hitting|make|making|miss|missing) (?:their|his|her|ME|the) numbers?",
        r"roi|return on investment",
        r"salesforce|hubspot|crm|quotas?|revenue|deals|pipeline (?:value|coverage)|win rates?|"
        r"close rates?|closed won|commission|bookings|attainment|sales numbers|gong",
    ),
    (
        "forecast",
        r"forecast\w*|predict\w*|projection|projected|likelihood|odds|chances? (?:of|that)",
    ),
    (
        "recording",
        r"transcripts?|audio|playback|play back|recordings?",
        rf"^ASK(?:listen to|hear|watch|play)(?: back)? (?:.* )?(?:{_ATTEMPT}|it|SCENARIO)(?: .*)?",
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
        r"^ASK(?:book|schedule|arrange|set up)(?: .*)? (?:meeting|1:1|1-1|1on1|one on one|time|"
        r"call|slot|minutes|room)(?: .*)?; !report",
    ),
    (
        "beyond",
        r"^ASK(?:write|draft|compose|translate|rewrite) (?!down|up).*",
        r"^ASK(?:pin|bookmark|print|save|favou?rite|star) (?:this|that|it|the)(?: .*)?",
        r"(?:set|create|add|define|change) (?:a |the |an |WE )*(?:goals?|targets?|kpi|okr)(?: .*)?",
        r"benchmark\w*|industry|other companies|competitors|market average",
        r"log ?in|login|log into|sign in|connect|integrat\w+|hook up|plug in; exec|teams|zoom|"
        r"salesforce|microsoft|you|google|whatsapp|lms|api; can|could|how|do|does|please|is|are; "
        r"!working",
    ),
    (
        "content",
        r"^ASK(?:coach|teach|train|quiz|test) ME(?: .*)?|^ASK(?:be|play) (?:the|my|a) (?:customer|"
        r"buyer|prospect)(?: .*)?",
        r"^what (?:should|do|can|could|would) ME (?:say|answer|reply|respond)(?: .*)?; when|if|to; "
        r"!PERSON|coach|MINE",
        r"good|great|perfect|ideal|best|strong; look like|looks like|sound like|sounds like; !MINE|"
        r"PERSON",
        r"example|examples (?:of|for)|sample|model answer|cheat ?sheet|best practises|"
        r"tips|advice|tricks; !PERSON|MINE|type|questions|did",
        r"^how (?:do|should|can|would) (?:ME|WE|you|one) (?:handle|open|answer|respond|deal|close "
        r"a|overcome|reply)(?: .*)?",
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
