"""Who and what the company is made of, as tables. A row is all it takes to add one more."""

from __future__ import annotations

from typing import NamedTuple


class PersonRow(NamedTuple):
    """`where` is a key of ZONES; `habit` a key of world_life.HABITS; `groups` are extra groups."""

    first: str
    last: str
    email: str
    where: str
    habit: str
    groups: tuple[str, ...] = ()
    role: str = "member"


class ScenarioRow(NamedTuple):
    """`ease` is added to every score; `skills` and `collections` are names."""

    name: str
    difficulty: str
    ease: float
    skills: tuple[str, ...]
    collections: tuple[str, ...]
    description: str
    archived: bool = False
    visibility: str = "workspace"


WEST, EAST, CS, NEW, ENT = (
    "West Coast",
    "East Coast",
    "Customer Success",
    "New Hires",
    "Enterprise",
)
GROUPS = (WEST, EAST, CS, NEW, ENT)
PROGRAMS = ("Onboarding 2026", "Pricing Certification")

ZONES = {
    "west": "America/Los_Angeles",
    "east": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "desert": "America/Phoenix",
}

# The first five are the well-known ones; further on an apostrophe and a plus sign inside an
# e-mail, a person with one name only, and two people of the same name wait for careless code.
PEOPLE = (
    PersonRow("Jane", "Smith", "jane", "west", "improving", (ENT,)),
    PersonRow("Bob", "Jones", "bob", "east", "slipping", (ENT,)),
    PersonRow("Ana", "Costa", "ana", "east", "steady", role="admin"),
    PersonRow("Priya", "Nair", "priya", "west", "strong", (CS, ENT)),
    PersonRow("Sam", "Lee", "sam", "west", "idle"),
    PersonRow("José", "Muñoz", "jose.munoz", "central", "improving", (CS,)),
    PersonRow("Siobhán", "O'Brien", "siobhan.o'brien", "east", "strong", (ENT,)),
    PersonRow("Sakura", "Tanaka", "sakura.tanaka", "mountain", "steady", (ENT,)),
    PersonRow("Layla", "Haddad", "layla.haddad", "desert", "improving", (CS,)),
    PersonRow("Marie-Claire", "Dubois-Laurent", "mc.dubois", "central", "steady", (CS,)),
    PersonRow("Zoë", "Müller", "zoe.mueller+west", "west", "improving", (NEW,)),
    PersonRow("Budi", "", "budi", "mountain", "slipping"),
    PersonRow("Alex", "Kim", "alex.kim", "west", "steady"),
    PersonRow("Alex", "Kim", "alex.kim2", "east", "improving", (NEW,)),
    PersonRow("Miguel", "Ángel Ruiz", "miguel.ruiz", "central", "steady", role="admin"),
    PersonRow("Kofi", "Mensah", "kofi.mensah", "east", "never", (NEW,)),
    PersonRow("Ingrid", "Sondergaard", "ingrid.s", "central", "strong", (ENT,)),
    PersonRow("Lukasz", "Wisniewski", "lukasz.w", "central", "slipping", (CS,)),
    PersonRow("Chidi", "Okonkwo", "chidi.okonkwo", "east", "newcomer", (NEW,)),
    PersonRow("Mei", "Chen", "mei.chen", "west", "strong", (ENT,)),
    PersonRow("Dmitri", "Volkov", "dmitri.volkov", "east", "idle"),
    PersonRow("Aoife", "Brennan", "aoife", "central", "newcomer", (NEW, CS)),
    PersonRow("Carlos", "Vega", "carlos.vega", "west", "steady"),
    PersonRow("Fatima", "al-Sayed", "fatima.alsayed", "desert", "steady", (ENT,)),
    PersonRow("Noah", "Williams", "noah.williams", "west", "improving"),
    PersonRow("Emma", "Johansson", "emma.johansson", "central", "idle", (CS,)),
    PersonRow("Raj", "Patel", "raj.patel", "west", "slipping", (ENT,)),
    PersonRow("Olivia", "Brown", "olivia.brown", "east", "improving"),
    PersonRow("Thiago", "Goncalves", "thiago.g", "east", "newcomer", (NEW,)),
    PersonRow("Hannah", "Weiss", "hannah.weiss", "central", "steady", (CS,)),
    PersonRow("Yuki", "Sato", "yuki.sato", "mountain", "improving"),
    PersonRow("Grace", "Achieng", "grace.achieng", "east", "strong"),
    PersonRow("Liam", "Murphy", "liam.murphy", "west", "never"),
    PersonRow("Hoa", "Nguyen", "hoa.nguyen", "west", "steady", (CS,)),
    PersonRow("Victor", "Hugo-Dias", "victor.hd", "east", "slipping", role="staff"),
    PersonRow("Amara", "Diallo", "amara.diallo", "east", "improving", (NEW,)),
)
STAFF = (
    PersonRow("Taylor", "Reed", "taylor", "west", "strong", role="staff"),
    PersonRow("Jordan", "Blake", "jordan", "east", "steady", role="staff"),
    PersonRow("Exec", "Support", "support", "west", "idle", role="staff"),
)
REMOVED = PersonRow("Derek", "Olsen", "derek.olsen", "west", "removed")

# For companies larger than the tables: every pair once, then numbered.
SPARE_FIRST = ("Ada", "Ben", "Cleo", "Dina", "Eli", "Faye", "Gus", "Hugo", "Iris", "Jonas", "Kira")
SPARE_LAST = ("Adler", "Baker", "Castro", "Dalal", "Evans", "Fischer", "Greco", "Haas", "Ito")

SCENARIOS = (
    ScenarioRow(
        "Procurement Discovery",
        "medium",
        2,
        ("Discovery Questions", "Procurement Selling"),
        ("Procurement Scenarios",),
        "Find out how a cautious procurement lead buys.",
    ),
    ScenarioRow(
        "Cold Call Opener",
        "easy",
        4,
        ("Rapport Building",),
        ("Onboarding Basics",),
        "Win the first thirty seconds of a call.",
    ),
    ScenarioRow(
        "Renewal Save",
        "hard",
        -4,
        ("Objection Handling", "Negotiation"),
        ("Customer Conversations",),
        "Keep a customer who has a cheaper offer in hand.",
    ),
    ScenarioRow(
        "Pricing Push-back",
        "hard",
        -5,
        ("Objection Handling", "Negotiation"),
        ("Procurement Scenarios",),
        "Hold the price without losing the room.",
    ),
    ScenarioRow(
        "Security Review",
        "very_hard",
        -8,
        ("Procurement Selling",),
        ("Procurement Scenarios",),
        "Answer a security team that has read everything.",
    ),
    ScenarioRow(
        "Executive Briefing",
        "hard",
        -3,
        ("Storytelling",),
        ("Customer Conversations",),
        "Ten minutes with a chief financial officer.",
    ),
    ScenarioRow(
        "Demo Follow-up",
        "medium",
        1,
        ("Closing", "Rapport Building"),
        ("Onboarding Basics",),
        "Turn a good demo into a next step.",
    ),
    ScenarioRow(
        "Competitor Comparison",
        "medium",
        0,
        ("Objection Handling", "Storytelling"),
        ("Customer Conversations", "Onboarding Basics"),
        "Be fair to the other side and still win.",
    ),
    ScenarioRow(
        "Multi-threading & Champions",
        "medium",
        -1,
        ("Discovery Questions",),
        (),
        "Find the second and third person who cares.",
    ),
    ScenarioRow(
        "Quarterly Business Review",
        "easy",
        3,
        ("Storytelling", "Closing"),
        ("Customer Conversations",),
        "Show a customer what the quarter brought.",
        visibility="private",
    ),
    ScenarioRow(
        "Product Demo 2025",
        "easy",
        3,
        ("Storytelling",),
        (),
        "The old product demo.",
        archived=True,
    ),
)
SKILLS = (
    ("Discovery Questions", "Asking open questions that uncover needs."),
    ("Objection Handling", "Answering objections without losing the thread."),
    ("Negotiation", "Trading rather than giving away."),
    ("Procurement Selling", "Selling to people whose job is buying."),
    ("Rapport Building", "Being somebody worth talking to."),
    ("Storytelling", "Making the point with a story."),
    ("Closing", "Agreeing on what happens next."),
)
COLLECTIONS = (
    ("Procurement Scenarios", "Practice scenarios for procurement conversations."),
    ("Onboarding Basics", "What everybody practices in the first month."),
    ("Customer Conversations", "Staying close to customers."),
)
