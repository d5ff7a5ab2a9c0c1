"""The files that the kubelet itself puts into every container: host name, hosts, resolver.

Sources: pkg/kubelet/kubelet_pods.go managedHostsFileContent, pkg/kubelet/network/dns/dns.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubelet.environment import host_name
from k8scourse.kubelet.runtime import PodRuntime

Object = dict[str, Any]

DOMAIN = "cluster.local"
CLUSTER_DNS = "10.96.0.10"
_HOSTS = """# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
"""


def managed_files(pod: Object, runtime: PodRuntime) -> dict[str, str]:
    """Path -> content; nothing for pods in the network of their node, which see the files of the node."""
    if pod["spec"].get("hostNetwork"):
        return {}
    files = {"/etc/hostname": f"{host_name(pod)}\n", "/etc/hosts": _hosts(pod, runtime)}
    if pod["spec"].get("dnsPolicy", "ClusterFirst") == "ClusterFirst" and not pod["spec"].get("dnsConfig"):
        namespace = pod["metadata"]["namespace"]
        search = f"{namespace}.svc.{DOMAIN} svc.{DOMAIN} {DOMAIN}"
        files["/etc/resolv.conf"] = f"search {search}\nnameserver {CLUSTER_DNS}\noptions ndots:5\n"
    return files


def _hosts(pod: Object, runtime: PodRuntime) -> str:
    name, subdomain = host_name(pod), pod["spec"].get("subdomain")
    if subdomain:
        domain = f"{name}.{subdomain}.{pod['metadata']['namespace']}.svc.{DOMAIN}"
        own = f"{runtime.ip}\t{domain}\t{name}\n"
    else:
        own = f"{runtime.ip}\t{name}\n"
    aliases = pod["spec"].get("hostAliases") or ()
    lines = ["\t".join((alias["ip"], *(alias.get("hostnames") or ()))) + "\n" for alias in aliases]
    added = "\n# Entries added by HostAliases.\n" + "".join(lines) if lines else ""
    return f"{_HOSTS}{own}{added}"
