"""Benchmarks: synthetic deals in any number, and what their pages and answers cost.

Installed as an app only where there is a checkout with tests (see `config.settings`).
"""
