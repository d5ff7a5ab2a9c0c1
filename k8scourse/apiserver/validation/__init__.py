"""Validation: what the API server refuses with 422 and why, in the words of Kubernetes 1.36.

Each kind has ``validate_x(obj)`` and ``validate_x_update(new, old)``; both return a list of
`k8scourse.machinery.field.FieldError`, empty if all is well. They expect defaulted objects.
"""
