"""The regions DBS serves, as the endpoints in the vendor's SDK list them."""

REGIONS = (
    "cn-hangzhou", "cn-shanghai", "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-shenzhen",
    "cn-chengdu", "cn-hongkong", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5",
    "ap-northeast-1", "ap-south-1", "us-west-1", "us-east-1", "eu-central-1", "eu-west-1", "me-east-1",
    "cn-hangzhou-finance", "cn-shanghai-finance-1", "cn-shenzhen-finance-1",
)  # fmt: skip

KNOWN = frozenset({*REGIONS, "cn-shanghai-finance", "cn-shenzhen-finance"})
"""What is taken for a region: the metadata spells two of the finance clouds in another way."""
