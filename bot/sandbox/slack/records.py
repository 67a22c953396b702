"""The people and channels of a workspace, as values."""

from dataclasses import dataclass

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str
    color: str
    tz: str
    tz_label: str
    locale: str = "en-US"
    bot_id: str | None = None

    @property
    def is_person(self) -> bool:
        return self.bot_id is None and self.id != SLACKBOT


@dataclass(frozen=True)
class Channel:
    """A channel, or with `im_with` set the direct conversation between the app and that person."""

    id: str
    name: str
    members: frozenset[str]
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    im_with: str | None = None
    created: int = 0

    @property
    def is_im(self) -> bool:
        return self.im_with is not None

    @property
    def kind(self) -> str:
        """As the argument `types` of the Web API calls it."""
        if self.is_im:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def is_closed(self) -> bool:
        """Only its members know that it exists."""
        return self.is_private or self.is_im
