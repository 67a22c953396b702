"""From a draft to the request that is saved, and back to what was wanted. Pure."""

from datetime import datetime

from bot.restores.models import RestoreDraft, RestoreRequest, Wish
from bot.restores.requirements import given


def asked(draft: RestoreDraft, now: datetime) -> RestoreRequest:
    """The request a draft asks for; its task's name carries the mark no other has."""
    request = RestoreRequest(
        nonce=draft.nonce,
        spec=draft.spec,
        plan_name=draft.plan.name,
        engine=draft.plan.engine,
        source=draft.plan.source,
        start=draft.start,
        has_password=draft.password is not None,
        credential=draft.credential,
        channel_id=draft.channel_id,
        user_id=draft.user_id,
        language=draft.language,
        size=draft.size,
        created_at=now,
        due_at=now,
    )
    task_name = f"{draft.spec.task_name.strip()} {request.mark}"
    return request.evolve(spec=draft.spec.evolve(task_name=task_name))


def same(saved: RestoreRequest, wanted: RestoreRequest) -> bool:
    """Whether both ask for the same. "Latest" may have become a time since."""
    point = saved.spec.point if wanted.spec.point.latest else wanted.spec.point
    return (
        saved.spec == wanted.spec.evolve(point=point)
        and saved.start == wanted.start
        and saved.credential == wanted.credential
    )


def wish_of(request: RestoreRequest) -> Wish:
    """An earlier request as a wish: all but the password and the mark in the task's name.

    A stored credential brings its account with it. "Latest" that has become a time stays that time.
    """
    spec = request.spec
    target = spec.destination
    values = {field.value: value for field, value in given(spec).items()}
    return Wish.model_validate(
        values
        | {
            "account": spec.account,
            "latest": spec.point.latest,
            "port": None if target.port is None else str(target.port),
            "user_name": None if request.credential else target.user_name,
            "credential": request.credential,
            "task_name": spec.task_name.removesuffix(f" {request.mark}"),
            "start": request.start,
        }
    )
