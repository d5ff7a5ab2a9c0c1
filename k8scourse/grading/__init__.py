"""Grades a class: reads notebooks as data, checks their answers, keeps the gradebook and writes reports."""
