"""The meanings of words, as data: to teach the reader a word, add it to a table.

The name of a row is before its colon. An underscore joins the words of a phrase, a star ends a
stem, and an indented line continues its row.
"""

# The spelling in all other tables, followed by what people type.
SPELLINGS = """
session: conversation attempt roleplay role-play call run
sessions: conversations attempts roleplays role-plays calls runs tries
people: reps ppl users colleagues sellers teammates performers members learners employees
person: rep seller teammate performer member
week: wk
weeks: wks
month: mo mth
year: yr
quarter: qtr q
minutes: mins
hours: hrs
average: avg averages
tomorrow: tmrw tmr
versus: vs against
gold: golds
silver: silvers
bronze: bronzes
without: w/o except excluding exclude minus
until: til
nobody: noone
everyone: everybody
anyone: any1 anybody someone somebody
who: whos whose whom
what: whats
how: hows howd
i: im ive id ill
we: weve
are: r
you: u youre
your: ur
please: pls
and: n plus
with: w
doing: doin
hasnt: havent hadnt didnt doesnt dont isnt arent wasnt werent aint
cant: cannot couldnt
practice: practise
practicing: practising
practiced: practised
1:1: 1on1 1-on-1 one-on-one one-to-one
2: two couple
3: three
4: four
5: five
6: six
7: seven
8: eight
10: ten
"""

# Words by their role: the asker, their people, the people of the last question, question words,
# which are never filters, and words without a meaning.
WORDS = """
me: i me my myself mine own
ours: we us our ours my_team my_people our_team our_people my_group the_team the_people my_org
  our_group my_direct_reports my_folks my_directs
pronoun: his her hers him he she their theirs them they
question: who what which how where many number should why when much
filler: a an the 's to of for on in with by from at as is are was were be been being am do does
  did have has had having it its this that these those there here any all some really actually
  so too even very quite already yet still now need needs see show get got gets getting go went
  list find view want please ok okay hey could would will also and or then during within
  currently lately recently one ones - & kind different em cool anything everything something
  across quick details let tell lets if can may shall hmm um sorry thing things stuff well bit
  little total come came made make take took keep kept put pull bring look check up right know
  curious wondering wonder i_think i_guess actual exactly far happened happen say says said
  think bot send my_name sending sends question about most_of every in_this_channel count update
  yes yeah individual general full whole entire show_me give_me gimme tell_me let_me_know let_me
  get_me send_me can_i could_i may_i can_you could_you would_you will_you you_have i_want i_need
  i_see i_like do_i_need at_the_moment spent spend each_of lot_of no_of i_would i_should out_of
  how_about_now to_me the_numbers_for over_the in_over look_like looks_like gotten hits hit
  reach reaches reached earn earns earned achieve achieves achieved wise single only just me_the
  me_a me_all me_how me_what me_who me_which me_when
"""

# "plain" excludes the names and ranks after it; "verb" negates what people did.
NEGATIONS = """
plain: not no without neither nor but_not everyone_but all_but other_than not_counting
  not_including except_for apart_from besides leave_out
verb: hasnt never has_not have_not did_not does_not do_not is_not are_not cant not_yet
"""

# Words at the start that mark a follow-up.
LEADS = """
and also only just same instead again drop add but as what_about how_about same_for same_but
now_for i_meant i_mean make_it make_that or_just same_thing same_thing_for same_with
which_ones which_one which_of_those which_of_them only_the just_the
"""
NEXT_PAGE = "more | show me more | the rest | next page | show more | next | next ones | see more"

# Words by what they say about the words around them, or about the whole text. Openers have no
# meaning: a complete question after them is still a new one. After a join at the start, the names
# of the last question stay ("add priya"). Tails and pointers at the end mark a follow-up; pointers
# refer to the names of the last question.
CONTEXTS = """
opener: ok okay so then now morning afternoon evening sorry nvm well hey hi thanks great cool nice
  hmm
join: versus compared compare add
tail: instead again too then
pointer: that those it this there these
command: assign drop give make delete remove change set create edit mark approve reset cancel
comparing: compare compared comparing comparison versus
before-person: is did has how does with about was
before-month: in since until till during from through to before after by
"""

# A part of a question, its value, and the words for it.
FILTERS = """
ranks gold: gold rank_gold
ranks silver: silver rank_silver
ranks bronze: bronze rank_bronze
ranks unranked: unranked rank_unranked no_rank without_a_rank without_rank
ranks gold,silver: silver+ silver_or_better
ranks gold,silver,bronze: bronze+ bronze_or_better
ranks gold: gold+
ranks gold,silver,bronze,unranked: unranked+
valid yes: graded valid with_a_score
valid no: incomplete invalid ungraded without_a_score without_score not_graded
due overdue: overdue late past_due behind_on
due due: due coming_up due_soon upcoming
due open: open outstanding remaining unfinished pending left left_to_do to_finish
due finished: finished
sort newest: newest newest_first latest_first most_recent_first
sort oldest: oldest oldest_first first_session first_sessions
sort best: best best_first highest highest_first highest_score highest_scores top_score best_score
sort worst: worst worst_first lowest lowest_first lowest_score lowest_scores
sort longest: longest longest_first
sort shortest: shortest shortest_first fastest
by sessions: by_sessions by_number_of_sessions
by average: by_average by_score by_scores by_average_score
by best: by_best by_best_score
by lift: by_lift by_improvement
by time: by_time by_practice_time by_minutes by_hours
by gold: by_gold
by practiced: by_practiced by_people by_participation by_adoption
by change: by_change
by day: which_day by_day per_day daily
by week: which_week by_week per_week weekly week_by_week week_on_week week_over_week each_week
by month: which_month by_month per_month monthly month_by_month each_month
include_system yes: +system
export yes: csv export download spreadsheet as_csv excel
"""

MEANINGS = """
session: session sessions history role_play role_plays recording recordings
share: share percentage percent % proportion ratio rate fraction
define: mean means counts_as count_as definition defined define calculated explain meaning
score: score scores scored scoring result results points data scorers scorer
average: average averaged averaging
practice: tried try practic* practis* train* rehears* active activity used using use usage
  adoption engag* participation worked working work log logged
not-practice: inactive missing missed absent silent idle quiet slack* skip* stopped_practicing
start: started start begun begin
best: top strongest winning leading star stars good
worst: weakest bottom
most: popular common most more biggest largest greatest
least: least fewest less fewer
rank: leaderboard leaderboards leader leaders rank ranks ranked ranking rankings place position
  winner winners on_a_roll number_one stack_rank leads standing stand ahead
done: done
overview: overview summary summaries recap rundown numbers figures stats statistics report reports
  metrics recaps
improve: go_up went_up improv* better progress* grow* gain* lift jump* develop* personal_best
  personal_bests
slip: slip* drop* declin* fell falling fallen sliding down worse going_down gone_down
struggle: struggl* stuck trouble fail* behind
recent: last latest recent previous last_time most_recent how_long_since
feedback: feedback wrong mistake* tips comments review reviewed do_well went_well go_well did_well
  went_badly lose_points debrief takeaways takeaway key_takeaways
assignment: have_anything_for anything_for assign* task tasks homework deadline* todo todos
  required mandatory completion_rate far_along on_track status have_to has_to need_to_do
  needs_to_do supposed_to due_date due_dates
finish: finish* complet*
compare: versus compar* difference different_from different_to than beat side_by_side stack_up
prep: prep* meeting meet 1:1 notes ready_for catch_up_with get_ready one_on_one
skill: need_to_work_on needs_to_work_on skill* strength* weakness* gap* competenc* weak_spots
  weak_spot bad_at worst_at weakest_at weak strong proficien*
scenario: scenario scenarios topic topics
hard: hard* difficult tough* challenging
easy: easiest easy
trend: trend* chart charts graph over_time going_up going_up_or_down trajectory
time: time minutes hours long
often: often times frequently
who-all: people person everyone anyone others else everyone_else company_wide
  across_the_company
group: group groups teams team
per-person: per_person by_person each_person
group-of-people: per_group by_group each_group by_team
group-of-scenario: per_scenario by_scenario each_scenario
talk: talk* speak chat_with focus_on
help-me: attention worry_about worried_about concerned_about
coach: coach coaches coaching coached manages manager managers
looked: audit looked viewed saw look_at viewing
alert: alert alerts notify tell_me_when ping_me_when let_me_know_when tell_me_if warn_me
  let_me_know_if
post: post schedule publish digest subscribe
nudge: nudge ping remind poke reminder message messages messaging reminders notifications note write
hello: hello hi hiya good_morning good_afternoon good_evening
thanks: thanks thank thx thank_you
doing: doing looking going perform performing performance coming_along getting_along
next: next
you: you your
pass: pass passed pass_rate passing
nobody: nobody none no_one nothing
before: before prior_to ahead_of
since: since
stop: stop unsubscribe mute opt_out turn_off
hide: hide hidden anonymous anonymously dont_show_my_name remove_my_name
seen: see_my can_see sees_my private privacy visible
praise: praise recognize shout_out kudos congratulate deserves deserve
"""

# Phrases that mean a report as a whole, regardless of the meanings of their words.
IDIOMS = """
talk: who_should_i_talk_to who_needs_help who_needs_attention who_needs_my_attention
  is_anyone_stuck anyone_stuck who_is_struggling who_do_i_need_to_worry_about
  who_should_i_worry_about falling_behind at_risk who_should_i_praise who_deserves_praise
  red_flags
what-next: what_next what_should_i_practice what_should_i_practice_next what_should_i_work_on
  what_should_i_do_next
me: my_week my_stats how_was_my_week
assignments: what_do_i_have_to_do anything_due
audit: looked_at_my_sessions looked_at_my_scores look_at_my_scores audit_me
seen: who_can_see_my_sessions who_sees_my_sessions can_my_manager_see
help: what_can_you_do what_can_i_ask how_does_this_work help_me help
"""

# Questions without an answer although every word is known: the sentence, and the facts.
BLOCKERS = """
Admins assign coaches with `coach add @ana "West Coast"`; `coach list` shows them.:
  coach who group-name
I don't rank people from the bottom.:
  worst who !skill | worst who-all !skill | bottom !scenario !skill | worst am !skill !score
  !session !scenario
I can't take the best of each group.:
  limit group-of-people best
I can't list people by their scores; try a leaderboard by average.:
  who average threshold
I can't say who is ready; `progress` shows first, last and best scores on a scenario.:
  prep thing-name who
I show the feedback on one session at a time; list them, and open one with *Details*.:
  feedback limit
Exec decides gold, silver and bronze; there's no fixed score I could give you.:
  how get ranks !many !session !thing-name | how ranks !many !me !person-name !group-name !ours
  !practice !session | define ranks
Ask a question first. *Export CSV* is in the menu below its answer, for admins and coaches.:
  export !command !session !score !period !person-name !group-name !thing-name !ours !practice
I can't say who is in which group.:
  person-name group-name !coach !compare !session !practice !period !command
I can't set reminders. I can show what's due, and send you your week every Monday.:
  nudge me !who !who-all !person-name !group-name !ours !stop !not !practiced !looked
To pause or remove a digest, use its menu in `digest list`.:
  stop post | command post
Assignments, scenarios and scores are set in Exec; I only show them.:
  command !post !alert !nudge !coach !audit
"""

# A report and the facts that suggest it. The first row that holds wins, so specific rows come
# first. Facts are meanings, words, question words, and parts of the query. Names have the facts
# person-name, group-name and thing-name (for anything else); "!" means absent.
RULES = """
hello: hello !session !practice !doing
thanks: thanks !session !practice
stop: stop
numbers: define
hide: hide
alert: alert
post: post !looked
seen: seen !looked
audit: looked who
assignments: nudge due !person-name
talk: nudge should | nudge who
nudge: nudge
prep: talk person-name | prep
coaches: which group me in | coach me have | coach who !should !practice !needs !need
leaderboard: compare me ours | compare me everyone | compare me others
groups: compare group !group-name !person-name !recent
compare: compare recent period | compare !who | better who person-name
assignments: due !session | not-due !session | assignment | finish !session
  !score | done program-name | done everything !thing-name | done everyone | done not !thing-name
  !session | done am
inactive: least practice who !person-name | not-practice !me | not practice | not
  session who | not start | nobody practice | not who !ranks !score !person-name !improve |
  practice everyone !how !average !most
talk: slip who !period !thing-name !group-name !sees-everybody | praise | talk who | help-me who |
  struggle who !thing-name
trend: trend | by-time !limit | practice improve !person-name !me !who | score improve
  !person-name !me !who !who-all !limit !session | improve are ours !most | improve is ours !most
  | improve is thing-name !me !person-name !most
groups: group rank !group-name | group best
  !group-name | group worst !group-name | group most !group-name | group least !group-name |
  group which !me !coach | group-of-people
team: per-person
skills: skill !scenario !limit | good me !skill-name | good skill-name !who
leaderboard: by !valid | rank | best skill-name !session !score !me
  !person-name | limit top !session !score !practice !scenario !person-name | longest who | most
  practice !what !person-name !me | most who !improve !slip | best who
  !improve !me | best who-all !improve !person-name | best group-name !session
progress: improve | slip | pass
scenarios: hard | easy | scenarios me !improve !score !session !not !next !should | scenario most
  | scenario best | scenario which | struggle | group-of-scenario
  | what practice most
sessions: recent sessions | recent limit
session: feedback | recent session !who-all | recent when | recent person-name !average !scenario
  !scores !practice | recent me !average !scores !practice
what-next: next practice
team: many who-all
sessions: session | ranks | score | length | often | practice person-name | practice me
scenarios: scenario !person-name !me
team: practice | group !person-name
sessions: many | time | what me | sort
me: how me !thing-name !score !average !time !many !session !practice
progress: person-name thing-name | me thing-name
prep: how person-name !period !sees-own !many !score !average !session !time !practice
progress: how person-name
sessions: person-name | me
team: overview !me
scenarios: thing-name !who
team: group-name | ours | who-all | how
sessions: period | left_out
help: you
"""
