"""White box: Raft (scenario.md, section 9)."""

from __future__ import annotations

from k8scourse.scenario.words import unsimulated_actions, unsimulated_expectations

_RAFT = "Raft groups"

unsimulated_actions(_RAFT, "raft.campaign", "raft.settle", "raft.tick", "raft.run_ticks", "raft.partition", "raft.cut")
unsimulated_actions(_RAFT, "raft.heal", "raft.crash", "raft.restart", "raft.propose", "raft.drop", "raft.deliver")
unsimulated_actions(_RAFT, "raft.transfer", "raft.read", "raft.spawn", "raft.conf_change", "raft.compact", "raft.mark")
unsimulated_expectations(_RAFT, "raft.leader", "raft.agree", "raft.role", "raft.term", "raft.committed")
unsimulated_expectations(_RAFT, "raft.not_committed", "raft.log_values", "raft.same_log", "raft.proposal")
unsimulated_expectations(_RAFT, "raft.read_result", "raft.config", "raft.rejected_appends", "raft.commit_index")
unsimulated_expectations(_RAFT, "raft.vote_result", "raft.leader_commit", "raft.grants_vote")
