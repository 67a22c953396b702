"""From a filled form to a draft. Pure."""

from pydantic import SecretStr

from bot.restores.models import ENGLISH, BackupPlan, DuplicateConflict, RestoreDraft, RestoreSpec
from bot.slack.forms.accounts import credential
from bot.slack.forms.state import FormState
from bot.slack.forms.where import target


def draft_of(
    state: FormState,
    plan: BackupPlan,
    user_id: str,
    *,
    password: SecretStr | None = None,
    size: int | None = None,
    language: str = ENGLISH,
) -> RestoreDraft:
    """What the form asks for as it stands. `plan` may know its databases, which a form does not carry.

    `size` is that of the backup in bytes, `language` the person's.
    """
    wish = state.wish
    destination, _ = target(state)
    spec = RestoreSpec(
        backup_plan_id=plan.backup_plan_id,
        region=plan.region,
        account=plan.account,
        task_name=wish.task_name or "",
        point=state.point,
        destination=destination,
        objects=wish.objects or (),
        duplicate_conflict=wish.duplicate_conflict or DuplicateConflict.FAIL,
        cross_aliyun_id=wish.cross_aliyun_id,
        cross_role_name=wish.cross_role_name,
    )
    return RestoreDraft(
        nonce=state.nonce,
        plan=plan,
        windows=state.windows,
        more_windows=state.more_windows,
        spec=spec,
        start=wish.start is not False,
        password=password,
        credential=credential(state),
        channel_id=state.channel_id or "",
        user_id=user_id,
        language=language,
        size=size,
    )
