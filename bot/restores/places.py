"""Whether two databases stand in the same place, however each is spelled. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from bot.restores.models import BackupPlan, Destination, Location

#: What may stand around an address: a scheme before it, a path behind it.
_AROUND = re.compile(r"^[a-z][a-z0-9+.-]*://|/.*$", re.IGNORECASE)
_PORT = re.compile(r"\[?(?P<host>.*?)\]?:(?P<port>[0-9]{1,5})")
#: Host names of instances are the instance's id, alone or with the mark of one of its addresses.
_CLOUD = re.compile(r"(-[a-z0-9-]+|[a-z]{1,3})?(\.[a-z0-9-]+)*\.aliyuncs\.com")
#: The machine itself, whichever machine that is.
_ITSELF = "localhost"

Address = tuple[str, str | None]


class Likeness(StrEnum):
    """How much two places are one."""

    SAME = "same"
    OTHER_ADDRESS = "other_address"  # one instance, at two ports or IP addresses
    POSSIBLE = "possible"  # nothing is known that would tell them apart


@dataclass(frozen=True)
class Place:
    """An instance, and the hosts and ports it is reached at, as far as they are known."""

    instance: str | None
    addresses: frozenset[Address]
    #: The backup gateway through which it is reached.
    gateway: str | None = None
    #: Behind a database gateway of DBS, which knows the address alone.
    hidden: bool = False

    def same(self, other: "Place") -> bool:
        return self.likeness(other) is Likeness.SAME

    def likeness(self, other: "Place") -> Likeness | None:
        """One instance, or one address: a port that is not known is any port. None: two places."""
        if self._is_reached_like(other) or _is_called(self, other) or _is_called(other, self):
            return Likeness.SAME
        if self.instance is not None and self.instance == other.instance:
            apart = _are_apart(self.ports, other.ports) or _are_apart(self.ips, other.ips)
            return Likeness.OTHER_ADDRESS if apart else Likeness.SAME
        return Likeness.POSSIBLE if self.hidden and other.hidden else None

    @property
    def ports(self) -> list[str | None]:
        """None for one that is not known."""
        return [port for _, port in self.addresses]

    @property
    def ips(self) -> list[str | None]:
        """None for a host name."""
        return [host if _is_ip(host) else None for host, _ in self.addresses]

    def _is_reached_like(self, other: "Place") -> bool:
        elsewhere = self.gateway and other.gateway and self.gateway != other.gateway
        return any(
            host == there and (port == at or port is None or at is None)
            for host, port in self.addresses
            for there, at in other.addresses
            if host and not (host == _ITSELF and elsewhere)
        )


def place_of(destination: Destination) -> Place:
    """Without a host the port alone is known, on the instance."""
    port = None if destination.port is None else str(destination.port)
    host = _host(destination.ip) if destination.ip else ""
    return Place(
        _id(destination.instance_id),
        frozenset([(host, port)] if host or port else []),
        destination.backup_gateway_id,
        hidden=destination.location is Location.DG,
    )


def source_of(plan: BackupPlan) -> Place:
    """Where the plan's own database is: DBS names it by instance, by `host:port`, or by several of these."""
    texts = re.split(r"[,;\s]+", plan.source_ip_port or "")
    return Place(
        _id(plan.source_instance_id),
        frozenset(address for text in texts if text for address in _addresses(text)),
        plan.backup_gateway_id,
        hidden=plan.source_location.strip().casefold() == Location.DG.value.casefold(),
    )


def instance_place(instance_id: str | None) -> Place:
    return Place(_id(instance_id), frozenset())


def _is_called(named: Place, place: Place) -> bool:
    """Whether a host name of a place is that of this instance in the cloud."""
    return named.instance is not None and any(
        host.startswith(named.instance) and _CLOUD.fullmatch(host.removeprefix(named.instance))
        for host, _ in place.addresses
    )


def _are_apart(some: list[str | None], others: list[str | None]) -> bool:
    """Whether all of them are known, and none is the same."""
    known = bool(some and others) and None not in (*some, *others)
    return known and not set(some) & set(others)


def _id(text: str | None) -> str | None:
    return (text or "").strip().casefold() or None


def _addresses(text: str) -> list[Address]:
    """What a text may mean: an IP address of version 6 may end in a port that no bracket sets apart."""
    bare = _AROUND.sub("", text)
    found = _PORT.fullmatch(bare)
    parted = (_host(found["host"]), str(int(found["port"]))) if found else None
    if not _is_ip(bare):
        return [parted or (_host(bare), None)]
    return [(_host(bare), None), *([parted] if found and parted and _is_ip(found["host"]) else [])]


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _host(text: str) -> str:
    """Host names in lower case and ASCII without the root's dot, IP addresses in their one short form."""
    name = text.strip().strip("[]").casefold().removesuffix(".")
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return _ITSELF if name in {_ITSELF, "localhost.localdomain"} else _ascii(name)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    address = mapped or address
    return _ITSELF if address.is_loopback else str(address)


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name
