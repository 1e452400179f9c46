"""Write docs/rulebook.md from the rules themselves."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from declarations.rules.book import rule_book_markdown

PLACE = "docs/rulebook.md"


class Command(BaseCommand):
    help = "Write the rule book; --check only says whether the file is up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / PLACE
        text = rule_book_markdown()
        if options["check"]:
            raise SystemExit(0 if path.exists() and path.read_text(encoding="utf-8") == text else 1)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PLACE} written.")
