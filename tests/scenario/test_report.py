"""What a run prints, and its exit codes (scenario.md, section 2)."""

from __future__ import annotations

import io
import json
import sys
from xml.etree import ElementTree

import pytest

from k8scourse.scenario import command

FILE = """
- id: good
  area: taints
  source: docs
  given: [{kind: ConfigMap, metadata: {name: c}}]
  expect: [{exists: {kind: ConfigMap, name: c}}]
- id: wrong
  area: taints
  source: docs
  do:
  - run: 90s
  - check:
    - exists: {kind: Pod, name: p}
  expect:
  - absent: {kind: Pod, name: p}
- id: later
  area: keda
  source: docs
  needs: [keda]
  expect: [{exists: {kind: Pod, name: p}}]
"""

REPORT = """\
ok   taints       good
FAIL taints       wrong
skip keda         later: needs keda, not simulated yet

{name}:13: wrong: do[1].check[0]
  expected: exists: {{kind: Pod, name: p}}
  found:    there is no Pod p
  time:     2026-01-01T00:01:30Z, 1m30s after the start
  why:      nobody touched Pod default/p

3 scenarios: 1 ok, 1 failed, 1 skipped
"""


@pytest.fixture
def execute(fake_world, tmp_path):
    """Runs a command line with the text of FILE or another; gives its exit code, its output and the file's name."""

    def run(*arguments: str, text: str = FILE) -> tuple[int, str, str]:
        path = tmp_path / "s.yaml"
        path.write_text(text, "utf-8")
        out = io.StringIO()
        parser = command.argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        parsed = parser.parse_args(["scenario", *arguments, str(path)])
        return parsed.run_command(parsed, build=fake_world, out=out), out.getvalue(), str(path)

    return run


def test_the_report_has_a_line_per_scenario_a_block_per_failure_and_totals(execute):
    code, printed, name = execute("run")
    assert printed == REPORT.format(name=name)
    assert code == 1


def test_two_runs_print_the_same(execute):
    assert execute("run") == execute("run")


def test_all_passed_is_exit_code_0(execute):
    code, printed, _ = execute("run", "--id", "good", "--id", "later")
    assert (code, printed.split("\n")[-2]) == (0, "2 scenarios: 1 ok, 0 failed, 1 skipped")


def test_an_invalid_file_is_exit_code_2_and_nothing_of_it_runs(execute):
    code, printed, name = execute("run", text=FILE.replace("run: 90s", "rum: 90s"))
    assert printed == (
        f"{name}:11: wrong: do[0].rum: unknown key; did you mean run?\n"
        "\n0 scenarios: 0 ok, 0 failed, 0 skipped; 1 file is invalid\n"
    )
    assert code == 2


def test_check_runs_nothing(execute):
    code, printed, _ = execute("check")
    assert (code, printed) == (0, "3 scenarios in 1 valid file\n")
    code, printed, name = execute("check", text=FILE.replace("id: good\n", "id: go od\n"))
    assert code == 2
    assert printed == (
        f'{name}:2: go od: id: "go od" does not fit; expected letters, digits, dots and hyphens\n'
        "0 scenarios in 0 valid files\n"
    )


def test_an_unknown_id_is_an_error(execute, capsys):
    code, _, _ = execute("run", "--id", "ghost")
    assert code == 2
    assert capsys.readouterr().err == "no scenario is named ghost\n"


def test_the_report_is_json_too(execute):
    code, printed, name = execute("run", "--json")
    document = json.loads(printed)
    assert code == 1
    assert [(item["id"], item["verdict"]) for item in document["scenarios"]] == [
        ("good", "ok"), ("wrong", "FAIL"), ("later", "skip"),
    ]  # fmt: skip
    assert document["scenarios"][1]["file"] == name
    assert document["scenarios"][1]["failures"][0]["place"] == "do[1].check[0]"
    assert document["scenarios"][1]["failures"][0]["time"] == "2026-01-01T00:01:30Z"


def test_the_report_is_junit_too(execute, tmp_path):
    target = tmp_path / "report.xml"
    execute("run", "--junit", str(target))
    suite = ElementTree.parse(target).getroot()
    assert suite.attrib == {"name": "scenarios", "tests": "3", "failures": "1", "skipped": "1"}
    assert [case.attrib["name"] for case in suite] == ["good", "wrong", "later"]
    failure = suite[1][0]
    assert failure.text is not None
    assert "do[1].check[0]" in failure.text


def test_the_grammar_needs_jsonschema_and_says_how_to_get_it(execute, monkeypatch, capsys):
    from k8scourse.scenario import grammar

    grammar._validator.cache_clear()
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    code, _, _ = execute("run")
    grammar._validator.cache_clear()
    assert code == 2
    assert "pip install 'k8scourse[grading]'" in capsys.readouterr().err
