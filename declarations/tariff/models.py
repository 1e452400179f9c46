"""Editions and their rows. A load adds and overwrites nothing, so that a version keeps the figures it was made with."""

from django.db import models


class Load(models.Model):
    """One file loaded once: where it came from, its name, its digest, and the day from which it holds."""

    source = models.CharField(max_length=40)  # a family of files: starter, usitc, ...
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateField()
    loaded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} from {self.effective_from}"


class TariffEdition(Load):
    """One edition of the schedule, in force from its day until the next one's.

    An edition with a base holds only the lines that differ from it, and the numbers of the base that it lacks.
    """

    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    absent = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "effective_from"], name="tariff_edition_day_once"),
        ]


class HtsLine(models.Model):
    """One row of an edition, in schedule order, with its rates inherited as a block."""

    edition = models.ForeignKey(TariffEdition, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()  # order in the schedule
    parent_row = models.PositiveIntegerField(null=True)  # the row of the line above, None for a heading
    indent = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=10, blank=True)  # digits; an 8-digit leaf of chapters 1 to 97 with 00
    printed_number = models.CharField(max_length=16, blank=True)
    superior = models.BooleanField(default=False)
    description = models.TextField()
    path = models.TextField(blank=True)  # descriptions above, outermost first, joined by " > "
    units = models.CharField(max_length=60, blank=True)  # ACE codes in the order of reporting, joined by "|"
    general = models.TextField(blank=True)
    special = models.TextField(blank=True)
    column2 = models.TextField(blank=True)
    heading_of_rate = models.CharField(max_length=10, blank=True)
    declarable = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "row"], name="tariff_line_row_once")]
        indexes = [
            models.Index(fields=["edition", "number"], name="tariff_line_number"),
            models.Index(fields=["edition", "parent_row"], name="tariff_line_children"),
        ]

    def __str__(self) -> str:
        return f"{self.printed_number} {self.description[:60]}".strip()


class MeasureSet(Load):
    """One file of measures. Of two sets that hold rows of one heading, the later loaded one speaks for it."""

    # Authorities whose lists the set holds in full, each with the day from which it does, where there is one.
    complete_for = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "effective_from"], name="tariff_measure_set_day_once"),
        ]


class TradeMeasure(models.Model):
    """A duty beside the column rate, an exemption from one, or the end of our lists: see `view.Measure`."""

    measure_set = models.ForeignKey(MeasureSet, on_delete=models.CASCADE, related_name="measures")
    heading = models.CharField(max_length=8, blank=True)
    authority = models.CharField(max_length=40)
    effect = models.CharField(max_length=12)
    rate = models.DecimalField(max_digits=12, decimal_places=8, null=True)  # share of the value
    origins = models.JSONField(default=list)
    excluded_origins = models.JSONField(default=list)
    scope = models.JSONField(default=list)
    excluded_scope = models.JSONField(default=list)
    program = models.CharField(max_length=2, blank=True)
    requires = models.JSONField(default=list)
    exempts = models.JSONField(default=list)
    claimed_only = models.BooleanField(default=False)
    content = models.CharField(max_length=60, blank=True)
    gives_way = models.JSONField(default=list)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    effective_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    order = models.PositiveSmallIntegerField(default=0)
    legal_basis = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    certainty = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gte=models.F("effective_from")),
                name="tariff_measure_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["measure_set", "heading"], name="tariff_measure_heading")]

    def __str__(self) -> str:
        return f"{self.heading} {self.effect} {self.authority}"


class ReferenceSet(Load):
    """One file of fees, programs, origins, exchange rates or retired numbers. The later loaded set speaks first."""

    kind = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "sha256"], name="tariff_reference_file_once"),
        ]


class FeeSchedule(models.Model):
    """A fee by its class for a period (19 CFR 24.22 to 24.24); US dollars."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="fees")
    fee_class = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=12, decimal_places=8, null=True)  # share of the value
    minimum = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    maximum = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    not_on = models.JSONField(null=True)  # entry types without the fee; null: the row does not say
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference_set", "fee_class", "effective_from"], name="tariff_fee_period_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fee_class} from {self.effective_from}"


class PreferenceProgram(models.Model):
    """A special program indicator for a period."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="programs")
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    countries = models.JSONField(default=list)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    mpf_exempt = models.BooleanField(default=False)
    certification_needed = models.BooleanField(default=False)
    by_note = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference_set", "code", "effective_from"], name="tariff_program_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OriginStatus(models.Model):
    """What goods of a country are by origin alone: column 2, or free of the processing fee."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="origins")
    country = models.CharField(max_length=2)
    status = models.CharField(max_length=12)
    ground = models.CharField(max_length=80, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference_set", "country", "status", "effective_from"], name="tariff_origin_status_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.status}"


class NoteRate(models.Model):
    """A rate that stands in a note of its chapter and not in the column of the number, for a period."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="note_rates")
    number = models.CharField(max_length=8)
    column = models.CharField(max_length=8)
    text = models.CharField(max_length=300)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference_set", "number", "column", "effective_from"], name="tariff_note_rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.column} {self.text}"


class ExchangeRate(models.Model):
    """US dollars for one unit of a currency, for every day of a span."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="rates")
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    effective_from = models.DateField()
    effective_to = models.DateField()
    basis = models.CharField(max_length=12)  # quarterly, daily, proclaimed, reference
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference_set", "currency", "effective_from"], name="tariff_exchange_day_once"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to__gte=models.F("effective_from")),
                name="tariff_exchange_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.effective_from}"


class RetiredNumber(models.Model):
    """A number that a revision took away, and the numbers that stand in its place."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="retired")
    number = models.CharField(max_length=10)
    successors = models.JSONField(default=list)
    ended_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference_set", "number"], name="tariff_retired_once")]

    def __str__(self) -> str:
        return self.number
