"""Variables and volumes from ConfigMaps, Secrets and the pod itself (kubernetes: pkg/kubelet, pkg/volume)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.kubelet.environment import expand

from .nodes import container, make_config_map, make_pod, one_node, output, told

VOLUME: dict[str, Any] = {"volumes": [{"name": "v", "configMap": {"name": "conf"}}]}


def variable(cluster: Any, name: str, pod: str = "p") -> str:
    return output(cluster, f"exec {pod} -- printenv {name}").strip()


def test_env_replaces_what_env_from_gives_and_references_are_filled_in():
    cluster = one_node()
    make_config_map(cluster, A="1", B="2")
    make_pod(
        cluster,
        envFrom=[{"configMapRef": {"name": "conf"}}, {"prefix": "X_", "configMapRef": {"name": "conf"}}],
        env=[{"name": "B", "value": "$(A)$(X_B)$(NOPE)$$(A)"}],
    )
    assert variable(cluster, "B") == "12$(NOPE)$(A)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("$(A)", "1"), ("$$(A)", "$(A)"), ("$A ${A}", "$A ${A}"), ("x$(A", "x$(A"), ("$(B)", "$(B)"), ("$$$(A)", "$1")],
)
def test_references_expand_as_in_kubernetes(text: str, expected: str):
    """third_party/forked/golang/expansion/expand_test.go"""
    assert expand(text, {"A": "1"}) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.name", "p"),
        ("metadata.namespace", "default"),
        ("spec.nodeName", "n1"),
        ("status.podIP", "10.9.0.2"),
        ("status.hostIP", "172.18.0.9"),
        ("spec.serviceAccountName", "default"),
    ],
)
def test_the_downward_api_gives_fields_of_the_pod(path: str, value: str):
    cluster = one_node(address="172.18.0.9", podCIDR="10.9.0.0/24")
    make_pod(cluster, env=[{"name": "V", "valueFrom": {"fieldRef": {"fieldPath": path}}}])
    assert variable(cluster, "V") == value


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ({"resource": "requests.cpu"}, "1"),
        ({"resource": "requests.cpu", "divisor": "1m"}, "250"),
        ({"resource": "limits.memory", "divisor": "1Mi"}, "64"),
        ({"resource": "limits.cpu"}, "8"),
    ],
)
def test_the_downward_api_gives_resources_rounded_up(reference: dict[str, Any], value: str):
    cluster = one_node()
    resources = {"requests": {"cpu": "250m"}, "limits": {"memory": "64Mi"}}
    make_pod(cluster, resources=resources, env=[{"name": "V", "valueFrom": {"resourceFieldRef": reference}}])
    assert variable(cluster, "V") == value


def test_a_variable_keeps_its_value_until_the_container_starts_again():
    cluster = one_node({"app": {"exits": {"code": 1, "after": "5m"}}})
    make_config_map(cluster, a="1")
    origin = {"configMapKeyRef": {"name": "conf", "key": "a"}}
    make_pod(cluster, env=[{"name": "V", "valueFrom": origin}])
    cluster.patch("configmap", "conf", {"data": {"a": "2"}})
    cluster.run("4m")
    assert variable(cluster, "V") == "1"
    cluster.run("1m")
    assert variable(cluster, "V") == "2"


def test_volumes_follow_a_change_within_a_minute_and_a_half_and_sub_paths_never():
    cluster = one_node()
    make_config_map(cluster, a="1")
    mounts = [{"name": "v", "mountPath": "/all"}, {"name": "v", "mountPath": "/one", "subPath": "a"}]
    make_pod(cluster, volumeMounts=mounts, spec=VOLUME)
    cluster.run("10m")
    cluster.patch("configmap", "conf", {"data": {"a": "2"}})
    assert output(cluster, "exec p -- cat /all/a /one") == "11"
    cluster.run("90s")
    assert output(cluster, "exec p -- cat /all/a /one") == "21"


def test_a_deleted_config_map_stays_in_running_pods():
    cluster = one_node()
    make_config_map(cluster, a="1")
    make_pod(cluster, volumeMounts=[{"name": "v", "mountPath": "/all"}], spec=VOLUME)
    cluster.delete("configmap", "conf")
    cluster.run("10m")
    assert output(cluster, "exec p -- cat /all/a") == "1"


def test_a_secret_arrives_decoded_and_items_choose_paths():
    cluster = one_node()
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": "pass", "l": "x"}}
    cluster.create(secret)
    volume = {"name": "v", "secret": {"secretName": "s", "items": [{"key": "k", "path": "deep/key"}]}}
    make_pod(
        cluster,
        env=[{"name": "V", "valueFrom": {"secretKeyRef": {"name": "s", "key": "l"}}}],
        volumeMounts=[{"name": "v", "mountPath": "/s"}],
        spec={"volumes": [volume]},
    )
    assert variable(cluster, "V") == "x"
    assert output(cluster, "exec p -- ls /s") == "deep\n"
    assert output(cluster, "exec p -- cat /s/deep/key") == "pass"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"envFrom": [{"configMapRef": {"name": "x"}}]}, 'configmap "x" not found'),
        ({"envFrom": [{"secretRef": {"name": "x"}}]}, 'secret "x" not found'),
        (
            {"env": [{"name": "V", "valueFrom": {"configMapKeyRef": {"name": "conf", "key": "k"}}}]},
            "couldn't find key k in ConfigMap default/conf",
        ),
    ],
)
def test_what_the_environment_lacks_keeps_the_container_from_being_created(fields: dict[str, Any], message: str):
    cluster = one_node()
    make_config_map(cluster, a="1")
    make_pod(cluster, **fields)
    assert container(cluster)["state"]["waiting"] == {"reason": "CreateContainerConfigError", "message": message}
    assert told(cluster, "Failed") == [f"Error: {message}"]


def test_what_is_optional_may_be_missing():
    cluster = one_node()
    origin = {"configMapKeyRef": {"name": "x", "key": "k", "optional": True}}
    volume = {"name": "v", "configMap": {"name": "x", "optional": True}}
    make_pod(
        cluster,
        envFrom=[{"secretRef": {"name": "x", "optional": True}}],
        env=[{"name": "V", "valueFrom": origin}],
        spec={"volumes": [volume]},
    )
    assert "running" in container(cluster)["state"]
    assert "V=" not in output(cluster, "exec p -- env")


def test_a_missing_key_of_a_volume_is_a_failed_mount():
    cluster = one_node()
    make_config_map(cluster, a="1")
    items = [{"key": "b", "path": "b"}]
    make_pod(cluster, spec={"volumes": [{"name": "v", "configMap": {"name": "conf", "items": items}}]})
    reason = "references non-existent config key: b"
    assert told(cluster, "FailedMount") == [f'MountVolume.SetUp failed for volume "v" : {reason}']


def test_services_that_were_there_at_the_start_are_in_the_environment():
    cluster = one_node()
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "my-db"}}
    cluster.create({**service, "spec": {"selector": {"a": "b"}, "ports": [{"name": "sql", "port": 5432}]}})
    make_pod(cluster)
    cluster.run("1s")
    cluster.create({**service, "metadata": {"name": "late"}, "spec": {"ports": [{"port": 80}]}})
    found = output(cluster, "exec p -- env")
    assert "MY_DB_SERVICE_PORT=5432\nMY_DB_SERVICE_PORT_SQL=5432\nMY_DB_PORT=tcp://" in found
    assert "KUBERNETES_SERVICE_HOST=" in found
    assert "LATE_" not in found


@pytest.mark.parametrize(
    ("spec", "name"),
    [({}, "p"), ({"hostname": "h", "subdomain": "s"}, "h"), ({"hostNetwork": True}, "n1")],
)
def test_the_host_name_of_a_pod(spec: dict[str, Any], name: str):
    cluster = one_node()
    make_pod(cluster, spec=spec)
    assert output(cluster, "exec p -- hostname").strip() == name


def test_a_pod_in_the_network_of_its_node_has_the_address_of_the_node():
    cluster = one_node(address="172.18.0.9")
    make_pod(cluster, spec={"hostNetwork": True})
    assert cluster.get("pod", "p")["status"]["podIP"] == "172.18.0.9"


def test_the_kubelet_writes_hosts_and_resolver_of_a_pod():
    """pkg/kubelet/kubelet_pods_test.go TestManagedHostsFileContent; search list and ndots of ClusterFirst."""
    cluster = one_node(podCIDR="10.9.0.0/24")
    aliases = [{"ip": "1.2.3.4", "hostnames": ["a.example", "b.example"]}]
    make_pod(cluster, spec={"hostname": "h", "subdomain": "sub", "hostAliases": aliases})
    hosts = output(cluster, "exec p -- cat /etc/hosts")
    own = "10.9.0.2\th.sub.default.svc.cluster.local\th\n"
    assert hosts.endswith(f"{own}\n# Entries added by HostAliases.\n1.2.3.4\ta.example\tb.example\n")
    resolver = output(cluster, "exec p -- cat /etc/resolv.conf")
    assert resolver.startswith("search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver ")


def test_what_a_process_sees_can_be_asked_for():
    cluster = one_node({"app": {"entrypoint": ["/app"], "env": {"FROM_IMAGE": "1"}}})
    make_config_map(cluster, a="1")
    mount = {"name": "v", "mountPath": "/all"}
    make_pod(cluster, args=["--name=$(NAME)"], env=[{"name": "NAME", "value": "x"}], volumeMounts=[mount], spec=VOLUME)
    queries = cluster._engine.components["kubelet"].queries
    pod = cluster.get("pod", "p")
    assert queries.argv(pod, "c") == ["/app", "--name=x"]
    assert queries.variables(pod, "c").items() >= {"NAME": "x", "FROM_IMAGE": "1"}.items()
    assert queries.files(pod, "c")["/all/a"] == "1"
