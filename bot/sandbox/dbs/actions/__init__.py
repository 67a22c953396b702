"""The actions of DBS 2019-03-06 that the local DBS answers."""

from collections.abc import Callable, Mapping

from bot.sandbox.dbs import parameters as read
from bot.sandbox.dbs.actions import estate, tasks
from bot.sandbox.dbs.actions.account import Account
from bot.sandbox.dbs.answers import Body

Action = Callable[[Account, read.Parameters], Body]

_ACTIONS: Mapping[str, Action] = {
    "CreateRestoreTask": tasks.create_restore_task,
    "StartRestoreTask": tasks.start_restore_task,
    "DescribeRestoreTaskList": tasks.describe_restore_task_list,
    "DescribePreCheckProgressList": tasks.describe_pre_check_progress_list,
    "DescribeJobErrorCode": tasks.describe_job_error_code,
    "DescribeBackupPlanList": estate.describe_backup_plan_list,
    "DescribeRestoreRangeInfo": estate.describe_restore_range_info,
    "DescribeFullBackupList": estate.describe_full_backup_list,
    "DescribeIncrementBackupList": estate.describe_increment_backup_list,
    "DescribeBackupGatewayList": estate.describe_backup_gateway_list,
    "DescribeRegions": estate.describe_regions,
}


def perform(action: str, account: Account, parameters: read.Parameters) -> Body:
    """What DBS answers to a call the gateway let pass; raises DbsError."""
    read.client_token(parameters)
    return _ACTIONS[action](account, parameters)
