"""Slack's rules for messages and views, read strictly and on their own.

Where Slack's documents give two limits the smaller one holds. Described are the blocks and the
elements that the bot's markup has a word for; what is not described is refused. This module knows
nothing of the bot, so that it can find the bot's mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

CELLS_LENGTH = 10_000
ALL_TEXT_LENGTH = 12_000
_ALL_TEXT = frozenset({"text", "caption", "title", "label", "name", "x_label", "y_label"})
_MOST_CHARTS = 2


T = TypeVar("T")
OneOf = Annotated[T, Field(discriminator="type")]
UpTo10 = Annotated[list[T], Field(min_length=1, max_length=10)]
UpTo20 = Annotated[list[T], Field(min_length=1, max_length=20)]
UpTo100 = Annotated[list[T], Field(min_length=1, max_length=100)]
Name = Annotated[str, Field(min_length=1, max_length=255)]
Label = Annotated[str, Field(min_length=1, max_length=20)]
Title = Annotated[str, Field(min_length=1, max_length=50)]
Long = Annotated[str, Field(min_length=1, max_length=3000)]
Typed = Annotated[str, Field(max_length=3000)]
Cell = Annotated[str, Field(min_length=1, max_length=CELLS_LENGTH)]
Style = Literal["primary", "danger"]


class Part(BaseModel):
    """An object with these fields and no others; one that may be left out must not be null."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        if isinstance(value, dict) and None in value.values():
            raise ValueError("a field is null")
        return value


def short(most: int) -> AfterValidator:
    """A limit for the text in a text object."""

    def check(words: Plain | Mrkdwn) -> Plain | Mrkdwn:
        if len(words.text) > most:
            raise ValueError(f"may have {most} characters, has {len(words.text)}")
        return words

    return AfterValidator(check)


# Text.


class Plain(Part):
    type: Literal["plain_text"]
    text: Annotated[str, Field(min_length=1)]
    emoji: bool = True


class Mrkdwn(Part):
    type: Literal["mrkdwn"]
    text: Annotated[str, Field(min_length=1)]
    verbatim: bool = False


Words = OneOf[Plain | Mrkdwn]
Text24 = Annotated[Plain, short(24)]
Text75 = Annotated[Plain, short(75)]


# Elements.


class Confirm(Part):
    title: Annotated[Plain, short(100)]
    text: Annotated[Words, short(300)]
    confirm: Annotated[Plain, short(30)]
    deny: Annotated[Plain, short(30)]
    style: Style | None = None


class Element(Part):
    action_id: Name | None = None


class Button(Element):
    type: Literal["button"]
    text: Text75
    url: Long | None = None
    value: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    style: Style | None = None
    confirm: Confirm | None = None


class Option(Part):
    text: Text75
    value: Annotated[str, Field(min_length=1, max_length=150)]


class Overflow(Element):
    type: Literal["overflow"]
    options: Annotated[list[Option], Field(min_length=1, max_length=5)]


class Entry(Element):
    placeholder: Annotated[Plain, short(150)] | None = None


class OptionGroup(Part):
    label: Text75
    options: UpTo100[Option]


class Select(Entry):
    type: Literal["static_select"]
    options: UpTo100[Option] | None = None
    option_groups: UpTo100[OptionGroup] | None = None
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _offers_what_it_begins_with(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise ValueError("needs either options or option_groups")
        groups = [each.options for each in self.option_groups or ()]
        offered = [option for options in (self.options or (), *groups) for option in options]
        if self.initial_option is not None and self.initial_option not in offered:
            raise ValueError("the initial option is not among the options")
        return self


class Checkboxes(Element):
    type: Literal["checkboxes"]
    options: UpTo10[Option]
    initial_options: UpTo10[Option] | None = None

    @model_validator(mode="after")
    def _offers_what_it_begins_with(self) -> Self:
        if any(each not in self.options for each in self.initial_options or ()):
            raise ValueError("an initial option is not among the options")
        return self


class TextInput(Entry):
    type: Literal["plain_text_input"]
    initial_value: Typed = ""
    multiline: bool = False
    max_length: Annotated[int, Field(ge=1, le=3000)] = 3000


class DatePicker(Entry):
    type: Literal["datepicker"]
    initial_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


class TimePicker(Entry):
    type: Literal["timepicker"]
    initial_time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")] | None = None


class Conversation(Entry):
    type: Literal["conversations_select"]
    initial_conversation: Name | None = None
    filter: dict[str, Any] | None = None


InSection = OneOf[Button | Overflow | Select]
InInput = OneOf[Select | Checkboxes | TextInput | DatePicker | TimePicker | Conversation]


# Cells of tables.


class RawText(Part):
    type: Literal["raw_text"]
    text: Cell


class RawNumber(Part):
    type: Literal["raw_number"]
    value: Annotated[float, Field(allow_inf_nan=False)]
    text: Annotated[str, Field(min_length=1, max_length=100)]


class Marks(Part):
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


class RichRun(Part):
    type: Literal["text"]
    text: Cell
    style: Marks | None = None


class RichLink(Part):
    type: Literal["link"]
    url: Long
    text: Long
    style: Marks | None = None


class RichLine(Part):
    type: Literal["rich_text_section"]
    elements: list[OneOf[RichRun | RichLink]]


class RichText(Part):
    type: Literal["rich_text"]
    elements: UpTo10[RichLine]


class ActionCell(Part):
    type: Literal["action_cell"]
    element: Button
    fallback: RawText


# Blocks.


class Block(Part):
    block_id: Name | None = None


class Section(Block):
    type: Literal["section"]
    text: Annotated[Words, short(3000)] | None = None
    fields: UpTo10[Annotated[Words, short(2000)]] | None = None
    accessory: InSection | None = None
    expand: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.fields is None:
            raise ValueError("needs text or fields")
        return self


class Header(Block):
    type: Literal["header"]
    text: Annotated[Plain, short(150)]


class Context(Block):
    type: Literal["context"]
    elements: UpTo10[Annotated[Words, short(3000)]]


class Actions(Block):
    type: Literal["actions"]
    elements: Annotated[list[InSection], Field(min_length=1, max_length=25)]


class Divider(Block):
    type: Literal["divider"]


class Input(Block):
    type: Literal["input"]
    label: Annotated[Plain, short(2000)]
    element: InInput
    optional: bool = False
    dispatch_action: bool = False


class DataTable(Block):
    type: Literal["data_table"]
    caption: Annotated[str, Field(min_length=1, max_length=3000)]
    rows: Annotated[
        list[UpTo20[OneOf[RawText | RawNumber | RichText | ActionCell]]],
        Field(min_length=2, max_length=101),
    ]
    page_size: Annotated[int, Field(ge=1, le=100)] = 5
    row_header_column_index: Annotated[int, Field(ge=0, le=19)] = 0

    @model_validator(mode="after")
    def _has_a_header_as_wide_as_its_rows(self) -> Self:
        header = self.rows[0]
        if any(cell.type != "raw_text" for cell in header):
            raise ValueError("a header cell must be raw_text")
        if any(len(row) != len(header) for row in self.rows):
            raise ValueError("a row has more or fewer cells than the header")
        if self.row_header_column_index >= len(header):
            raise ValueError(f"there is no column {self.row_header_column_index}")
        return self


class Point(Part):
    label: Label
    value: Annotated[float, Field(allow_inf_nan=False)]


class Series(Part):
    name: Label
    data: UpTo20[Point]


class Axes(Part):
    categories: UpTo20[Label]
    x_label: Title | None = None
    y_label: Title | None = None


class Chart(Part):
    type: Literal["bar", "line", "area"]
    series: Annotated[list[Series], Field(min_length=1, max_length=6)]
    axis_config: Axes

    @model_validator(mode="after")
    def _has_one_point_for_each_category(self) -> Self:
        names, categories = [each.name for each in self.series], self.axis_config.categories
        if len(set(names)) != len(names):
            raise ValueError("two series have the same name")
        if len(set(categories)) != len(categories):
            raise ValueError("a category is there twice")
        for each in self.series:
            if sorted(point.label for point in each.data) != sorted(categories):
                raise ValueError(f"{each.name} needs one point for each category")
        return self


class Visualization(Block):
    type: Literal["data_visualization"]
    title: Title
    chart: Chart


# What blocks stand in.

Anywhere = Section | Header | Context | Actions | Divider


class Message(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    blocks: Annotated[list[OneOf[Anywhere | DataTable | Visualization]], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _has_known_fields(self) -> Self:
        if unknown := (self.model_extra or {}).keys() - _OF_A_MESSAGE:
            raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
        return self


# What else a call may say about a message.
_OF_A_MESSAGE = frozenset(
    {
        "channel",
        "delete_original",
        "link_names",
        "metadata",
        "mrkdwn",
        "parse",
        "replace_original",
        "reply_broadcast",
        "response_type",
        "thread_ts",
        "ts",
        "unfurl_links",
        "unfurl_media",
        "user",
    }
)


class Home(Part):
    type: Literal["home"]
    blocks: Annotated[list[OneOf[Anywhere]], Field(max_length=100)]
    callback_id: Name | None = None
    private_metadata: Typed = ""


class Modal(Part):
    type: Literal["modal"]
    title: Text24
    submit: Text24 | None = None
    close: Text24 | None = None
    blocks: Annotated[list[OneOf[Anywhere | Input]], Field(max_length=100)]
    callback_id: Name | None = None
    private_metadata: Typed = ""

    @model_validator(mode="after")
    def _can_be_submitted(self) -> Self:
        if self.submit is None and any(isinstance(each, Input) for each in self.blocks):
            raise ValueError("submit is required beside an input block")
        return self


_SURFACES: dict[object, type[BaseModel]] = {"modal": Modal, "home": Home}


def problems(message_or_view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in a message or a view, each with its place; empty if nothing."""
    surface = _SURFACES.get(message_or_view.get("type"), Message)
    try:
        surface.model_validate(dict(message_or_view))
    except ValidationError as error:
        return [f"/{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return list(_together(message_or_view.get("blocks") or []))


def _together(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What counts over the whole message: charts, ids, characters."""
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > _MOST_CHARTS:
        yield f"/blocks: may have {_MOST_CHARTS} data_visualization, has {charts}"
    ids = Counter(f"block_id {each['block_id']!r}" for each in blocks if "block_id" in each)
    elements = [element for block in blocks for element in elements_of(block)]
    ids += Counter(f"action_id {each['action_id']!r}" for each in elements if "action_id" in each)
    for name, times in ids.items():
        if times > 1:
            yield f"/blocks: {name} is there {times} times"
    cells = sum(_characters(each.get("rows"), {"text"}) for each in blocks)
    if cells > CELLS_LENGTH:
        yield f"/blocks: cells may have {CELLS_LENGTH} characters, have {cells}"
    total = _characters(blocks, _ALL_TEXT)
    if total > ALL_TEXT_LENGTH:
        yield f"/blocks: may have {ALL_TEXT_LENGTH} characters of text, has {total}"


def _characters(value: object, names: Set[str]) -> int:
    """How long all strings are that stand under one of `names`, however deep."""
    if isinstance(value, list):
        return sum(_characters(each, names) for each in value)
    if not isinstance(value, dict):
        return 0
    return sum(
        len(each) * (name in names) if isinstance(each, str) else _characters(each, names)
        for name, each in value.items()
    )


def elements_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The interactive elements of a block, those in the cells of a table too."""
    yield from (block[name] for name in ("accessory", "element") if name in block)
    if block["type"] == "actions":
        yield from block["elements"]
    yield from (cell["element"] for cell in cells_of(block) if cell["type"] == "action_cell")


def cells_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a table."""
    for row in block.get("rows", ()):
        yield from row
