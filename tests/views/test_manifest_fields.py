from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import Schemas
from k8scourse.views.manifest_fields import completions, field_help

SCHEMAS, KINDS = Schemas(), Registry()
HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n"


def offered(text: str) -> dict[str, dict]:
    lines = text.split("\n")
    found = completions(text, len(lines), len(lines[-1]) + 1, schemas=SCHEMAS, kinds=KINDS)
    return {option["label"]: option for option in found}


def test_fields_of_the_struct_at_the_cursor_are_offered_without_those_already_there() -> None:
    options = offered(HEAD + "  tolerations:\n  - key: gpu\n    ")
    assert sorted(options) == ["effect", "operator", "tolerationSeconds", "value"]


def test_a_required_field_comes_first() -> None:
    options = offered(HEAD + "  containers:\n  - ")
    assert options["name"]["boost"] > options["image"]["boost"]


def test_a_list_field_brings_its_first_dash_at_the_right_indentation() -> None:
    assert offered(HEAD + "  tol")["tolerations"]["apply"] == "tolerations:\n    - "


def test_enum_values_are_those_of_the_go_type() -> None:
    """core/v1 types.go TaintEffect, TolerationOperator, RestartPolicy."""
    assert set(offered(HEAD + "  tolerations:\n  - effect: ")) == {"NoSchedule", "PreferNoSchedule", "NoExecute"}
    assert {"Exists", "Equal"} <= set(offered(HEAD + "  tolerations: [{operator: "))
    assert set(offered(HEAD + "  restartPolicy: ")) == {"Always", "OnFailure", "Never"}


def test_booleans_offer_their_two_values() -> None:
    assert set(offered(HEAD + "  hostNetwork: ")) == {"true", "false"}


def test_kinds_are_those_of_the_version_and_versions_those_of_the_kind() -> None:
    assert "Pod" in offered("apiVersion: v1\nkind: ")
    assert "Deployment" not in offered("apiVersion: v1\nkind: ")
    assert set(offered("kind: Deployment\napiVersion: ")) == {"apps/v1"}


def test_status_is_the_clusters_to_write_and_not_offered() -> None:
    assert "status" not in offered("apiVersion: v1\nkind: Pod\n")


def test_help_names_path_type_and_values() -> None:
    text = HEAD + "  tolerations:\n  - effect: NoSchedule\n"
    html = field_help(text, 7, 8, schemas=SCHEMAS)
    assert "<code>spec.tolerations.effect</code>" in html
    assert "<code>PreferNoSchedule</code>" in html


def test_there_is_no_help_where_there_is_no_field() -> None:
    assert field_help("apiVersion: v1\nkind: Pod\nspek:\n", 3, 2, schemas=SCHEMAS) == ""


def test_unknown_kinds_and_labels_offer_nothing() -> None:
    assert offered("apiVersion: v1\nkind: Gadget\nspec:\n  a") == {}
    assert offered("apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    a") == {}
