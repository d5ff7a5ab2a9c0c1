"""The scheduler: queue, framework, plugins, scheduling cycle and preemption."""
