"""What `kubectl get` shows: the columns of every kind, computed by the API server."""

from k8scourse.apiserver.printers.pods import pod_status
from k8scourse.apiserver.printers.tables import printer_for, table

__all__ = ["pod_status", "printer_for", "table"]
