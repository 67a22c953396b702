"""From what was typed to a target."""

import pytest

from bot.restores.destinations import destination_of
from bot.restores.models import Destination, Engine, Location, Wish

EVERYTHING = Wish(
    region=" cn-hangzhou ",
    instance_id="rm-1",
    ip="10.0.0.5",
    port=" 3306 ",
    database_name="admin",
    oracle_sid="ORCL",
    user_name="root",
    backup_gateway_id="233",
    restore_dir="/data",
    restore_home=" ",
)


def test_a_target_has_what_its_location_and_engine_ask_for_and_nothing_else() -> None:
    assert destination_of(EVERYTHING, Location.RDS, Engine.MYSQL) == (
        Destination(location=Location.RDS, region="cn-hangzhou", instance_id="rm-1", user_name="root"),
        {},
    )
    assert destination_of(EVERYTHING, Location.AGENT, Engine.MYSQL)[0] == Destination(
        location=Location.AGENT,
        region="cn-hangzhou",
        ip="10.0.0.5",
        port=3306,
        user_name="root",
        backup_gateway_id="233",
        restore_dir="/data",
    )
    assert destination_of(EVERYTHING, Location.DG, Engine.ORACLE)[0] == Destination(
        location=Location.DG, oracle_sid="ORCL", user_name="root"
    )


def test_what_was_not_typed_stays_away() -> None:
    assert destination_of(Wish(), Location.EXPRESS, Engine.MONGODB) == (
        Destination(location=Location.EXPRESS),
        {},
    )


@pytest.mark.parametrize("text", ["seven", "3306a", "-1", "33.06", "9" * 5000, "³"])
def test_a_port_that_is_no_number_is_explained(text: str) -> None:
    target, unread = destination_of(EVERYTHING.evolve(port=text), Location.OTHER, Engine.MYSQL)
    assert target.port is None
    assert unread == {"port": "A port is a number from 1 to 65535."}


def test_a_port_that_is_not_asked_for_is_not_read() -> None:
    assert destination_of(EVERYTHING.evolve(port="seven"), Location.RDS, Engine.MYSQL)[1] == {}
