"""Two ways to run the properties: `default` in make test, `fuzz` (100,000 bad manifests in all) in make fuzz."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz", max_examples=25_000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
