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
coach | will will pass pricing push back | progress "Will Young" scenario:"Pricing Push-back" | sessions "Will Young" scenario:"Pricing Push-back"
coach | may vs grace | compare "May Chen" "Grace Kim"
coach | how did may do in may | progress "May Chen" may | sessions "May Chen" may
coach | show liam | sessions "Liam Murphy"
coach | show april jones | refuses: april jones
coach | how is chase doing | refuses: chase
coach | show bob | refuses: bob
coach | sams last session feedback | session "Sam Lee"
coach | prep for my 1on1 with raj in 10 mins | prep "Raj Patel"
coach | 1:1 with priya on monday | prep "Priya Nair"
coach | got a 1-1 w liam tmrw | prep "Liam Murphy"
coach | prep sam at 3pm | prep "Sam Lee"
coach | one on one with may next week | prep "May Chen"
coach | whats due by friday | assignments my people until 2026-11-20
coach | anything due this week | assignments my people this week
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
coach | raj v priya | compare "Raj Patel" "Priya Nair"
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
coach | is sam in new hires | refuses: new hires
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
coach | praise grace | sessions "Grace Kim"
coach | nudge sam | sessions "Sam Lee"
coach | thx | says: Glad to help
coach | whats for lunch | nothing
coach | will it rain tomorrow | nothing
coach | can you mark this as done | nothing
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
coach | did mark pass cold call opener | progress "Mark Stone" scenario:"Cold Call Opener"
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
coach | team in april | team my people april
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
coach | how do i add a person | nothing
coach | remind raj to practice | view: HelpView
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
coach | mark vs will | compare "Mark Stone" "Will Young"
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
coach | liam this month vs last month | compare "Liam Murphy" this month vs last month
coach | show me what sam did on monday | sessions "Sam Lee" monday
coach | between nov 1 and nov 10 | sessions my people 2026-11-01..2026-11-10
coach | past 10 days | sessions my people last 10d
coach | whats coming up | assignments my people
coach | whats due today | assignments my people today
coach | open assignments | assignments my people
coach | what did april do | sessions my people april | refuses: april
coach | is april improving | refuses: april
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
rep | did i pass pricing push back | progress me scenario:"Pricing Push-back" | sessions me scenario:"Pricing Push-back"
rep | what do i have due | assignments me
rep | anything due by fri | assignments me until 2026-11-20
rep | whats next for me | assignments me
rep | am i improving | progress me
rep | my worst session ever | sessions me worst all time | sessions me worst top 1 all time
rep | feedback on my last cold call opener | session me scenario:"Cold Call Opener"
rep | show liam | refuses: liam
rep | how is may doing | refuses: may
rep | sessions in may | sessions me may
rep | how is west coast doing | team group:"West Coast"
rep | where do i rank | leaderboard
rep | leaderboard this month | leaderboard this month
rep | me vs last week | compare me this week vs last week
rep | how long did i practice last wk | sessions me last week
rep | my golds | sessions me gold
rep | how can i get better | skills me | progress me
rep | my skills | skills me
rep | is liam in west coast | refuses: liam
rep | who is my coach | nothing
rep | who has looked at my sessions | view: AuditView
rep | hide my name | view: HelpView
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
rep | how do i compare to my team | nothing
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
rep | what should i practise | assignments me
rep | how's my team doing | nothing
rep | compare me to liam | refuses: liam
rep | who's top this week | leaderboard this week
rep | scenarios i struggle with | scenarios me
rep | my trend | trend me
rep | am i getting better at cold call opener | progress me scenario:"Cold Call Opener"
rep | show raj's last session | refuses: raj
rep | my fastest session | nothing
rep | is west coast better than east coast | refuses: east coast
rep | how did i do on pricing | progress me scenario:"Pricing Push-back"
rep | my last 3 scores | sessions me top 3
rep | did i practise this wk | sessions me this week
rep | whats overdue for me | assignments me overdue
rep | show me sam's scores | refuses: sam
rep | how's april doing | refuses: april
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
admin | is chase in east coast | says: Yes
admin | is priya in east coast | says: No
admin | trend by month this year for new hires | trend by month group:"New Hires" this year
admin | skills for east coast | skills group:"East Coast"
admin | usage by group last quarter | team last quarter
admin | digest | view: a form
admin | set up a weekly digest | view: a form
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
admin | east coast by time this month | leaderboard by time group:"East Coast" this month
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
admin | create digest | view: a form
admin | post a weekly digest for west coast | view: a form | nothing
admin | how are the new hires doing | team group:"New Hires"
admin | new hires wk | team group:"New Hires" this week | team group:"New Hires"
admin | which group is the best this month | team this month
admin | which team practiced least | team | nothing
admin | ppl who havent practised since sept | inactive since september
admin | sessions over 80 in east coast last mo | sessions group:"East Coast" score>80 last month
admin | april and may scores | asks: month | refuses: may
admin | chase this week | sessions "Chase Porter" this week
admin | will chase pass pricing push-back | progress "Chase Porter" scenario:"Pricing Push-back"
admin | can u chase the overdue people | assignments overdue
admin | coaches | view: CoachesView
admin | who coaches sam | view: CoachesView
admin | is mark in east coast? | says: No
admin | east coast q3 vs q2 | compare group:"East Coast" q3 vs q2
admin | trend for april jones | trend "April Jones"
admin | participation rate last month | team last month
admin | number of reps active this month | team this month | sessions this month
admin | show audit of sam | view: AuditView
admin | weekly digest | view: a form
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
coach | who skipped cold call opener | inactive my people scenario:"Cold Call Opener"
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
coach | play sams last recording | nothing
coach | yo how we doing | team my people
coach | gimme last weeks numbers | team my people last week | sessions my people last week
coach | send sam a message | nothing
coach | set sams score to 90 | nothing
coach | whats my commission | nothing
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
rep | can i retake cold call opener | nothing
rep | my score is wrong | nothing
admin | west coast vs new hires last month | compare group:"West Coast" group:"New Hires" last month
admin | adoption by group this qtr | team this quarter
admin | which group practices the most | team | leaderboard by sessions
admin | how many active users this month | team this month
admin | new hires below 60 since october | sessions group:"New Hires" score<60 since october
admin | who in new hires hasnt done cold call opener | inactive group:"New Hires" scenario:"Cold Call Opener"
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
coach | raj and sam yday | sessions "Raj Patel" "Sam Lee" yesterday
coach | grace on competitor comparison | sessions "Grace Kim" scenario:"Competitor Comparison" | progress "Grace Kim" scenario:"Competitor Comparison"
coach | best call of the week | sessions my people best this week | sessions my people best top 1 this week
coach | lowest score today | sessions my people worst today | sessions my people worst top 1 today
coach | who has been quiet lately | inactive my people
coach | who practiced today | sessions my people today | team my people today
coach | who did 5 or more sessions | nothing
coach | how many did raj do last week | sessions "Raj Patel" last week
coach | how much time did grace spend this mo | sessions "Grace Kim" this month
coach | who needs a push on pricing push back | inactive my people scenario:"Pricing Push-back" | view: CoachView
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
coach | october vs september | compare my people october vs september
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
coach | due tomorrow | assignments my people 2026-11-19
coach | what's coming up for raj | assignments "Raj Patel"
coach | overdue more than a week | nothing
coach | who missed a deadline | assignments my people overdue
coach | prep me for raj | prep "Raj Patel"
coach | catch up w grace in an hour | prep "Grace Kim"
coach | will's feedback on pricing push-back | session "Will Young" scenario:"Pricing Push-back"
coach | how did marks last call go | session "Mark Stone"
coach | is grace on my team | says: Yes
coach | is raj in east coast | nothing
coach | who's on my team | team my people
coach | ping raj | nothing
coach | give grace a gold | nothing
coach | turn off notifications | nothing
coach | whats the time in london | nothing
coach | translate this to french | nothing
coach | write me a cold call script | nothing
coach | how does scoring work | nothing
coach | sessions longer than 10 mins | sessions my people longer than 10 minutes | sessions my people over 10 minutes
coach | between monday and wednesday | sessions my people from monday to wednesday
coach | past 2 weeks for sam | sessions "Sam Lee" last 2w
rep | show my golds this yr | sessions me gold this year
rep | when did i last practice | sessions me
rep | my scores on cold call opener last mo | sessions me scenario:"Cold Call Opener" last month
rep | which scenario should i do | assignments me | scenarios me
rep | my assignments | assignments me
rep | do i have to do anything this wk | assignments me this week
rep | my weakest skill | skills me
rep | compare me with last month | compare me this month vs last month
rep | show everyones scores | nothing
rep | cancel my assignment | nothing
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
coach | will vs mark this month | compare "Will Young" "Mark Stone" this month
coach | did mark get a gold yet | sessions "Mark Stone" gold
coach | call raj | nothing
coach | tell grace well done | nothing
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
coach | q2 vs q3 | compare my people q2 vs q3
coach | yesterday vs today | compare my people yesterday vs today
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
coach | last 45 days | sessions my people last 45d
coach | last year vs this year | compare my people last year vs this year
coach | forward this to my boss | nothing
coach | move sam to east coast | nothing
coach | archive cold call opener | nothing
coach | is the server down | nothing
coach | how old is grace | nothing
coach | what day is it | nothing
coach | whats grace's quota | nothing
coach | play music | nothing
rep | my best this mo | sessions me best this month
rep | how far am i from gold | nothing
rep | what's left for me to do | assignments me
rep | am i behind | nothing
rep | my time this wk | sessions me this week
rep | give me a better score | nothing
rep | every session i did in oct | sessions me october
rep | sessions where i got less than 70 | sessions me score<70
admin | total sessions by month this yr | trend by month this year
admin | new hires vs everyone | nothing
admin | east coast without april last wk | team group:"East Coast" -"April Jones" last week
admin | add a coach | nothing
admin | invite bob to exec | nothing
admin | chase's avg since sept | sessions "Chase Porter" since september | progress "Chase Porter" since september
rep | change my score to 100 | nothing
coach | book a meeting with sam | nothing
coach | congratulate priya | nothing
coach | sam discovery skill | nothing
rep | am i above average | nothing
coach | who on my team hasnt done anything since monday | inactive my people since monday
coach | rank by sessions pls | leaderboard my people by sessions
coach | is west coast better than last month | compare group:"West Coast" this month vs last month
coach | between 70 and 80 this month | sessions my people score:70-80 this month
coach | two weeks ago | sessions my people week before last
coach | how many hrs did west coast practice in nov | sessions group:"West Coast" november
coach | who hasnt finished their assignments | assignments my people
coach | post this to #sales every monday | view: HelpView
rep | how do i get gold | nothing
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
coach | at least silver this week | sessions my people silver+ this week
coach | april vs may | asks: May Chen, month | compare my people april vs may
coach | grace period | nothing
coach | 3 days ago | sessions my people 2026-11-15
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
coach | due by end of next week | assignments my people until 2026-11-29
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
coach | august numbers | team my people august
coach | list the groups | says: 1 group
coach | which programs are there | says: 2 programs
coach | who can see this | nothing
coach | what is lift | view: HelpView
coach | tell me when raj practices | view: HelpView
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
coach | scores >= 85 last 2 weeks | sessions my people score>=85 last 2w
coach | <50 this wk | sessions my people score<50 this week
coach | in 2025 q4 | sessions my people q4 2025
coach | is practice dropping off | trend my people
coach | grace or mark, who practiced more | compare "Grace Kim" "Mark Stone"
rep | may's sessions | asks: month
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
admin | jane's people this week | nothing
admin | which team practiced the least last month | team last month
coach | how many of my ppl have not touched renewal save | inactive my people scenario:"Renewal Save"
coach | how many attempts did sam need for gold | nothing
coach | not including cold call opener, avg for sam | sessions "Sam Lee" -scenario:"Cold Call Opener" last 30d
coach | bronze only, last 2 weeks, no liam | sessions my people bronze last 2w -"Liam Murphy"
"""
QUESTIONS = [
    (role.strip(), said.strip(), " | ".join(rest).strip())
    for role, said, *rest in (row.split(" | ") for row in _TABLE.strip().splitlines())
]
