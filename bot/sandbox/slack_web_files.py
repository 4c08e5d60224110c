"""Web API: files.*. A file is named, uploaded to an address of its own, and then shared, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack_records import ApiError, File, Json
from bot.sandbox.slack_web_people import visible_channel
from bot.sandbox.slack_workspace import Workspace


def get_upload_url(slack: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal"""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) < 1:
        raise ApiError("invalid_arguments")
    file = File(f"F{len(slack.files) + 1:08}", name, int(length), uuid.uuid4().hex)
    slack.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{slack.base_url}/upload/v1/{file.secret}"}


def complete_upload(slack: Workspace, args: Json) -> Json:
    """files.completeUploadExternal of one file into one conversation."""
    given = args.get("files")
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], dict):
        raise ApiError("invalid_arguments")
    file = slack.files.get(str(given[0].get("id")))
    if file is None or file.content is None or file.shared:
        raise ApiError("file_not_found")
    channel = visible_channel(slack, {"channel": args.get("channel_id")})
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    file.shared = True
    described = {"id": file.id, "name": file.name, "title": given[0].get("title") or file.name}
    content = {"text": args.get("initial_comment") or "", "files": [described]}
    slack.post(channel.id, content, via="files.completeUploadExternal")
    return {"files": [described]}


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes the content of a file that was named before."""

    slack: Workspace

    async def handle(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        file = next((each for each in self.slack.files.values() if each.secret == secret), None)
        content = await request.read()
        if file is None or len(content) != file.length:
            return web.Response(status=400, text="no such file, or another length")
        file.content = content
        return web.Response(text=f"OK - {file.length}")
