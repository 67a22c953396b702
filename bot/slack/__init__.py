"""What people see in Slack: forms, messages, and how messages get there."""
