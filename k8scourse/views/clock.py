"""Virtual time as people read it."""

SECOND = 1_000_000_000


def clock(elapsed: int) -> str:
    """Nanoseconds since the cluster's start as ``00:01:30``, with days in front when there are any."""
    seconds = elapsed // SECOND
    days, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}d {text}" if days else text
