"""The rules of scenario.md, section 2, one by one."""

from __future__ import annotations

import pytest

GIVEN = "given: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: '1'}}]"
HOLDS = "expect: [{exists: {kind: ConfigMap, name: c}}]"


def test_what_is_given_is_there_and_everything_settles_after_each_step(run):
    ran = run(f"{GIVEN}\ndo: [{{kubectl: say hi}}, {{run: 5s}}]\n{HOLDS}")
    assert ran.verdict == "ok"
    assert ran.world.log == [
        "settle", "give c", "settle", "kubectl say hi", "settle", "run 5000000000", "settle",
    ]  # fmt: skip


def test_a_refused_object_of_given_ends_the_scenario(run):
    ran = run(f"""
    given: [{{kind: ConfigMap, metadata: {{name: bad}}}}]
    do: [{{kubectl: say hi}}]
    {HOLDS}
    """)
    assert ran.places == ["given[0]"]
    assert ran.found == ["rejected: 422 Invalid: metadata.name: Invalid value (fields: metadata.name)"]
    assert "kubectl say hi" not in ran.world.log


def test_a_failed_action_ends_the_scenario(run):
    ran = run(f"{GIVEN}\ndo: [{{kubectl: fail badly}}, {{kubectl: say hi}}]\n{HOLDS}")
    assert ran.places == ["do[0]"]
    assert ran.found == ["exit code 1, printed:\nerror: badly"]
    assert "kubectl say hi" not in ran.world.log


def test_a_failed_check_does_not_stop_and_every_expectation_is_judged(run):
    ran = run(f"""
    {GIVEN}
    do:
    - check: [{{absent: {{kind: ConfigMap, name: c}}}}, {{exists: {{kind: ConfigMap, name: d}}}}]
    - kubectl: say hi
    expect: [{{exists: {{kind: ConfigMap, name: e}}}}, {{exists: {{kind: ConfigMap, name: c}}}}]
    """)
    assert ran.places == ["do[0].check[0]", "do[0].check[1]", "expect[0]"]
    assert "kubectl say hi" in ran.world.log


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ("do: [{kubectl: fail x}]\nexpect: [{output: {exit: 1}}]", "ok"),
        ("do: [{kubectl: fail x}]\nexpect: [{rejected: {}}]", "ok"),
        ("do: [{kubectl: {command: fail x, may_fail: true}}]\n" + HOLDS, "ok"),
        ("do: [{kubectl: fail x}, {check: [{output: {exit: 1}}]}, {kubectl: say hi}]\n" + HOLDS, "ok"),
        ("do: [{kubectl: fail x}, {run: 1s}, {check: [{rejected: {}}]}]\n" + HOLDS, "ok"),
        # The expectation is about the answer of the second command, so the first must succeed.
        ("do: [{kubectl: fail x}, {kubectl: say hi}]\nexpect: [{accepted: true}]", "FAIL"),
        ("do: [{kubectl: fail x}, {kubectl: say hi}, {check: [{accepted: true}]}]\n" + HOLDS, "FAIL"),
        # An expectation about something else does not excuse it.
        ("do: [{kubectl: fail x}, {check: [{exists: {kind: ConfigMap, name: c}}]}]\n" + HOLDS, "FAIL"),
        # A name excuses at any distance.
        (
            "do: [{request: {method: GET, url: /ConfigMap/default/no, as: r}}, {kubectl: say hi}]\n"
            "expect: [{response: {of: r, code: 404}}]",
            "ok",
        ),
        # Unless the name belongs to a later answer by then.
        (
            "do: [{request: {method: GET, url: /ConfigMap/default/no, as: r}},\n"
            "  {request: {method: GET, url: /ConfigMap/default/c, as: r}}]\n"
            "expect: [{response: {of: r, code: 200}}]",
            "FAIL",
        ),
        # A watch is asked about by name only; the answer before it stays the last one.
        ("do: [{kubectl: fail x}, {watch: {url: /x, for: 1s, as: w}}]\nexpect: [{rejected: {}}]", "ok"),
    ],
)
def test_an_action_must_succeed_unless_its_answer_is_asked_about(run, steps, verdict):
    assert run(f"{GIVEN}\n{steps}").verdict == verdict


def test_time_moves_only_in_run_and_watch(run):
    ran = run("""
    do: [{kubectl: say hi}, {run: 1m}, {watch: {url: /x, for: 2s, as: w}}]
    expect: [{exists: {kind: ConfigMap, name: c}}]
    """)
    assert ran.outcome.failures[0].elapsed == 62_000_000_000


def test_a_failure_tells_line_expectation_time_and_why(run):
    failure = run("do: [{run: 1m}]\nexpect:\n- exists: {kind: Pod, name: p}").outcome.failures[0]
    assert failure.line == 6
    assert failure.expected == "exists: {kind: Pod, name: p}"
    assert failure.found == "there is no Pod p"
    assert failure.why == "nobody touched Pod default/p"


@pytest.mark.parametrize(
    ("body", "place", "found"),
    [
        ("use: [ghost]\n" + HOLDS, "use", 'no fixture is named "ghost"; nothing is expected here'),
        ("expect: [{field: {of: r, path: a, equals: 1}}]", "expect[0]", 'no answer is named "r"; known here: none'),
        ("expect: [{accepted: true}]", "expect[0]", "there is no answer: no write, command or request ran before"),
        (
            'do: [{kubectl: "say ${ConfigMap/no:metadata.uid}"}]\n' + HOLDS,
            "do[0]",
            "${ConfigMap/no:metadata.uid}: there is no ConfigMap no",
        ),
        ("expect: [{exists: {kind: Wombat, name: w}}]", "expect[0]", 'no kind "Wombat" is served'),
    ],
)
def test_a_name_without_meaning_fails_the_scenario(run, body, place, found):
    ran = run(body)
    assert (ran.places, ran.found) == ([place], [found])


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("do: [{raft.campaign: 1}]\n" + HOLDS, "Raft groups"),
        ("do: [{build: {dockerfile: FROM x}}]\nexpect: [{built: true}]", "building images"),
        ("expect: [{connect: {from: a/b, to: a/c, port: 80, allowed: false}}]", "NetworkPolicy"),
    ],
)
def test_what_is_not_simulated_fails_and_says_so(run, body, what):
    assert run(body).found == [f"not simulated yet: {what}"]


def test_an_optional_part_that_is_lacking_skips_the_scenario(run):
    ran = run("needs: [keda]\n" + HOLDS)
    assert (ran.verdict, ran.outcome.reason) == ("skip", "needs keda, not simulated yet")


def test_a_defect_of_the_simulator_fails_its_scenario_alone(run):
    ran = run("do: [{kubectl: crash now}]\n" + HOLDS)
    assert ran.verdict == "FAIL"
    assert ran.found[0].startswith("a defect of the simulator: ZeroDivisionError: no such luck (")


def test_placeholders_are_filled_when_the_step_runs(run):
    ran = run(f"""
    {GIVEN}
    do:
    - create: {{kind: ConfigMap, metadata: {{name: d, annotations: {{owner: "${{ConfigMap/c:metadata.uid}}"}}}}}}
    - kubectl: say ${{ConfigMap/default/c:data.a}}${{repeat:x:3}}
    expect:
    - output: {{stdout: 1xxx}}
    - field: {{kind: ConfigMap, name: d, path: metadata.annotations.owner, equals: "${{ConfigMap/c:metadata.uid}}"}}
    """)
    assert ran.found == []


def test_builds_keep_what_looks_like_a_placeholder(run):
    ran = run('do: [{build: {dockerfile: "FROM ${a:b}"}}]\nexpect: [{built: true}]')
    assert ran.found == ["not simulated yet: building images"]


def test_an_actor_is_handed_on(run):
    ran = run("""
    do:
    - apply: {object: {kind: ConfigMap, metadata: {name: c}}, flags: --server-side, user: ann, groups: [dev]}
    - patch: {kind: ConfigMap, name: c, type: merge, patch: {data: {}}}
    - delete: {kind: ConfigMap, name: c, propagation: Orphan, grace_period: 30s, uid: u}
    - delete: {kind: ConfigMap, name: c, user: ann}
    expect: [{exists: {kind: ConfigMap, name: c}}]
    """)
    writes = [entry for entry in ran.world.log if entry != "settle"]
    assert writes == [
        "kubectl apply -f - --server-side as ann ['dev']",
        "PATCH /ConfigMap/default/c {'body': {'data': {}}, 'content_type': 'application/merge-patch+json'}",
        "DELETE /ConfigMap/default/c {'body': {'kind': 'DeleteOptions', 'apiVersion': 'v1', "
        "'propagationPolicy': 'Orphan', 'gracePeriodSeconds': 30, 'preconditions': {'uid': 'u'}}}",
        "DELETE /ConfigMap/default/c {'body': None, 'user': 'ann', 'groups': ()}",
    ]
