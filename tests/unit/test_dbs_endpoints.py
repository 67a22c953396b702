"""Where calls go."""

import pytest

from bot.dbs.endpoints import endpoint
from bot.errors import ConfigurationError


@pytest.mark.parametrize("region", ["cn-hangzhou", "ap-southeast-1", "eu-central-1", "cn-huhehaote"])
def test_a_region_with_its_own_endpoint_is_called_there(region: str) -> None:
    assert endpoint(region) == f"https://dbs-api.{region}.aliyuncs.com/"


@pytest.mark.parametrize("region", ["cn-beijing", "cn-hongkong", "us-east-1", "cn-shenzhen-finance-1"])
def test_a_region_without_one_is_called_through_hangzhou(region: str) -> None:
    assert endpoint(region) == "https://dbs-api.cn-hangzhou.aliyuncs.com/"


def test_a_region_nobody_listed_is_called_by_its_own_name() -> None:
    assert endpoint("ap-southeast-9") == "https://dbs-api.ap-southeast-9.aliyuncs.com/"


@pytest.mark.parametrize(
    ("override", "url"),
    [
        ("http://127.0.0.1:8011/", "http://127.0.0.1:8011/"),
        ("http://127.0.0.1:8011", "http://127.0.0.1:8011/"),
        ("dbs-api-vpc.cn-hangzhou.aliyuncs.com", "https://dbs-api-vpc.cn-hangzhou.aliyuncs.com/"),
        ("localhost:8443", "https://localhost:8443/"),
    ],
)
def test_an_override_wins_in_any_region(override: str, url: str) -> None:
    assert endpoint("us-east-1", override) == url


@pytest.mark.parametrize(
    "region", ["", "evil.example/", "CN-Hangzhou", "a b", "cn-hangzhou@x", "-cn", "cn\n"]
)
def test_what_is_no_region_id_never_becomes_a_host_name(region: str) -> None:
    with pytest.raises(ConfigurationError, match="not a region id"):
        endpoint(region)


@pytest.mark.parametrize(
    "override", ["", "ftp://x/", "http://", "http://u:p@x/", "http://x/?a=b", "http://x/path", "http://[::"]
)
def test_what_is_no_plain_host_or_url_is_no_override(override: str) -> None:
    with pytest.raises(ConfigurationError, match="endpoint must be"):
        endpoint("cn-hangzhou", override)
