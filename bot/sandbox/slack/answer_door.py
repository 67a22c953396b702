"""The door for what the app posts to a response_url."""

from aiohttp import web

from bot.sandbox.guard import comes_from_other_site
from bot.sandbox.slack.arguments import read_arguments
from bot.sandbox.slack.responding import respond
from bot.sandbox.slack.state import State
from bot.sandbox.slack.wire import SlackError


class AnswerDoor:
    def __init__(self, state: State) -> None:
        self._state = state

    async def handle(self, request: web.Request) -> web.Response:
        """404 where the response_url does not work (any more), 400 where the answer cannot be shown."""
        if comes_from_other_site(request):
            raise web.HTTPForbidden(text="Web pages have no business here.")
        try:
            body = await read_arguments(request)
        except SlackError as error:
            return web.json_response(error.to_json(), status=400)
        try:
            url = self._state.response_urls.use(request.match_info["key"])
        except SlackError as error:
            return web.json_response(error.to_json(), status=404)
        try:
            respond(self._state, url, body)
        except SlackError as error:
            return web.json_response(error.to_json(), status=400)
        return web.json_response({"ok": True})
