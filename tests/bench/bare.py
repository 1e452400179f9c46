"""The denominator: a bare ModelSerializer insert, head and lines in one transaction, without authentication.

Its two tables belong to the benchmark and exist only in the database that it starts.
"""

import itertools
import json
from typing import Any

from django.db import connection, models, transaction
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView


class BareHead(models.Model):
    reference = models.CharField(max_length=22, unique=True)
    entry_type = models.CharField(max_length=2)
    importer = models.CharField(max_length=12)
    importer_name = models.CharField(max_length=200)
    port_of_entry = models.CharField(max_length=4)
    mode = models.CharField(max_length=2)
    carrier = models.CharField(max_length=4)
    bill = models.CharField(max_length=20)
    arrives_on = models.DateField()
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=15, decimal_places=2)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.reference


class BareLine(models.Model):
    head = models.ForeignKey(BareHead, on_delete=models.CASCADE, related_name="lines")
    sequence = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=120)
    hts_number = models.CharField(max_length=10)
    origin_country = models.CharField(max_length=2)
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    unit = models.CharField(max_length=3)
    gross_mass_kg = models.DecimalField(max_digits=15, decimal_places=3)
    value = models.DecimalField(max_digits=15, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return f"{self.head_id}/{self.sequence}"


class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BareLine
        exclude = ("head",)


class HeadSerializer(serializers.ModelSerializer):
    lines = LineSerializer(many=True, write_only=True)

    class Meta:
        model = BareHead
        fields = "__all__"

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> BareHead:
        lines = validated_data.pop("lines")
        head = BareHead.objects.create(**validated_data)
        BareLine.objects.bulk_create(BareLine(head=head, **one) for one in lines)
        return head


class Insert(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Any) -> Response:
        serializer = HeadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({"id": serializer.save().pk}, status=201)


_view = Insert.as_view()
_requests = APIRequestFactory()
_count = itertools.count(1)


def make_tables() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(BareHead)
        editor.create_model(BareLine)


def body(lines: int) -> bytes:
    """A declaration as a client would send it."""
    line = {
        "description": "Lithium-ion storage batteries, 48 V", "hts_number": "8507600090", "origin_country": "CN",
        "quantity": "2500", "unit": "NO", "gross_mass_kg": "9900", "value": "45000.00", "currency": "USD",
    }  # fmt: skip
    head = {
        "reference": f"BARE{next(_count):08d}", "entry_type": "01", "importer": "12-345678900", "importer_name": "Example",
        "port_of_entry": "2709", "mode": "11", "carrier": "DEMO", "bill": "DEMO263847519", "arrives_on": "2026-11-24",
        "currency": "USD", "total": "45000.00", "lines": [{"sequence": at + 1, **line} for at in range(lines)],
    }  # fmt: skip
    return json.dumps(head).encode()


def insert(data: bytes) -> None:
    """One request through the view: parse, validate, insert, answer. No server and no middleware around it."""
    answer = _view(_requests.post("/bare/", data, content_type="application/json")).render()
    if answer.status_code != 201:
        raise RuntimeError(answer.content[:500])


def validate(data: bytes) -> None:
    """The serializer alone."""
    HeadSerializer(data=json.loads(data)).is_valid(raise_exception=True)
