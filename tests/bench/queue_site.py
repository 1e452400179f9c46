"""A bare Celery worker for comparison: one task that inserts one row. `celery -A tests.bench.queue_site worker`."""

import os

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402  (after the setup)
from django.db import connection  # noqa: E402  (after the setup)

app = Celery("bench", broker=settings.CELERY_BROKER_URL)
app.conf.update(task_ignore_result=True, task_default_queue="bench", worker_hijack_root_logger=False)


@app.task
def insert(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into bench_task (number) values (%s)", [number])
