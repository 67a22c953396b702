"""Where a region's calls go. Source: the endpoint table of DBS's API reference."""

import re
from functools import cache

import httpx

from bot.errors import ConfigurationError

#: Regions without an endpoint of their own. Any region that is not named here has one.
_THROUGH_HANGZHOU = frozenset(
    {
        "cn-beijing",
        "cn-hangzhou-finance",
        "cn-hongkong",
        "cn-qingdao",
        "cn-shanghai",
        "cn-shanghai-finance-1",
        "cn-shenzhen",
        "cn-shenzhen-finance-1",
        "cn-zhangjiakou",
        "us-east-1",
        "us-west-1",
    }
)
_HOST = re.compile(r"[A-Za-z0-9_.:-]+")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
def endpoint(region: str, override: str | None = None) -> str:
    """The URL that serves `region`: `https://dbs-api.<region>.aliyuncs.com/`.

    `override` is a URL (`http://127.0.0.1:8011/`) or a bare host and wins. Raises ConfigurationError for what
    is no region id: it would become part of a host name that signed calls with passwords are sent to.
    """
    if not _REGION.fullmatch(region):
        raise ConfigurationError(f"{region!r} is not a region id like cn-hangzhou.")
    if override is not None:
        return _checked(override if "://" in override else f"https://{override}")
    return f"https://dbs-api.{'cn-hangzhou' if region in _THROUGH_HANGZHOU else region}.aliyuncs.com/"


def _checked(override: str) -> str:
    try:
        url = httpx.URL(override)
    except httpx.InvalidURL:
        url = httpx.URL()
    named = _HOST.fullmatch(url.raw_host.decode())
    if url.scheme not in {"http", "https"} or not named or url.userinfo or url.query or url.path != "/":
        raise ConfigurationError("The DBS endpoint must be a host, or a URL like http://127.0.0.1:8011/.")
    return f"{str(url).removesuffix('/')}/"
