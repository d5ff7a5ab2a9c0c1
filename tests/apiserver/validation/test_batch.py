"""Jobs and CronJobs.

Cases follow kubernetes pkg/apis/batch/validation/validation_test.go, pkg/apis/batch/v1/defaults_test.go and
pkg/registry/batch/job/strategy_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.cron_job import validate_cron_job, validate_cron_job_update
from k8scourse.apiserver.validation.job import validate_job, validate_job_update
from k8scourse.apiserver.validation.job_indexes import IndexesError, count_indexes, overlap
from k8scourse.apiserver.validation.job_status import validate_job_status_update

JOBS = strategy_for(Registry().resource("batch/v1", "jobs"))
CRON_JOBS = strategy_for(Registry().resource("batch/v1", "cronjobs"))
POD = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "a:1"}]}
INDEXED = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
NEEDS_INDEXES = "requires indexed completion mode"


def defaulted(pod=None, labels=None, **spec):
    metadata = {"labels": labels} if labels else {}
    obj = {
        "metadata": {"name": "j", "namespace": "n", "uid": "u1", "resourceVersion": "1"},
        "spec": {"template": {"metadata": metadata, "spec": {**copy.deepcopy(POD), **(pod or {})}}, **spec},
    }
    default_object("batch", "Job", obj)
    return obj


def job(pod=None, labels=None, **spec):
    obj = defaulted(pod, labels, **spec)
    JOBS.prepare_for_create(obj)
    return obj


def cron_job(name="c", job_spec=None, **spec):
    template = {"spec": {"template": {"spec": copy.deepcopy(POD)}, **(job_spec or {})}}
    obj = {
        "metadata": {"name": name, "namespace": "n", "uid": "u2", "resourceVersion": "1"},
        "spec": {"schedule": "* * * * *", "jobTemplate": template, **spec},
    }
    default_object("batch", "CronJob", obj)
    return obj


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (1, 1)),
        ({"parallelism": 3}, (3, None)),
        ({"completions": 3}, (1, 3)),
        ({"parallelism": 0}, (0, None)),
    ],
)
def test_parallelism_and_completions_are_both_one_only_if_both_are_left_out(given, expected):
    spec = defaulted(**given)["spec"]

    assert (spec["parallelism"], spec.get("completions")) == expected


def test_defaults_that_depend_on_policies():
    plain, per_index, with_policy = (
        defaulted()["spec"],
        defaulted(backoffLimitPerIndex=1, **INDEXED)["spec"],
        defaulted(podFailurePolicy={"rules": [{"action": "Count", "onPodConditions": [{"type": "X"}]}]})["spec"],
    )

    assert (plain["backoffLimit"], plain["podReplacementPolicy"]) == (6, "TerminatingOrFailed")
    assert per_index["backoffLimit"] == 2147483647
    assert with_policy["podReplacementPolicy"] == "Failed"
    assert with_policy["podFailurePolicy"]["rules"][0]["onPodConditions"] == [{"type": "X", "status": "True"}]


def test_a_job_takes_the_labels_of_its_template():
    assert defaulted(labels={"a": "b"})["metadata"]["labels"] == {"a": "b"}


def test_a_job_selects_its_pods_by_its_uid():
    obj = job()

    assert obj["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": "u1"}}
    assert obj["spec"]["template"]["metadata"]["labels"] == {
        "job-name": "j",
        "batch.kubernetes.io/job-name": "j",
        "controller-uid": "u1",
        "batch.kubernetes.io/controller-uid": "u1",
    }
    assert (obj["status"], obj["metadata"]["generation"]) == ({}, 1)
    assert validate_job(obj) == []


def test_a_foreign_label_in_the_place_of_a_generated_one_is_refused(texts):
    obj = job(labels={"job-name": "other"})

    assert texts(validate_job(obj)) == [
        'spec.template.metadata.labels[job-name]: Invalid value: {"batch.kubernetes.io/controller-uid":"u1",'
        '"batch.kubernetes.io/job-name":"j","controller-uid":"u1","job-name":"other"}: must be \'j\''
    ]


def test_a_selector_of_ones_own_needs_manual_selector(texts):
    selector = {"matchLabels": {"a": "b"}}

    assert "spec.selector: Invalid value" in texts(validate_job(job(selector=selector)))[0]
    assert validate_job(job(labels={"a": "b"}, selector=selector, manualSelector=True)) == []


@pytest.mark.parametrize(
    ("pod", "spec", "expected"),
    [
        (
            {"restartPolicy": "Always"},
            {},
            ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
        ),
        ({}, {"completions": -1}, ["spec.completions: Invalid value: -1: must be greater than or equal to 0"]),
        (
            {},
            {"completionMode": "Some"},
            ['spec.completionMode: Unsupported value: "Some": supported values: "NonIndexed", "Indexed"'],
        ),
        (
            {},
            {"completionMode": "Indexed", "parallelism": 2},
            ["spec.completions: Required value: when completion mode is Indexed"],
        ),
        (
            {},
            {"backoffLimitPerIndex": 1, "maxFailedIndexes": 1},
            [
                f"spec.backoffLimitPerIndex: Invalid value: 1: {NEEDS_INDEXES}",
                f"spec.maxFailedIndexes: Invalid value: 1: {NEEDS_INDEXES}",
            ],
        ),
        (
            {},
            {**INDEXED, "maxFailedIndexes": 1},
            ["spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"],
        ),
        (
            {},
            {"successPolicy": {"rules": [{"succeededIndexes": "1"}]}},
            [
                'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":"1","SucceededCount":null}]}: '
                + NEEDS_INDEXES
            ],
        ),
        (
            {},
            {**INDEXED, "successPolicy": {"rules": [{"succeededIndexes": "0-9"}, {"succeededCount": 4}, {}]}},
            [
                'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-9": error parsing succeededIndexes: '
                'too large index: "9"',
                "spec.successPolicy.rules[1].succeededCount: Invalid value: 4: must be less than or equal to 3 (the "
                "number of specified completions)",
                "spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must "
                "be specified",
            ],
        ),
        (
            {},
            {"podReplacementPolicy": "Never"},
            [
                'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", '
                '"TerminatingOrFailed"'
            ],
        ),
        (
            {"restartPolicy": "OnFailure"},
            {"podFailurePolicy": {"rules": []}},
            [
                'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when '
                "podFailurePolicy is specified"
            ],
        ),
        (
            {},
            {"podFailurePolicy": {"rules": [{"action": "Ignore"}]}},
            [
                "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is "
                "required"
            ],
        ),
        (
            {},
            {
                "podFailurePolicy": {
                    "rules": [{"onExitCodes": {"operator": "In", "values": [5, 0, 5], "containerName": "x"}}]
                }
            },
            [
                'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" '
                '"Ignore"]',
                'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "x": must be one of the '
                "container or initContainer names in the pod template",
                "spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In "
                "operator",
                "spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 5",
                "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [5,0,5]: must be ordered",
            ],
        ),
        (
            {},
            {"podFailurePolicy": {"rules": [{"action": "FailIndex", "onPodConditions": [{"type": "X"}]}]}},
            [
                'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex '
                "to be set"
            ],
        ),
        (
            {},
            {"managedBy": "me"},
            ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
        ),
    ],
)
def test_faults_of_a_job(texts, pod, spec, expected):
    assert texts(validate_job(job(pod, **spec))) == expected


def test_pods_of_an_indexed_job_need_host_names(texts):
    obj = job(**INDEXED)
    obj["metadata"]["name"] = "j" * 62
    for label in ("job-name", "batch.kubernetes.io/job-name"):
        obj["spec"]["template"]["metadata"]["labels"][label] = "j" * 62

    assert texts(validate_job(obj)) == [
        f'metadata.name: Invalid value: "{"j" * 62}": will not able to create pod with invalid DNS label: {"j" * 62}-2'
    ]


def changed(old, **spec):
    new = copy.deepcopy(old)
    new["spec"].update(spec)
    return new


def test_completions_stay_unless_an_indexed_job_changes_its_parallelism_too(texts):
    plain, indexed = job(), job(**INDEXED)

    assert texts(validate_job_update(changed(plain, completions=2), plain)) == [
        "spec.completions: Invalid value: 2: field is immutable"
    ]
    assert validate_job_update(changed(indexed, completions=5, parallelism=5), indexed) == []
    assert texts(validate_job_update(changed(indexed, completions=5), indexed)) == [
        "spec.completions: Invalid value: 5: can only be modified in tandem with spec.parallelism"
    ]


def test_the_template_stays_while_a_job_runs(texts):
    old = job()
    new = copy.deepcopy(old)
    new["spec"]["template"]["spec"]["containers"][0]["image"] = "a:2"
    (text,) = texts(validate_job_update(new, old))

    assert text.startswith('spec.template: Invalid value: {"labels":{"batch.kubernetes.io/controller-uid":"u1"')
    assert text.endswith(": field is immutable")


def test_a_suspended_job_may_be_sent_elsewhere_and_resized():
    old = job(suspend=True)
    new = copy.deepcopy(old)
    pod = new["spec"]["template"]["spec"]
    pod["nodeSelector"] = {"disk": "ssd"}
    pod["containers"][0]["resources"] = {"requests": {"cpu": "1"}}

    assert validate_job_update(new, old) == []
    old["status"] = {"startTime": "2026-01-01T00:00:00Z", "active": 1}
    assert validate_job_update(new, old) != []


def test_a_running_job_may_be_suspended():
    old = job()

    assert validate_job_update(changed(old, suspend=True, parallelism=5), old) == []


def condition(kind, status="True"):
    return {"type": kind, "status": status}


def reported(obj, **status):
    return {**obj, "status": status}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"startTime": "2026-01-01T00:00:00Z"},
            {
                "startTime": "2026-01-01T00:00:00Z",
                "completionTime": "2026-01-01T00:00:09Z",
                "conditions": [condition("SuccessCriteriaMet"), condition("Complete")],
            },
            [],
        ),
        (
            {},
            {"conditions": [condition("Complete"), condition("SuccessCriteriaMet")]},
            [
                "status.completionTime: Required value: completionTime is required for Complete jobs",
                "status.startTime: Required value: startTime is required for finished job",
            ],
        ),
        (
            {},
            {"startTime": "2026-01-01T00:00:00Z", "conditions": [condition("Failed")]},
            [
                "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true "
                "condition"
            ],
        ),
        ({"failed": 2}, {"failed": 1}, ["status.failed: Invalid value: 1: cannot decrease the failed counter"]),
        (
            {"startTime": "2026-01-01T00:00:00Z"},
            {},
            ["status.startTime: Invalid value: null: field is immutable for unsuspended job once set"],
        ),
        (
            {},
            {"completedIndexes": "0"},
            [
                'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed '
                "completion mode"
            ],
        ),
        ({}, {"ready": 1}, ["status.ready: Invalid value: 1: cannot set more ready pods than active"]),
    ],
)
def test_reported_statuses(texts, before, after, expected):
    obj = job()

    assert texts(validate_job_status_update(reported(obj, **after), reported(obj, **before))) == expected


def test_sets_of_indexes():
    assert count_indexes("", 3) == 0
    assert count_indexes("1,3-5,7", 8) == 5
    for text, fault in (
        ("1-2-3", "the fragment"),
        ("x", 'cannot convert string to integer for index: "x"'),
        ("3", 'too large index: "3"'),
        ("2-1", "non-increasing order, previous: 2, current: 1"),
        ("1,1", "non-increasing order, previous: 1, current: 1"),
    ):
        with pytest.raises(IndexesError, match=fault):
            count_indexes(text, 3)
    assert overlap("0-2,5", "3-4,5", 9) == 5
    assert overlap("0-2", "3", 9) is None


def test_defaults_of_a_cron_job():
    spec = cron_job()["spec"]

    assert {name: value for name, value in spec.items() if name not in ("jobTemplate", "schedule")} == {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    }
    assert "backoffLimit" not in spec["jobTemplate"]["spec"]
    assert validate_cron_job(cron_job()) == []


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (cron_job(schedule=""), ["spec.schedule: Required value"]),
        (
            cron_job(schedule="@reboot"),
            ['spec.schedule: Invalid value: "@reboot": unrecognized descriptor: @reboot'],
        ),
        (
            cron_job(schedule="TZ=UTC 0 0 * * *"),
            [
                'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone '
                "field instead"
            ],
        ),
        (
            cron_job(timeZone="Mars/Olympus"),
            ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
        ),
        (
            cron_job(timeZone=""),
            ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
        ),
        (
            cron_job(timeZone="Local"),
            [
                'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in '
                "https://www.iana.org/time-zones"
            ],
        ),
        (
            cron_job(concurrencyPolicy="Wait"),
            ['spec.concurrencyPolicy: Unsupported value: "Wait": supported values: "Allow", "Forbid", "Replace"'],
        ),
        (cron_job(name="c" * 53), [f'metadata.name: Invalid value: "{"c" * 53}": must be no more than 52 characters']),
        (
            cron_job(job_spec={"selector": {}}),
            ["spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated"],
        ),
        (
            cron_job(job_spec={"manualSelector": True}),
            ['spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"'],
        ),
        (
            cron_job(job_spec={"template": {"spec": {"containers": POD["containers"]}}}),
            ['spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
        ),
    ],
)
def test_faults_of_a_cron_job(texts, obj, expected):
    assert texts(validate_cron_job(obj)) == expected


def test_a_stored_zone_in_the_schedule_may_stay_with_a_warning():
    old = cron_job(schedule="TZ=UTC 0 0 * * *")

    assert validate_cron_job_update(old, old) == []
    (text,) = CRON_JOBS.warnings_on_update(old, old)
    assert text.startswith("cannot use TZ or CRON_TZ in spec.spec.schedule")


def test_pods_outlive_a_job_deleted_without_a_policy():
    assert (JOBS.default_propagation, CRON_JOBS.default_propagation) == ("Orphan", "Background")
