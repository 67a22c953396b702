"""Whether two databases stand in the same place, however each is spelled. Pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from bot.restores.models import BackupPlan, Destination

_PORT = re.compile(r"\[?(?P<host>.*?)\]?:(?P<port>[0-9]{1,5})")
#: Host names of instances begin with the instance's id.
_CLOUD = ".aliyuncs.com"


@dataclass(frozen=True)
class Place:
    """An instance, and the hosts and ports it is reached at, as far as they are known."""

    instance: str | None
    addresses: frozenset[tuple[str, str | None]]

    def same(self, other: "Place") -> bool:
        """One instance, or one address: a port that is not known is any port."""
        return (
            (self.instance is not None and self.instance == other.instance)
            or _is_called(self.instance, other)
            or _is_called(other.instance, self)
            or any(
                host == there and (port == at or port is None or at is None)
                for host, port in self.addresses
                for there, at in other.addresses
            )
        )


def place_of(destination: Destination) -> Place:
    port = None if destination.port is None else str(destination.port)
    hosts = [_host(destination.ip)] if destination.ip else []
    return Place(_id(destination.instance_id), frozenset((host, port) for host in hosts))


def source_of(plan: BackupPlan) -> Place:
    """Where the plan's own database is: DBS names it by instance, by `host:port`, or by several of these."""
    texts = re.split(r"[,;\s]+", plan.source_ip_port or "")
    return Place(_id(plan.source_instance_id), frozenset(_address(text) for text in texts if text))


def instance_place(instance_id: str | None) -> Place:
    return Place(_id(instance_id), frozenset())


def _is_called(instance: str | None, place: Place) -> bool:
    """Whether a host name of the place is that of this instance in the cloud."""
    hosts = [host for host, _ in place.addresses]
    return instance is not None and any(host.startswith(instance) and host.endswith(_CLOUD) for host in hosts)


def _id(text: str | None) -> str | None:
    return (text or "").strip().casefold() or None


def _address(text: str) -> tuple[str, str | None]:
    try:
        return str(ip_address(text)), None
    except ValueError:
        found = _PORT.fullmatch(text)
        return (_host(found["host"]), str(int(found["port"]))) if found else (_host(text), None)


def _host(text: str) -> str:
    """Host names in lower case without the root's dot, IP addresses in their one short form."""
    name = text.strip().strip("[]").casefold().removesuffix(".")
    try:
        address = ip_address(name)
    except ValueError:
        return name
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
