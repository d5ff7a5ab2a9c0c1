"""kubernetes: staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter_test.go and kubectl/pkg/cmd/get tests."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import JsonPrinter, NamePrinter, YamlPrinter, custom_columns
from k8scourse.kubectl.printers.sorting import sort_objects
from k8scourse.kubectl.printers.tables import TableOptions, TablePrinter

COLUMNS = [
    {"name": "Name", "type": "string", "format": "name", "priority": 0},
    {"name": "Wide One", "type": "string", "format": "", "priority": 1},
    {"name": "Age", "type": "string", "format": "", "priority": 0},
]


def rows(*names: str, **labels: str) -> dict[str, Any]:
    metadata = {"namespace": "dev", "labels": labels}
    return {
        "columnDefinitions": COLUMNS,
        "rows": [{"cells": [name, "w", "5s"], "object": {"metadata": metadata}} for name in names],
    }


def test_wide_columns_are_left_to_wide() -> None:
    assert TablePrinter(TableOptions()).print(rows("a")) == "NAME\tAGE\na\t5s\n"
    assert TablePrinter(TableOptions(wide=True)).print(rows("a")) == "NAME\tWIDE ONE\tAGE\na\tw\t5s\n"


def test_headers_are_printed_once_for_equal_columns_and_never_for_no_rows() -> None:
    printer = TablePrinter(TableOptions())
    assert printer.print(rows()) == ""
    assert printer.print(rows("a")) == "NAME\tAGE\na\t5s\n"
    assert printer.print(rows("b")) == "b\t5s\n"
    assert printer.print({**rows("c"), "columnDefinitions": []}) == "c\t5s\n"


def test_namespace_kind_and_labels_are_added() -> None:
    options = TableOptions(with_namespace=True, kind="pod", label_columns=("x.io/app", "no"), show_labels=True)
    printer = TablePrinter(options)
    assert printer.print(rows("a", **{"x.io/app": "web", "b": "1"})) == (
        "NAMESPACE\tNAME\tAGE\tAPP\tNO\tLABELS\ndev\tpod/a\t5s\tweb\t\tb=1,x.io/app=web\n"
    )


def test_events_come_first_and_cells_end_at_a_line_break() -> None:
    printer = TablePrinter(TableOptions(no_headers=True))
    assert printer.print(rows("two\nlines"), "ADDED") == "ADDED   \ttwo...\t5s\n"


def test_a_list_prints_as_its_names() -> None:
    items = [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}]
    printer = NamePrinter("scaled")
    assert printer.print({"kind": "List", "items": items}) == "deployment.apps/a scaled\n"
    assert printer.print({"apiVersion": "v1", "kind": "Pod", "metadata": {}}) == "pod/<unknown> scaled\n"


def test_managed_fields_are_shown_on_demand_only() -> None:
    obj = {"kind": "Pod", "metadata": {"name": "p", "managedFields": [{"manager": "m"}]}}
    assert "managedFields" not in JsonPrinter().print(obj)
    assert "managedFields" in JsonPrinter(keep_managed_fields=True).print(obj)


def test_objects_in_yaml_are_separated() -> None:
    printer = YamlPrinter()
    assert printer.print({"kind": "A"}) + printer.print({"kind": "B"}) == "kind: A\n---\nkind: B\n"


def test_json_escapes_html_as_go_does() -> None:
    assert JsonPrinter().print({"a": "<&>"}) == '{\n    "a": "\\u003c\\u0026\\u003e"\n}\n'


def test_custom_columns_join_several_values() -> None:
    obj = {"metadata": {"name": "p"}, "spec": {"containers": [{"image": "a"}, {"image": "b"}], "on": True}}
    printer = custom_columns("N:metadata.name,I:{.spec.containers[*].image},O:.spec.on,X:.x", no_headers=False)
    assert printer.print(obj) == "N     I     O      X\np     a,b   true   <none>\n"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([3, 1, 2], [1, 2, 3]),
        (["b", "a"], ["a", "b"]),
        (["1Gi", "900Mi"], ["900Mi", "1Gi"]),
        (["10", "9"], ["9", "10"]),
        ([2, None, 1], [None, 1, 2]),
    ],
)
def test_objects_are_sorted_by_a_field(values: list[Any], order: list[Any]) -> None:
    """Source: kubectl/pkg/cmd/get/sorter_test.go"""
    objects = [{"x": value} if value is not None else {} for value in values]
    assert [obj.get("x") for obj in sort_objects(objects, ".x")] == order


def test_sorting_needs_the_field_somewhere() -> None:
    with pytest.raises(KubectlError, match="couldn't find any field with path"):
        sort_objects([{"a": 1}], "{.x}")
