"""A text client of the API server: prints what kubectl 1.36 prints, with its exit codes."""

from k8scourse.kubectl.kubectl import Kubectl
from k8scourse.kubectl.output import Output

__all__ = ["Kubectl", "Output"]
