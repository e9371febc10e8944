"""`manage.py import_deals`: documents to drafts, or with `--publish` to editions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from deals.importing import ImportRefused, import_documents, read_paths
from deals.publishing import PublishError


class Command(BaseCommand):
    """Checks every document first; with one problem nothing is written."""

    help = "Import deals from YAML, JSON or NDJSON: files, folders, or - for standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="A file, a folder, or -.")
        parser.add_argument("--publish", action="store_true", help="Publish what was imported.")
        parser.add_argument("--by", metavar="USER", help="Who publishes: a user name.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")
        parser.add_argument(
            "--replace-drafts",
            action="store_true",
            help="Overwrite unpublished edits instead of refusing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = None
        if options["by"] and not options["publish"]:
            raise CommandError("--by names who publishes: add --publish, or leave it out.")
        if options["publish"]:
            by = self.publisher(options["by"])
        documents = list(read_paths(options["paths"]))
        try:
            with tqdm(total=len(documents), unit="deal", disable=options["verbosity"] == 0) as bar:
                report = import_documents(
                    documents,
                    publish=options["publish"],
                    by=by,
                    replace_drafts=options["replace_drafts"],
                    dry_run=options["dry_run"],
                    progress=bar.update,
                )
        except ImportRefused as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"Nothing was imported: {len(error.problems)} problems in "
                f"{len({problem.place for problem in error.problems})} of {len(documents)} "
                "documents."
            ) from error
        except PublishError as error:
            for key, problems in error.problems.items():
                for reason in problems:
                    self.stderr.write(f"{key}: {reason}")
            raise CommandError("Nothing was imported: it cannot be published.") from error
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{len(report.new)} new, {len(report.changed)} changed, "
            f"{len(report.unchanged)} unchanged; {would}"
            + (f"published: {len(report.new) + len(report.changed)}" if by else "left as drafts")
        )

    def publisher(self, username: str | None) -> Any:
        """The user who publishes; CommandError if there is none or they may not."""
        if not username:
            raise CommandError("--publish needs --by USER: every edition has a publisher.")
        user = get_user_model()._default_manager.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        if not user.has_perm("deals.publish_deal"):
            raise CommandError(f"“{username}” may not publish: add them to the reviewers.")
        return user
