"""A subscription holds a question, and the outbox every message that must arrive once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

subscription = sa.table("subscription", *map(sa.column, ("id", "kind", "group_id", "ask")))
delivery = sa.table(
    "delivery",
    *map(sa.column, ("subscription_id", "kind", "about_group", "about_ask", "about_start")),
)
learned = sa.table("learned", *map(sa.column, ("name", "value", "at")))
TOLD = "exec_key:told"
NEVER_AGAIN = 253_402_300_799_000  # the end of the year 9999


def upgrade() -> None:
    with op.batch_alter_table("subscription") as changed:
        changed.add_column(sa.Column("ask", sa.Text(), server_default="", nullable=False))
    kind = subscription.c.kind
    asked = sa.case(
        (kind == "group", team(subscription.c.group_id)), (kind == "coach", "coach"), else_="me"
    )
    op.execute(sa.update(subscription).values(ask=asked))
    with op.batch_alter_table("subscription") as changed:
        changed.drop_column("kind")
        changed.drop_column("group_id")

    with op.batch_alter_table("delivery") as changed:
        changed.add_column(sa.Column("about_ask", sa.Text(), server_default="", nullable=False))
        changed.add_column(sa.Column("message", sa.Text(), nullable=True))
    of = sa.select(subscription.c.ask).where(subscription.c.id == delivery.c.subscription_id)
    group = delivery.c.about_group
    about = sa.case((group != "", team(group)), else_=sa.func.coalesce(of.scalar_subquery(), ""))
    posted = delivery.c.about_start.is_not(None)
    op.execute(sa.update(delivery).where(posted).values(about_ask=about))
    # Previews are drawn at once; none has waited here for a long time.
    op.execute(sa.delete(delivery).where(delivery.c.kind == "preview"))
    with op.batch_alter_table("delivery") as changed:
        changed.drop_column("about_group")
    keep_told()


def team(group: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """As the query language writes a group: its id in quotes, a quote in it twice."""
    doubled = sa.func.replace(group, '"', '""')
    return sa.literal('team group:"') + doubled + sa.literal('"')


def keep_told() -> None:
    """An incident that some admin was told of is not told again."""
    told = learned.c.name.startswith(f"{TOLD}:", autoescape=True)
    done = told & learned.c.value.startswith("sent ")
    rows = op.get_bind().execute(sa.select(learned.c.value).where(done)).scalars()
    ids = {value.partition(" ")[2] for value in rows}
    query = sa.select(learned.c.value).where(learned.c.name == "exec_key:incident")
    incident = op.get_bind().execute(query).scalar()
    if incident is not None and (id_ := incident.partition(" ")[0]) in ids:
        op.execute(sa.insert(learned).values(name=TOLD, value=id_, at=NEVER_AGAIN))
    op.execute(sa.delete(learned).where(told))
