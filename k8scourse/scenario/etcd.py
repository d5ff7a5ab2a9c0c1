"""White box: etcd (scenario.md, section 8)."""

from __future__ import annotations

from k8scourse.scenario.words import unsimulated_actions, unsimulated_expectations

_ETCD = "etcd as seen by its own clients"

unsimulated_actions(_ETCD, "etcd.put", "etcd.get", "etcd.delete", "etcd.txn", "etcd.compact", "etcd.fill", answer=True)
unsimulated_actions(
    _ETCD, "etcd.lease_grant", "etcd.lease_keepalive", "etcd.lease_ttl", "etcd.lease_revoke", answer=True
)
unsimulated_actions(_ETCD, "etcd.watch", "etcd.watch_progress", answer=True)
unsimulated_actions(_ETCD, "etcd.alarm_disarm", "etcd.alarm_list", "etcd.defrag", answer=True)
unsimulated_actions(_ETCD, "etcd.login", "etcd.auth_enable", "etcd.user_add", "etcd.role_add", answer=True)
unsimulated_actions(_ETCD, "etcd.user_grant_role", "etcd.role_grant_permission", answer=True)
unsimulated_actions(_ETCD, "etcd.stop", "etcd.start", answer=True)
unsimulated_actions(
    _ETCD, "etcd.member_add", "etcd.member_list", "etcd.member_remove", "etcd.member_promote", answer=True
)
unsimulated_actions(_ETCD, "etcd.snapshot_save", "etcd.snapshot_status", "etcd.snapshot_restore", answer=True)

unsimulated_expectations(_ETCD, "etcd.response", "etcd.error", "etcd.ok", "etcd.watched", "etcd.key")
unsimulated_expectations(_ETCD, "etcd.watch_canceled", "etcd.watch_progressed", "etcd.alarms", "etcd.snapshot")
unsimulated_expectations(_ETCD, "etcd.members", "etcd.leader_changed")
