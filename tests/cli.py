"""A terminal in which `python -m bot` is typed."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bot import maintenance, terminal
from bot.app import open_app
from bot.errors import UserError
from bot.language.locale import write_for
from bot.settings import ExecSettings
from tests.processes import Ended, bot_command
from tests.workspace import Workspace


class Cli:
    """A terminal with nothing set but what Exec needs."""

    def __init__(self, place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        self.workspace = place
        self._capsys = capsys
        self.variables = {
            name: place.variables[name]
            for name in ("EXEC_API_KEY", "EXEC_API_URL", "DATABASE_URL", "EXECBOT_LOCALE")
        }

    async def run(self, *arguments: str, **variables: str) -> Ended:
        """A process of its own."""
        given = {**self.variables, **variables}
        return await bot_command(*arguments, variables=given, folder=self.workspace.folder)

    async def ask(
        self,
        who: str,
        text: str,
        *,
        as_json: bool = False,
        zone: str = "UTC",
        **variables: str,
    ) -> str:
        """The same in this process: what it prints. Raises what `terminal.ask` does."""
        settings = ExecSettings(**{**self.variables, **variables})
        self._capsys.readouterr()
        write_for(settings.execbot_locale)
        async with open_app(settings) as app:
            await terminal.ask(app, who, text, zone=ZoneInfo(zone), as_json=as_json)
        return self._capsys.readouterr().out

    async def forget(
        self, email: str, agreed: Callable[[str], bool] = lambda _question: True
    ) -> str:
        """`forget` in this process, which asks whether that is `agreed`; what it says."""
        async with open_app(ExecSettings(**self.variables)) as app:
            return await maintenance.forget(app, email, agreed=agreed)

    async def refused(self, who: str, text: str, *, as_json: bool = False) -> list[str]:
        """The lines that are printed about a question that gets no answer."""
        with pytest.raises(UserError) as caught:
            await self.ask(who, text, as_json=as_json)
        settings = ExecSettings(**self.variables)
        return terminal.trouble(caught.value, settings, ZoneInfo("UTC")).splitlines()

    def asked(self) -> list[dict[str, str]]:
        """The parameters of each request for sessions."""
        return [r.params for r in self.workspace.exec.requests if r.path == "/sessions"]
