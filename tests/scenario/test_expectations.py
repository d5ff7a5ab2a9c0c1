"""Actions and expectations on objects, answers and texts (scenario.md, sections 4 and 6)."""

from __future__ import annotations

import pytest

from k8scourse.scenario.grammar import schema
from k8scourse.scenario.lists import cells
from k8scourse.scenario.vocabulary import ACTIONS, EXPECTATIONS

OBJECTS = """
given:
- {kind: ConfigMap, metadata: {name: c}, data: {a: "1"}}
- {kind: ConfigMap, metadata: {name: d, deletionTimestamp: "2026-01-01T00:00:00Z"}}
- kind: Pod
  metadata: {name: p}
  spec: {nodeName: n1}
  status:
    phase: Running
    conditions: [{type: Ready, status: "False", reason: X, message: not yet}]
    containerStatuses:
    - name: app
      restartCount: 2
      state: {waiting: {reason: CrashLoopBackOff, message: back-off 20s}}
      lastState: {terminated: {reason: Error, exitCode: 3}}
- kind: Pod
  metadata: {name: q}
  spec: {}
  status: {conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: no node}]}
- kind: Event
  metadata: {name: e}
  type: Warning
  reason: BackOff
  message: back-off pulling
  involvedObject: {kind: Pod, name: p}
- {kind: Deployment, metadata: {name: web}, spec: {replicas: 3}}
"""


def test_every_word_of_the_grammar_has_a_meaning_and_no_other():
    words = schema()["$defs"]
    assert set(ACTIONS) == set(words["action"]["properties"]) - {"check"}
    own = {word for word, one in EXPECTATIONS.items() if one.judge.__module__.startswith("k8scourse.scenario.")}
    assert own == set(words["expectation"]["properties"])  # exercises add words of their own


HOLDING = [
    "exists: {kind: ConfigMap, name: c}",
    "absent: {kind: ConfigMap, name: gone}",
    "terminating: {kind: ConfigMap, name: d}",
    "exists: {kind: ConfigMap, name: d}",
    "field: {kind: ConfigMap, name: c, path: data.a, equals: '1'}",
    "field: {kind: ConfigMap, name: c, path: data.b, absent: true}",
    "condition: {kind: Pod, name: p, type: Ready, status: 'False', reason: [W, X], message_contains: [not, yet]}",
    "event: {kind: Pod, name: p, type: Warning, reason: BackOff, message_contains: pulling}",
    "event: {reason: BackOff}",
    "replicas: {kind: Deployment, name: web, equals: 3, steps: [3]}",
    "count: {kind: Pod, equals: 2}",
    "count: {kind: Pod, where: {spec.nodeName: n1, status.reason: null}, equals: 1}",
    "count: {kind: Pod, where: {spec.nodeName: null}, name_matches: '[a-z]', equals: 1}",
    "count: {kind: Pod, name_matches: '[a-p]', equals: 1}",
    "names: {kind: Pod, equals: [p, q]}",
    "list_rejected: {kind: Pod, selector: bad, message_contains: found}",
    "scheduled: {pod: p}",
    "scheduled: {pod: p, node: [n1, n2]}",
    "unschedulable: {pod: q, reason: Unschedulable, message: no node, message_not_contains: secret}",
    "container: {pod: p, container: app, state: waiting, reason: [CrashLoopBackOff, X], restarts: 2}",
    "container: {pod: p, container: app, state: terminated, exit_code: 3, reason: Error}",
    "container: {pod: p, container: app, exit_code: 3}",
    "container: {pod: p, container: app, message_contains: 20s}",
    "scheduler.score: {pod: p, node: n1, plugin: TaintToleration, equals: 300}",
    "duration_text: {duration: 125s, equals: 2m5s}",
    "cron_next: {schedule: 0 9 * * *, timeZone: Europe/Madrid, after: '2026-07-01T00:00:00Z', "
    "next: ['2026-07-01T07:00:00Z', '2026-07-02T07:00:00Z']}",
    "cron_next: {schedule: 0 0 31 2 *, after: '2026-07-01T00:00:00Z', next: []}",
    "request_attributes: {method: GET, url: /api/v1/pods, verb: list, resource: pods}",
    "request_attributes: {method: GET, url: '/api/v1/namespaces/a/pods?watch=1', verb: watch, resource: pods, "
    "namespace: a}",
    "request_attributes: {method: GET, url: /healthz, verb: get, resource_request: false}",
]


@pytest.mark.parametrize("expectation", HOLDING)
def test_it_holds(run, expectation):
    assert run(f"{OBJECTS}expect:\n- {expectation}").found == []


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ("exists: {kind: ConfigMap, name: gone}", "there is no ConfigMap gone"),
        ("absent: {kind: ConfigMap, name: c}", "it exists"),
        ("absent: {kind: ConfigMap, name: d}", "it exists, terminating since 2026-01-01T00:00:00Z"),
        ("terminating: {kind: ConfigMap, name: c}", "no deletionTimestamp"),
        ("field: {kind: ConfigMap, name: c, path: data.a, equals: 1}", 'data.a: "1"'),
        ("field: {kind: ConfigMap, name: c, path: data.b, equals: '1'}", "data.b: nothing"),
        ("field: {kind: ConfigMap, name: gone, path: data, absent: true}", "there is no ConfigMap gone"),
        (
            "condition: {kind: Pod, name: p, type: Ready}",
            '{type: Ready, status: "False", reason: X, message: not yet}',
        ),
        ("condition: {kind: Pod, name: p, type: Started}", "no condition Started; there are [Ready]"),
        ("event: {kind: Pod, name: p, reason: Failed}", "no such event; there are\nWarning BackOff: back-off pulling"),
        ("event: {kind: Pod, name: q, reason: Failed}", "no event"),
        ("replicas: {kind: Deployment, name: web, equals: 4}", "spec.replicas: 3"),
        ("replicas: {kind: Deployment, name: web, steps: [1, 3]}", "spec.replicas was [3]"),
        ("count: {kind: Pod, equals: 3}", "2: p, q"),
        ("names: {kind: Pod, equals: [q, p]}", "[p, q]"),
        ("list_rejected: {kind: Pod, message_contains: found}", "code 200"),
        ("scheduled: {pod: p, node: n2}", "bound to n1"),
        (
            "scheduled: {pod: q}",
            'not bound to a node, PodScheduled: {status: "False", reason: Unschedulable, message: no node}',
        ),
        ("unschedulable: {pod: p}", "bound to n1"),
        (
            "unschedulable: {pod: q, message_not_contains: node}",
            'not bound to a node, PodScheduled: {status: "False", reason: Unschedulable, message: no node}',
        ),
        (
            "container: {pod: p, container: app, state: running}",
            "{state: {waiting: {reason: CrashLoopBackOff, message: back-off 20s}}, "
            "lastState: {terminated: {reason: Error, exitCode: 3}}, restartCount: 2}",
        ),
        ("container: {pod: q, container: app}", "no status of this container (the pod is nothing)"),
        ("scheduler.score: {pod: p, node: n2, plugin: NodeName, equals: 0}", "NodeName gave n2 no score"),
        ("duration_text: {duration: 125s, equals: 125s}", "2m5s"),
        (
            "cron_next: {schedule: '@daily', after: '2026-07-01T00:00:00Z', next: []}",
            "2026-07-02T00:00:00Z",
        ),
        (
            "cron_next: {schedule: '@reboot', after: '2026-07-01T00:00:00Z', next: []}",
            "unrecognized descriptor: @reboot",
        ),
    ],
)
def test_it_does_not_hold_and_what_was_found_is_said(run, expectation, found):
    assert run(f"{OBJECTS}expect:\n- {expectation}").found == [found]


@pytest.mark.parametrize(
    ("action", "expectation"),
    [
        ("create: {kind: ConfigMap, metadata: {name: x}}", "accepted: true"),
        ("create: {kind: ConfigMap, metadata: {name: bad}}", "rejected: {code: 422, reason: Invalid}"),
        ("create: {kind: ConfigMap, metadata: {name: bad}}", "rejected: {field: metadata.name}"),
        ("create: {kind: ConfigMap, metadata: {name: bad}}", "rejected: {message: 'metadata.name: Invalid value'}"),
        ("create: {kind: ConfigMap, metadata: {name: bad}}", "rejected: {message_contains: [Error, from, server]}"),
        ("create: {kind: ConfigMap, metadata: {name: bad}}", "output: {exit: 1, stderr_contains: Invalid value}"),
        ("kubectl: say some words", "output: {exit: 0, stdout: some words, stdout_contains: [some, words]}"),
        ("kubectl: say some words", "output: {contains: words, not_contains: other, matches: '[a-z ]+'}"),
        ("kubectl: say some words", "warning: {message_contains: old}"),
        ("create: {kind: ConfigMap, metadata: {name: x}}", "no_warning: true"),
        ("request: {method: GET, url: /Pod/default/p, as: r}", "response: {of: r, code: 200}"),
        ("request: {method: GET, url: /Pod/default/p, as: r}", "field: {of: r, path: spec.nodeName, equals: n1}"),
        ("request: {method: GET, url: /Pod/default, as: r}", "names: {of: r, equals: [p, q]}"),
        ("request: {method: GET, url: /Pod/default/no, as: r}", "response: {of: r, code: 404, reason: NotFound}"),
        (
            "watch: {url: /pods, for: 1s, as: w}",
            "watched: {of: w, equals: [{type: ADDED, name: a, resource_version_greater_than: '6'}, "
            "{type: ERROR, code: 410, reason: Expired, message_contains: old}]}",
        ),
    ],
)
def test_an_answer_is_as_expected(run, action, expectation):
    assert run(f"{OBJECTS}do:\n- {action}\nexpect:\n- {expectation}").found == []


@pytest.mark.parametrize(
    ("action", "expectation", "found"),
    [
        ("kubectl: say x", "rejected: {}", "it was accepted"),
        ("kubectl: fail x", "accepted: true", "exit code 1, printed:\nerror: x"),
        ("kubectl: fail x", "rejected: {code: 404}", "exit code 1, printed:\nerror: x"),
        ("kubectl: say x", "output: {stdout: 'y '}", "exit code 0\nstdout:\nx"),
        ("kubectl: say x", "no_warning: true", "the warnings\nold"),
        ("watch: {url: /pods, for: 1s, as: w}", "watched: {of: w, equals: []}", None),
        ("patch: {kind: Pod, name: p, patch: {}}", "output: {exit: 0}", "the last answer is none of kubectl"),
    ],
)
def test_an_answer_is_not_as_expected(run, action, expectation, found):
    ran = run(f"{OBJECTS}do:\n- {action}\nexpect:\n- {expectation}")
    assert ran.verdict == "FAIL"
    assert found is None or ran.found == [found]


@pytest.mark.parametrize(
    ("gap", "verdict"),
    [("{at_least: 14s, at_most: 31s}", "ok"), ("{at_least: 20s}", "FAIL"), ("{at_most: 9s}", "FAIL")],
)
def test_gaps_are_between_changes_after_the_first_value(run, gap, verdict):
    """The first value is no change: 0 -> 1 happens at 100 s, 1 -> 3 at 115 s, and a repetition does not count."""
    body = f"""
    do:
    - create: {{kind: Deployment, metadata: {{name: w}}, spec: {{replicas: 0}}}}
    - run: 100s
    - replace: {{kind: Deployment, metadata: {{name: w}}, spec: {{replicas: 1}}}}
    - run: 5s
    - replace: {{kind: Deployment, metadata: {{name: w}}, spec: {{replicas: 1}}}}
    - run: 10s
    - replace: {{kind: Deployment, metadata: {{name: w}}, spec: {{replicas: 3}}}}
    expect: [{{replicas: {{kind: Deployment, name: w, steps: [0, 1, 3], gap: {gap}}}}}]
    """
    assert run(body).verdict == verdict


TABLE = "NAME   NOMINATED NODE   AGE\\na      <none>           5s\\nb-2                     2d (3 ago)\\n"


@pytest.mark.parametrize(
    ("rest", "verdict"),
    [
        ('rows: [[a, <none>, "*"], [b-2, "", 2d (3 ago)]]', "ok"),
        ('columns: [NAME, NOMINATED NODE, AGE], rows: [["*", "*", "*"], ["*", "*", "*"]]', "ok"),
        ('columns: [NAME, AGE], rows: [["*", "*", "*"], ["*", "*", "*"]]', "FAIL"),
        ("rows: [[a, <none>, 5s]]", "FAIL"),
        ("rows: [[a, <none>, 5s], [b, '*', '*']]", "FAIL"),
    ],
)
def test_a_table_is_compared_cell_by_cell(run, rest, verdict):
    ran = run(f'world: {{flags: {{table: {{text: "{TABLE}"}}}}}}\nexpect: [{{table: {{kind: Pod, {rest}}}}}]')
    assert ran.verdict == verdict


def test_a_table_without_rows_has_a_header_only():
    assert cells("NAME   AGE\n") == (["NAME", "AGE"], [])
    assert cells("") == ([], [])


def test_failed_pods_get_their_status(run):
    ran = run(f"{OBJECTS}do: [{{fail_pods: {{selector: app=web}}}}]\nexpect: [{{scheduled: {{pod: p}}}}]")
    writes = [entry for entry in ran.world.log if entry.startswith("PATCH")]
    options = "{'body': {'status': {'phase': 'Failed', 'reason': 'Evicted'}}, 'content_type': "
    assert writes == [
        f"PATCH /Pod/default/{name}/status {options}'application/merge-patch+json'}}" for name in ("p", "q")
    ]
