"""The journal keeps decisions in order and forks with the cluster."""

from k8scourse.simulation.journal import Decision, Journal

POD, NODE = ("Pod", "default", "p"), ("Node", "", "n1")


def decision(subject: tuple[str, str, str], verdict: str, component: str = "kube-scheduler") -> Decision:
    return Decision(0, 1, component, subject, verdict, "a rule")


def test_about_gives_the_decisions_on_one_object_in_order():
    journal = Journal()
    for subject, verdict in ((POD, "A"), (NODE, "B"), (POD, "C")):
        journal.record(decision(subject, verdict))
    assert [entry.verdict for entry in journal.about(POD)] == ["A", "C"]
    assert journal.about(POD, component="kubelet") == []


def test_last_gives_the_newest_decision():
    journal = Journal()
    journal.record(decision(POD, "A"))
    journal.record(decision(POD, "B", "kubelet"))
    assert (journal.last(POD) or decision(POD, "")).verdict == "B"
    assert (journal.last(POD, component="kube-scheduler") or decision(POD, "")).verdict == "A"
    assert journal.last(NODE) is None


def test_a_fork_and_its_origin_go_their_own_ways():
    journal = Journal()
    journal.record(decision(POD, "A"))
    twin = journal.fork()
    twin.record(decision(POD, "B"))
    journal.record(decision(POD, "C"))
    assert [entry.verdict for entry in journal] == ["A", "C"]
    assert [entry.verdict for entry in twin] == ["A", "B"]
