"""Which components a world runs."""

from k8scourse.cluster import Cluster
from k8scourse.components import PROGRAMS
from k8scourse.world import COMPONENTS


def names(*programs: str) -> list[str]:
    return [component.name for program in programs for component in PROGRAMS[program]]


def test_every_program_of_a_world_but_the_control_planes_core_has_components():
    assert set(PROGRAMS) == set(COMPONENTS) - {"etcd", "kube-apiserver"}
    assert len(set(names(*PROGRAMS))) == len(names(*PROGRAMS))


def test_a_world_without_a_program_runs_none_of_its_components():
    cluster = Cluster.from_world({"nodes": [], "components": ["etcd", "kube-apiserver", "kube-scheduler"]})
    assert cluster.component("kube-scheduler").name == "kube-scheduler"
    for name in names("kube-controller-manager", "kubelet"):
        try:
            cluster.component(name)
        except KeyError:
            continue
        raise AssertionError(name)


def test_a_fork_runs_the_same_components():
    cluster = Cluster(nodes=1)
    twin = cluster.fork()
    for name in names(*PROGRAMS):
        assert type(twin.component(name)) is type(cluster.component(name))
        assert twin.component(name) is not cluster.component(name)
