"""`python -m k8scourse` is `k8scourse`."""

import sys

from k8scourse.cli import main

sys.exit(main())
