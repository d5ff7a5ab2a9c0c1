"""The counting of quotas. Source: kubernetes pkg/controller/resourcequota/resource_quota_controller.go."""

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError


@pytest.fixture
def cluster():
    return Cluster(nodes=1)


def quota(**hard):
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "q"},
        "spec": {"hard": {name.replace("_", "."): amount for name, amount in hard.items()}},
    }


def pod(name, cpu="100m"):
    resources = {"requests": {"cpu": cpu}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.27", "resources": resources}]},
    }


def used(cluster):
    return cluster.get("resourcequotas", "q")["status"]["used"]


def test_what_is_there_already_is_counted(cluster):
    cluster.apply(pod("a"))
    cluster.apply(quota(pods="5", requests_cpu="1", configmaps="9"))

    assert used(cluster) == {"configmaps": "1", "pods": "1", "requests.cpu": "100m"}


def test_what_goes_away_is_given_back(cluster):
    cluster.apply(quota(pods="1"))
    cluster.apply(pod("a"))
    assert used(cluster) == {"pods": "1"}
    with pytest.raises(ApiError, match="exceeded quota: q"):
        cluster.apply(pod("b"))

    cluster.delete("pods", "a")
    cluster.run("1m")
    assert used(cluster) == {"pods": "0"}
    cluster.apply(pod("b"))
    assert used(cluster) == {"pods": "1"}


def test_other_limits_are_taken_over(cluster):
    cluster.apply(quota(pods="1"))
    cluster.apply(quota(secrets="3"))
    status = cluster.get("resourcequotas", "q")["status"]

    assert status == {"hard": {"secrets": "3"}, "used": {"secrets": "0"}}
