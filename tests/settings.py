"""Settings of a bot between the local services."""

from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings


def local_settings(workspace_url: str, dbs_url: str, folder: Path, *, poll_interval: float) -> Settings:
    """Its database is in the folder."""
    return Settings(
        slack_bot_token=SecretStr("xoxb-sandbox"),
        slack_app_token=SecretStr("xapp-sandbox"),
        slack_signing_secret=SecretStr("sandbox-signing-secret"),
        slack_api_url=f"{workspace_url}api/",
        alibaba_cloud_access_key_id="sandbox",
        alibaba_cloud_access_key_secret=SecretStr("sandbox-secret"),
        dbs_endpoint=dbs_url,
        database_url=f"sqlite:///{folder / 'restorebot.db'}",
        restorebot_poll_interval=poll_interval,
    )
