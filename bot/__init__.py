"""Restore databases from Alibaba Cloud DBS without leaving Slack."""
