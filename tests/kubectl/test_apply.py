"""kubectl apply where no patch can be made (kubernetes: kubectl/pkg/cmd/apply/patcher.go, patchSimple)."""

from k8scourse import Cluster

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: main, image: nginx}]}\n"


def test_an_item_without_its_merge_key_is_an_error_with_both_warnings_and_nothing_changes() -> None:
    cluster = Cluster(nodes=1)
    cluster.kubectl("apply -f -", POD)
    before = cluster.revision
    output = cluster.kubectl("apply -f -", POD.replace("name: main, ", ""))
    fault = "map: map[image:nginx] does not contain declared merge key: name"
    lines = output.stderr.splitlines()
    assert lines[:3] == [
        f"warning: error calculating patch from openapi v3 spec: {fault}",
        f"warning: error calculating patch from openapi spec: {fault}",
        "error: error when applying patch:",
    ]
    assert 'for: "STDIN": creating patch with:' in lines
    assert f"for: {fault}" in lines
    assert output.exit_code == 1
    assert cluster.revision == before
