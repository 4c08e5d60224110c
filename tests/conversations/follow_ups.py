"""Conversations: who speaks, by which way, what they say turn by turn, and what it is understood as.

What is understood is a command in words of the language, with "(Ask it by itself)" where that is
offered; or "shows:", "refuses:" and some of what is said, "asks:" and what is offered to choose from,
"offers:" and what is offered first for what is not understood, or "nothing" for that. Several,
where each is right, stand between bars. A direct message goes without a word for it.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Conversation:
    name: str
    role: str
    door: str
    turns: tuple[tuple[str, str], ...]


_TABLE = """
coach, message
how is west coast doing this month | team group:"West Coast" this month
and last month? | team group:"West Coast" last month
since september | team group:"West Coast" since september (Ask it by itself)
what about sam | progress "Sam Lee" since september
this week instead | progress "Sam Lee" this week
and priya too | progress "Priya Nair" this week

coach, message
sessions of raj last week | sessions "Raj Patel" last week
only gold | sessions "Raj Patel" last week gold (Ask it by itself)
any rank | sessions "Raj Patel" last week
without the incomplete ones | sessions "Raj Patel" last week valid (Ask it by itself)
not him, priya | sessions "Priya Nair" last week valid
again | sessions "Priya Nair" last week valid

coach, message
how is my team doing this month | team my people this month
by average | leaderboard my people this month by average (Ask it by itself)
best 3 | leaderboard my people this month by average top 3 (Ask it by itself)
as a chart | trend my people this month
who hasn't | inactive my people this month
how is may doing | progress "May Chen"

admin, message
how is west coast doing this month | team group:"West Coast" this month
same for east coast | team group:"East Coast" this month
can i get that as csv | team group:"East Coast" this month
and will? | progress "Will Young" this month
what about chase | progress "Chase Porter" this month

rep, message
how did i do last week | sessions me last week
and this week? | sessions me this week
only gold | sessions me this week gold (Ask it by itself)
show me the feedback | session me this week gold (Ask it by itself)
what about sam | refuses: I can't show you

coach, thread
how is grace doing this month | progress "Grace Kim" this month
and may? | progress "May Chen" this month
in april | progress "May Chen" april (Ask it by itself)
and her last session | session "May Chen" april

admin, thread
top performers last month | leaderboard last month
by average | leaderboard last month by average (Ask it by itself)
only west coast | leaderboard last month by average group:"West Coast" (Ask it by itself)
everyone | leaderboard last month by average
best 5 | leaderboard last month by average top 5 (Ask it by itself)

coach, exec
how is west coast doing this month | team group:"West Coast" this month
and last month? | team group:"West Coast" last month
what about sam | progress "Sam Lee" last month
only gold | sessions "Sam Lee" last month gold (Ask it by itself)
same for will | sessions "Will Young" last month gold
again | sessions "Will Young" last month gold

rep, exec
my sessions last week | sessions me last week
gold | sessions me gold
and this week | sessions me gold this week
this month | sessions me this month

admin, exec
sessions last week | sessions last week
and only chase | sessions "Chase Porter" last week
same but this week | sessions "Chase Porter" this week
how is grace doing | progress "Grace Kim"

coach, message
sessions last week | sessions my people last week
the second one | shows: Score
the one before | shows: Score
the feedback | shows: Score

admin, message
alex last week | asks: alex.kim@, alex.kim2@
the second one | sessions alex.kim2@acme.com last week
and this week | sessions alex.kim2@acme.com this week
what about alex | asks: alex.kim@, alex.kim2@
0 | nothing
what about alex | asks: alex.kim@, alex.kim2@
alex.kim | sessions alex.kim@acme.com this week

rep, message
my progress this month | progress me this month
all time | progress me all time (Ask it by itself)
this week | progress me this week (Ask it by itself)
ok and the week before that | progress me last week
and overall? | progress me all time

coach, message
sessions of sam this month | sessions "Sam Lee" this month
which ones were gold | sessions "Sam Lee" this month gold
all of them | sessions "Sam Lee" this month
add priya | sessions "Sam Lee" "Priya Nair" this month
nvm, only raj | sessions "Raj Patel" this month
what was the feedback | session "Raj Patel" this month

admin, message
west coast this month | team group:"West Coast" this month
vs last month | compare group:"West Coast" this month vs last month
drop the comparison | team group:"West Coast" this month
vs east coast | compare group:"West Coast" group:"East Coast" this month

coach, thread
hardest scenarios | scenarios
excluding sam | scenarios -"Sam Lee" (Ask it by itself)
put sam back in | scenarios
without raj | scenarios -"Raj Patel" (Ask it by itself)
with raj again | scenarios

rep, message
and last month? | shows: no question of yours here
more | shows: no question of yours here
what about me | sessions me

coach, message
how is my team doing this month | team my people this month
what about may | progress "May Chen" this month
and her sessions | sessions "May Chen" this month
only the bronze ones | sessions "May Chen" this month bronze (Ask it by itself)
best 3 | sessions "May Chen" this month bronze best top 3 (Ask it by itself)
who hasn't practiced this week | inactive my people this week

coach, message
how is grace doing in april | progress "Grace Kim" april
and may? | asks: May Chen, month
the month | progress "Grace Kim" may
and june | progress "Grace Kim" june
what about will | progress "Will Young" june

coach, message
how is may doing in may | progress "May Chen" may
and in june | progress "May Chen" june
and grace | progress "Grace Kim" june
will's last session | session "Will Young"
and grace's | session "Grace Kim"
what about raj | session "Raj Patel"

coach, message
who hasn't practiced this week | inactive my people this week
and last week? | inactive my people last week
what about will | sessions "Will Young" last week
is he improving | progress "Will Young"
and this month | progress "Will Young" this month

coach, message
liam vs raj last month | compare "Liam Murphy" "Raj Patel" last month
this month instead | compare "Liam Murphy" "Raj Patel" this month
not raj, priya | compare "Liam Murphy" "Priya Nair" this month
compare this month to last | compare my people this month vs last month
how is sam doing | progress "Sam Lee"

coach, message
whats overdue | assignments my people overdue
what about sam | assignments "Sam Lee" overdue
and liam? | assignments "Liam Murphy" overdue
prep for my 1:1 with raj | prep "Raj Patel"
and priya | prep "Priya Nair"

coach, message
what's due by friday | assignments my people until 2026-11-20
and by monday | assignments my people until 2026-11-23
next week | assignments my people 2026-11-23..2026-11-29
raj | assignments "Raj Patel" 2026-11-23..2026-11-29 (Ask it by itself)

coach, message
how many sessions did we have yesterday | sessions my people yesterday
and the day before | sessions my people 2026-11-16
only gold or silver | sessions my people 2026-11-16 gold silver
and since october | sessions my people since october gold silver

coach, message
sessions over 90 | sessions my people score>90
over 80 instead | sessions my people score>80
and only may | sessions "May Chen" score>80
any score | sessions "May Chen"
oldest first | sessions "May Chen" oldest (Ask it by itself)
newest first | sessions "May Chen"

coach, message
everyone but sam last week | team my people -"Sam Lee" last week
and without liam | team my people -"Sam Lee" -"Liam Murphy" last week
and this week | team my people -"Sam Lee" -"Liam Murphy" this week
everyone | team my people this week
thanks | shows: Glad to help

coach, message
how did will do on pricing push-back | progress "Will Young" scenario:"Pricing Push-back"
and on cold call opener | progress "Will Young" scenario:"Cold Call Opener"
any scenario | progress "Will Young"
show his sessions | sessions "Will Young"

coach, message
mine only | sessions me
my sessions last week | sessions me last week
and the team's? | sessions my people last week
what about bob | refuses: I can't show you bob
and chase | refuses: chase

coach, message
how is may doing | progress "May Chen"
trend | trend "May Chen" (Ask it by itself)
feedback | session "May Chen" (Ask it by itself)
leaderboard | leaderboard
skills | skills my people
team | team my people

coach, thread
trend | trend my people
by week | trend my people by week
this quarter | trend my people by week this quarter (Ask it by itself)
by month instead | trend my people by month this quarter
top performers last mo | leaderboard my people last month
and by gold | leaderboard my people by gold last month

coach, thread
hardest scenario for my team | scenarios my people
and last month | scenarios my people last month
who's overdue | assignments my people overdue
skills | skills my people
and raj's | skills "Raj Patel"

coach, thread
best performer last week | leaderboard my people last week | leaderboard my people by average last week
and the week before? | leaderboard my people 2026-11-02..2026-11-08
again | leaderboard my people 2026-11-02..2026-11-08
show me the feedback for grace | session "Grace Kim"
and last month | session "Grace Kim" last month

coach, thread
gold this month | sessions my people gold this month
silver instead | sessions my people silver this month
not gold | sessions my people not gold this month (Ask it by itself)
may | asks: May Chen, month
may chen | sessions "May Chen" not gold this month
will | sessions "Will Young" not gold this month (Ask it by itself)

coach, exec
how is may doing | progress "May Chen"
and will? | progress "Will Young"
this month | sessions my people this month
same for grace | sessions "Grace Kim" this month
only gold | sessions "Grace Kim" gold this month (Ask it by itself)

coach, exec
show liam | sessions "Liam Murphy"
and this week | sessions "Liam Murphy" this week
by average | leaderboard my people by average
more | nothing
and more | shows: There is no more

coach, exec
sessions since september | sessions my people since september
what about last week | sessions my people last week
what about will | sessions "Will Young" last week
same as a chart | trend "Will Young" last week
and who hasn't | inactive my people last week

admin, message
how is chase doing | progress "Chase Porter"
and will | progress "Will Young"
last quarter | progress "Will Young" last quarter (Ask it by itself)
how many sessions did we have last week | sessions last week
and the week before | sessions 2026-11-02..2026-11-08
same for east coast | sessions group:"East Coast" 2026-11-02..2026-11-08

admin, message
top 5 by average this quarter | leaderboard by average top 5 this quarter
by gold | leaderboard by gold top 5 this quarter (Ask it by itself)
best 3 | leaderboard by gold top 3 this quarter (Ask it by itself)
and for west coast | leaderboard by gold top 3 this quarter group:"West Coast"
as a chart | trend this quarter group:"West Coast"
and grace? | trend this quarter "Grace Kim"

admin, message
compare east and west coast | compare group:"East Coast" group:"West Coast"
and last month | compare group:"East Coast" group:"West Coast" last month
not east coast, new hires | compare group:"West Coast" group:"New Hires" last month
how is new hires doing | team group:"New Hires"
same for everyone | team

admin, message
hardest scenarios for new hires | scenarios group:"New Hires"
and west coast | scenarios group:"West Coast"
show me sessions | sessions
what about cold call opener | sessions scenario:"Cold Call Opener"
pricing push-back instead | sessions scenario:"Pricing Push-back"

admin, message
progress of olivia | progress "Olivia Brown"
and compared to last month | compare "Olivia Brown" this month vs last month
q3 vs q2 | compare "Olivia Brown" q3 vs q2 (Ask it by itself)
and for chase | compare "Chase Porter" q3 vs q2
chase vs grace | compare "Chase Porter" "Grace Kim"
and last month | compare "Chase Porter" "Grace Kim" last month

admin, message
who hasn't practiced this month | inactive this month
and in east coast | inactive this month group:"East Coast"
how is may doing in may | progress "May Chen" may
and chase? | progress "Chase Porter" may
chase's sessions last week | sessions "Chase Porter" last week
only the incomplete ones | sessions "Chase Porter" last week invalid (Ask it by itself)

admin, message
is grace improving | progress "Grace Kim"
how did she do last week | progress "Grace Kim" last week | sessions "Grace Kim" last week
and her feedback | session "Grace Kim" last week
what about april | session "April Jones" last week
how is chase doing in april | progress "Chase Porter" april
and may | asks: May Chen, month

admin, thread
jane's last session | session jane@acme.com
the one before | shows: Score
the one before that | shows: Score
thanks | shows: Glad to help
sessions last week | sessions last week

admin, thread
inactive people in west coast | inactive group:"West Coast"
longest sessions this month | sessions longest this month
and shortest | sessions shortest this month
i meant last month | sessions shortest last month
actually top performers | leaderboard

admin, thread
team last week | team last week
west coast | team last week group:"West Coast" (Ask it by itself)
no, east coast | team last week group:"East Coast"
will | progress last week "Will Young" (Ask it by itself)
sorry, may | progress last week "May Chen" | asks: May Chen, month

admin, exec
team group:"West Coast" this month | team group:"West Coast" this month
and by average | leaderboard group:"West Coast" this month by average
again for east coast | leaderboard group:"East Coast" this month by average
east coast | team group:"East Coast"
and may | progress "May Chen" | asks: May Chen, month

admin, exec
what about chase | progress "Chase Porter"
and this week | progress "Chase Porter" this week
only silver or better | sessions "Chase Porter" this week silver+ (Ask it by itself)
same for grace and will | sessions "Grace Kim" "Will Young" this week silver+

rep, message
how am i doing | shows: Your practice
and last month | sessions me last month
what about bob | refuses: I can't show you
only gold | sessions me gold last month (Ask it by itself)
by week | trend me last month by week gold (Ask it by itself)

rep, message
my last session | session me
and on pricing push-back | session me scenario:"Pricing Push-back"
how am i doing this month | sessions me this month
my skills | skills me
top performers | leaderboard

rep, message
whats overdue | assignments me overdue
how did i do on cold call opener | progress me scenario:"Cold Call Opener"
and pricing push-back | progress me scenario:"Pricing Push-back"
may | progress me scenario:"Pricing Push-back" may (Ask it by itself)

rep, thread
how did i do last week | sessions me last week
and the week before | sessions me 2026-11-02..2026-11-08
as a chart | trend me 2026-11-02..2026-11-08
by day | trend me by day 2026-11-02..2026-11-08 (Ask it by itself)
my week | shows: Your practice

rep, thread
am i improving | progress me
and last month | progress me last month
what about grace | refuses: I can't show you
not me, will | refuses: I can't show you
same again | progress me last month

rep, exec
my last session | session me
and last week | session me last week
what about chase | refuses: I can't show you
same | session me last week
gold this month | sessions me gold this month

admin, message
how many sessions last week | sessions last week
by team | team last week (Ask it by itself)
only east coast | team group:"East Coast" last week (Ask it by itself)
how many people is that | team group:"East Coast" last week
who was best | leaderboard group:"East Coast" last week by average (Ask it by itself)
and worst | refuses: from the bottom

coach, message
priya's last session | session "Priya Nair"
the one before | shows: Score
feedback on that | shows: Score
her golds | sessions "Priya Nair" gold
show me all of them | sessions "Priya Nair"

coach, message
trend for raj | trend "Raj Patel"
per week | trend "Raj Patel" by week (Ask it by itself)
numbers please | trend "Raj Patel" by week (Ask it by itself)
compare with priya | compare "Raj Patel" "Priya Nair"

coach, message
what's due next week | assignments my people next week
what about overdue ones | assignments my people overdue
last month then | assignments my people overdue last month

coach, message
sessions under 75 last week | sessions my people score<75 last week
who are they | sessions my people score<75 last week
how many is that | sessions my people score<75 last week
ok and before that | sessions my people score<75 week before last

coach, message
how did we do last week | team last week
vs the week before | compare last week vs week before last

rep, message
my sessions this month | sessions me this month
best one | sessions me this month best (Ask it by itself)
what was the feedback | shows: Score
and the worst | sessions me this month worst

coach, message
sessions this week | sessions my people this week
how many by zoë | sessions "Zoë Müller" this week (Ask it by itself)
show all | sessions "Zoë Müller" this week
thx, and raj | sessions "Raj Patel" this week

coach, message
how did priya do this week | progress "Priya Nair" this week
show the sessions | sessions "Priya Nair" this week
feedback on the first one | shows: Score
who | shows: Score

coach, message
gold sessions this month | sessions my people gold this month
silver too | sessions my people gold silver this month
by person | team my people this month (Ask it by itself)

rep, message
my progress | progress me
on negotiation | progress me skill:"Negotiation" (Ask it by itself)
show my sessions there | sessions me skill:"Negotiation"

coach, message
how is west coast doing this month | team group:"West Coast" this month
are they improving | progress group:"West Coast"
theirs last month | progress group:"West Coast" last month (Ask it by itself)
please | nothing
compare sam and priya | compare "Sam Lee" "Priya Nair"
is she improving | nothing
sessions of sam | sessions "Sam Lee"
best 3 | sessions "Sam Lee" best top 3 (Ask it by itself)

rep, message
export last week | sessions last week
only gold | sessions last week gold (Ask it by itself)

coach, message
how is my team doing last week | team my people last week
the month before | team my people 2026-10-01..2026-10-31
before that | team my people 2026-09-01..2026-09-30
why | nothing

coach, message
team last 7d | team my people last 7d
the 7 days before | team my people 7d before last
sessions 2026-11-02..2026-11-05 | sessions my people 2026-11-02..2026-11-05
and before that | sessions my people 2026-10-29..2026-11-01

coach, message
compare raj and sam | compare "Raj Patel" "Sam Lee"
swap raj for liam | compare "Sam Lee" "Liam Murphy"
both of them | compare "Sam Lee" "Liam Murphy"
who else | shows: There is no more

rep, message
my progress on cold call opener | progress me scenario:"Cold Call Opener"
how did i do in it last week | progress me scenario:"Cold Call Opener" last week
whats overdue | assignments me overdue
how did i do in it | nothing

admin, message
how is west coast doing | team group:"West Coast"
and bob's team | team group:"East Coast"

coach, message
did jane practice last week | sessions jane@acme.com last week
show me the feedback for the lowest | sessions jane@acme.com last week worst (Ask it by itself)
forget it. team leaderboard | leaderboard my people
both | nothing

rep, message
my last session | session me
why so low | shows: Score

coach, message
scores under 75 this month | sessions my people score<75 this month
whose are those | sessions my people score<75 this month
how many total | sessions my people score<75 this month
why | nothing

coach, message
raj vs priya this month | compare "Raj Patel" "Priya Nair" this month
on negotiation | compare "Raj Patel" "Priya Nair" skill:"Negotiation" this month (Ask it by itself)
who's ahead | compare "Raj Patel" "Priya Nair" skill:"Negotiation" this month

admin, message
scenarios for east coast | scenarios group:"East Coast"
who's best at it | nothing

rep, message
my cold call opener attempts | sessions me scenario:"Cold Call Opener"
oldest | sessions me scenario:"Cold Call Opener" oldest (Ask it by itself)
and my latest | sessions me scenario:"Cold Call Opener"
how did i do on it last week | progress me scenario:"Cold Call Opener" last week

rep, message
my cold call opener attempts | sessions me scenario:"Cold Call Opener"
and for this week | sessions me scenario:"Cold Call Opener" this week
latest 5 | sessions me scenario:"Cold Call Opener" this week top 5 (Ask it by itself)
how did i do on this? | progress me scenario:"Cold Call Opener" this week

admin, message
who has not finished onboarding 2026 | assignments program:"Onboarding 2026"
only the new hires | assignments group:"New Hires" program:"Onboarding 2026" (Ask it by itself)
when is it due | assignments group:"New Hires" program:"Onboarding 2026"
can you send it to me in excel | assignments group:"New Hires" program:"Onboarding 2026"
and who has completed it | assignments group:"New Hires" program:"Onboarding 2026"

admin, message
how is west coast doing | team group:"West Coast"
and east coast | team group:"East Coast"
who's ahead? | compare group:"West Coast" group:"East Coast"
so what's the difference | compare group:"West Coast" group:"East Coast"
both of them | compare group:"West Coast" group:"East Coast"

rep, message
my week | shows: Your practice
and last week? | sessions me last week
compare them | compare me last 7d vs last week
last month | progress me last month (Ask it by itself)
gold this month | sessions me gold this month (Ask it by itself)
the two together | nothing
who is ahead | refuses: can't be narrowed by gold

coach, message
cold call opener this month | sessions scenario:"Cold Call Opener" this month
and renewal save | sessions scenario:"Renewal Save" this month
what's the difference | compare scenario:"Cold Call Opener" scenario:"Renewal Save" this month
sessions of raj last week | sessions "Raj Patel" last week
and priya's | sessions "Priya Nair" last week
side by side | compare "Raj Patel" "Priya Nair" last week
cold call opener of raj | progress "Raj Patel" scenario:"Cold Call Opener" last week (Ask it by itself)
and renewal save | progress "Raj Patel" scenario:"Renewal Save" last week
compare both | compare "Raj Patel" scenario:"Cold Call Opener" scenario:"Renewal Save" last week

coach, message
west coast this quarter | team group:"West Coast" this quarter
golds only | sessions group:"West Coast" gold this quarter (Ask it by itself)
on which scenarios | scenarios group:"West Coast" gold this quarter
what zyzzy gives | offers: Team · group West Coast · this quarter
who did zyzzy | offers: Team · group West Coast · this quarter

coach, message
average score by person this quarter | team my people this quarter
just negotiation | team my people skill:"Negotiation" this quarter (Ask it by itself)
sort by sessions | leaderboard my people skill:"Negotiation" this quarter by sessions
ok and raj | progress "Raj Patel" skill:"Negotiation" this quarter
how is priya doing on that | progress "Priya Nair" skill:"Negotiation" this quarter
what zyzzy gives | offers: Sessions · Priya Nair · skill Negotiation · this quarter

rep, message
my longest sessions | sessions me longest
and how many sessions this month | sessions me this month
more than last month? | compare me this month vs last month (Ask it by itself)
what do i have due | assignments me
ok and what did i do yesterday | sessions me yesterday

admin, message
sessions per group this month | team this month
just the new hires | team group:"New Hires" this month (Ask it by itself)
who in there does the most | leaderboard group:"New Hires" this month by sessions
sort by average | leaderboard group:"New Hires" this month by average

coach, message
sessions of priya last month | sessions "Priya Nair" last month
and the one before | sessions "Priya Nair" 2026-09-01..2026-09-30
so up or down | compare "Priya Nair" last month vs 2026-09-01..2026-09-30
compare w raj | compare "Priya Nair" "Raj Patel" last month
what zyzzy gives | offers: Sessions · Priya Nair and Raj Patel · last month

coach, message
west coast this quarter | team group:"West Coast" this quarter
golds only | sessions group:"West Coast" gold this quarter (Ask it by itself)
who got em | sessions group:"West Coast" gold this quarter
who does zyzzy | nothing
kofi too? | refuses: I can't show you kofi
how is he doing | refuses: I can't tell you about them
and last week | sessions group:"West Coast" gold last week

coach, message
how is raj doing | progress "Raj Patel"
what zyzzy does priya | offers: Sessions · Priya Nair
how is she doing this month | progress "Priya Nair" this month
status | refuses: Only an admin
is she improving | progress "Priya Nair"

admin, message
audit @jane | shows: Jane Smith
and last week | shows: I can't go on with that answer
how is alex doing | asks: alex.kim@, alex.kim2@
alex.kim | progress alex.kim@acme.com
the one in west coast | nothing

admin, message
team last 30d | team last 30d
previous 30 days | team 30d before last
just west coast and east coast | team group:"West Coast" group:"East Coast" 30d before last (Ask it by itself)
trend by month this year | trend by month this year
which month was worst | trend by month this year
is it going up or down | trend by month this year

rep, message
how did i do on cold call opener | progress me scenario:"Cold Call Opener"
is that better than my first try | progress me scenario:"Cold Call Opener"
what do i have due | assignments me
which one is first | assignments me
most urgent | assignments me
have i tried it yet | nothing
thx | shows: Glad to help

coach, message
how often did priya practice this month | sessions "Priya Nair" this month
and raj? | sessions "Raj Patel" this month
which of them is better at negotiation | compare "Priya Nair" "Raj Patel" skill:"Negotiation" this month
compare her with sam | refuses: I can compare two
is sam doing better than last month | compare "Sam Lee" this month vs last month
compare him with raj | compare "Sam Lee" "Raj Patel" last 30d

coach, message
who practiced yesterday | sessions my people yesterday
who didnt | inactive my people yesterday
not priya | inactive my people -"Priya Nair" yesterday (Ask it by itself)
what does sam zyzzy | offers: Sessions · Sam Lee · yesterday

coach, message
top performers this month | leaderboard my people this month
who's number one | leaderboard my people this month

rep, message
my last cold call opener | session me scenario:"Cold Call Opener"
what did i do wrong | session me scenario:"Cold Call Opener"
whats my average on it | sessions me scenario:"Cold Call Opener"
what should i practice then | shows: is next

admin, message
compare west coast and east coast in october | compare group:"West Coast" group:"East Coast" october
and the two together | nothing
how many people practiced in october | team october
and november so far | team november
is that more or less | compare october vs november
average score by scenario this quarter | scenarios this quarter
lowest three | scenarios this quarter

admin, message
how is grace doing | progress "Grace Kim"
who coaches her | shows: coaches Grace Kim
how many sessions did she have | sessions "Grace Kim"

coach, message
raj vs priya this month | compare "Raj Patel" "Priya Nair" this month
add liam | team "Raj Patel" "Priya Nair" "Liam Murphy" this month
who's ahead | leaderboard "Raj Patel" "Priya Nair" "Liam Murphy" this month (Ask it by itself)
anyone overdue | assignments my people overdue
nvm show me who's missing | inactive my people

coach, message
hows west coast doing this month | team group:"West Coast" this month
per week | trend group:"West Coast" this month by week (Ask it by itself)
anyone overdue there | assignments group:"West Coast" overdue
who is the longest overdue | assignments group:"West Coast" overdue
which scenarios | scenarios group:"West Coast" (Ask it by itself)

admin, message
audit @raj.patel | shows: Raj Patel
in the last week | shows: I can't go on with that answer
and mine | shows: I can't go on with that answer
who got gold this month | sessions gold this month
sort by score | sessions gold this month best
what is grace weak at | skills "Grace Kim"
and strong | skills "Grace Kim"

admin, message
show me alex's october | asks: alex.kim@, alex.kim2@
the west coast one | asks: alex.kim@, alex.kim2@
alex.kim | sessions alex.kim@acme.com october
vs september | compare alex.kim@acme.com october vs september
how is grace doing | progress "Grace Kim"
the one in east coast | nothing

rep, message
did i pass cold call opener | progress me scenario:"Cold Call Opener" all time
how many attempts so far | sessions me scenario:"Cold Call Opener" all time
what did i do last month | sessions me last month
any golds | sessions me last month gold (Ask it by itself)
show me both | nothing

admin, message
how many active people in october | team october
and september | team september
so we are down? | compare october vs september
split by group | team october
remove east coast | team -group:"East Coast" october
thanks bot | shows: Glad to help

coach, message
how is raj doing | progress "Raj Patel"
ok prep me for him | prep "Raj Patel"
what's due this week | assignments my people this week
who hasn't started theirs | assignments my people this week
who's still missing | assignments my people this week

rep, message
show my sessions this month | sessions me this month
which one was lowest | sessions me this month worst
what should i have done instead | shows: Score

coach, message
sessions by grace and priya last week | sessions "Grace Kim" "Priya Nair" last week
drop priya | sessions "Grace Kim" last week
all of october please | sessions "Grace Kim" october (Ask it by itself)
whats overdue | assignments my people overdue
has sam started his | assignments "Sam Lee" overdue
and will | assignments "Will Young" overdue

coach, message
how is west coast doing this month | team group:"West Coast" this month
same for qwerty coast | refuses: qwerty
who's best there | refuses: I can't tell you about them

admin, message
is adoption going up | trend
what zyzzy did new hires | nothing
who stopped practicing there | inactive group:"New Hires"

admin, message
renewal save results this month | sessions scenario:"Renewal Save" this month
worst scores first | sessions scenario:"Renewal Save" this month worst (Ask it by itself)
who are those from | sessions scenario:"Renewal Save" this month worst

admin, message
what zyzzy does grace | nothing
how is she doing last month | progress "Grace Kim" last month

coach, message
show priya's october | sessions "Priya Nair" october
and her november | sessions "Priya Nair" november
any improvement | compare "Priya Nair" october vs november
how did priya do in october | progress "Priya Nair" october
same for raj | progress "Raj Patel" october
put them side by side | compare "Priya Nair" "Raj Patel" october

rep, message
how did i do in june | sessions me june
and july | sessions me july
which month was better | compare me june vs july
hows my pricing push-back | progress me scenario:"Pricing Push-back"
what about renewal save | progress me scenario:"Renewal Save"
which of the two am i better at | compare me scenario:"Pricing Push-back" scenario:"Renewal Save"

admin, message
top performers in east coast last month | leaderboard group:"East Coast" last month
only people with at least 3 sessions | nothing
"""


def _conversations() -> Iterator[Conversation]:
    for number, part in enumerate(_TABLE.strip().split("\n\n"), 1):
        head, *rows = part.splitlines()
        role, door = head.split(", ")
        turns = tuple(
            (said.strip(), heard.strip()) for said, heard in (row.split("|", 1) for row in rows)
        )
        yield Conversation(f"{number} {role} {door}: {turns[0][0]}", role, door, turns)


CONVERSATIONS = tuple(_conversations())
