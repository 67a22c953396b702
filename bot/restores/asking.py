"""From a draft to the request that is saved. Pure."""

from datetime import datetime

from bot.restores.models import RestoreDraft, RestoreRequest


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
        channel_id=draft.channel_id,
        user_id=draft.user_id,
        created_at=now,
        due_at=now,
    )
    task_name = f"{draft.spec.task_name.strip()} {request.mark}"
    return request.evolve(spec=draft.spec.evolve(task_name=task_name))


def same(saved: RestoreRequest, wanted: RestoreRequest) -> bool:
    """Whether both ask for the same. "Latest" may have become a time since."""
    point = saved.spec.point if wanted.spec.point.latest else wanted.spec.point
    return saved.spec == wanted.spec.evolve(point=point) and saved.start == wanted.start
