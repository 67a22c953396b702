"""What a user can set, from the environment. The field `slack_api_url` is the variable `SLACK_API_URL`."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigurationError


class Settings(BaseSettings):
    """Every field is one environment variable of the same name in capitals; the README explains each."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, env_ignore_empty=True)

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    restorebot_config: Path | None = None
    alibaba_cloud_access_key_id: str | None = Field(default=None, validate_default=True)
    alibaba_cloud_access_key_secret: SecretStr | None = Field(default=None, validate_default=True)
    alibaba_cloud_security_token: SecretStr | None = None
    alibaba_cloud_region_id: str = "cn-hangzhou"
    dbs_endpoint: str | None = None

    database_url: str = "sqlite:///restorebot.db"
    restorebot_secret_key: SecretStr | None = None
    restorebot_poll_interval: float = Field(default=15, gt=0)
    restorebot_stall_minutes: float = Field(default=15, gt=0)
    restorebot_keep_days: int = Field(default=90, ge=1, le=36500)
    restorebot_end_in_channel: bool = True
    restorebot_port: int = Field(default=3000, ge=0, le=65535)

    @field_validator("alibaba_cloud_access_key_id", "alibaba_cloud_access_key_secret")
    @classmethod
    def _keys_here_or_in_the_file(cls, value: object, info: ValidationInfo) -> object:
        """Without a file the environment has to hold the keys; half a pair is never enough."""
        key_id = info.data.get("alibaba_cloud_access_key_id")
        in_a_file = info.data.get("restorebot_config") is not None
        if value is None and (key_id is not None or not in_a_file):
            raise PydanticCustomError("missing", "is not set")
        if info.field_name != "alibaba_cloud_access_key_id" and key_id is None and value and in_a_file:
            raise PydanticCustomError("alone", "set without ALIBABA_CLOUD_ACCESS_KEY_ID")
        return value

    @property
    def poll_interval(self) -> timedelta:
        return timedelta(seconds=self.restorebot_poll_interval)

    @property
    def stall_patience(self) -> timedelta:
        return timedelta(minutes=self.restorebot_stall_minutes)

    @property
    def kept_for(self) -> timedelta:
        return timedelta(days=self.restorebot_keep_days)

    @property
    def keys_in_environment(self) -> bool:
        return self.alibaba_cloud_access_key_id is not None


def load() -> Settings:
    """The settings of this process. Raises `ConfigurationError`, which names variables, never values."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_fault(fault) for fault in error.errors())) from None
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise ConfigurationError(
            "SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP): one of them must be set."
        )
    return settings


def _fault(fault: ErrorDetails) -> str:
    variable = str(fault["loc"][0]).upper()
    return f"{variable} is not set." if fault["type"] == "missing" else f"{variable}: {fault['msg']}."
