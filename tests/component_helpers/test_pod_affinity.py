"""Claims about inter-pod affinity terms (kubernetes: kube-scheduler/framework AffinityTerm)."""

from k8scourse.component_helpers.pod_affinity import NO_TERMS, pod_affinity_terms, read_term

WEB = {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "zone"}
LABELS = {"app": "web"}


def test_a_term_without_namespaces_means_the_pods_own():
    term = read_term(WEB, "mine")
    assert term.matches("mine", LABELS, {})
    assert not term.matches("other", LABELS, {})
    assert not term.matches("mine", {"app": "db"}, {})


def test_listed_namespaces_replace_the_own_one():
    term = read_term({**WEB, "namespaces": ["a", "b"]}, "mine")
    assert [term.matches(name, LABELS, {}) for name in ("a", "b", "mine")] == [True, True, False]


def test_an_empty_namespace_selector_means_every_namespace_and_a_missing_one_none():
    assert read_term({**WEB, "namespaceSelector": {}}, "mine").matches("anything", LABELS, {})
    blue = read_term({**WEB, "namespaceSelector": {"matchLabels": {"team": "blue"}}}, "mine")
    assert blue.matches("x", LABELS, {"team": "blue"})
    assert not blue.matches("mine", LABELS, {"team": "red"})


def test_selector_and_list_of_namespaces_add_up():
    both = read_term({**WEB, "namespaces": ["a"], "namespaceSelector": {"matchLabels": {"team": "blue"}}}, "mine")
    assert both.matches("a", LABELS, {})
    assert both.matches("b", LABELS, {"team": "blue"})


def test_unrolling_writes_the_selected_namespaces_out():
    """Source: interpodaffinity mergeAffinityTermNamespacesIfNotEmpty."""
    term = read_term({**WEB, "namespaceSelector": {"matchLabels": {"team": "blue"}}}, "mine")
    unrolled = term.unrolled({"a": {"team": "blue"}, "b": {}})
    assert unrolled.namespaces == {"a"}
    assert unrolled.matches("a", LABELS, {})
    assert not unrolled.matches("b", LABELS, {"team": "blue"})


def test_a_missing_label_selector_matches_no_pod():
    assert not read_term({"topologyKey": "zone"}, "mine").matches("mine", LABELS, {})


def test_all_four_kinds_of_terms_are_read():
    affinity = {
        kind: {
            "requiredDuringSchedulingIgnoredDuringExecution": [WEB],
            "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": weight, "podAffinityTerm": WEB}],
        }
        for kind, weight in (("podAffinity", 3), ("podAntiAffinity", 4))
    }
    terms = pod_affinity_terms({"metadata": {"namespace": "mine"}, "spec": {"affinity": affinity}})
    assert len(terms.affinity) == len(terms.anti_affinity) == 1
    assert (terms.preferred_affinity[0].weight, terms.preferred_anti_affinity[0].weight) == (3, 4)
    assert pod_affinity_terms({"metadata": {"namespace": "mine"}, "spec": {}}) is NO_TERMS
