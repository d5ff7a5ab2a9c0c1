"""Thin interactive shells over the views: manifest editor, cluster map, time slider (anywidget)."""
