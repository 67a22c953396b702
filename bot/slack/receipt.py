"""The receipt of a restore: what was asked, by whom, what happened when, and how it ended. Pure.

As a message, and as JSON with keys that stay. It holds no password, because a request holds none.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.dbs.parameters import plain, restore_task
from bot.restores.models import Following, RestoreObject, RestorePoint, RestoreRequest, Told
from bot.restores.names import cut, one_line
from bot.restores.objects import objects_to_json
from bot.restores.possible import given_up
from bot.restores.requirements import ROWS, Field
from bot.restores.timeline import stage_seconds
from bot.slack.buttons import RECEIPT_JSON, restore_button
from bot.slack.card_facts import card_title
from bot.slack.card_status import status
from bot.slack.events import headline
from bot.slack.forms.elements import buttons
from bot.slack.message import Block, Message, context, header, section
from bot.slack.mrkdwn import SECTION_LIMIT, TEXT_LIMIT, begun, code, escape, time, user, verbatim, word
from bot.slack.phases import phase
from bot.slack.sentences import stages_in_words

#: What Slack takes as one text, less what sets it apart.
JSON_LIMIT = 39_900
_LONGEST_VALUE = 300
_EVENTS_SHOWN = 30
_PARAMETERS_LIMIT = 2800
#: How many objects, events and items of each a receipt holds, how long its texts are: the first that fits.
_SIZES = ((500, 300, 20, 500), (200, 100, 10, 300), (50, 60, 5, 200), (10, 40, 2, 100), (0, 10, 0, 40))
_OBJECTS = ROWS[Field.OBJECTS].parameter
_TIME = ROWS[Field.TIME].parameter


def receipt_message(following: Following, told: Sequence[Told]) -> Message:
    """The receipt for people, with a button for the other."""
    title = f"Receipt: {one_line(card_title(following))}"
    sent = "\n".join(f"{name} = {cut(value, _LONGEST_VALUE)}" for name, value in _sent(following).items())
    parts = [
        begun(status(following), SECTION_LIMIT),
        _people_in_words(following, told),
        _stages_in_words(following),
        f"*Sent to DBS* as CreateRestoreTask\n{verbatim(sent, _PARAMETERS_LIMIT)}" if sent else "",
        _events_in_words(following, told),
    ]
    shown = [begun(part, SECTION_LIMIT) for part in parts if part]
    task_id = following.link.restore_task_id
    foot = " · ".join(filter(None, (f"Task {code(task_id)}" if task_id else "", "no password is part of it")))
    blocks: list[Block] = [header(title), *map(section, shown)]
    blocks += [
        buttons(restore_button(RECEIPT_JSON, "Receipt as JSON", following.link.link_id)),
        context(foot),
    ]
    return Message(text=begun("\n".join([word(title), *shown, foot]), TEXT_LIMIT), blocks=tuple(blocks))


def receipt_json(following: Following, told: Sequence[Told]) -> str:
    """The receipt for programs: times in UTC, and less than Slack's 40,000 characters, whatever it takes."""
    text = ""
    for objects, events, items, longest in _SIZES:
        made = _receipt(following, told, objects, events, items)
        text = json.dumps(_shortened(made, longest), ensure_ascii=False, indent=2)
        if len(escape(text)) < JSON_LIMIT:
            break
    return text


def receipt_json_message(following: Following, told: Sequence[Told]) -> Message:
    return Message(text=verbatim(receipt_json(following, told), JSON_LIMIT))


def _receipt(
    following: Following, told: Sequence[Told], objects: int, events: int, items: int
) -> dict[str, Any]:
    request, task = following.request, following.task
    return {
        "receipt": 1,
        "outcome": phase(following).name.lower(),
        "given_up": given_up(following),
        "task": {
            "id": following.link.restore_task_id,
            "name": task.name if task and task.name else request and request.spec.task_name,
            "status": task.status if task else None,
            "created_at": _iso(task.created_at if task else None),
            "finished_at": _iso(task.finished_at if task else None),
            "seconds": task.took.total_seconds() if task and task.took is not None else None,
            "error": task.error_message if task else None,
            "explanations": {
                language: {"code": error.code, "message": error.message}
                for language, error in sorted(task.job_errors.items() if task else ())
            },
        },
        "request": _asked(request),
        "parameters": _without_objects(_sent(following)),
        "objects": _objects(request.spec.objects if request else (), objects),
        "people": _people(following, told),
        "stages": _stages(following),
        "events": [_event(each, items) for each in told[-events:]],
        "events_left_out": max(0, len(told) - events),
    }


def _asked(request: RestoreRequest | None) -> dict[str, Any] | None:
    if request is None:
        return None
    return {
        "nonce": request.nonce,
        "requested_at": _iso(request.created_at),
        "channel": request.channel_id,
        "account": request.spec.account,
        "plan": {"id": request.spec.backup_plan_id, "name": request.plan_name, "engine": request.engine},
        "source": request.source,
        "start": request.start,
        "credential": request.credential,
        "state": request.state.value,
        "error": request.error,
    }


def _sent(following: Following) -> dict[str, str]:
    """The parameters as DBS gets them, save the password; empty if nobody asked for it here."""
    request = following.request
    if request is None:
        return {}
    spec = request.spec
    unresolved = spec.point.latest
    if unresolved:
        spec = spec.evolve(point=RestorePoint(time=request.created_at))
    sent = plain(restore_task(spec, password=None, client_token=request.client_token))
    if unresolved:
        sent[_TIME] = "the latest restorable time"
    return sent | {"RegionId": spec.region}


def _without_objects(sent: dict[str, str]) -> dict[str, str]:
    """The list of objects may be very long, and stands beside."""
    return {name: value for name, value in sent.items() if name != _OBJECTS}


def _objects(objects: tuple[RestoreObject, ...], most: int) -> dict[str, Any]:
    shown = json.loads(objects_to_json(objects[:most]))
    return {"count": len(objects), "all": not objects, "shown": shown, "left_out": len(objects) - len(shown)}


def _people(following: Following, told: Sequence[Told]) -> dict[str, Any]:
    request, link = following.request, following.link
    return {
        "asked_by": request.user_id if request else None,
        "watched_by": link.user_id if link.nonce is None else None,
        "given_up_by": following.given_up_by,
        "others": sorted({each.event.user_id for each in told if each.event.user_id}),
    }


def _stages(following: Following) -> list[dict[str, Any]]:
    task = following.task
    if task is None:
        return []
    seconds = stage_seconds(task)
    return [
        {
            "stage": stage.value,
            "percent": percent,
            "seconds": round(seconds[stage], 1) if stage in seconds else None,
        }
        for stage, percent in task.stages.items()
    ]


def _event(told: Told, most: int) -> dict[str, Any]:
    event = told.event
    items = [
        {"item": each.item or each.name, "state": each.state, "message": each.message}
        for each in event.items[:most]
    ]
    made = {
        "at": _iso(told.at),
        "kind": event.kind.value,
        "stage": event.stage and event.stage.value,
        "percent": event.percent,
        "seconds": event.seconds,
        "text": event.text,
        "user": event.user_id,
        "items": items or None,
    }
    return {name: value for name, value in made.items() if value is not None}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _shortened(value: Any, longest: int) -> Any:
    """The same with every text cut."""
    if isinstance(value, dict):
        return {cut(name, longest): _shortened(each, longest) for name, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each, longest) for each in value]
    return cut(value, longest) if isinstance(value, str) else value


def _people_in_words(following: Following, told: Sequence[Told]) -> str:
    people = _people(following, told)
    named = [
        ("asked for it", people["asked_by"]),
        ("watches it here", people["watched_by"]),
        ("gave it up", people["given_up_by"]),
    ]
    lines = [f"{user(user_id)} {did}" for did, user_id in named if user_id]
    return "*People*\n" + ", ".join(lines) if lines else ""


def _stages_in_words(following: Following) -> str:
    stages = stages_in_words(following.task) if following.task else ""
    return f"*How long*\n{stages}" if stages else ""


def _events_in_words(following: Following, told: Sequence[Told]) -> str:
    """The latest events; those that do not fit are counted."""
    lines = [begun(f"{time(each.at)} {headline(each.event, following)}", _LONGEST_VALUE) for each in told]
    shown = lines[-_EVENTS_SHOWN:]
    while sum(map(len, shown)) + len(shown) > SECTION_LIMIT - 100:
        shown = shown[1:]
    left_out = [f"… {len(lines) - len(shown)} earlier"] if len(lines) > len(shown) else []
    return "\n".join(["*What happened*", *left_out, *shown]) if lines else ""
