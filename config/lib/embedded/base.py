"""The engine's `DatabaseWrapper`, under the name that Django looks for.

The server is started here, on the first connection, and not in the settings: commands that need
no database (`help`, `makemigrations`, `collectstatic`) then start none, and a server that was
killed comes back with the next request.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.lib.postgres import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, on the cluster given as `CLUSTER` in the database's settings."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; where nobody answers, start the server and connect again."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            cluster: Cluster = self.settings_dict["CLUSTER"]
            cluster.start()
            return super().get_new_connection(conn_params)
