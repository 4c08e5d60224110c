"""How dates are written, and by what names people call the ways."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.language import dates
from bot.language.dates import HOUSE, NAMES, Dates, Form, of_locale, written_for

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)
NEXT_YEAR = date(2027, 1, 3)
AT = datetime(2026, 3, 9, 16, 5)  # noqa: DTZ001 - local by now
SHORT, FULL = Form(), Form(full=True)
NAMED = Form(weekday=True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            Dates.UK,
            ("Mon 9 Mar", "9 March", "9 – 15 March", "Mon 9 Mar 2026 – Sun 3 Jan 2027", "16:05"),
            id="English (UK)",
        ),
        pytest.param(
            Dates.US,
            (
                "Mon, Mar 9",
                "March 9",
                "March 9 – 15",
                "Mon, Mar 9, 2026 – Sun, Jan 3, 2027",
                "4:05 PM",
            ),
            id="English (US)",
        ),
        pytest.param(
            Dates.GERMAN,
            (
                "Mo., 9. März",
                "9. März",
                "9.–15. März",
                "Mo., 9. März 2026 – So., 3. Jan. 2027",
                "16:05",
            ),
            id="Deutsch",
        ),
        pytest.param(
            Dates.FRENCH,
            (
                "lun. 9 mars",
                "9 mars",
                "9 – 15 mars",
                "lun. 9 mars 2026 – dim. 3 janv. 2027",
                "16:05",
            ),
            id="Français",
        ),
        pytest.param(
            Dates.SPANISH,
            (
                "lun, 9 mar",
                "9 de marzo",
                "9–15 de marzo",
                "lun, 9 mar 2026 – dom, 3 ene 2027",
                "16:05",
            ),
            id="Español",
        ),
    ],
)
def test_a_way_of_writing(written: Dates, expected: tuple[str, ...]) -> None:
    with written_for(written):
        assert (
            dates.day(MONDAY, NAMED),
            dates.day(MONDAY, FULL),
            dates.days(MONDAY, SUNDAY, FULL),
            dates.days(MONDAY, NEXT_YEAR, NAMED),
            dates.hour(AT),
        ) == expected
    assert dates.day(MONDAY, NAMED) == "Mon 9 Mar"


@pytest.mark.parametrize("written", Dates)
def test_every_form_names_its_day_in_every_way(written: Dates) -> None:
    flags = (False, True)
    forms = [Form(full, weekday, year) for full in flags for weekday in flags for year in flags]
    with written_for(written):
        for form in forms:
            day = dates.day(AT, form)
            assert "9" in day
            assert ("2026" in day) == form.year
            assert dates.days(MONDAY, MONDAY, form) == day
            across = dates.days(MONDAY, NEXT_YEAR, form)
            assert "2026" in across
            assert "2027" in across
        assert "2026" in dates.month(MONDAY, year=True)
        assert dates.month(MONDAY, year=False) in dates.month(MONDAY, year=True).replace(
            "März", "Mär"
        )
        assert dates.weekday(MONDAY) != dates.weekday(SUNDAY)
        assert "05" in dates.spoken_hour(AT)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(pytest.param(name, written, id=name) for written, name in NAMES.items()),
        *(pytest.param(each.value, each, id=each.value) for each in Dates),
        pytest.param("us", Dates.US, id="us"),
        pytest.param("  ENGLISH us", Dates.US, id="without brackets"),
        pytest.param("francais", Dates.FRENCH, id="without accents"),
        pytest.param("german", Dates.GERMAN, id="in English"),
        pytest.param("english", None, id="of two, neither"),
        pytest.param("klingon", None, id="none of ours"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_people_call_them(said: str, meant: Dates | None) -> None:
    assert dates.named(said) is meant


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        pytest.param("en-US", Dates.US, id="en-US"),
        pytest.param("en-GB", Dates.UK, id="en-GB"),
        pytest.param("en-AU", Dates.UK, id="another English"),
        pytest.param("de-DE", Dates.GERMAN, id="de-DE"),
        pytest.param("es-LA", Dates.SPANISH, id="es-LA"),
        pytest.param("pt-BR", Dates.PORTUGUESE, id="pt-BR"),
        pytest.param("ja-JP", HOUSE, id="one we have not"),
        pytest.param("", HOUSE, id="none"),
    ],
)
def test_what_a_locale_of_slack_means(locale: str, expected: Dates) -> None:
    assert of_locale(locale) is expected
