"""The part of the form that asks where to restore to, and as whom: an instance in RDS."""

from pydantic import SecretStr

from bot.restores.models import BackupPlan, Destination, Location
from bot.restores.requirements import Field, Need, need
from bot.slack.forms.elements import Values, input_block, of_plan, option, text_input, typeahead
from bot.slack.message import Block

_VISIBLE = "Slack has no password field: this is visible as you type and passes through Slack."


class TargetPart:
    """Its blocks are named for the `Field`s they ask for; only what the plan's engine needs is shown."""

    LOCATION = Location.RDS

    @classmethod
    def build(cls, plan: BackupPlan) -> list[Block]:
        home = plan.source_region or plan.region
        region = typeahead(Field.REGION, "Choose a region") | {"initial_option": option(home, home)}
        instance = text_input(Field.INSTANCE_ID, placeholder="rm-…")
        source = f"The plan's own source is {plan.source}: naming it restores over it."
        inputs: dict[Field, tuple[str, Block, str | None]] = {
            Field.REGION: ("Target region", region, None),
            Field.INSTANCE_ID: ("Target instance", instance, source if plan.source else None),
            Field.DATABASE_NAME: ("Database to connect to", text_input(Field.DATABASE_NAME), None),
            Field.ORACLE_SID: ("Oracle SID", text_input(Field.ORACLE_SID), None),
            Field.USER_NAME: ("Account", text_input(Field.USER_NAME), None),
            Field.PASSWORD: ("Password", text_input(Field.PASSWORD), _VISIBLE),
        }
        needs = {field: need(field, cls.LOCATION, plan.engine) for field in inputs}
        return [
            input_block(
                of_plan(field, plan) if field is Field.REGION else field,
                label,
                element,
                hint=hint,
                optional=needs[field] is Need.OPTIONAL,
            )
            for field, (label, element, hint) in inputs.items()
            if needs[field] is not Need.HIDDEN
        ]

    @classmethod
    def parse(cls, plan: BackupPlan, values: Values) -> tuple[Destination, SecretStr | None]:
        """The destination and the password, to the letter."""
        destination = Destination(
            location=cls.LOCATION,
            region=values.selected(of_plan(Field.REGION, plan)),
            instance_id=values.text(Field.INSTANCE_ID),
            database_name=values.text(Field.DATABASE_NAME),
            oracle_sid=values.text(Field.ORACLE_SID),
            user_name=values.text(Field.USER_NAME),
        )
        password = values.typed(Field.PASSWORD)
        return destination, SecretStr(password) if password else None
