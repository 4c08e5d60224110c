"""Who asks, what they type, and what it is understood as.

What is understood is a command in words of the language, or "asks:" and what is offered to choose
from, "refuses:" and what the refusal names, "says:" and how a sentence begins, "view:" and what is
shown, or "nothing" for what is no question. Several, where each is right, stand between bars.
"""

# ruff: noqa: E501
_TABLE = """
coach | everyone but sam last week | sessions my people -"Sam Lee" last week | team my people -"Sam Lee" last week
coach | who didnt get gold this month | sessions my people not gold this month
coach | no bronze last week | sessions my people not bronze last week
coach | sessions w/o liam this week | sessions my people -"Liam Murphy" this week
coach | whats due before xmas | refuses: xmas
coach | how r my ppl doing this wk | team my people this week
coach | hows the team doing rn | team my people
coach | hows my team lookin this mo | team my people this month
coach | who hasnt practiced this week | inactive my people this week
coach | who didnt do any role plays last week | inactive my people last week
coach | anyone not practicing lately | inactive my people
coach | who needs help | view: CoachView
coach | who should i talk to this week | view: CoachView
coach | is anyone stuck | view: CoachView
coach | who do i need to worry about | view: CoachView
coach | whos struggling | view: CoachView
coach | how is may doing | progress "May Chen"
coach | hows will doing this month | progress "Will Young" this month
coach | wills last session | session "Will Young"
coach | will's scores last week | sessions "Will Young" last week
coach | grace this week | sessions "Grace Kim" this week
coach | marks best score | sessions "Mark Stone" best | sessions "Mark Stone" best top 1
coach | did grace practice yesterday | sessions "Grace Kim" yesterday
coach | may | asks: May Chen, month
coach | sessions may | asks: May Chen, month
coach | sessions in may | sessions my people may
coach | team in may | team my people may
coach | will will pass pricing push back | progress "Will Young" scenario:"Pricing Push-back" all time
coach | may vs grace | compare "May Chen" "Grace Kim"
coach | how did may do in may | progress "May Chen" may | sessions "May Chen" may
coach | show liam | sessions "Liam Murphy"
coach | show april jones | refuses: april jones
coach | how is chase doing | refuses: chase
coach | sams last session feedback | session "Sam Lee"
coach | prep for my 1on1 with raj in 10 mins | prep "Raj Patel"
coach | 1:1 with priya on monday | prep "Priya Nair"
coach | got a 1-1 w liam tmrw | prep "Liam Murphy"
coach | prep sam at 3pm | prep "Sam Lee"
coach | one on one with may next week | prep "May Chen"
coach | whats due by friday | assignments my people until 2026-11-20
coach | what's due next week | assignments my people 2026-11-23..2026-11-29
coach | assignments due in two weeks | assignments my people next 2w
coach | whats overdue | assignments my people overdue
coach | has liam finished his assignments | assignments "Liam Murphy"
coach | raj overdue? | assignments overdue "Raj Patel"
coach | what does sam have to do before dec 1 | assignments "Sam Lee" before 2026-12-01
coach | due friday | assignments my people 2026-11-20
coach | top performers last mo | leaderboard my people last month
coach | top 3 by avg this qtr | leaderboard my people by average top 3 this quarter
coach | who practiced the most last week | leaderboard my people by sessions last week
coach | who practiced least last week | inactive my people last week
coach | most time spent this month | leaderboard my people by time this month
coach | who has the most practice time this month | leaderboard my people by time this month
coach | did everyone practice yesterday | inactive my people yesterday
coach | who has the most golds this yr | leaderboard my people by gold this year
coach | worst avg this month | leaderboard my people by average this month
coach | best performer last week | leaderboard my people last week | leaderboard my people by average last week
coach | whos improved the most since sept | progress my people since september
coach | is sam getting better at cold call opener | progress "Sam Lee" scenario:"Cold Call Opener"
coach | hardest scenario for my team | scenarios my people
coach | avg score per scenario | scenarios my people
coach | avg score per person last mo | team my people last month | leaderboard by average my people last month
coach | scenarios last wk | scenarios my people last week
coach | which role play do ppl fail most | scenarios my people
coach | everyone under 60 on pricing push-back | sessions my people scenario:"Pricing Push-back" score<60
coach | scores below 70 this week | sessions my people score<70 this week
coach | sessions over 90 | sessions my people score>90
coach | liam vs raj last month | compare "Liam Murphy" "Raj Patel" last month
coach | this week vs last week | compare my people this week vs last week
coach | compare sam and zoe on competitor comparison | compare "Sam Lee" "Zoë Müller" scenario:"Competitor Comparison"
coach | compare this month to last | compare my people this month vs last month
coach | the week before last | sessions my people 2026-11-02..2026-11-08
coach | team the week before last | team my people 2026-11-02..2026-11-08
coach | team excluding new hires | team my people -group:"New Hires" | refuses: new hires
coach | who has never practised | inactive my people all time
coach | who never did cold call opener | inactive my people scenario:"Cold Call Opener" all time
coach | skills | skills my people
coach | what are zoes weak spots | skills "Zoë Müller"
coach | my team's strengths | skills my people
coach | trend | trend my people
coach | practice over time by week | trend my people by week
coach | are we trending up | trend my people
coach | compare | compare my people this month vs last month
coach | assignments | assignments my people
coach | how many ppl practiced last week | team my people last week
coach | how many sessions did we have yday | sessions my people yesterday
coach | how many mins did my team practice this wk | team my people this week | sessions my people this week
coach | is zoe in new hires | refuses: new hires
coach | is priya in west coast | says: Yes
coach | is bob in west coast | refuses: bob
coach | who r the coaches | nothing
coach | mine only | sessions me
coach | my own sessions last week | sessions me last week
coach | how did i do last wk | sessions me last week
coach | gold this month | sessions my people gold this month
coach | longest session this month | sessions my people longest this month | sessions my people longest top 1 this month
coach | last session | session my people
coach | raj 11/2 | asks: 2 november
coach | sessions since labor day | refuses: labor
coach | how did the team do on pricing last 2 wks | scenarios my people scenario:"Pricing Push-back" last 2w
coach | export team last month as csv | team my people last month
coach | praise grace | nothing
coach | how is jane's team doing | team my people
coach | how did my lot get on yesterday | team my people yesterday
rep | Cold Call Opener: 1st try vs latest | progress me scenario:"Cold Call Opener" all time
rep | no of sessions this yr | sessions me this year
coach | wk on wk sessions for west coast, last 6 weeks pls | trend group:"West Coast" last 6w by week
coach | thank you, youre a star | says: Glad to help
coach | what are we collectively worst at | skills my people
coach | who should i promote | nothing
coach | what can i ask you | view: HelpView
rep | what was my best score | sessions me best
rep | what was my best score last week | sessions me last week best
admin | how is the other alex.kim2@acme.com doing | progress alex.kim2@acme.com
rep | who can see my scores | says: You see your own practice
rep | did my session this morning get graded yet | says: Whenever somebody asks
admin | which team is most active | team
coach | any personal bests this week | progress my people this week
coach | whats my team weakest at | skills my people
rep | which scenario am i best at | scenarios me last 30d
coach | who's done cold call opener | sessions my people scenario:"Cold Call Opener"
admin | active users last 30 days | team last 30d
admin | how is CS doing | team group:"Customer Success"
admin | hows bobs team | team group:"East Coast"
coach | can i get a summary of my team every monday morning | refuses: To you alone
rep | anything due b4 friday | assignments me before friday
rep | whats the score i need for gold | says: Gold, silver and bronze are Exec's own
coach | send me a csv of octobers sessions | sessions my people october
rep | my scores this wk and last wk | compare me this week vs last week
admin | list all coaches and their groups | view: CoachesView
admin | can I make bob an admin from here | says: Who is in Exec
admin | pricing cert this month | sessions program:"Pricing Certification" this month
coach | compare ingrid and kofi | refuses: ingrid
coach | compare kofi and sam this month | refuses: kofi
admin | which coach's team improved most this quarter | nothing
coach | which of mine havent finished onboarding 2026 yet | assignments program:"Onboarding 2026"
admin | adoption by group: % active last 30 days | nothing
coach | biggest jump between first and last go this quarter | nothing
coach | how many sessions since the kickoff | refuses: since the kickoff
coach | is my team better than bob's team | refuses: bob
admin | how is zorblax's team doing | refuses: zorblax
coach | nudge sam | view: NudgePreviewView
coach | thx | says: Glad to help
coach | whats for lunch | nothing
coach | will it rain tomorrow | nothing
coach | can you mark this as done | says: Assignments, scenarios, sessions
coach | raj this week vs last week | compare "Raj Patel" this week vs last week
coach | me vs last week | compare me this week vs last week
coach | how did everybody do last wk | team my people last week
coach | how many ppl havent practised this mo | inactive my people this month
coach | whos been slacking | inactive my people
coach | who skipped practice last wk | inactive my people last week
coach | anyone struggling with pricing push back? | scenarios my people scenario:"Pricing Push-back" | progress my people scenario:"Pricing Push-back"
coach | who do i coach | team my people
coach | list my team | team my people
coach | who should i coach first | view: CoachView
coach | who needs my attention | view: CoachView
coach | anybody falling behind | view: CoachView
coach | who is at risk | view: CoachView
coach | whats up with sam | progress "Sam Lee"
coach | any news on priya | sessions "Priya Nair" | progress "Priya Nair"
coach | when did sam last practise | sessions "Sam Lee"
coach | hows grace getting on | progress "Grace Kim"
coach | did mark pass cold call opener | progress "Mark Stone" scenario:"Cold Call Opener" all time
coach | mark's progress | progress "Mark Stone"
coach | compare mark and grace this month | compare "Mark Stone" "Grace Kim" this month
coach | grace n raj last week | sessions "Grace Kim" "Raj Patel" last week
coach | prep 121 w will tomorrow at 10 | prep "Will Young"
coach | meeting with may in an hour | prep "May Chen"
coach | what should i ask mark in our 1:1 | prep "Mark Stone"
coach | has will practised | sessions "Will Young"
coach | was may active last week | sessions "May Chen" last week
coach | is may improving | progress "May Chen"
coach | from may to july | sessions my people from may to july
coach | since may | sessions my people since may
coach | how did april go | team my people april | sessions my people april
coach | may 2026 | sessions my people may 2026
coach | sessions on may 3 | sessions my people 3 may
coach | mays sessions | sessions "May Chen"
coach | average of each rep this month | team my people this month | leaderboard by average my people this month
coach | results by scenario last month | scenarios my people last month
coach | hours practised this month | sessions my people this month | team my people this month
coach | avg last week | sessions my people last week | team my people last week
coach | lowest scores this week | sessions my people worst this week
coach | top 5 w most golds | leaderboard my people by gold top 5
coach | most improved this qtr | progress my people this quarter | leaderboard by lift my people this quarter
coach | ranking by best score | leaderboard my people by best
coach | leaderboard by avg | leaderboard my people by average
coach | team avg this wk | team my people this week
coach | who got 90+ this week | sessions my people score>=90 this week
coach | scores between 60 and 70 last month | sessions my people score:60-70 last month
coach | sessions longer than 10 min | sessions my people longer 10m
coach | anything due tmrw | assignments my people tomorrow
coach | due by end of month | assignments my people until this month
coach | deadlines in the next 2 wks | assignments my people next 2w
coach | whos late | assignments my people overdue
coach | raj's assignments next week | assignments "Raj Patel" next week
coach | has everyone finished pricing push-back | assignments my people scenario:"Pricing Push-back" | scenarios my people scenario:"Pricing Push-back"
coach | month before last | sessions my people month before last
coach | team the day before yesterday | team my people day before yesterday
coach | is raj on my team | says: Yes
coach | is chase on my team | refuses: chase
coach | show me dave | refuses: dave
coach | tom wilson last week | refuses: tom wilson
coach | how is east coast doing | refuses: east coast
coach | sessions from bob | refuses: bob
coach | good morning | says: Hello
coach | ok thanks | says: Glad
coach | how do i add a person | says: Who is in Exec, in
coach | remind raj to practice | view: NudgePreviewView
coach | sessions by week | trend my people by week
coach | practice per month this yr | trend my people by month this year
coach | skills of my team | skills my people
coach | who is good at objection handling | nothing
coach | strengths of will | skills "Will Young"
coach | hardest scenarios for may | asks: May Chen, month
coach | yo hows my squad doin | team my people
coach | who's crushing it this week | leaderboard my people this week | leaderboard my people by average this week | leaderboard my people by best this week
coach | give me a rundown of last week | team my people last week | sessions my people last week
coach | quick summary pls | team my people
coach | how'd we do yesterday | team my people yesterday
coach | did anyone get gold today | sessions my people gold today
coach | any golds this wk? | sessions my people gold this week
coach | how many golds last month | sessions my people gold last month
coach | which of my reps are overdue | assignments overdue my people
coach | what has zoe got left to do | assignments "Zoë Müller"
coach | zoes deadlines | assignments "Zoë Müller"
coach | priya due dates | assignments "Priya Nair"
coach | how's may | progress "May Chen" | asks: May Chen
coach | may's avg last month | sessions "May Chen" last month
coach | will - last 3 sessions | sessions "Will Young" top 3
coach | feedback for will | session "Will Young"
coach | tell me about grace | progress "Grace Kim" | sessions "Grace Kim"
coach | is mark better than grace | compare "Mark Stone" "Grace Kim"
coach | has mark improved since september | progress "Mark Stone" since september
coach | june | sessions my people june
coach | last june | nothing | sessions my people june
coach | july 4 | sessions my people 4 july
coach | 1 on 1 w may | prep "May Chen"
coach | notes for my one on one with sam this afternoon | prep "Sam Lee"
coach | get me ready for raj | prep "Raj Patel"
coach | 1:1s | nothing
coach | raj pricing | sessions "Raj Patel" scenario:"Pricing Push-back"
coach | cold call scores last 2 weeks | sessions my people scenario:"Cold Call Opener" last 2w
coach | who did best on cold call opener | leaderboard my people by best scenario:"Cold Call Opener"
coach | who is worst at pricing push-back | nothing
coach | rank my team by average | leaderboard my people by average
coach | sort my team by time | leaderboard my people by time
coach | top golds this month | leaderboard my people by gold this month
coach | most active this week | leaderboard my people by sessions this week
coach | avg by scenario | scenarios my people
coach | per scenario results for raj | scenarios "Raj Patel"
coach | per person | team my people
coach | sessions per day this week | trend my people by day this week
coach | chart of last month | trend my people last month
coach | are we practicing more than last month | compare my people this month vs last month | trend my people
coach | this mo vs last mo | compare my people this month vs last month
coach | show me what sam did on monday | sessions "Sam Lee" monday
coach | between nov 1 and nov 10 | sessions my people 2026-11-01..2026-11-10
coach | past 10 days | sessions my people last 10d
coach | whats coming up | assignments my people
coach | open assignments | assignments my people
coach | what did april do | sessions my people april | refuses: april
coach | chase's sessions | refuses: chase
coach | zzz top | nothing
coach | how is karen doing | refuses: karen
coach | compare raj and bob | refuses: bob
coach | who left | nothing
coach | how much did we practice this year | team my people this year | sessions my people this year
coach | skills gap | skills my people
coach | what is liam bad at | skills "Liam Murphy"
coach | wheres my team at this wk | team my people this week
coach | how long has sam been inactive | sessions "Sam Lee" | inactive "Sam Lee" | progress "Sam Lee"
coach | anything from liam this mo | sessions "Liam Murphy" this month
coach | raj's golds | sessions "Raj Patel" gold
coach | will's best scenario | scenarios "Will Young"
coach | best cold call opener this quarter | sessions my people best scenario:"Cold Call Opener" this quarter
coach | compare may with grace | compare "May Chen" "Grace Kim"
coach | grace vs last month | compare "Grace Kim" this month vs last month
coach | only grace and will last week | sessions "Grace Kim" "Will Young" last week
coach | minutes per person this wk | team my people this week
coach | time spent by raj last 30 days | sessions "Raj Patel" last 30d
coach | who's improved | progress my people
coach | who got worse | view: CoachView
coach | team minus sam | team my people -"Sam Lee"
coach | who isnt gold on cold call opener | sessions my people not gold scenario:"Cold Call Opener"
coach | tomorrow's 1:1 with grace | prep "Grace Kim"
coach | is everything done for friday | assignments my people 2026-11-20
coach | anything due in may | assignments my people in may
coach | will be back tmrw | nothing
coach | may i see my team | team my people
coach | chase | refuses: chase
coach | who are my people | team my people
coach | is omar my coach | nothing
coach | last 7 days by day | trend my people by day last 7d
coach | q3 results | sessions my people q3 | team my people q3
coach | practise this mth vs last mth | compare my people this month vs last month
rep | hows my week | view: MeView
rep | my avg this month | sessions me this month
rep | whats my average | view: MeView | sessions me last 30d
rep | did i pass pricing push back | progress me scenario:"Pricing Push-back" all time
rep | what do i have due | assignments me
rep | anything due by fri | assignments me until 2026-11-20
rep | whats next for me | view: NextView
rep | am i improving | progress me
rep | my worst session ever | sessions me worst all time | sessions me worst top 1 all time
rep | feedback on my last cold call opener | session me scenario:"Cold Call Opener"
rep | show liam | refuses: liam
rep | how is may doing | refuses: may
rep | sessions in may | sessions me may
rep | how is west coast doing | team group:"West Coast" last week
rep | where do i rank | leaderboard
rep | leaderboard this month | leaderboard this month
rep | me vs last week | compare me this week vs last week
rep | how long did i practice last wk | sessions me last week
rep | my golds | sessions me gold
rep | how can i get better | skills me | progress me
rep | my skills | skills me
rep | is liam in west coast | refuses: liam
rep | who is my coach | says: Jane Smith coaches you.
rep | who has looked at my sessions | view: AuditView
rep | hide my name | says: I can leave your name
rep | stats pls | view: MeView | sessions me
rep | hi | says: Hello
rep | tell me a joke | nothing
rep | my progress this qtr | progress me this quarter
rep | how am i doing compared to last month | compare me this month vs last month
rep | did i get better | progress me
rep | when is my next deadline | assignments me
rep | what do i need to finish by friday | assignments me until friday
rep | am i overdue on anything | assignments me overdue
rep | my best score on cold call opener | sessions me best scenario:"Cold Call Opener"
rep | show my last 5 sessions | sessions me top 5
rep | who is the best on my team | leaderboard by average
rep | how do i compare to my team | leaderboard
rep | sam | refuses: sam
rep | priya's sessions | refuses: priya
rep | my stats last mo | sessions me last month
rep | how many golds do i have | sessions me gold
rep | what are my weaknesses | skills me
rep | am i in new hires | says: Yes
rep | today | sessions me today
rep | what did i do yday | sessions me yesterday
rep | my wk | view: MeView
rep | how did i do | view: MeView | sessions me
rep | what did i score on my last session | session me
rep | when was my last session | session me | sessions me
rep | what's my rank | leaderboard
rep | my pb on cold call opener | sessions me best scenario:"Cold Call Opener"
rep | sessions yesterday | sessions me yesterday
rep | due this week? | assignments me this week
rep | what should i practise | view: NextView
rep | how's my team doing | nothing
rep | compare me to liam | refuses: liam
rep | who's top this week | leaderboard this week
rep | scenarios i struggle with | scenarios me
rep | my trend | trend me
rep | am i getting better at cold call opener | progress me scenario:"Cold Call Opener"
rep | show raj's last session | refuses: raj
rep | my fastest session | sessions me shortest
rep | is west coast better than east coast | refuses: east coast
rep | how did i do on pricing | progress me scenario:"Pricing Push-back"
rep | my last 3 scores | sessions me top 3
rep | did i practise this wk | sessions me this week
rep | whats overdue for me | assignments me overdue
rep | show me sam's scores | refuses: sam
rep | my avg on cold call opener | sessions me scenario:"Cold Call Opener" last 30d
rep | total time this yr | sessions me this year
rep | best scores | sessions me best
rep | why am i bronze | nothing | sessions me bronze
admin | everyone but west coast last month | team -group:"West Coast" last month | sessions -group:"West Coast" last month
admin | sessions from 10 nov to 3 nov | refuses: after its end
admin | is zoe in new hires | says: Yes
admin | how is each team doing this quarter | team this quarter
admin | east coast vs west coast last mo | compare group:"East Coast" group:"West Coast" last month
admin | average score by scenario for west coast this quarter | scenarios group:"West Coast" this quarter
admin | who in east coast hasnt started | inactive group:"East Coast" | inactive group:"East Coast" all time
admin | new hires by time this month | leaderboard by time group:"New Hires" this month
admin | how is april doing | progress "April Jones"
admin | april | asks: April Jones, month
admin | chase porter last 30 days | sessions "Chase Porter" last 30d
admin | chase up overdue ppl | assignments overdue
admin | how many people practised in april | team april
admin | how many ppl do we have | team
admin | list all coaches | view: CoachesView
admin | is priya in east coast | says: No
admin | trend by month this year for new hires | trend by month group:"New Hires" this year
admin | skills for east coast | skills group:"East Coast"
admin | usage by group last quarter | team last quarter
admin | digest | view: a form
admin | set up a weekly digest | view: DigestOfferView
admin | how many role plays in q3 | sessions q3
admin | completion of assignments in new hires | assignments group:"New Hires"
admin | who got gold on competitor comparison ytd | sessions gold scenario:"Competitor Comparison" this year
admin | n of sessions per person this mo east coast | team group:"East Coast" this month | leaderboard by sessions group:"East Coast" this month
admin | april's sessions in march | sessions "April Jones" march
admin | mark | sessions "Mark Stone"
admin | least active group this month | team this month
admin | how many sessions last wk vs the week before | compare last week vs week before last
admin | who coaches west coast | view: CoachesView
admin | inactive ppl in east coast since oct 1 | inactive group:"East Coast" since 1 october
admin | avg by group this qtr | team this quarter
admin | new hires vs east coast by average | compare group:"New Hires" group:"East Coast"
admin | scenarios ppl fail in east coast | scenarios group:"East Coast"
admin | who has never practised in new hires | inactive group:"New Hires" all time
admin | overdue assignments for east coast due before nov 1 | assignments group:"East Coast" overdue before 2026-11-01
admin | usage this yr | team this year | sessions this year
admin | skill gaps in west coast | skills group:"West Coast"
admin | total practice time last mo | sessions last month | team last month
admin | how is priya doing vs raj | compare "Priya Nair" "Raj Patel"
admin | aprils sessions last week | sessions "April Jones" last week
admin | is everyone in west coast active | sessions group:"West Coast" | team group:"West Coast" | inactive group:"West Coast"
admin | create digest | view: DigestOfferView
admin | post a weekly digest for west coast | view: DigestOfferView
admin | how are the new hires doing | team group:"New Hires"
admin | new hires wk | team group:"New Hires" this week | team group:"New Hires"
admin | which group is the best this month | team this month
admin | which team practiced least | team | nothing
admin | ppl who havent practised since sept | inactive since september
admin | sessions over 80 in east coast last mo | sessions group:"East Coast" score>80 last month
admin | april and may scores | asks: month | refuses: may
admin | will chase pass pricing push-back | progress "Chase Porter" scenario:"Pricing Push-back" all time
admin | can u chase the overdue people | assignments overdue
admin | coaches | view: CoachesView
admin | who coaches sam | says: Jane Smith coaches Sam Lee.
admin | east coast q3 vs q2 | compare group:"East Coast" q3 vs q2
admin | trend for april jones | trend "April Jones"
admin | participation rate last month | team last month
admin | number of reps active this month | team this month | sessions this month
admin | show audit of sam | view: AuditView
admin | weekly digest | view: DigestOfferView
admin | stats | team
admin | top 10 last quarter by time | leaderboard by time top 10 last quarter
admin | lowest scoring scenarios | scenarios
admin | east coast golds last qtr | sessions group:"East Coast" gold last quarter
admin | who in new hires needs help | nothing
admin | practice by group this mo | team this month
admin | inactive since the start of the month | inactive this month | nothing
admin | may's sessions | sessions "May Chen"
admin | sessions for may | asks: May Chen, month
admin | top reps in east coast by golds | leaderboard by gold group:"East Coast"
admin | did chase and april practise last week | sessions "Chase Porter" "April Jones" last week
admin | new hires assignments due by dec 1 | assignments group:"New Hires" until 2026-12-01
admin | how many people never practised | inactive all time
coach | is will slipping | progress "Will Young"
coach | hows grace doing w objections | nothing
coach | may n grace last wk | sessions "May Chen" "Grace Kim" last week
coach | marks avg this qtr | sessions "Mark Stone" this quarter | progress "Mark Stone" this quarter
coach | who was best yesterday | leaderboard my people by average yesterday | leaderboard my people yesterday
coach | top rep this month by time | leaderboard my people by time this month | leaderboard my people by time top 1 this month
coach | anyone who hasnt logged in this wk | inactive my people this week
coach | who skipped cold call opener | inactive my people scenario:"Cold Call Opener" all time
coach | who still needs to do pricing pushback | inactive my people scenario:"Pricing Push-back" | assignments my people scenario:"Pricing Push-back"
coach | liam never practices right | nothing
coach | everyone but will and may this month | team my people -"Will Young" -"May Chen" this month | sessions my people -"Will Young" -"May Chen" this month
coach | silver or better last week | sessions my people silver+ last week
coach | not silver not gold this wk | sessions my people not gold,silver this week | sessions my people not silver,gold this week
coach | ppl under 75 on cold call opener last mo | sessions my people score<75 scenario:"Cold Call Opener" last month
coach | anybody scoring above 95? | sessions my people score>95
coach | how many sessions has raj done so far this month | sessions "Raj Patel" this month
coach | number of ppl who practiced last wk | team my people last week
coach | what percentage of my team practiced this week | team my people this week
coach | average session length | nothing
coach | how long are sams calls | sessions "Sam Lee"
coach | sams progress since september | progress "Sam Lee" since september
coach | sam now vs a month ago | compare "Sam Lee" this month vs last month
coach | raj week by week | trend "Raj Patel" by week
coach | daily activity last week | trend my people by day last week
coach | graph of west coast | trend group:"West Coast"
coach | which scenarios did raj fail | scenarios "Raj Patel"
coach | whats the team worst at | skills my people | scenarios my people
coach | most popular scenario last month | scenarios my people last month
coach | when is pricing push back due | assignments my people scenario:"Pricing Push-back"
coach | anything overdue for raj or sam | assignments overdue "Raj Patel" "Sam Lee"
coach | 1on1 w grace at 2 | prep "Grace Kim"
coach | meeting raj in 5 what do i need to know | prep "Raj Patel"
coach | notes for my coaching session with priya | prep "Priya Nair"
coach | what feedback did liam get yesterday | session "Liam Murphy" yesterday
coach | last thing sam did | session "Sam Lee" | sessions "Sam Lee"
coach | play sams last recording | says: I have no recordings or
coach | yo how we doing | team my people
coach | gimme last weeks numbers | team my people last week | sessions my people last week
coach | send sam a message | view: NudgePreviewView
coach | set sams score to 90 | says: Assignments, scenarios, sessions
coach | whats my commission | says: I know practice in Exec,
coach | who is the ceo | nothing
coach | order me a pizza | nothing
coach | what is exec | view: HelpView
coach | am i a coach | nothing
rep | how'd i do today | sessions me today
rep | my worst scenario | scenarios me
rep | what did i get on cold call opener | sessions me scenario:"Cold Call Opener" | progress me scenario:"Cold Call Opener"
rep | am i improving at pricing | progress me scenario:"Pricing Push-back"
rep | am i better than last month | compare me this month vs last month
rep | where do i rank this wk | leaderboard me this week | leaderboard this week
rep | whats due for me tmrw | assignments me 2026-11-19
rep | do i have anything overdue | assignments me overdue
rep | my sessions without a gold | sessions me not gold
rep | how much did i practice this mo | sessions me this month
rep | did sam do better than me | refuses: sam
rep | can i retake cold call opener | says: Practice runs in Exec
rep | my score is wrong | says: Scores, grades and ranks are
admin | adoption by group this qtr | team this quarter
admin | which group practices the most | team | leaderboard by sessions
admin | how many active users this month | team this month
admin | new hires below 60 since october | sessions group:"New Hires" score<60 since october
admin | who in new hires hasnt done cold call opener | inactive group:"New Hires" scenario:"Cold Call Opener" all time
admin | everyone except east coast and west coast last qtr | team -group:"East Coast" -group:"West Coast" last quarter
admin | monthly trend this year | trend by month this year
admin | how many licenses do we have | nothing
admin | hardest scenario for april | scenarios "April Jones"
admin | april this week | sessions "April Jones" this week
coach | hey whats up with grace | progress "Grace Kim"
coach | mays scores this wk pls | sessions "May Chen" this week
coach | did will do anything last wk | sessions "Will Young" last week
coach | is mark any better | progress "Mark Stone"
coach | how about raj | progress "Raj Patel"
coach | grace on competitor comparison | sessions "Grace Kim" scenario:"Competitor Comparison" | progress "Grace Kim" scenario:"Competitor Comparison"
coach | best call of the week | sessions my people best this week | sessions my people best top 1 this week
coach | lowest score today | sessions my people worst today | sessions my people worst top 1 today
coach | who has been quiet lately | inactive my people
coach | who practiced today | sessions my people today | team my people today
coach | who did 5 or more sessions | nothing
coach | how many did raj do last week | sessions "Raj Patel" last week
coach | how much time did grace spend this mo | sessions "Grace Kim" this month
coach | who needs a push on pricing push back | inactive my people scenario:"Pricing Push-back" all time | view: CoachView
coach | nobody but raj this week | nothing
coach | my team minus raj and sam last mo | team my people -"Raj Patel" -"Sam Lee" last month
coach | no unranked this week | sessions my people not unranked this week
coach | scores that arent gold | sessions my people not gold
coach | who hasnt done competitor comparison since oct 1 | inactive my people scenario:"Competitor Comparison" since 2026-10-01
coach | who didnt practice yesterday | inactive my people yesterday
coach | leaderbord this month | leaderboard my people this month
coach | leaderboard pls by gold | leaderboard my people by gold
coach | rank everyone by avg last qtr | leaderboard my people by average last quarter
coach | top 10 reps this yr | leaderboard my people top 10 this year
coach | number one this week | leaderboard my people this week | leaderboard my people top 1 this week
coach | compare grace with will on cold call opener | compare "Grace Kim" "Will Young" scenario:"Cold Call Opener"
coach | last month vs the month before | compare my people last month vs month before last
coach | are we doing better than last week | compare my people this week vs last week
coach | grace better than raj? | compare "Grace Kim" "Raj Patel"
coach | how is the team trending | trend my people | team my people
coach | practice per week since aug | trend my people by week since august
coach | pass rate for cold call opener | nothing
coach | what are ppl struggling w | scenarios my people
coach | least popular scenario | scenarios my people
coach | which skills is raj weak in | skills "Raj Patel"
coach | team skill gaps | skills my people
coach | has grace done her assignments | assignments "Grace Kim"
coach | what's coming up for raj | assignments "Raj Patel"
coach | overdue more than a week | nothing
coach | who missed a deadline | assignments my people overdue
coach | prep me for raj | prep "Raj Patel"
coach | catch up w grace in an hour | prep "Grace Kim"
coach | will's feedback on pricing push-back | session "Will Young" scenario:"Pricing Push-back"
coach | how did marks last call go | session "Mark Stone"
coach | who's on my team | team my people
coach | ping raj | view: NudgePreviewView
coach | give grace a gold | says: Assignments, scenarios, sessions
coach | turn off notifications | nothing
coach | whats the time in london | nothing
coach | translate this to french | says: I can't do that:
coach | write me a cold call script | says: I can't do that:
coach | how does scoring work | says: Scores, grades and ranks are
coach | between monday and wednesday | sessions my people from monday to wednesday
rep | show my golds this yr | sessions me gold this year
rep | when did i last practice | sessions me
rep | my scores on cold call opener last mo | sessions me scenario:"Cold Call Opener" last month
rep | which scenario should i do | view: NextView
rep | my assignments | assignments me
rep | do i have to do anything this wk | assignments me this week
rep | my weakest skill | skills me
rep | compare me with last month | compare me this month vs last month
rep | show everyones scores | nothing
rep | cancel my assignment | says: Assignments, scenarios, sessions
rep | i want a refund | nothing
admin | april vs chase | compare "April Jones" "Chase Porter"
admin | how is chase porter doing this qtr | progress "Chase Porter" this quarter
admin | did will practice last week | sessions "Will Young" last week
admin | people who never practiced | inactive all time
admin | groups ranked by avg | team
admin | hardest scenario for east coast not west coast | scenarios group:"East Coast" -group:"West Coast"
admin | sessions per day this wk | trend by day this week
coach | is grace ready for pricing push back | nothing
coach | hows may been this month so far | progress "May Chen" this month
coach | did mark get a gold yet | sessions "Mark Stone" gold
coach | call raj | nothing
coach | tell grace well done | view: NudgePreviewView
coach | msg may about her score | nothing
coach | make a leaderboard for this wk | leaderboard my people this week
coach | which of my reps are inactive | inactive my people
coach | who hasn't touched competitor comparison this quarter | inactive my people scenario:"Competitor Comparison" this quarter
coach | who werent active last week | inactive my people last week
coach | sams scores that arent silver | sessions "Sam Lee" not silver
coach | everyone who didnt score over 80 this week | sessions my people score<=80 this week
coach | anyone scoring between 60 and 70 last month | sessions my people score:60-70 last month
coach | all but grace this qtr | team my people -"Grace Kim" this quarter | sessions my people -"Grace Kim" this quarter
coach | neither raj nor sam last wk | sessions my people -"Raj Patel" -"Sam Lee" last week | team my people -"Raj Patel" -"Sam Lee" last week
coach | gold or better | sessions my people gold
coach | ranked by time this wk | leaderboard my people by time this week
coach | most active rep | leaderboard my people by sessions
coach | top 5 in oct by avg | leaderboard my people by average top 5 october
coach | worst scenario for grace | scenarios "Grace Kim"
coach | per scenario avg for my team last qtr | scenarios my people last quarter
coach | trend by month for raj | trend "Raj Patel" by month
coach | wk by wk for the team | trend my people by week
coach | is my team better than last quarter | compare my people this quarter vs last quarter
coach | anything due in the next 2 wks | assignments my people next 2w
coach | raj's deadlines | assignments "Raj Patel"
coach | whats late | assignments my people overdue
coach | prep 1:1 mark tmrw 3pm | prep "Mark Stone"
coach | how should i coach grace | prep "Grace Kim"
coach | raj's strengths | skills "Raj Patel"
coach | what did people practice this week | sessions my people this week | scenarios my people this week
coach | how many cold call sessions last month | sessions my people scenario:"Cold Call Opener" last month
coach | did anyone practice on saturday | sessions my people saturday
coach | since last friday | sessions my people since friday
coach | forward this to my boss | says: Share in channel under an
coach | move sam to east coast | says: Who is in Exec
coach | archive cold call opener | says: Assignments, scenarios, sessions
coach | is the server down | nothing
coach | how old is grace | nothing
coach | what day is it | nothing
coach | whats grace's quota | says: I know practice in Exec,
coach | play music | nothing
rep | my best this mo | sessions me best this month
rep | how far am i from gold | says: Gold, silver and bronze are
rep | what's left for me to do | assignments me
rep | am i behind | nothing
rep | my time this wk | sessions me this week
rep | give me a better score | nothing
rep | every session i did in oct | sessions me october
rep | sessions where i got less than 70 | sessions me score<70
admin | total sessions by month this yr | trend by month this year
admin | new hires vs everyone | nothing
admin | east coast without april last wk | team group:"East Coast" -"April Jones" last week
admin | add a coach | view: HelpView
admin | invite bob to exec | says: Who is in Exec, in
admin | chase's avg since sept | sessions "Chase Porter" since september | progress "Chase Porter" since september
rep | change my score to 100 | says: Assignments, scenarios, sessions
coach | book a meeting with sam | says: I see no calendars and
coach | sam discovery skill | nothing
rep | am i above average | nothing
coach | who on my team hasnt done anything since monday | inactive my people since monday
coach | rank by sessions pls | leaderboard my people by sessions
coach | is west coast better than last month | compare group:"West Coast" this month vs last month
coach | between 70 and 80 this month | sessions my people score:70-80 this month
coach | two weeks ago | sessions my people week before last
coach | how many hrs did west coast practice in nov | sessions group:"West Coast" november
coach | who hasnt finished their assignments | assignments my people
coach | post this to #sales every monday | view: DigestOfferView
rep | how do i get gold | says: Gold, silver and bronze are
admin | whos not using it this mo | inactive this month
rep | am i doing ok | view: MeView
coach | hey could you please tell me how my team did last week? thank you! | team my people last week
coach | i was wondering whether sam has practised at all this month | sessions "Sam Lee" this month
coach | quick q - who was top last week | leaderboard my people last week
coach | any1 below 60 this wk? | sessions my people score<60 this week
coach | leadreboard by avrage | leaderboard my people by average
coach | sesions raj yesteday | sessions "Raj Patel" yesterday
coach | who has done nothing for 2 weeks | inactive my people last 2w
coach | all scenarios but pricing push-back | scenarios my people -scenario:"Pricing Push-back"
coach | didn't mark get any gold last month? | sessions "Mark Stone" gold last month
coach | isn't may improving | progress "May Chen"
coach | april vs may | asks: May Chen, month | compare my people april vs may
coach | grace period | nothing
coach | since 2 weeks ago | sessions my people since 2026-11-02
coach | sessions on the 3rd | sessions my people 2026-11-03
coach | from the 1st to the 15th | sessions my people 2026-11-01..2026-11-15
coach | on the 31st | sessions my people 2026-10-31
coach | practice on the 2nd | sessions my people 2026-11-02
coach | since the start of the year | sessions my people this year
coach | from oct til now | sessions my people since october
coach | up to last friday | sessions my people until 2026-11-13
coach | sessions from last week | sessions my people last week
coach | over the past two weeks | sessions my people last 2w
coach | i'm seeing may in 20 minutes | prep "May Chen"
coach | seeing will at 4 | prep "Will Young"
coach | talking to raj later today | prep "Raj Patel"
coach | call with raj at noon - prep | prep "Raj Patel"
coach | 1:1 prep: mark | prep "Mark Stone"
coach | meeting w/ mark & will tmrw | nothing
coach | whats due by the 25th | assignments my people until 2026-11-25
coach | by eod friday whats due | assignments my people until friday
coach | anything to finish before december | assignments my people before 2026-12-01
coach | which assignments arent done | assignments my people
coach | due dates for grace & liam | assignments "Grace Kim" "Liam Murphy"
coach | top 3 this wk | leaderboard my people top 3 this week
coach | raj top 3 last month | sessions "Raj Patel" top 3 last month | sessions "Raj Patel" best top 3 last month
coach | top 5 sessions this week | sessions my people best top 5 this week
coach | two best sessions of raj | sessions "Raj Patel" best top 2
coach | who won last week | leaderboard my people last week
coach | count of golds per person | leaderboard my people by gold
coach | which rep is best at executive briefing | leaderboard my people by average scenario:"Executive Briefing"
coach | who's got the best objection handling | leaderboard my people by average skill:"Objection Handling"
coach | who's putting in the most hours | leaderboard my people by time
coach | average score of each scenario for will | scenarios "Will Young"
coach | west coast this q vs last q | compare group:"West Coast" this quarter vs last quarter
coach | raj in sept vs oct | compare "Raj Patel" september vs october
coach | team avg for oct vs sept | compare my people october vs september
coach | how did april compare to march | compare my people april vs march
coach | this month so far compared to same time last month | compare my people this month vs last month
coach | how does sam stack up against raj | compare "Sam Lee" "Raj Patel"
coach | how do raj and sam compare | compare "Raj Patel" "Sam Lee"
coach | compare me to my team | nothing
coach | patel or nair yesterday | sessions "Raj Patel" "Priya Nair" yesterday
coach | onboarding basics last month | sessions my people collection:"Onboarding Basics" last month
coach | pricing certification progress | progress my people program:"Pricing Certification"
coach | is alex doing ok | progress "Alex Kim"
coach | alex kims last session | session "Alex Kim"
coach | grace's numbers | progress "Grace Kim"
coach | list the groups | says: 1 group | says: 2 groups
coach | which programs are there | says: 2 programs
coach | who can see this | says: I read what is said
coach | what is lift | says: Averages are of graded sessions
coach | tell me when raj practices | refuses: I can't watch for that
coach | can you make that a chart | nothing
coach | avg time | nothing
coach | skills by person | nothing
coach | who has practiced every week this quarter | nothing
coach | scenarios nobody practiced | nothing
coach | who did renewal save but not pricing push back | nothing
coach | not sam, mark | nothing
coach | leave sam out of last week's numbers | team my people -"Sam Lee" last week
coach | don't show me golds | sessions my people not gold
coach | sessions that aren't raj's | sessions my people -"Raj Patel"
coach | everything but gold & silver | sessions my people bronze,unranked
coach | without raj in west coast | team group:"West Coast" -"Raj Patel"
coach | grace - gold? | sessions "Grace Kim" gold
coach | mark: gold this week? | sessions "Mark Stone" gold this week
coach | no one from west coast practiced today? | inactive group:"West Coast" today
coach | team without the new hires | refuses: new hires
coach | give me everyone's last session | nothing
coach | how may gold sessions | asks: May Chen
coach | 5 most recent sessions | sessions my people top 5
coach | last 10 from grace | sessions "Grace Kim" top 10
coach | <50 this wk | sessions my people score<50 this week
coach | in 2025 q4 | sessions my people q4 2025
coach | is practice dropping off | trend my people
coach | grace or mark, who practiced more | compare "Grace Kim" "Mark Stone"
rep | april's avg | asks: month
rep | sam vs me | refuses: sam
rep | best in west coast | leaderboard group:"West Coast"
rep | am i the best in west coast | leaderboard group:"West Coast"
rep | am i on the west coast team | says: Yes
rep | me last month by day | trend me by day last month
rep | everyone's average | nothing
rep | howd i do this mth vs last | compare me this month vs last month
admin | top 5 in customer success this quarter | leaderboard group:"Customer Success" top 5 this quarter
admin | unfinished assignments in east coast | assignments group:"East Coast"
admin | are we trending up in customer success | trend group:"Customer Success"
admin | april in april | sessions "April Jones" april
admin | april vs march for east coast | compare group:"East Coast" april vs march
admin | enterprise reps below 65 avg | nothing
admin | jane's people this week | team group:"West Coast" this week
admin | which team practiced the least last month | team last month
coach | how many of my ppl have not touched renewal save | inactive my people scenario:"Renewal Save" all time
coach | how many attempts did sam need for gold | nothing
coach | not including cold call opener, avg for sam | sessions "Sam Lee" -scenario:"Cold Call Opener" last 30d
coach | bronze only, last 2 weeks, no liam | sessions my people bronze last 2w -"Liam Murphy"
coach | is sam still on pricing push back or has he passed it | progress "Sam Lee" scenario:"Pricing Push-back" | sessions "Sam Lee" scenario:"Pricing Push-back"
coach | did anyone other than raj hit gold last week | sessions my people -"Raj Patel" gold last week
coach | raj wasn't in last week, show me everyone else | nothing
coach | show me the reps with more than 5 sessions this month | nothing
coach | who did fewer than 3 sessions last week | nothing
coach | whose average is under 70 | nothing
coach | who averaged over 85 this month | nothing
coach | reps who have improved by more than 10 points | nothing
coach | who dropped more than 5 points since october | nothing
coach | sessions that took more than 15 minutes last week | sessions my people longer 15m last week
coach | calls under two minutes this month | sessions my people shorter 2m this month
coach | short sessions yesterday | nothing
coach | anything between 5 and 10 minutes long from grace | nothing
coach | average of grace's last 3 sessions | sessions "Grace Kim" top 3
coach | second best score this month | nothing
coach | what was sam's first session | sessions "Sam Lee" oldest
coach | grace's very first score on cold call opener | sessions "Grace Kim" scenario:"Cold Call Opener" oldest
coach | will priya hit gold by friday | nothing
coach | predict next month's scores | says: I tell what was, and
coach | what would raj need for an avg of 80 | nothing
coach | who's likely to fail pricing certification | nothing
coach | mon to fri last week | nothing
coach | weekends only this month | nothing
coach | who practises in the evenings | nothing
coach | sessions before 9am this week | nothing
coach | sessions after 6pm yesterday | nothing
coach | this morning's sessions | nothing
coach | last tuesday afternoon | nothing
coach | everything since our kickoff | nothing
coach | sessions in the last fortnight | sessions my people last 2w
coach | the last quarter of 2025 | sessions my people q4 2025
coach | h1 2026 | sessions from january 2026 to june 2026
coach | first week of november | sessions 2026-11-01..2026-11-07
coach | first half of october | sessions my people 2026-10-01..2026-10-15
coach | wk of nov 9 | sessions 2026-11-09..2026-11-15
coach | past 90 days for the whole team | team my people last 90d
coach | mid october | nothing
coach | sessions on halloween | nothing
coach | 11/09 to 11/13 raj | asks: 9 november
coach | sep 1 through sep 30 for mark | sessions "Mark Stone" 2026-09-01..2026-09-30
coach | may 4 - may 8 | sessions my people 2026-05-04..2026-05-08
coach | since mark joined | nothing
coach | before grace was on my team | nothing
coach | compare before and after october 1 | nothing
coach | how was september different from october | compare my people september vs october
coach | is grace doing better than she was in september | nothing
coach | show will and mark side by side | compare "Will Young" "Mark Stone"
coach | how do my people compare with east coast | refuses: east coast
coach | best three of my team against the rest | nothing
coach | grace, mark and may - who's the best? | leaderboard by average "Grace Kim" "Mark Stone" "May Chen"
coach | rank raj sam and liam by average | leaderboard by average "Raj Patel" "Sam Lee" "Liam Murphy"
coach | who had the biggest jump this quarter | leaderboard by lift my people this quarter | progress my people this quarter
coach | who fell the most since last month | nothing
coach | who comes last in the leaderboard | nothing
coach | bottom three this month | nothing
coach | laggards | inactive my people
coach | who practised 3 days in a row | nothing
coach | is there anybody who hasn't got a single gold yet | nothing
coach | who has no gold this quarter | nothing
coach | who never got gold | nothing
coach | which reps have not reached silver in cold call opener | nothing
coach | who has not passed cold call opener | nothing
coach | who's passed pricing push back | nothing
coach | don't count incomplete ones, how's raj's avg this month | nothing
coach | only graded sessions last week | sessions my people valid last week
coach | incomplete sessions this month | sessions my people invalid this month
coach | which sessions are still ungraded | sessions my people invalid
coach | did mark's call on monday get graded | sessions "Mark Stone" monday | sessions "Mark Stone" valid monday
coach | why was liams session marked incomplete | nothing
coach | why did the average drop last week | nothing
coach | why is raj 4th | nothing
coach | what does unranked mean | says: Gold, silver and bronze
coach | what counts as practice | says: Averages are of graded sessions
coach | how do you work out the average | view: HelpView
coach | how is the lift calculated | says: Averages are of graded
coach | where does this data come from | says: All figures come from Exec:
coach | can sam see what i ask here | says: Only you see my answers,
coach | who else can look at grace's sessions | says: You see your own
coach | what can you do | view: HelpView
coach | what else can i ask | view: HelpView
coach | i dont understand the leaderboard | nothing
coach | how do i get a weekly summary | view: DigestOfferView
coach | email me this every friday | refuses: To you alone I send at
coach | schedule a report for 9am mondays | view: DigestOfferView
coach | give me a csv of everyone's sessions in october | sessions my people october
coach | download raj's sessions as excel | sessions "Raj Patel"
coach | pdf of the team report | says: I answer in Slack only:
coach | chart of sams scores over time | trend "Sam Lee"
coach | plot practice per day for the last 2 weeks | trend my people by day last 2w
coach | pie chart of ranks | nothing
coach | bar chart by person | nothing
coach | team this week and also who's overdue | asks: team this week, overdue
coach | show raj's sessions and grace's skills | asks: raj's sessions, grace's skills
coach | how did we do last week, and what's due this week? | asks: how did we do last week, due this week
coach | prep for raj and then nudge liam | nothing
coach | who is top and who is inactive | asks: who is top, who is inactive
coach | thanks! now show me sam | sessions "Sam Lee"
coach | ok cool, and what about priya | progress "Priya Nair" | sessions "Priya Nair"
coach | sorry i meant last month | nothing
coach | same for grace | nothing
coach | next | nothing
coach | more | nothing
coach | show me more about will | progress "Will Young" | sessions "Will Young"
coach | no | nothing
coach | not really | nothing
coach | assigments for garce | assignments "Grace Kim"
coach | shwo me liams porgress | progress "Liam Murphy"
coach | trned this quater | trend my people this quarter
coach | comapre raj adn sam | compare "Raj Patel" "Sam Lee"
coach | competitior comparison scores | sessions my people scenario:"Competitor Comparison" | scenarios my people scenario:"Competitor Comparison"
coach | whos got sometihng due tommorow | assignments my people 2026-11-19
coach | pricing pushbck averages | sessions my people scenario:"Pricing Push-back" last 30d
coach | so i've got my pipeline review in half an hour and i'd love to know quickly if mark has been practising cold call opener this month, thanks so much | sessions "Mark Stone" scenario:"Cold Call Opener" this month
coach | hiya! hope you're well. could i get a list of whoever on my team has yet to practise this month? | inactive my people this month | nothing
coach | my vp wants to know how many sessions my team has done since the start of the quarter, can you help | sessions my people this quarter | team my people this quarter
coach | i think liam is slacking, is that true? | sessions "Liam Murphy" | progress "Liam Murphy"
coach | honestly the team seems tired, are we practising less than in october? | nothing
coach | mark my words | nothing
coach | may the force be with you | nothing
coach | chase the overdue ones | assignments overdue my people
coach | will do | says: Glad
coach | will may finish her assignments | assignments "May Chen"
coach | what will mark have to do next week | assignments "Mark Stone" next week
coach | mark grace as absent this week | nothing
coach | may and april scores compared | nothing
coach | mark raj done with cold call opener | nothing
coach | how graceful is will | nothing
coach | grace on the march numbers | progress "Grace Kim" march
coach | can grace see april's numbers | says: You see your own practice.
coach | who's got assignments due after dec 1 | assignments my people after 2026-12-01
coach | nothing due this week, right? | assignments my people this week
coach | what was due last week | assignments my people last week
coach | overdue since november 1 | assignments my people overdue since 2026-11-01
coach | which assignments has nobody started | nothing
coach | how many assignments does raj have left | assignments "Raj Patel"
coach | due within 48 hours | assignments my people next 48h
coach | assign cold call opener to sam | says: Assignments, scenarios, sessions
coach | extend raj's deadline to friday | says: Assignments, scenarios, sessions
coach | what time is my 1:1 with grace | nothing | prep "Grace Kim"
coach | how was the 1:1 with raj | prep "Raj Patel"
coach | talking points for liam | prep "Liam Murphy"
coach | what should i praise priya for | prep "Priya Nair"
coach | questions to ask sam | prep "Sam Lee"
rep | how many more golds do i need to be first | nothing
rep | show me but not my bad ones | nothing
rep | did i do worse than last time | nothing
rep | was this week better than last | compare me this week vs last week
rep | my scores except cold call opener | sessions me -scenario:"Cold Call Opener"
rep | my bronze and silver sessions this month | sessions me silver,bronze this month
rep | how many times have i tried renewal save | sessions me scenario:"Renewal Save" | progress me scenario:"Renewal Save"
rep | which scenarios have i not done yet | nothing
rep | have i ever got gold on executive briefing | sessions me gold scenario:"Executive Briefing" all time
rep | what did the ai say about my last call | session me
rep | where did i lose points in my last session | session me
rep | why did i only get silver | session me silver
rep | is my coach looking at my scores | nothing
rep | does my manager see this | says: You see your own
rep | stop sending me messages | asks: My Monday message, Digests
rep | can i take a practice session now | nothing
rep | what do i practise for the pricing certification | assignments me program:"Pricing Certification"
rep | when is cold call opener due | assignments me scenario:"Cold Call Opener"
rep | do i have time until friday for pricing pushback | nothing
rep | how many people are ahead of me | nothing
rep | whos the best at closing | leaderboard skill:"Closing" by average
rep | my avg by week | trend me by week
rep | show my week and my skills | asks: my week, my skills | asks: skills
rep | am i slower than the others | nothing
rep | my mornings vs evenings | nothing
rep | all my sessions with a score | sessions me valid
rep | raj told me he got gold, is that right? | nothing
rep | export my sessions | sessions me
rep | i did 3 yesterday, did they count | sessions me yesterday
rep | my longest call ever | sessions me longest all time
admin | east coast, last month, everyone below 60 | sessions group:"East Coast" score<60 last month
admin | who are the top 3 in each group | nothing
admin | average by group and scenario | nothing
admin | how many sessions per person in east coast on average | team group:"East Coast"
admin | is anyone in new hires not practising | inactive group:"New Hires"
admin | new hires who started in october | nothing
admin | people without a group | nothing
admin | which coaches have the best teams | nothing
admin | how many sessions did jane's team do | sessions group:"West Coast"
admin | coaches that haven't practised | nothing
admin | who is in east coast | team group:"East Coast"
admin | members of customer success | team group:"Customer Success"
admin | which groups is sam in | says: Jane Smith coaches Sam Lee.
admin | not a single session in customer success last month? | inactive group:"Customer Success" last month
admin | all groups bar new hires this quarter | team -group:"New Hires" this quarter
admin | compare all three groups | nothing
admin | new hires vs east coast vs west coast | team group:"New Hires" group:"East Coast" group:"West Coast"
admin | company average this year | sessions this year | team this year
admin | overall average since june | sessions since june
admin | roi of practice | says: I know practice in Exec,
admin | how many seats are used | nothing
admin | who signed up last week | nothing
admin | remove bob from exec | says: Who is in Exec, in
admin | rename the group east coast | says: Who is in Exec, in
admin | has april been chased | nothing
admin | april may june for new hires | asks: April Jones, month
admin | chase may know | asks: May Chen, month
admin | from april 1 to may 31 for april | sessions "April Jones" 2026-04-01..2026-05-31
admin | chase and will's assignments due in december | assignments "Chase Porter" "Will Young" in december
admin | everyone's assignments that are overdue except new hires | assignments overdue -group:"New Hires"
admin | pricing certification completion by group | nothing
admin | skills of customer success vs east coast | nothing
admin | top skill in the company | skills
admin | when was the last session in customer success | sessions group:"Customer Success" | session group:"Customer Success"
admin | did we practise more this quarter than last | compare this quarter vs last quarter
coach | what's grace been up to since monday | sessions "Grace Kim" since monday
coach | hows liam tracking this month | progress "Liam Murphy" this month | sessions "Liam Murphy" this month
coach | where does raj stand | progress "Raj Patel" | leaderboard "Raj Patel" | sessions "Raj Patel"
coach | quick check on priya before i call her | progress "Priya Nair" | sessions "Priya Nair" | prep "Priya Nair"
coach | any improvement from sam at all? | progress "Sam Lee"
coach | give me grace in a nutshell | progress "Grace Kim" | sessions "Grace Kim"
coach | how many golds did grace get vs mark | compare "Grace Kim" "Mark Stone" | nothing
coach | who's better at cold call opener, sam or zoe | compare "Sam Lee" "Zoë Müller" scenario:"Cold Call Opener"
coach | difference between will and may this quarter | compare "Will Young" "May Chen" this quarter
coach | cold call opener or pricing push-back, which is harder | compare scenario:"Cold Call Opener" scenario:"Pricing Push-back" | scenarios scenario:"Cold Call Opener" scenario:"Pricing Push-back" | nothing
coach | which week was our best this quarter | nothing | trend my people by week this quarter
coach | best month this year | nothing | trend my people by month this year
coach | busiest day last week | nothing | trend my people by day last week
coach | when does the team practise most | nothing
coach | how often does raj practise | sessions "Raj Patel"
coach | how regularly is will practising | nothing | sessions "Will Young" | trend "Will Young"
coach | is anybody not pulling their weight | nothing | inactive my people | view: CoachView
coach | who's gone quiet on me | inactive my people | nothing
coach | who have i not heard from in 3 weeks | inactive my people last 3w | nothing
coach | nobody practised on friday? | inactive my people friday | inactive my people on friday
coach | show everyone with zero sessions this week | inactive my people this week
coach | who has 0 golds | nothing
coach | reps without a session since nov 1 | inactive my people since 2026-11-01 | inactive my people since 1 november
coach | who practised once last week | nothing
coach | who only practised once this month | nothing
coach | who did at least 10 sessions this quarter | nothing
coach | anyone with three or more bronzes | nothing
coach | did the team hit 50 sessions last month | nothing
coach | who's above the team average | nothing
coach | who is below average on pricing push-back | nothing
coach | people scoring under 50 twice | nothing
coach | only the sessions under 40 | sessions my people score<40
coach | all 100s | nothing
coach | perfect scores this year | nothing
coach | anything in the 90s this week | nothing
coach | score of exactly 80 | sessions my people score=80 | nothing
coach | sub 60 scores last month | nothing | sessions my people score<60 last month
coach | 60 to 70 last week | sessions my people score:60-70 last week | nothing
coach | highest score ever on renewal save | sessions my people best scenario:"Renewal Save" all time | sessions my people best top 1 scenario:"Renewal Save" all time
coach | grace's top score this month | sessions "Grace Kim" best this month | sessions "Grace Kim" best top 1 this month
coach | what's the lowest mark got on cold call opener | sessions "Mark Stone" worst scenario:"Cold Call Opener" | sessions "Mark Stone" worst top 1 scenario:"Cold Call Opener"
coach | longest call last month by anyone | sessions my people longest last month | sessions my people longest top 1 last month
coach | shortest three sessions today | sessions my people shortest top 3 today
coach | oldest session of liam | sessions "Liam Murphy" oldest | sessions "Liam Murphy" oldest top 1
coach | sessions that aren't from last week | nothing
coach | everything except october | nothing
coach | not this week, last week | nothing
coach | team last month without will and may | team my people -"Will Young" -"May Chen" last month
coach | leave cold call opener out, who's top this month | leaderboard my people -scenario:"Cold Call Opener" this month
coach | everyone who isn't grace | team my people -"Grace Kim" | sessions my people -"Grace Kim" | nothing
coach | no golds for raj yet? | sessions "Raj Patel" not gold | sessions "Raj Patel" gold | nothing
coach | hasn't mark done renewal save? | progress "Mark Stone" scenario:"Renewal Save" all time
coach | i don't want to see will | nothing | team my people -"Will Young" | sessions my people -"Will Young"
coach | never mind | nothing
coach | forget it | nothing
coach | stop | nothing | view: HelpView
coach | undo | nothing
coach | yes | nothing | says: Glad
coach | hmm not sure | nothing
coach | 👍 | nothing | says: Glad
coach | ??? | nothing
coach | asdf | nothing
coach | wow grace is killing it | progress "Grace Kim" | sessions "Grace Kim" | nothing
coach | poor liam | sessions "Liam Murphy" | progress "Liam Murphy"
coach | tell will he's late | view: NudgePreviewView
coach | can you ask grace to practise | nothing
coach | give everybody a pat on the back | nothing
coach | who deserves a shout out | nothing | view: CoachView | leaderboard my people
coach | what should my team focus on | scenarios my people | skills my people | nothing
coach | what do we need to work on | skills my people | scenarios my people | assignments my people | nothing
coach | what went wrong in sam's last session | session "Sam Lee"
coach | show me the transcript of raj's last call | says: I have no recordings or
coach | quote from priya's last call | nothing | session "Priya Nair"
coach | how did grace score on discovery | skills "Grace Kim" | sessions "Grace Kim" skill:"Discovery" | sessions "Grace Kim" scenario:"Discovery Call" | progress "Grace Kim" | nothing
coach | team's average on objection handling | team my people skill:"Objection Handling" | skills my people skill:"Objection Handling" | sessions my people skill:"Objection Handling" | sessions my people skill:"Objection Handling" last 30d | skills my people
coach | which skill should raj work on | skills "Raj Patel"
coach | is may ready for a promotion | nothing
coach | rate grace from 1 to 10 | nothing
coach | who should get fired | nothing
coach | rank the team by closing skill | nothing | leaderboard my people skill:"Closing" | skills my people skill:"Closing"
coach | leaderboard without grace | leaderboard my people -"Grace Kim"
coach | leaderboard for cold call opener only | leaderboard my people scenario:"Cold Call Opener"
coach | leaderboard last week compared to this week | nothing
coach | top performer each month | nothing
coach | top half of the team | nothing
coach | runner up last month | nothing
coach | podium of october | leaderboard my people october
coach | who's moved up the most | nothing | progress my people | leaderboard by lift my people
coach | q3 leaderboard by best score | leaderboard my people by best q3
coach | monthly sessions per rep | nothing
coach | weekly average for west coast since july | trend group:"West Coast" by week since july
coach | line chart of west coast's average | trend group:"West Coast" | nothing
coach | heatmap | nothing
coach | trend line for pricing push back scores | trend my people scenario:"Pricing Push-back"
coach | how has the team's avg moved since q2 | trend my people since q2 | team my people since q2 | nothing
coach | is our practice time going up | trend my people | nothing
coach | first quarter against second quarter | compare my people q1 vs q2 | nothing
coach | oct 1-15 vs oct 16-31 | compare my people 2026-10-01..2026-10-15 vs 2026-10-16..2026-10-31
coach | year over year | compare this year vs last year
coach | month on month | nothing | trend my people by month
coach | monday last week | nothing | sessions my people 2026-11-09
coach | a week ago today | nothing | sessions my people 2026-11-11
coach | 2026-11-02 to 2026-11-06 grace | sessions "Grace Kim" 2026-11-02..2026-11-06
coach | november 3rd | sessions my people 3 november
coach | from nov 3 on | sessions my people since 3 november | nothing
coach | since the beginning of october | sessions my people since october
coach | last 24 hrs | sessions my people last 24h
coach | ytd for raj | sessions "Raj Patel" this year
coach | next week's sessions | nothing
coach | sessions tomorrow | nothing
coach | last summer | nothing
coach | christmas week | nothing
coach | before lunch | nothing
coach | all of september | sessions my people september
coach | thru the end of october | nothing | sessions my people until 2026-10-31
coach | every session since the 10th | sessions my people since 2026-11-10
coach | who'll miss friday's deadline | nothing | assignments my people friday
coach | who still has to do renewal save before friday | assignments my people scenario:"Renewal Save" before friday | nothing
coach | did everyone complete cold call opener in time | nothing
coach | what's assigned to grace | assignments "Grace Kim"
coach | open tasks for mark and will | assignments "Mark Stone" "Will Young"
coach | assignments nobody did | nothing
coach | raj and sam: overdue stuff | assignments overdue "Raj Patel" "Sam Lee"
coach | anything overdue by more than 3 days | nothing
coach | does priya have homework | assignments "Priya Nair"
coach | all deadlines in december | assignments my people december
coach | move pricing push back to next week | nothing
coach | who's done with their homework | assignments my people | nothing
coach | prep raj and sam | nothing
coach | coaching notes on will for tomorrow 2pm | prep "Will Young"
coach | i'm about to meet grace, cheat sheet please | prep "Grace Kim"
coach | what should i know before talking to mark | prep "Mark Stone"
coach | 1-1 grace | prep "Grace Kim"
coach | give me 3 questions for raj | nothing | prep "Raj Patel"
coach | brief me on zoe | progress "Zoë Müller" | prep "Zoë Müller"
coach | team and leaderboard | nothing
coach | overdue and inactive people | nothing
coach | show raj's trend then his skills | nothing
coach | how is grace doing & what is she overdue on | nothing
coach | sessions yesterday; team this week | nothing
coach | who's best, who's worst | nothing
coach | sapm lee | sessions "Sam Lee" | nothing
coach | pirya this week | sessions "Priya Nair" this week
coach | grcae vs makr | compare "Grace Kim" "Mark Stone" | nothing
coach | wich reps havent praticed this weke | inactive my people this week
coach | overdeu assignmnets | assignments overdue my people
coach | lederboard by tiem | leaderboard my people by time
coach | so basically what i'm trying to figure out is whether grace has gotten any better at pricing since august, could you check that for me? | progress "Grace Kim" scenario:"Pricing Push-back" since august
coach | hello! i'm new here - i coach the west coast folks. can you tell me who did the most role plays last week? | leaderboard my people by sessions last week
coach | we have an offsite on friday and i'd like to hand out a prize to whoever had the best average in october | leaderboard my people by average october | nothing
coach | morning! two things: who's overdue, and how did raj do yesterday? | nothing
rep | am i on track | view: MeView | nothing | assignments me
rep | do i suck | nothing
rep | how was my last one | session me
rep | show me everything i did in october | sessions me october
rep | my last gold | sessions me gold | sessions me gold top 1 | nothing
rep | when did i last get gold | sessions me gold | nothing
rep | how many silvers this quarter | sessions me silver this quarter
rep | my scores, best first | sessions me best
rep | what's my lowest score this month | sessions me worst this month | sessions me worst top 1 this month
rep | compare my october and november | compare me october vs november
rep | my score vs the average | nothing
rep | who beat me | nothing
rep | whats left before friday | assignments me before friday | assignments me until friday
rep | have i finished everything | assignments me
rep | can i see my feedback from yesterday | session me yesterday
rep | my practice time per week | trend me by week
rep | what scenario am i worst at | scenarios me
rep | where can i improve | skills me | progress me | nothing
rep | how do i start a role play | view: NextView
rep | delete my sessions | says: Assignments, scenarios, sessions
rep | what are my people doing | nothing
rep | team average | nothing
rep | did my coach leave a note | nothing
rep | what is my goal this month | nothing
rep | may i see my skills | skills me
rep | my sessions not in october | nothing
rep | sessions without pricing push-back | sessions me -scenario:"Pricing Push-back"
admin | how did april do vs chase in october | compare "April Jones" "Chase Porter" october
admin | east coast this week: who's in, who's out | nothing
admin | everyone in customer success under 70 since sept | sessions group:"Customer Success" score<70 since september
admin | which group improved the most | nothing
admin | which coach has the most inactive people | nothing
admin | customer success leaderboard for q3 by lift | leaderboard group:"Customer Success" by lift q3
admin | inactive in new hires or east coast this month | inactive group:"New Hires" group:"East Coast" this month
admin | how many in east coast practised this week | team group:"East Coast" this week
admin | what share of new hires has practised | team group:"New Hires"
admin | new hires: overdue? | assignments overdue group:"New Hires"
admin | practice in april by april | sessions "April Jones" april
admin | will may be in april's report | nothing
admin | who is chase's coach | says: Bob Jones coaches Chase Porter.
admin | coaches of new hires | nothing | view: CoachesView
admin | how many coaches are there | nothing | view: CoachesView
admin | number of groups | nothing | says: 4 groups
admin | list all scenarios | says: 10 scenarios
admin | list everyone | team | nothing
admin | total golds this year by group | team gold this year
admin | sessions by april in the last 10 days | sessions "April Jones" last 10d
admin | avg per scenario east coast vs west coast | nothing | compare group:"East Coast" group:"West Coast"
admin | usage of pricing certification this quarter | nothing | sessions program:"Pricing Certification" this quarter | team program:"Pricing Certification" this quarter
admin | onboarding basics: how are new hires doing | team group:"New Hires" collection:"Onboarding Basics" | nothing
admin | audit chase | view: AuditView
admin | who looked at april's sessions last week | view: AuditView | nothing
admin | export the team table for q3 | team q3
admin | csv of overdue assignments in east coast | assignments overdue group:"East Coast"
admin | send jane the numbers | nothing
admin | make bob a coach | refuses: Whom does Bob Jones coach?
admin | is april a coach | nothing
coach | has anything changed with sam since his 1:1 | nothing | progress "Sam Lee"
coach | who am i seeing gains from | nothing | progress my people
coach | raj's last three goes at cold call opener | sessions "Raj Patel" scenario:"Cold Call Opener" top 3 | nothing
coach | rep activity yesterday | sessions my people yesterday | team my people yesterday
coach | what percentage of sessions were gold last month | nothing
coach | ratio of gold to bronze | nothing
coach | how many of grace's sessions were silver or better | sessions "Grace Kim" silver+
coach | did may get anything better than bronze | sessions "May Chen" silver+ | nothing
coach | has will ever gone below 50 | sessions "Will Young" score<50 all time | nothing
coach | did sam break 90 this month | nothing | sessions "Sam Lee" score>90 this month
coach | show sessions at or above 75 | sessions my people score>=75
coach | sessions rated 50 or lower | sessions my people score<=50
coach | not under 80 this week | sessions my people score>=80 this week | nothing
coach | anyone not above 50 on pricing push-back | sessions my people score<=50 scenario:"Pricing Push-back" | nothing
coach | everyone with an average above 80 | nothing
coach | who has more golds than raj | nothing
coach | is anybody better than grace | nothing
coach | closest to gold | nothing
coach | how far off target are we | nothing
coach | two people who practised most this month | leaderboard my people by sessions top 2 this month | nothing
coach | most improved rep in renewal save | progress my people scenario:"Renewal Save" | leaderboard my people by lift scenario:"Renewal Save"
coach | least improved | nothing
coach | who's slipping on cold call opener | nothing | view: CoachView | progress my people scenario:"Cold Call Opener"
coach | the reps that practised both last week and this week | nothing
coach | practised last week but not this week | nothing
coach | who started practising again | nothing
coach | first time golds this month | nothing
coach | new personal bests last week | progress my people last week
coach | grace's personal best on renewal save | sessions "Grace Kim" best scenario:"Renewal Save"
coach | who set a pb | progress my people
coach | team best this week | sessions my people best this week | leaderboard my people this week | team my people this week | nothing
coach | mark - trend by week since august | trend "Mark Stone" by week since august
coach | weekly sessions for grace and may | trend "Grace Kim" "May Chen" by week
coach | how's practice been month to month | trend my people by month | nothing
coach | slow weeks this quarter | nothing
coach | compare weekdays | nothing
coach | raj q2 vs raj q3 | compare "Raj Patel" q2 vs q3
coach | sam this week, raj last week | nothing
coach | last week for sam and this week for raj | nothing
coach | team avg in july, august and september | nothing
coach | from last friday until yesterday | sessions my people 2026-11-13..2026-11-17
coach | a month ago | nothing | sessions my people last month
coach | end of last month | nothing
coach | the other day | nothing
coach | so far today | sessions my people today
coach | just now | nothing | sessions my people today
coach | within the last 10 days | sessions my people last 10d
coach | over the summer | nothing
coach | early november | nothing
coach | nov 2-6 | sessions my people 2026-11-02..2026-11-06
coach | 3/11 | asks: november
coach | last workday | nothing
coach | this fiscal year | nothing
coach | since forever | nothing | sessions my people all time
coach | q5 | nothing
coach | feb 30 | nothing
coach | 2027 | nothing
coach | next month | nothing
coach | recent sessions | sessions my people
coach | latest from will | sessions "Will Young" | session "Will Young"
coach | whats new with may | sessions "May Chen" | progress "May Chen"
coach | MARK STONE THIS MONTH | sessions "Mark Stone" this month
coach | @may chen skills | skills "May Chen"
coach | hey bot, how's zoë doing these days | progress "Zoë Müller"
coach | will's been off, check on him | nothing | sessions "Will Young" | progress "Will Young"
coach | may may not have practised | nothing | sessions "May Chen"
coach | will will miss his deadline? | nothing | assignments "Will Young"
coach | can mark mark his own calls | nothing
coach | grace and will will meet tomorrow | nothing
coach | april was good for grace | nothing | sessions "Grace Kim" april | progress "Grace Kim" april
coach | how does mark feel | nothing
coach | what does raj think of cold call opener | nothing
coach | does sam like pricing push-back | nothing
coach | did priya call in sick | says: I know of no leave.
coach | is liam on holiday | says: I know of no leave.
coach | when is grace's birthday | nothing
coach | what's will's email | nothing
coach | add grace to my team | says: Who is in Exec, in
coach | drop liam from my team | says: Who is in Exec, in
coach | give will access | says: Who coaches somebody sees their
coach | create a scenario about renewals | says: Assignments, scenarios, sessions
coach | edit pricing push-back | says: Assignments, scenarios, sessions
coach | reset sam's scores | says: Assignments, scenarios, sessions
coach | approve raj's session | nothing
coach | regrade mark's last call | nothing
coach | share grace's best call with the team | says: Share in channel
coach | post the leaderboard in #sales | says: Share in channel
coach | notify me when may hits gold | nothing | view: HelpView
coach | mute sam | says: Done under a person takes
coach | cancel my digest | nothing | view: HelpView
coach | what alerts do i have | view: AlertsView
coach | what's the difference between progress and trend | nothing | view: HelpView
coach | why can't i see east coast | says: You see your own practice.
coach | why is will not on the leaderboard | nothing
coach | how come raj has two golds only | nothing
coach | what happens if i miss a deadline | nothing
coach | how accurate are these scores | nothing
coach | when do scores update | says: Whenever somebody asks I look
coach | is this live data | says: Whenever somebody asks I look
coach | who built you | says: I'm a bot, and no
coach | are you chatgpt | says: I'm a bot, and no
coach | how long should a role play take | nothing
coach | which scenario takes longest | nothing
coach | scenario with the most golds | nothing
coach | scenarios raj hasn't tried | nothing
coach | new scenarios this month | nothing
coach | easiest scenario for new folks | nothing | scenarios my people
coach | which scenario did grace practise most | scenarios "Grace Kim" | nothing
coach | hardest part of pricing push-back | nothing
coach | cold call opener stats for the team last month | scenarios my people scenario:"Cold Call Opener" last month | team my people scenario:"Cold Call Opener" last month | sessions my people scenario:"Cold Call Opener" last month
coach | everyone's cold call opener average | nothing | sessions my people scenario:"Cold Call Opener" last 30d | team my people scenario:"Cold Call Opener" last 30d
coach | renewal save and executive briefing last month | sessions my people scenario:"Renewal Save" scenario:"Executive Briefing" last month
coach | all scenarios except renewal save and cold call opener this quarter | scenarios my people -scenario:"Renewal Save" -scenario:"Cold Call Opener" this quarter
coach | sam's scenarios, worst first | scenarios "Sam Lee" | nothing
coach | objection handling for raj | skills "Raj Patel" skill:"Objection Handling" | sessions "Raj Patel" skill:"Objection Handling" | skills "Raj Patel"
coach | weakest skill on the team | skills my people
coach | which skills improved this quarter | nothing | skills my people this quarter
coach | compare grace and mark on objection handling | compare "Grace Kim" "Mark Stone" skill:"Objection Handling" | nothing
coach | skills of everyone but sam | skills my people -"Sam Lee"
coach | whose homework is late | assignments overdue my people | nothing
coach | tasks due today | assignments my people today due
coach | what did raj hand in late | nothing | assignments overdue "Raj Patel"
coach | who has nothing due | nothing
coach | deadline for competitor comparison | assignments my people scenario:"Competitor Comparison"
coach | is pricing push-back overdue for anyone | assignments overdue my people scenario:"Pricing Push-back"
coach | assignments without raj's | assignments my people -"Raj Patel"
coach | due before the end of next month | nothing | assignments my people until next month | assignments my people until 2026-12-31
coach | what's due between nov 20 and nov 27 | assignments my people 2026-11-20..2026-11-27
coach | completed assignments last month | nothing | assignments my people last month
coach | raj 1:1 | prep "Raj Patel"
coach | one to one w/ may thurs | prep "May Chen"
coach | what do i say to liam, he hasn't practised | prep "Liam Murphy" | nothing
coach | how do i help sam with pricing push-back | prep "Sam Lee" scenario:"Pricing Push-back"
coach | summary of grace for her review | progress "Grace Kim" | prep "Grace Kim" | nothing
coach | i'm in a rush, top 3 this week pls | leaderboard my people top 3 this week
coach | before i forget: who hasn't practised this month? | inactive my people this month | nothing
coach | it's quarter end and my boss is asking for the total number of role plays per person this quarter, thanks! | team my people this quarter | leaderboard my people by sessions this quarter | nothing
coach | could you be a star and pull mark's scores from last week? ta | sessions "Mark Stone" last week
coach | ok so first show me the team, then raj | nothing
coach | trend for sam plus his overdue assignments | nothing
coach | leaderboard & inactive list please | nothing
coach | who's improving and who's slipping | nothing | view: CoachView
coach | golds this week and bronzes last week | nothing
coach | sessions of raj and assignments of sam | nothing
coach | hwo did grcae do lst week | sessions "Grace Kim" last week | progress "Grace Kim" last week
coach | sessons lsat month | sessions my people last month
coach | whos ovredue | assignments overdue my people
coach | assignmetns of raj | assignments "Raj Patel"
coach | compitetor comparison last qtr | sessions my people scenario:"Competitor Comparison" last quarter | scenarios my people scenario:"Competitor Comparison" last quarter
coach | pricng pushback for sam | sessions "Sam Lee" scenario:"Pricing Push-back"
coach | skilsl of will | skills "Will Young"
rep | is my score better than sam's | refuses: sam | nothing
rep | what place am i in | leaderboard
rep | top 10? am i in it | leaderboard | nothing
rep | show only my bad sessions | nothing | sessions me worst
rep | sessions i failed | nothing
rep | sessions i didn't pass | nothing
rep | did i do anything last week | sessions me last week
rep | have i practised enough | nothing
rep | how many more until i'm done | nothing
rep | my average without the incomplete ones | sessions me valid last 30d
rep | what did i do wrong on pricing | session me scenario:"Pricing Push-back"
rep | my improvement since august | progress me since august
rep | my scores by scenario | scenarios me
rep | remind me to practise tomorrow | says: I can't remind anybody at
rep | i'm done with renewal save | nothing
rep | i can't find my session from today | sessions me today | nothing
rep | who's my team | nothing
rep | why did my score drop | nothing
rep | my week vs last | compare me this week vs last week
rep | all i need is my last score | session me | sessions me top 1 | nothing
rep | skip cold call opener for me | says: Assignments, scenarios, sessions
rep | can i see the leaderboard | leaderboard
rep | whats may's score | refuses: may | asks: month
admin | east coast minus chase | team group:"East Coast" -"Chase Porter"
admin | new hires other than april this month | team group:"New Hires" -"April Jones" this month
admin | which group has the lowest participation | nothing | team
admin | groups with fewer than 5 active people | nothing
admin | top 3 reps per group | nothing
admin | east coast trend vs west coast trend | nothing | compare group:"East Coast" group:"West Coast"
admin | sessions in east coast by day in october | trend group:"East Coast" by day october
admin | chase and april, overdue only | assignments overdue "Chase Porter" "April Jones"
admin | who in customer success got gold this week | sessions group:"Customer Success" gold this week
admin | will new hires finish onboarding basics by december | nothing | assignments group:"New Hires" collection:"Onboarding Basics" until december
admin | april showers | nothing
admin | march numbers for april | progress "April Jones" march | sessions "April Jones" march | team march
admin | may is in new hires? | says: Yes | says: No
admin | april 3 | sessions 3 april
admin | may 5 vs april 5 | compare 5 may vs 5 april | nothing
admin | who can see chase's sessions | says: You see your own practice.
admin | exec usage by coach | nothing
admin | budget left today | view: StatusView
admin | sync now | says: Whenever somebody asks I look
admin | how fresh is the data | says: Whenever somebody asks I look
admin | east coast weekly digest | view: SubscriptionsView
admin | people who joined this month | nothing
admin | everybody's best score this year | leaderboard this year by best
admin | all golds of all time in east coast | sessions group:"East Coast" gold all time
coach | how many sessions has the team logged since monday | sessions my people since monday | team my people since monday
coach | sam hasn't touched renewal save, right? | sessions "Sam Lee" scenario:"Renewal Save" | progress "Sam Lee" scenario:"Renewal Save" | inactive "Sam Lee" scenario:"Renewal Save" | nothing
coach | raj's last bronze | sessions "Raj Patel" bronze | sessions "Raj Patel" bronze top 1
coach | is grace scoring higher than before | progress "Grace Kim" | nothing
coach | give me names of people who got silver yesterday | sessions my people silver yesterday | nothing
coach | mark's avg excluding incomplete runs | sessions "Mark Stone" valid last 30d | nothing
coach | which of my people have an overdue task and haven't practised | nothing
coach | may's been quiet since the 5th? | sessions "May Chen" since 2026-11-05 | inactive "May Chen" since 2026-11-05 | nothing
coach | top scorer on executive briefing this month | leaderboard my people scenario:"Executive Briefing" this month | leaderboard my people by average scenario:"Executive Briefing" this month | leaderboard my people by best scenario:"Executive Briefing" this month | nothing
coach | who's leading by gold this month | leaderboard my people by gold this month
coach | put them in order of time spent | leaderboard my people by time | nothing
coach | how often does grace get gold | sessions "Grace Kim" gold | nothing
coach | has anyone improved since the training in october | nothing | progress my people since october
coach | do shorter calls score better | nothing
coach | correlation between time and score | nothing
coach | median score last month | nothing
coach | what's the standard deviation | nothing
coach | total score of raj | nothing | sessions "Raj Patel"
coach | rolling 7 day average | nothing
coach | forecast for december | says: I tell what was, and
coach | will's goal is 85, is he there yet | nothing
coach | 3 best and 3 worst sessions of sam | nothing
coach | everything by raj except the golds | sessions "Raj Patel" not gold
coach | any session under 30 that isn't unranked | sessions my people score<30 not unranked | nothing
coach | did anyone practise twice yesterday | nothing
coach | first session of the week | nothing | sessions my people oldest this week
coach | before grace's first gold | nothing
coach | after the webinar | nothing
coach | the day sam joined | nothing
coach | each day this week | trend my people by day this week
coach | sessions per person per week | nothing
coach | october, week by week, for west coast | trend group:"West Coast" by week october
coach | by rank | nothing
coach | by scenario for may | scenarios "May Chen"
coach | split last month by week | trend my people by week last month
coach | group last month's sessions by person | team my people last month | nothing
coach | sort by score | sessions my people best | leaderboard my people by average | nothing
coach | most recent first | sessions my people newest | nothing
coach | only 5 | nothing | sessions my people top 5 | leaderboard my people top 5
coach | grace kim or alex kim | sessions "Grace Kim" "Alex Kim" | nothing
coach | kim's sessions | asks: Grace Kim, Alex Kim
coach | how's the may chen account | nothing | progress "May Chen"
coach | will young and mark stone, last week, cold call opener | sessions "Will Young" "Mark Stone" last week scenario:"Cold Call Opener"
coach | is will willing to practise | nothing
coach | mark all as read | nothing
coach | may day | nothing | asks: May
coach | chase up raj | view: NudgePreviewView
coach | april fools | nothing
coach | show me march madness | nothing
coach | liam, sam: who practised less | nothing | compare "Liam Murphy" "Sam Lee"
coach | has priya overtaken raj | nothing | compare "Priya Nair" "Raj Patel"
coach | gap between grace and sam | compare "Grace Kim" "Sam Lee" | nothing
coach | raj this quarter vs the same quarter last year | nothing
coach | are golds up on last month | compare my people this month vs last month | nothing
coach | how much better is may than in june | nothing
coach | compare week 45 and week 46 | nothing
coach | last 7 days against the 7 days before | compare my people last 7d vs 7d before last
coach | team vs individual | nothing
coach | where are my people losing points | skills my people | scenarios my people | nothing
coach | which criteria does sam fail | nothing | skills "Sam Lee"
coach | what did the feedback say about raj's closing | session "Raj Patel" skill:"Closing"
coach | read me zoe's feedback from monday | session "Zoë Müller" monday
coach | key takeaways from grace's last session | session "Grace Kim"
coach | did sam follow my advice | nothing
coach | nothing overdue? | assignments overdue my people
coach | is raj on time with everything | nothing | assignments "Raj Patel"
coach | who is due on pricing certification next week | assignments my people program:"Pricing Certification" next week
coach | who finished early | nothing
coach | due sometime next month | assignments my people next month
coach | deadlines before the 30th | assignments my people before 2026-11-30
coach | which assignment is hardest | nothing
coach | meeting grace @ 3 | prep "Grace Kim" | nothing
coach | prep me pls, mark in 5 | prep "Mark Stone"
coach | agenda for 1:1 with sam | prep "Sam Lee"
coach | who do i meet today | nothing
coach | what did we discuss last time | nothing
coach | tell raj good job | view: NudgePreviewView
coach | nudge everyone who is overdue | nothing
coach | praise the top 3 | nothing
coach | set an alert when sam falls below 60 | says: I can tell you once
coach | alert me about inactive people | says: I can tell you once
coach | what was i asking about | nothing
coach | go back | nothing
coach | help with pricing push-back | nothing | view: HelpView | scenarios my people scenario:"Pricing Push-back"
coach | can you read images | nothing
coach | how do points work | view: HelpView | nothing
coach | whats a good score | says: Scores, grades and ranks are
coach | is 75 silver or bronze | says: Gold, silver and bronze are
coach | why do i only see west coast | nothing
coach | how do i see last month | sessions my people last month
coach | where is the leaderboard | leaderboard my people
coach | who hsnt practised tihs week | inactive my people this week
coach | grace's progres | progress "Grace Kim"
coach | scenarois last month | scenarios my people last month
coach | what's overdu | assignments overdue my people
rep | did i practise more than last week | compare me this week vs last week
rep | my two best calls | sessions me best top 2
rep | am i the worst | nothing
rep | how do i stack up | nothing | leaderboard
rep | what did i do since my last 1:1 | nothing
rep | can my coach see my sessions | says: You see your own
rep | show me raj's golds | refuses: raj
rep | my skills vs last month | nothing
rep | i want to improve my closing | progress me skill:"Closing"
rep | best time to practise | nothing
rep | my gold sessions but not cold call opener | sessions me gold -scenario:"Cold Call Opener"
rep | how long until my next deadline | assignments me | nothing
rep | my worst three | sessions me worst top 3
admin | east coast and new hires last week | team group:"East Coast" group:"New Hires" last week
admin | who's in both east coast and new hires | nothing
admin | top group by average last month | team last month | nothing
admin | chase porter's coach | says: Bob Jones coaches Chase Porter.
admin | practice before and after new hires got a coach | nothing
admin | every group's average except west coast | team -group:"West Coast" | nothing
admin | new hires inactive for 3 weeks | inactive group:"New Hires" last 3w
admin | does anyone practise on weekends | nothing
admin | what's our gold rate | nothing
admin | sessions in q1 through q3 | nothing | sessions from q1 to q3
admin | compare customer success this month with last month | compare group:"Customer Success" this month vs last month
admin | trend of golds in east coast | trend group:"East Coast" gold | nothing
admin | export all | nothing | sessions
admin | people over 90 on average in new hires | nothing
coach | how did my team do last week | team my people last week
coach | leaderboard for west coast | leaderboard group:"West Coast" last 30d
coach | show me sam's last sessions | sessions "Sam Lee"
coach | who got gold this week | sessions gold this week
coach | average score in west coast last month | sessions group:"West Coast" last month
coach | is the team getting better | progress my people last 30d
coach | which scenario is hardest for my team | scenarios my people last 30d
coach | who is overdue on assignments | assignments overdue
coach | who still has to do cold call opener | assignments scenario:"Cold Call Opener"
coach | i have a 1:1 with Priya tomorrow, what should i know | prep "Priya Nair" last 4w
coach | prep me for my 1on1 with Sam | prep "Sam Lee" last 4w
coach | whos slacking | inactive last 30d
coach | how many sessions did we do in october | sessions my people october
admin | west coast vs east coast | compare group:"West Coast" group:"East Coast" last 30d
admin | compare west coast and east coast this quarter | compare group:"West Coast" group:"East Coast" this quarter
coach | sessions under 60 this week | sessions score<60 this week
coach | who improved the most this month | progress this month
coach | best session this week | sessions this week best
coach | anyone practice today? | sessions today
coach | what did raj score on pricing pushback | progress "Raj Patel" scenario:"Pricing Push-back" last 30d
coach | how is west coast doing on objection handling | team group:"West Coast" skill:"Objection Handling" last 30d
coach | what's my team worst at | skills my people
coach | team weekly summary | team last 7d
coach | who practiced more than 5 times last week | nothing
coach | everyone except priya last week | team -"Priya Nair" last week
coach | sessions longer than 10 min in west coast | sessions group:"West Coast" longer 10m
coach | who hasnt logged in for 2 weeks | inactive last 2w
coach | how many golds does sam have | sessions "Sam Lee" gold
coach | has liam finished her assignments | assignments "Liam Murphy"
coach | numbers for west coast pls | team group:"West Coast" last 30d
coach | west coast last 7 days | team group:"West Coast" last 7d
rep | how am i doing | view: MeView
rep | my last session | session me
rep | my score this week | sessions me this week
rep | do i have anything due | assignments me
rep | what do i have to do this week | assignments me this week
rep | am i on the leaderboard | leaderboard last 30d
rep | where do i rank in my team | leaderboard last 30d
rep | what should i practice next | view: NextView
coach | what should raj practise next | prep "Raj Patel"
coach | what should i practise next | view: NextView
rep | what should i practise this week | assignments me this week
rep | what next | view: NextView
rep | what are my weak spots | skills me
rep | did i beat Priya this week | nothing
rep | my sessions in november | sessions me november
rep | how many times did i practice this month | sessions me this month
rep | my best score ever | sessions me all time best
rep | show my progress | progress last 30d
rep | did i get better at negotiation | progress me skill:"Negotiation" last 30d
rep | am i getting better | progress me last 30d
rep | my last 3 sessions | sessions me top 3
rep | my worst session this month | sessions me this month worst
rep | me vs Sam | refuses: sam
rep | when is my demo follow up assignment due | assignments me scenario:"Demo Follow-up"
rep | have i done all my assignments | assignments me
rep | which scenarios havent i tried yet | nothing
rep | how did that last one go | session me
rep | what did i get in my last call | session me
rep | help | view: HelpView
rep | thanks! | says: Glad to help
rep | what can you do | view: HelpView
coach | could you please stop sending me the weekly report | asks: Pause what I get about my people, My Monday message
rep | send me my stats every monday | view: MeView
rep | did i miss anything last week | nothing
admin | which scenarios are used most this quarter | scenarios this quarter
admin | least used scenarios | scenarios last 30d
admin | avg score per scenario last month | scenarios last month
admin | scores by group this month | team this month
admin | completion rate for security review assignment | assignments scenario:"Security Review"
admin | who completed competitor comparison | assignments scenario:"Competitor Comparison" | sessions scenario:"Competitor Comparison"
admin | who hasn't started cold call opener yet | inactive scenario:"Cold Call Opener" all time
admin | trend for east coast over the last 3 months | trend group:"East Coast" last 3 months
admin | how many active users do we have | team last 30d
admin | is practice up or down vs last month | compare this month vs last month
admin | which skills need work | skills
admin | skills for customer success last quarter | refuses: last quarter
admin | closing scores by group | team skill:"Closing" last 30d
admin | show me everyone with an unranked session this month | sessions unranked this month
admin | sessions on pricing pushback since monday | sessions scenario:"Pricing Push-back" since monday
admin | all sessions last 30 days | sessions last 30d
admin | export all sessions from last month | sessions last month
admin | can i get that as csv | nothing
admin | who are our top performers this quarter | leaderboard this quarter
admin | top 3 in each group | nothing
admin | bottom 5 last month | refuses: nobody
admin | avg session length in Enterprise | nothing
admin | how many silver and gold last week | sessions gold silver last week
admin | who was on vacation last week | nothing
admin | how many assignments are overdue | assignments overdue
admin | overdue in west coast | assignments group:"West Coast" overdue
admin | whos not done in east coast | assignments group:"East Coast"
admin | show assignments for raj | assignments "Raj Patel"
admin | new hires progress | progress group:"New Hires" last 30d
admin | Renewal Save vs cold call opener | compare scenario:"Renewal Save" scenario:"Cold Call Opener" last 30d
admin | what's the pass rate on demo follow up | nothing
admin | participation customer success this month | team group:"Customer Success" this month
admin | engagement this week | team this week
admin | practise activity new hires yesterday | sessions group:"New Hires" yesterday
admin | report for q3 | team q3
admin | nov vs oct | compare november vs october
admin | post the leaderboard here every friday at 9 | view: DigestOfferView
admin | who has never practiced | inactive all time
admin | people with no sessions in the last 30 days | inactive last 30d
admin | whats security review about | nothing
coach | priya progress | progress "Priya Nair" last 30d
coach | where is raj struggling | scenarios "Raj Patel" last 30d
coach | what's liam good at | skills "Liam Murphy"
coach | how did Priya do on competitor comparison last time | session "Priya Nair" scenario:"Competitor Comparison"
coach | show Sam's feedback from yesterday | session "Sam Lee" yesterday
coach | priya's last call | session "Priya Nair"
coach | who needs coaching | view: CoachView
coach | who dropped this month | nothing
coach | who got worse at discovery questions | progress skill:"Discovery Questions"
coach | lowest scores on cold call opener this week | sessions scenario:"Cold Call Opener" this week worst
coach | liam's gold sessions | sessions "Liam Murphy" gold
coach | hows Priya on objection handling | progress "Priya Nair" skill:"Objection Handling" last 30d
coach | not gold sessions by Sam this month | sessions "Sam Lee" silver bronze unranked this month
coach | sessions without a rank | sessions unranked
coach | raj hasn't practiced in a while right | inactive "Raj Patel" last 30d
coach | did priya do the pricing pushback one yet | progress "Priya Nair" scenario:"Pricing Push-back" all time
coach | who did Renewal Save today | sessions scenario:"Renewal Save" today
coach | west coast leaderbord last wk | leaderboard group:"West Coast" last week
coach | shwo me liams sesions | sessions "Liam Murphy"
coach | whose below 50 | sessions score<50
coach | who scored above 90 yesterday | sessions score>90 yesterday
coach | Priya since september | sessions "Priya Nair" since september
coach | west coast but not Sam this week | team group:"West Coast" -"Sam Lee" this week
coach | raj trend | trend "Raj Patel" last 30d
coach | has anyone from west coast practiced this morning | nothing
coach | last session for each person in west coast | team group:"West Coast"
coach | whos not done cold call opener | inactive scenario:"Cold Call Opener" all time
coach | who has not finished cold call opener | assignments scenario:"Cold Call Opener"
coach | whose overdue | assignments overdue
coach | can you send me the leaderboard every monday | refuses: To you alone I send at
coach | daily summary | team today
coach | weekly summary last week | team last week
coach | which skill needs the most work | skills my people
coach | which scenarios do people practice most | scenarios
coach | how much practice time did sam spend last week | sessions "Sam Lee" last week
coach | what went wrong on sams last renewal save | session "Sam Lee" scenario:"Renewal Save"
coach | sessions with no rank last week | sessions unranked last week
coach | best 3 reps in each team last month | nothing
coach | who practiced this morning | sessions my people today
coach | who did more than 5 sessions this week | leaderboard my people this week
coach | who got three golds or more this week | leaderboard my people this week
coach | average session length for my team | sessions my people
coach | what should liam work on next | prep "Liam Murphy" | skills "Liam Murphy"
coach | did everyone finish onboarding | asks: Onboarding Basics, Onboarding 2026
coach | who completed the onboarding | asks: Onboarding Basics, Onboarding 2026
coach | whats our average on exec briefing | asks: Executive Briefing
coach | average score last week vs week before | compare my people last week vs week before last
coach | team stats from today and yesterday | team my people yesterday..today
coach | who got worse at negotiation | progress my people skill:Negotiation
coach | hows raj compared to may | compare "Raj Patel" "May Chen"
coach | mute liam for two weeks | says: Done under a person takes
coach | any session over 30 min this month? | sessions my people longer 30m this month
coach | did we beat last month | compare my people this month vs last month
coach | who did something over the weekend | sessions my people from saturday to sunday
coach | team performnce lst month | team my people last month
coach | who do i need to chase today | view: CoachView
coach | who should i praise | view: CoachView
coach | is the team practicing more than in september | nothing
coach | who on my team has a gold in every scenario | nothing
coach | what are people saying in the feedback | nothing
coach | time spent per person this month | team my people this month
coach | scores from september | sessions my people september
coach | sessions from march on | sessions my people since march
rep | am i behind on anything | assignments me overdue
rep | was my last session graded | session me
rep | show only my graded sessions | sessions me valid
rep | sessions without a score | sessions me invalid
rep | my last 5 | sessions me top 5
rep | average of my last 5 | nothing
rep | am i in the top 10 | leaderboard
rep | cold call opener my history | sessions me scenario:"Cold Call Opener"
rep | where am i weak | skills me
rep | how many times have i done renewal save | sessions me scenario:"Renewal Save"
rep | did my score go up | trend me
rep | did anybody check my results | view: AuditView
rep | did i already do the renewal one | progress me scenario:"Renewal Save" all time
rep | did i improve compared to october | compare me this month vs october
rep | do i have to practice today | assignments me today
rep | what should i say to get gold | says: I'm no trainer and have
rep | my progess on price pushback | progress me
admin | new hires who havent started | inactive group:"New Hires" all time
admin | qbr results this quarter | sessions scenario:"Quarterly Business Review" this quarter
admin | inactive for more than 14 days | inactive last 14d
admin | who is practicing right now | sessions today
admin | is adoption going up | trend
admin | total golds this year | sessions gold this year
admin | did kofi start yet | sessions "Kofi Mensah"
admin | how many coaches are there | view: CoachesView
admin | who has not finished pricing certification | assignments program:"Pricing Certification"
admin | which scenarios has nobody done | scenarios
coach | show me grace and may's results side by side | compare "Grace Kim" "May Chen"
coach | pull up sams last 3 cold calls | sessions "Sam Lee" scenario:"Cold Call Opener" top 3
coach | everything from yesterday except demos | sessions my people yesterday -scenario:"Demo Follow-up"
coach | did liam finish what was due monday | assignments "Liam Murphy" last monday
admin | is pricing certification finished by everyone | assignments program:"Pricing Certification"
admin | sessions from customer success that took longer than 15 min | sessions group:"Customer Success" longer 15m
admin | did usage drop in november | trend november
admin | which scenario has the lowest average for new hires | scenarios group:"New Hires"
rep | did i do more than 3 cold calls this week | sessions me scenario:"Cold Call Opener" this week
rep | what is my weakest skill | skills me
rep | how many sessions did i do on average | sessions me last 30d
coach | at least silver this week | sessions my people silver+ this week
rep | what am i worst at | skills me
rep | how do i compare to the others | leaderboard
rep | show my progress since august | progress me since august
coach | is everyone on track | view: CoachView
coach | remind everyone who's overdue | view: CoachView
coach | how long since raj practiced | sessions "Raj Patel"
coach | team summary monday 9am | view: DigestOfferView
coach | what skills is my team weakest in | skills my people
coach | avg score for west coast this month vs last | compare this month vs last month group:"West Coast"
coach | who's at the top rn | leaderboard my people
admin | adoption by team | team
admin | overdue assignments by team | nothing
admin | completion by group for new hires | nothing
admin | usage trend last 3 months | trend last 3 months
admin | which scenarios are never used | nothing
admin | least practiced skill | nothing
admin | add bob as coach for new hires | says: Bob Jones shall coach New
admin | busiest day this month | trend this month by day
admin | what time of day do people practice | nothing
rep | which skill should i improve | skills me
rep | is there anything i have to finish by friday | assignments me until friday
coach | who are my best people on pricing push-back | leaderboard scenario:"Pricing Push-back" by average
coach | my inactive reps last week | inactive last week
admin | rank the teams | team
admin | which group has the best average | team
admin | is adoption improving | trend
admin | scenarios by average score | scenarios
rep | am i on track | view: MeView
coach | my overdue people | assignments overdue
rep | how did my week go | view: MeView
coach | who's behind on assignments | assignments overdue
coach | what can i ask | view: HelpView
coach | show me all unscored sessions | sessions my people invalid
admin | monthly trend of average score | trend by month
admin | best team this month | team this month
admin | are people using it | team
coach | did sam do his renewal call yet | sessions "Sam Lee" scenario:"Renewal Save"
rep | whats my best discovery call | asks: Procurement Discovery
rep | did i pass the discovery call | asks: Procurement Discovery
coach | which scenario does my team struggle with the most | scenarios my people
coach | avg score per week for west coast since oct 1 | trend group:"West Coast" by week since 2026-10-01
coach | how grace did on the objection handling one | progress "Grace Kim" skill:"Objection Handling"
coach | how good is liam at negotiation | skills "Liam Murphy" skill:"Negotiation"
rep | compare my last two weeks to the two before | compare me last 2w vs 2w before last
coach | compare last 2 weeks with the previous 2 weeks | compare my people last 2w vs 2w before last
coach | remind will to practice | view: NudgePreviewView
rep | what counts as gold? | says: Gold, silver and bronze are Exec's own
rep | i did a session an hour ago and dont see it | says: Whenever somebody asks I look
rep | undo the share i just did | says: Share in channel
rep | where do i start a role play | view: NextView
rep | show my bronze ones | sessions me bronze
rep | what did the ai say i did well | session me
rep | do i have a coach | says: Jane Smith coaches you.
coach | who is my coach | says: Nobody coaches you, as far
admin | west coast compared to the company | team group:"West Coast"
coach | raj vs everyone else | progress "Raj Patel"
admin | compare jane's team and bob's team this month | compare group:"West Coast" group:"East Coast" this month
admin | raj's team | refuses: Raj Patel coaches nobody
coach | raj's team | refuses: only admins
admin | who got the highest score ever | leaderboard by best all time
admin | who scored highest on average this month | leaderboard by average this month
rep | how did i do in it | nothing
coach | thanks thats great | says: Glad to help
admin | which groups are the least active | team
admin | which group improved most since september | team since september
admin | who are the coaches for east coast | view: CoachesView
admin | is the bot working | says: I'm up. Whenever somebody asks
admin | what digests are set up | view: SubscriptionsView
admin | show overdue assignments by person | assignments overdue
admin | skills overview company wide | skills
admin | due next week, all teams | assignments next week
admin | number of overdue things right now | assignments overdue
admin | weekly active reps since august | trend by week since august
admin | how many ppl have practiced at least once since launch | team all time
admin | first ever session | sessions oldest
admin | include exec staff too, sessions today | sessions today +system
admin | compare east coast, west coast and new hires this month | team group:"East Coast" group:"West Coast" group:"New Hires" this month
coach | raj vs sam vs priya | team "Raj Patel" "Sam Lee" "Priya Nair"
coach | how is my group doing | team my people
admin | which coach's team is doing best | nothing
admin | scenarios ranked by improvement | nothing
admin | grace is now in west coast not east | says: Who is in Exec
admin | make priya an admin | says: Who is in Exec
admin | does a session under 2 minutes count | says: Averages are of graded
admin | why does the dashboard in exec show a different number | says: Averages are of graded
admin | what data do you store about people | says: I store who did
rep | does my manager get a ping when i bomb one | says: No single bad attempt
rep | can jane see my incomplete attempts too | says: You see your own
rep | are my scores public | says: You see your own
rep | is this being recorded or logged anywhere | says: I read what is said
rep | do u store what i type here | says: I read what is said
rep | does grace get told i asked about her | says: Only you see my answers
rep | what happens to my data if i leave | says: Whoever runs me can remove
rep | how do i get off the leaderboard | says: I can leave your name out
rep | are you down? | says: I'm up
rep | my session is missing | says: Whenever somebody asks
rep | how do you decide who's gold | says: Scores, grades and ranks
rep | where do you get these numbers from | says: All figures come from Exec
rep | is it normal to be nervous about these lol | says: That's all right
rep | i hate role plays | says: That happens
rep | you suck | says: Sorry
rep | message my coach | says: I pass on no messages
rep | my conection dropped in the middle of procurement discovery yesterday, did it count? | says: An attempt that breaks off
rep | can you delete the attempt where i messed up | says: Assignments, scenarios, sessions
rep | can i get an extension | says: Assignments, scenarios, sessions
rep | what does a good discovery question even look like | says: I'm no trainer
rep | tell me when i get a new assignment | refuses: Alerts are for coaches
coach | ping everyone whos overdue. tell em friday or else | refuses: without showing you the words
coach | warn me if anyone hasn't practiced in 2 weeks | says: I can tell you once
coach | notify me if the team average drops below 70 | says: I can tell you once
coach | post my team's results to #west-coast-sales every friday | view: DigestOfferView
coach | send this to me every monday morning | refuses: To you alone
coach | did raj read my nudge | says: A nudge is a direct message
coach | can my reps see that i looked at their scores | says: Only you see my answers
coach | which of my people are gonna miss quota | says: I know practice in Exec
coach | email me the report | says: I answer in Slack only
coach | how do we compare to industry | says: I can't do that
coach | sam is on vacation this week, ignore him | says: I know of no leave
coach | turn off my alerts | view: AlertsView
coach | download my team's sessions for october | sessions my people october
admin | who looked at priya's results in the last 30 days | view: AuditView
admin | who are the admins | says: Exec's admins
admin | who has access to everything in here besides me | says: Exec's admins
admin | which groups is ingrid in and who coaches her | says: Nobody coaches Ingrid
admin | remove bob as coach of east coast | says: Bob Jones shall no longer
admin | who has no coach | view: CoachesView
admin | do you send data to openai | says: I run where
admin | how do i rotate the api key | says: That is for whoever runs me
admin | can you log in to Salesforce and pull win rates | says: I know practice in Exec
admin | someone can't log in | says: I find people in Exec
rep | is there a way to practice without anyone seeing | says: You see your own
rep | does the bot read my slack messages | says: I read what is said to me
rep | the numbers look wrong | says: Averages are of graded
rep | why is there no score for my last one | says: Whenever somebody asks
rep | give me some examples | view: HelpView
rep | can you tell everyone i got gold | refuses: Nudges are from a coach
coach | keep an eye on raj | refuses: I can't watch for that
coach | let raj know he's behind | view: NudgePreviewView
coach | i already spoke to liam | says: Done under a person
coach | who deserves praise | nothing
coach | tell me if anyone is overdue | nothing | assignments overdue my people
admin | restart yourself | says: That is for whoever runs me
admin | add a new group | says: Who is in Exec
rep | does anybody besides jane get to see my attempts | says: You see your own
rep | if i ask you something stupid will anyone know | says: Only you see my answers
rep | this grade is bs | says: Scores, grades and ranks
rep | what score is silver | says: Gold, silver and bronze
rep | kill the monday message | refuses: Which messages
rep | where'd my session from this morning go | says: Whenever somebody asks
coach | does sam get notified when i open his session | says: Only you see my answers
coach | can bob see my people | says: You see your own
coach | drop west coast's numbers in the channel each monday at 9 | view: DigestOfferView
coach | set me up with a friday recap for my team | view: DigestOfferView
admin | who peeked at grace kim's scores since monday | view: AuditView
coach | notify me when anyone is overdue | says: I can tell you
coach | alert me when somebody on my team gets gold | says: I can tell you
coach | make the digest shorter | view: SubscriptionsView
admin | bob should coach east coast and new hires | says: Bob Jones shall coach
rep | unsubscribe | refuses: Which messages do you mean?
admin | how long do you keep sessions | says: I store who did
admin | what do you keep on people and for how long | says: I store who did
rep | what do you know about me | says: I store who did
admin | is this gdpr compliant | says: I run where whoever
admin | where are the logs | says: That is for whoever
rep | can i talk to a human | says: That is for whoever
admin | our exec key expired | says: That is for whoever
admin | how much does this cost | says: That is for whoever
admin | what's new in this version | says: That is for whoever
admin | i found a bug where do i report it | says: That is for whoever
admin | turn off nudges for the whole company | says: That is for whoever
rep | are you a real person | says: I'm a bot, and
rep | can i use you in a channel or only here | says: Ask here, after /exec
admin | who looked at whose data this week | says: I count nobody's questions.
admin | who ran the most reports this month | says: I count nobody's questions.
rep | what languages do you speak | says: I read English. Whoever
rep | change my name | says: I find people in
rep | why dont you know who i am | says: I find people in
rep | whats the point of this | says: That happens. Ten minutes
rep | my score should be higher | says: Scores, grades and ranks
rep | does an unfinished one count against me | says: Averages are of graded
rep | how late is the data | says: Whenever somebody asks I
admin | do you have a webhook | says: Export CSV in the
rep | when does the week start for you | says: Times are in the
admin | is the leaderboard visible to everyone | says: Whoever runs me sets
rep | what exactly does jane get every monday | says: No single bad attempt
rep | who's gonna see my score | says: You see your own
coach | what's the difference between a coach and an admin | says: You see your own
rep | how many tries do i get | says: Practice runs in Exec,
rep | open pricing push-back for me | says: Practice runs in Exec,
coach | shoot this over to my boss | says: Share in channel under
coach | make this public | says: Share in channel under
rep | how do i put my result in the channel | says: Share in channel under
admin | why can't sam see anything | says: I find people in
rep | let my manager know im done | says: I pass on no
rep | tell jane i finished it | says: I pass on no
admin | what happens when someone changes teams | says: Who is in Exec,
admin | assign bob to west coast | says: Who is in Exec,
admin | give miguel admin rights | says: Who is in Exec,
coach | add a due date for security review | says: Assignments, scenarios, sessions
coach | which scenarios can i assign | says: Assignments, scenarios, sessions
coach | give liam another week for security review | says: Assignments, scenarios, sessions
rep | i did renewal save outside exec, can you add it | says: Assignments, scenarios, sessions
rep | delete all my data please | says: Whoever runs me can
admin | delete will's data | says: Whoever runs me can
admin | someone left the company, how do i remove them | says: Whoever runs me can
coach | pin this | says: I can't do that:
coach | set a goal of 80 for my team | says: I can't do that:
coach | put a 1:1 with emma in my calendar | says: I see no calendars
rep | can you coach me | says: I'm no trainer and
rep | is there an example call i can listen to | says: I'm no trainer and
admin | how do i connect you to teams | says: I can't do that:
coach | nudge chase | refuses: without showing you the words
coach | notify me when someone is 10 days without practice | says: I can tell you once
coach | forward this to me every friday | refuses: To you alone
admin | who sees everything | says: Exec's admins
rep | is this confidential | says: I read what is said to me
rep | stupid bot | says: Sorry
admin | what do people ask you | says: I count nobody's
rep | this is so unfair | says: Scores, grades and ranks
rep | is my session graded yet | says: Whenever somebody asks
rep | when do i get my score | says: Whenever somebody asks
rep | hide me | says: I can leave your name out
rep | listen to my last call | says: I have no recordings
coach | what did grace say | says: I have no recordings
rep | how do i handle a price objection | says: I'm no trainer
rep | did jane look at my results | view: AuditView
rep | do you speak german | says: I read English
rep | can anyone apart from my coach see this stuff | says: You see your own
rep | who gets told when i'm overdue | says: No single bad attempt
rep | what information do you hold about me | says: I store who did
rep | i finished 10 minutes ago, why isn't it here | says: Whenever somebody asks
rep | how do you calculate my average | says: Averages are of graded
rep | set a reminder for tomorrow 8am | says: I can't remind
rep | can my deadline be moved | says: Assignments, scenarios, sessions
rep | who do i contact if something is broken | says: That is for whoever runs me
rep | ask jane to check my session | says: I pass on no messages
coach | notify me if raj doesn't practice for a week | says: I can tell you once
coach | do you tell my people when i check on them | says: Only you see my answers
coach | what can bob see | says: You see your own
coach | who's hitting their number this quarter | says: I know practice in Exec
coach | schedule a call with liam tomorrow | says: I see no calendars
coach | who coaches liam | says: You coach Liam Murphy
coach | which groups is liam in | says: You coach Liam Murphy
admin | who can see what | says: You see your own
admin | what's the time zone used here | says: Times are in
admin | turn the named leaderboard on | says: Whoever runs me
admin | is there an api or csv | says: Export CSV
admin | what commands do you know | view: HelpView
admin | set a reminder for overdue people every wednesday | view: DigestOfferView
rep | what is a gold | says: Gold, silver and bronze
rep | where is my session | says: Whenever somebody asks I look
coach | how do i share this | says: Share in channel
coach | feedback for raj, the one on monday | session "Raj Patel" monday
coach | feedback for raj's worst call | sessions "Raj Patel" worst
rep | when is my discovery call due | asks: Procurement Discovery
coach | grace and will, who's better at discovery | asks: Procurement Discovery
coach | who beat their personal best last week | progress my people last week
coach | whos on a roll | leaderboard my people
coach | whose score dropped | view: CoachView
coach | nudge them all | view: CoachView
coach | what did sam do well | session "Sam Lee"
rep | how many points until silver | nothing
rep | is 71 a good score | says: Gold, silver and bronze
rep | can i redo a scenario | says: Practice runs in Exec
rep | link to practice cold call | says: Practice runs in Exec
rep | do you listen to my real calls | says: I store who did
rep | why don't i see my team's scores | says: You see your own
rep | where do i stand in my group | leaderboard
rep | where am i worst | skills me
rep | oops wrong button how do i cancel the weekly message | refuses: Which messages
rep | was it better than the one before | nothing
coach | since when is sam silent | sessions "Sam Lee"
coach | scores 70 and up last quarter | sessions my people score>=70 last quarter
admin | how does bob compare with the east coast average | progress "Bob Jones"
admin | what share of the sales org practiced last month | team last month
admin | when is the next sync | says: Whenever somebody asks I look
admin | whats still missing | nothing
rep | what's my gold count | sessions me gold
rep | give me an overview of october | sessions me october
rep | did i do better today than yesterday | compare me today vs yesterday
coach | is will done with cold call opener | progress "Will Young" scenario:"Cold Call Opener" all time
coach | team performance by scenario this month | scenarios my people this month
admin | active users this month vs last month | compare this month vs last month
admin | total minutes per group last week | team last week
coach | what's the plan for raj's next 1:1 | prep "Raj Patel"
admin | what's the average number of sessions per rep per week | team
coach | what history does sam have on cold call opener | sessions "Sam Lee" scenario:"Cold Call Opener"
coach | why is raj's score different from last week | sessions "Raj Patel" last week
coach | does anyone know how to beat pricing push-back | sessions my people scenario:"Pricing Push-back"
coach | priya moved up in the leaderboard? | leaderboard "Priya Nair" | sessions "Priya Nair"
coach | create a report of last week | team my people last week
coach | does silver count | says: Averages are of graded
rep | how far am i from the top | sessions me | nothing
coach | schedule my monday summary for 7 | view: DigestOfferView
admin | what scenarios do we have | says: 10 scenarios
rep | give me a link to practise | says: Practice runs in Exec
coach | are incomplete sessions counted | says: Averages are of graded
coach | is my team doing ok | team my people
coach | how strong is raj on cold call opener | progress "Raj Patel" scenario:"Cold Call Opener"
coach | top scorers on demo follow-up | leaderboard my people scenario:"Demo Follow-up"
coach | did we do better in november than october | compare my people november vs october
coach | did we do more on monday than last friday | compare my people monday vs last friday | nothing
rep | how many days since my last session | sessions me
rep | what did i score last time | session me
rep | how much time this month vs last month | compare me this month vs last month
admin | usage last 30 days by group | team last 30d
admin | grace's progress vs will's | compare "Grace Kim" "Will Young"
coach | how do i see who is overdue | assignments my people overdue
coach | how do i nudge sam | view: NudgePreviewView
coach | which group am i in | says: Nobody coaches you, as far
admin | how do i change the digest | view: SubscriptionsView
coach | dumb question but whos on my team | team my people
coach | sorry but who is overdue again | assignments overdue
coach | anybody quit halfway thru cold call opener? | sessions scenario:"Cold Call Opener" invalid
coach | who gave up on a call last week | sessions invalid last week
coach | is raj slipping | progress "Raj Patel"
coach | priya best vs latest on cold call opener | progress "Priya Nair" scenario:"Cold Call Opener"
coach | first try vs last try, cold call opener, whole team | progress my people scenario:"Cold Call Opener" all time
coach | who improved most from first try to last on pricing push-back | progress scenario:"Pricing Push-back" all time
coach | breakdown of ranks for my team | sessions my people
coach | split gold silver bronze for october | sessions october
coach | sessions w/o a medal this week | sessions unranked this week
coach | share of golds this month | nothing
coach | is anyone close to gold | nothing
coach | what % of my team practiced this month | team my people this month
coach | whos my worst at objection handling | refuses: from the bottom
coach | who needs the most work on closing | nothing
coach | stack rank em by negotiation | leaderboard skill:"Negotiation"
coach | what should i fix with the team | skills my people
coach | what is the team doing wrong across all scenarios | skills my people
coach | biggest weakness of my team | skills my people
rep | since i started on nov 9 how many did i do | sessions me since 2026-11-09
rep | have i gotten better at rapport building since my first try | progress me skill:"Rapport Building" all time
rep | my first try vs my last on cold call opener | progress me scenario:"Cold Call Opener" all time
rep | all my tries at cold call opener oldest to newest | sessions me scenario:"Cold Call Opener" oldest
rep | what am i doing wrong across all my sessions | skills me
rep | every session i did in october | sessions me october
rep | how far am i from silver on security review | nothing
rep | how many days in a row did i practice | nothing
admin | avg sessions per head this quarter | team this quarter
admin | Could you export every session from Q3 as CSV please? | sessions q3
admin | distribution of ranks last month vs the month before | compare last month vs month before last
coach | how did the team do in the week of nov 11 | team 2026-11-09..2026-11-15
coach | what happened the week starting 2 nov | sessions 2026-11-02..2026-11-08
coach | sessions since the first of november | sessions since 2026-11-01
coach | any new golds since friday | sessions gold since friday
coach | list my team and their last session date | team my people
coach | everyones best cold call | leaderboard scenario:"Cold Call Opener" by best
coach | what share of the team practiced last month | team last month
coach | anything i should worry about | view: CoachView
coach | avg score and median score, whole team, ytd | nothing
coach | which scenarios has liam never tried | nothing
coach | forecast for november | says: I tell what was
coach | who did cold call opener but not security review | nothing
coach | did sam improve after my feedback | nothing
rep | how much better am i since my first try | progress me all time
admin | people with no sessions at all | inactive all time
coach | grace kim - how's she doing | progress "Grace Kim"
coach | how many sessions did grace do in total | sessions "Grace Kim"
coach | anyone i should nudge | view: CoachView
coach | who hasn't touched the app in 2 weeks | inactive last 2w
coach | is everyone done with onboarding 2026 | assignments program:"Onboarding 2026"
coach | how far along is the team with pricing certification | assignments program:"Pricing Certification"
coach | best at closing? | leaderboard skill:"Closing" by average
coach | is the team getting better or worse | progress my people
coach | who moved up the most | leaderboard by lift
rep | my time this month | sessions me this month
rep | am i any good at closing | skills me skill:"Closing"
admin | adoption rate | team
coach | how often does raj usually practice | sessions "Raj Patel"
coach | is demo follow-up still used? | scenarios scenario:"Demo Follow-up"
coach | is anyone still using executive briefing | sessions scenario:"Executive Briefing"
coach | does raj use the bot | sessions "Raj Patel"
coach | who has less than 3 sessions this month | nothing
coach | who scored 100 | sessions score>=100
coach | how big is my team | team my people
coach | names of everyone on my team | team my people
coach | tl;dr on my team | team my people
coach | any red flags | view: CoachView
coach | what should i tell raj | prep "Raj Patel"
coach | is raj ok | progress "Raj Patel"
coach | who will miss the deadline | nothing
coach | is anyone on track for pricing certification | assignments program:"Pricing Certification"
coach | who still needs to do cold call opener | assignments scenario:"Cold Call Opener"
rep | what do i need to improve to get gold on security review | session me scenario:"Security Review"
rep | how many points did i get yesterday | sessions me yesterday
rep | how long was my last session | session me
rep | am i done for the week | assignments me this week
rep | summarize my feedback | session me
rep | what do i keep getting wrong | skills me
rep | did anyone look at my scores | view: AuditView
coach | i think raj is slipping. am i right? | progress "Raj Patel"
coach | my vp wants to know what percentage of the team practiced in q3 | team q3
coach | sort my team by number of sessions | leaderboard my people by sessions
coach | i need the full list of everyone's sessions for the last two weeks as a spreadsheet | sessions last 2w
coach | how many different scenarios did raj do | scenarios "Raj Patel"
coach | who averages above 80 | nothing
rep | my coach says i'm overdue. am i? | assignments me overdue
rep | did i do cold call opener yet or not | progress me scenario:"Cold Call Opener" all time
rep | how often do i practice | sessions me
rep | how many are left | assignments
rep | who's top of the leaderboard | leaderboard
admin | how did q3 go | team q3
admin | what share of new hires have started | team group:"New Hires"
admin | total sessions ytd vs last year | compare this year vs last year
coach | how did yesterday go for my guys | team my people yesterday
coach | how many of my people are active vs inactive | team my people
coach | who got gold on the first try | nothing
coach | how many people have a gold on every scenario | nothing
coach | who practices the longest | leaderboard by time
coach | which skill should we train next | skills my people
coach | anything under 1 min | sessions shorter 1m
coach | last week of october | sessions 2026-10-25..2026-10-31
rep | am i finished with pricing certification | assignments me program:"Pricing Certification"
rep | how much is left of pricing certification | assignments program:"Pricing Certification"
rep | show my progress on every scenario | progress me
rep | my last session vs the one before | sessions me top 2
admin | how's adoption going | team
admin | worst performing group this quarter | team this quarter
admin | onboarding 2026 status by person | assignments program:"Onboarding 2026"
coach | who's my worst on renewal save | refuses: from the bottom
coach | share of my people with at least one gold in november | nothing | team my people gold november
coach | who cut their session short this week | sessions invalid this week
coach | how many reps never got past bronze | nothing
rep | how'd my last three go | sessions me top 3
rep | do i have anything for today | assignments me today
rep | how many weeks in a row have i practised | view: MeView
rep | which scenario is my worst | scenarios me
rep | was my last score better than the one before | sessions me top 2
rep | show me where i lost points on cold call opener | session me scenario:"Cold Call Opener"
coach | what did my people practice the most | scenarios my people
coach | who missed last week | inactive last week
coach | which day had the most sessions last week | trend last week by day
rep | is my average above 75 | nothing
admin | how active was customer success in the last 90 days | team group:"Customer Success" last 90d
admin | biggest improvers in east coast | progress group:"East Coast"
rep | i got bronze yesterday, what went wrong | session me bronze yesterday
coach | my team's best scores | sessions my people best
coach | team's best score on demo follow-up this quarter | sessions my people best scenario:"Demo Follow-up" this quarter
admin | all groups, last quarter | team last quarter
admin | Could I get an overview for this month? | team this month
admin | Which team practices the most? | team last 30d
admin | average score east coast | sessions group:"East Coast" last 30d
admin | average score q3 vs q4 | compare q3 vs q4
admin | compare all groups | team last 30d
admin | compare west coast and east coast | compare group:"West Coast" group:"East Coast" last 30d
admin | does ingrid have anything outstanding | assignments "Ingrid Sondergaard"
admin | east coast leaderboard | leaderboard group:"East Coast" last 30d
admin | enterprise numbers this month pls | team group:"Enterprise" this month
admin | export all october sessions to csv | sessions october
admin | export all sessions from october as csv | sessions october
admin | how are the new hires ramping | team group:"New Hires" last 30d
admin | how did zoe do this week | progress "Zoë Müller" this week
admin | how is customer success doing compared to last month | compare group:"Customer Success" this month vs last month
admin | how many golds silvers and bronzes did we have in november | sessions gold silver bronze november
admin | how many people practiced this week | team this week
admin | how many sessions this year | sessions this year
admin | last 5 sessions | sessions top 5
admin | monthly sessions since january | trend since january by month
admin | most used scenarios this month | scenarios this month
admin | multithreading scores | sessions scenario:"Multi-threading & Champions"
admin | onboarding 2026 completion | assignments program:"Onboarding 2026"
admin | sakura's sessions in nov | sessions "Sakura Tanaka" november
admin | skill scores for new hires | skills group:"New Hires"
admin | top 10 last month | leaderboard last month top 10
admin | top 10 reps | leaderboard last 30d top 10
admin | total practice hours this month | sessions this month
admin | total practise time last month | sessions last month
admin | what has mark stone done lately | sessions "Mark Stone"
admin | what skills are we weakest in | skills
admin | what's due in the next 2 weeks | assignments next 2w
admin | whats due before eom | assignments until this month
admin | whats our overall avg score | sessions last 30d
admin | which scenario has the lowest avg score | scenarios last 30d
admin | which scenario has the lowest scores | scenarios last 30d
admin | which scenarios are used the most | scenarios last 30d
admin | who got gold on executive briefing | sessions scenario:"Executive Briefing" gold
admin | who has never done a single session | inactive all time
admin | who hasn't finished pricing cert | assignments program:"Pricing Certification"
admin | who hasn't started pricing certification | inactive program:"Pricing Certification" all time
admin | who is inactive | inactive last 30d
admin | who's best at negotiation | leaderboard skill:"Negotiation" last 30d by average
admin | who's finished everything they were assigned | assignments
admin | who's in enterprise | team group:"Enterprise" last 30d
admin | whos inactive for 30 days | inactive last 30d
admin | whos overdue company wide | assignments overdue
coach | Can you give me a summary of last week please? | team last week
coach | Completion rate for my team please | assignments my people
coach | any golds this week? | sessions gold this week
coach | anyone not logged in for 2 weeks? | inactive last 2w
coach | anyone under 60 in negotiation | sessions skill:"Negotiation" score<60
coach | avg score by rep | team last 30d
coach | avg score in october | sessions october
coach | best score on renewal save | sessions scenario:"Renewal Save" best
coach | compare sam and priya | compare "Sam Lee" "Priya Nair" last 30d
coach | compare this mo to last mo | compare this month vs last month
coach | export team scores this qtr | team this quarter
coach | export team scores to excel | team last 30d
coach | has anybody practiced today | sessions today
coach | how did sam do yesterday | progress "Sam Lee" yesterday
coach | how has will young progressed since he started | progress "Will Young" all time
coach | how is my team doing | team my people last 30d
coach | how is priya doing | progress "Priya Nair" last 30d
coach | how many reps practiced yesterday | team yesterday
coach | how many sessions did my team do last week | sessions my people last week
coach | how many sessions did we do last week | sessions my people last week
coach | is my team getting better | progress my people last 30d
coach | latest sessions | sessions
coach | leader board | leaderboard last 30d
coach | leaderboard | leaderboard last 30d
coach | lowest scores this mth | sessions this month worst
coach | may chen skills | skills "May Chen"
coach | overdue? | assignments overdue
coach | prep me for my 1:1 with priya | prep "Priya Nair" last 4w
coach | prep me for my 1:1 with raj | prep "Raj Patel" last 4w
coach | pricing certification status | assignments program:"Pricing Certification"
coach | raj patel last session | session "Raj Patel"
coach | sam lee scores | sessions "Sam Lee"
coach | show me alex's results | sessions alex.kim@acme.com
coach | show me priyas scores | sessions "Priya Nair"
coach | team activity last 30 days | team last 30d
coach | team average last month | team last month
coach | team objection handling scores | team skill:"Objection Handling" last 30d
coach | team skills breakdown | skills my people
coach | team trend last 3 months | trend my people last 3 months
coach | top performers this month | leaderboard this month
coach | what are we weakest at | skills my people
coach | what did grace work on this week | sessions "Grace Kim" this week
coach | what does my team have due by friday | assignments my people until friday
coach | what should grace work on | skills "Grace Kim"
coach | whats due this week for my team | assignments my people this week
coach | which scenario is hardest for my reps | scenarios my people last 30d
coach | who did the pricing pushback one | sessions scenario:"Pricing Push-back"
coach | who has the most sessions | leaderboard last 30d by sessions
coach | who hasn't practiced this week | inactive this week
coach | who hasnt practised this wk | inactive this week
coach | who improvd the most this month | progress this month
coach | who still needs to finish pricing certification | assignments program:"Pricing Certification"
coach | who's overdue | assignments overdue
coach | whos behind on assignments | assignments overdue
coach | whos inactive | inactive last 30d
coach | whos on my team | team my people last 30d
coach | whos practiced this week | sessions this week
coach | will young last 2 weeks | sessions "Will Young" last 2w
rep | am i improving? | progress me last 30d
rep | best score on cold call opener | sessions scenario:"Cold Call Opener" best
rep | did i ever get gold on renewal save | sessions me scenario:"Renewal Save" gold all time
rep | did i pass pricing pushback | progress me scenario:"Pricing Push-back" all time
rep | did i pass the demo follow up | progress me scenario:"Demo Follow-up" all time
rep | first vs latest try on competitor comparison | progress scenario:"Competitor Comparison" all time
rep | have i done security review already | progress me scenario:"Security Review" all time
rep | how did i do last week | sessions me last week
rep | how did i do on cold call opener | progress me scenario:"Cold Call Opener" last 30d
rep | how did last week go | sessions me last week
rep | how do i compare to the team | leaderboard last 30d
rep | how do i get better at discovery questions | progress me skill:"Discovery Questions" last 30d
rep | how far am i with onboarding 2026 | assignments me program:"Onboarding 2026"
rep | how long did i practise this week in total | sessions me this week
rep | how long was my last roleplay | session me
rep | how many sessions have i done this month | sessions me this month
rep | is anything due by friday | assignments until friday
rep | my last score | session me
rep | show me all my scores | sessions me
rep | show me my scores | sessions me
rep | skills breakdown pls | skills
rep | this month vs last month | compare this month vs last month
rep | what am i good at | skills me
rep | what are my strengths | skills me
rep | what did i do wrong in security review | session me scenario:"Security Review"
rep | what did i do yesterday | sessions me yesterday
rep | what do i need to work on | skills me
rep | what is due | assignments
rep | whats due | assignments
rep | whats my avg score | sessions me last 30d
rep | whats my avg | sessions me last 30d
rep | whats my weakest skill | skills me
rep | when is my pricing cert due | assignments me program:"Pricing Certification"
rep | when is pricing cert due? | assignments program:"Pricing Certification"
rep | whens my next deadline | assignments me
rep | where am i on the leaderboard | leaderboard last 30d
rep | why did i get bronze on the renewal one | session me scenario:"Renewal Save" bronze
"""
QUESTIONS = [
    (role.strip(), said.strip(), " | ".join(rest).strip())
    for role, said, *rest in (row.split(" | ") for row in _TABLE.strip().splitlines())
]
