"""The words `route` and `dns` (scenario.md, section 6, "Network")."""

from __future__ import annotations

import pytest

from k8scourse.scenario.cluster_world import ClusterWorld
from k8scourse.scenario.loader import load_text
from k8scourse.scenario.outcome import Outcome
from k8scourse.scenario.runner import run_scenario

GIVEN = """
- id: s
  area: concepts
  source: docs
  world: {nodes: 1}
  given:
  - {apiVersion: v1, kind: Namespace, metadata: {name: team}}
  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: team}, spec: {ports: [{port: 80}]}}
  - {apiVersion: v1, kind: Service, metadata: {name: out}, spec: {type: ExternalName, externalName: x.example}}
  - apiVersion: v1
    kind: Service
    metadata: {name: db, namespace: team}
    spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
  - apiVersion: v1
    kind: Pod
    metadata: {name: db-0, namespace: team, labels: {app: db}}
    spec: {hostname: db-0, subdomain: db, containers: [{name: c, image: nginx}]}
  - apiVersion: v1
    kind: Pod
    metadata: {name: db-1, namespace: team, labels: {app: db}}
    spec: {containers: [{name: c, image: nginx}]}
  - apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: i, namespace: team}
    spec:
      rules:
      - host: a.io
        http: {paths: [{path: /x, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}
"""


def run(expectation: str) -> Outcome:
    text = f"{GIVEN.lstrip()}  expect:\n  - {expectation}\n"
    return run_scenario(load_text(text, "s.yaml").scenarios[0], ClusterWorld.from_world)


@pytest.mark.parametrize(
    "expectation",
    [
        "route: {url: 'http://a.io/x?y=1', service: web}",
        "route: {url: 'http://a.io/x/y', service: null}",
        "route: {url: 'http://b.io/x', service: null}",
        "dns: {namespace: default, host: web.team, resolves: {cluster_ip_of: web}}",
        "dns: {namespace: team, host: web, resolves: {cluster_ip_of: web}}",
        "dns: {host: web, resolves: nxdomain}",
        "dns: {host: out, resolves: {cname: x.example}}",
        "dns: {namespace: team, host: db, resolves: {pod_ips_of: [db-1, db-0]}}",
        "dns: {host: db-0.db.team.svc.cluster.local, resolves: {pod_ips_of: [db-0]}}",
        "dns: {host: db-1.db.team, resolves: nxdomain}",
    ],
)
def test_what_holds(expectation: str) -> None:
    outcome = run(expectation)
    assert outcome.verdict == "ok", outcome.failures


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ("route: {url: 'http://a.io/x', service: null}", "sent to web"),
        ("route: {url: 'http://a.io/', service: web}", "no rule and no default backend: 404"),
        ("route: {url: 'ftp://a.io/', service: web}", "is no URL"),
        ("dns: {host: web, resolves: {cluster_ip_of: kubernetes}}", 'no such name; expected ["10.96.0.1"]'),
        ("dns: {host: kubernetes, resolves: nxdomain}", '["10.96.0.1"]'),
        ("dns: {host: out, resolves: {cname: y.example}}", "an alias of x.example"),
        ("dns: {host: kubernetes, resolves: {cluster_ip_of: missing}}", "there is no Service missing"),
    ],
)
def test_what_does_not_hold_is_told(expectation: str, found: str) -> None:
    outcome = run(expectation)
    assert outcome.verdict == "FAIL"
    assert found in outcome.failures[0].found
