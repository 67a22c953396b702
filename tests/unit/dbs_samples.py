"""Answers as the vendor's pages show them."""

#: Of DescribeRestoreTaskList.
TASK = {
    "FullStruAfterRestoreProgress": 0,
    "FullStruforeRestoreProgress": 0,
    "BackupSetId": "1ibXXXXX7qw",
    "RestoreStatus": "check_pass",
    "DestinationEndpointInstanceType": "rds",
    "RestoreTime": 1583741465000,
    "DestinationEndpointRegion": "cn-hangzhou",
    "FullDataRestoreProgress": 0,
    "RestoreTaskId": "s10XXXXnq",
    "DestinationEndpointIpPort": "100.X.X.10:33204",
    "DestinationEndpointUserName": "testygx",
    "RestoreObjects": '[     {         "DBName":"test_ygx"       } ]',
    "RestoreTaskName": "test",
    "BackupPlanId": "dbs1hvb0wwwusfa",
    "RestoreTaskCreateTime": 1583743872000,
    "DestinationEndpointInstanceID": "rm-bp1p8c29479jv8pxe",
}
