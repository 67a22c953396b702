"""Everything this bot raises on purpose. An error carries data and one sentence its reader can act on.

RestoreBotError
├── ConfigurationError        a setting is missing or wrong
├── AlreadySubmitted          a form was saved before with something else in it
├── CredentialMissing         a password for the target cannot be had
├── NotOffered                this channel does not restore this plan
├── NotPossible               a restore is in no state for this
├── StoreError                the database cannot be used
└── DbsError                  a call to DBS brought no result
    ├── DbsRejected           DBS understood and said no
    │   └── DbsNotAllowed     ... because this key may not do that
    ├── AccountNotConfigured  no key is configured for this account: DBS was not called
    ├── DbsThrottled          DBS asks to wait
    ├── DbsUnreachable        no answer, or a server error: what happened is unknown
    └── DbsUnreadable         an answer that is not DBS's: what happened is unknown
"""


class RestoreBotError(Exception):
    """Something went wrong in a way the bot knows how to name."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or type(self).__doc__ or "")

    @property
    def sentence(self) -> str:
        """What to tell the person, free of secrets."""
        return str(self)


class ConfigurationError(RestoreBotError):
    """A setting is missing or wrong."""


class AlreadySubmitted(RestoreBotError):
    """The form is saved as it was submitted first. Open a new one to ask for something else."""


class CredentialMissing(RestoreBotError):
    """There is no password for this account. Choose a stored credential."""


class NotOffered(RestoreBotError):
    """The channel does not restore this backup plan. Ask in one that does."""


class NotPossible(RestoreBotError):
    """That cannot be done with the restore as it is."""

    def __init__(self, sentence: str = "", *, user_id: str | None = None) -> None:
        super().__init__(sentence)
        #: Who did it before, where somebody did.
        self.user_id = user_id


class StoreError(RestoreBotError):
    """The database cannot be used."""


class DbsError(RestoreBotError):
    """A call to DBS brought no result."""

    #: Whether DBS certainly did nothing. When False, a write may have taken effect.
    certain = False

    def __init__(self, sentence: str = "", *, action: str = "", request_id: str | None = None) -> None:
        super().__init__(sentence)
        self.action = action
        self.request_id = request_id


class DbsRejected(DbsError):
    """DBS rejected the call."""

    certain = True

    def __init__(self, sentence: str, *, code: str, action: str = "", request_id: str | None = None) -> None:
        super().__init__(sentence, action=action, request_id=request_id)
        self.code = code


class DbsNotAllowed(DbsRejected):
    """The AccessKey may not do this."""


class AccountNotConfigured(DbsError):
    """No key is configured for this account any more."""

    certain = True

    def __init__(self, account: str) -> None:
        super().__init__(
            f"The account {account} is not configured any more. What goes through it waits until it is again."
        )
        self.account = account


class DbsThrottled(DbsError):
    """DBS is throttling calls. Wait and try again."""

    certain = True

    def __init__(
        self,
        sentence: str = "",
        *,
        retry_after: float | None = None,
        action: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(sentence, action=action, request_id=request_id)
        #: Seconds to wait, when DBS said so.
        self.retry_after = retry_after


class DbsUnreachable(DbsError):
    """DBS cannot be reached at the moment."""


class DbsUnreadable(DbsError):
    """The answer did not come from DBS, or was cut short."""
