"""The words of an edition are indexed in the memory of the process: no engine keeps an index of them any more."""

from importlib import import_module

from django.db import migrations

words = import_module("declarations.tariff.migrations.0002_words")


class Migration(migrations.Migration):
    dependencies = [("tariff", "0003_edition_base")]

    operations = [migrations.RunPython(words.drop_words, words.add_words, elidable=False)]
