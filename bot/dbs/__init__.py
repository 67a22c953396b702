"""Alibaba Cloud DBS, API version 2019-03-06: signed calls that end in a typed value or a typed error."""

from bot.dbs.auth import Credentials
from bot.dbs.caller import Timeouts
from bot.dbs.client import DbsClient

__all__ = ["Credentials", "DbsClient", "Timeouts"]
