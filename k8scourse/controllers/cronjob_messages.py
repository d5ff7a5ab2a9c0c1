"""What CronJobs tell: (reason, text) of their events.

Source: pkg/controller/cronjob/cronjob_controllerv2.go
"""

UNEXPECTED_JOB = ("UnexpectedJob", "Saw a job that the controller did not create or forgot: {job}")
SAW_COMPLETED = ("SawCompletedJob", "Saw completed job: {job}, condition: {condition}")
MISSING_JOB = ("MissingJob", "Active job went missing: {job}")
UNKNOWN_TIME_ZONE = ("UnknownTimeZone", "invalid timeZone: {zone}: {error}")
UNSUPPORTED_SCHEDULE = (
    "UnsupportedSchedule",
    "CRON_TZ or TZ used in schedule {schedule} is not officially supported, see "
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
)
UNPARSEABLE_SCHEDULE = ("UnparseableSchedule", "unparseable schedule: {schedule} : {error}")
UNPARSEABLE_CHANGE = ("UnParseableCronJobSchedule", "unparseable schedule for cronjob: {schedule}")
INVALID_SCHEDULE = ("InvalidSchedule", "invalid schedule: {schedule} : {error}")
TOO_MANY_MISSED = (
    "TooManyMissedTimes",
    "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
)
MISS_SCHEDULE = ("MissSchedule", "Missed scheduled time to start a job: {time}")
ALREADY_ACTIVE = (
    "JobAlreadyActive",
    "Not starting job because prior execution is running and concurrency policy is Forbid",
)
FAILED_CREATE = ("FailedCreate", "Error creating job: {error}")
CREATED = ("SuccessfulCreate", "Created job {job}")
FAILED_DELETE = ("FailedDelete", "Deleted job: {error}")
DELETED = ("SuccessfulDelete", "Deleted job {job}")
