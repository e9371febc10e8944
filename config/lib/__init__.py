"""Leaf helpers with one job each. Nothing here imports an app."""
