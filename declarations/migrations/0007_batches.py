import declarations.batch_models
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_programs'),
        ('declarations', '0006_amendments'),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=declarations.batch_models._batch_reference, editable=False, max_length=22, unique=True)),
                ('correlation_id', models.CharField(blank=True, max_length=64)),
                ('mode', models.CharField(choices=[('file', 'File'), ('dry-run', 'Dry Run'), ('draft', 'Draft')], max_length=8)),
                ('format', models.CharField(help_text='ndjson, csv or xlsx', max_length=8)),
                ('state', models.CharField(choices=[('WAITING', 'Waiting'), ('WORKING', 'Working'), ('DONE', 'Done')], default='WAITING', max_length=8)),
                ('source_sha256', models.CharField(help_text='what was sent', max_length=64)),
                ('rows_sha256', models.CharField(help_text='the same as one declaration in JSON a line', max_length=64)),
                ('rows', models.PositiveIntegerField()),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('unreadable', models.PositiveIntegerField(default=0)),
                ('lease_owner', models.CharField(blank=True, max_length=120)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('worked_at', models.DateTimeField(blank=True, help_text='so that batches take turns', null=True)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='BatchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='from 1, in the order of the file')),
                ('line', models.PositiveIntegerField(help_text='of the file that was sent, where the declaration begins')),
                ('offset', models.PositiveBigIntegerField()),
                ('length', models.PositiveIntegerField()),
                ('own_reference', models.CharField(blank=True, max_length=40)),
                ('outcome', models.CharField(choices=[('WAITING', 'Waiting'), ('ACCEPTED', 'Accepted'), ('REFUSED', 'Refused'), ('UNREADABLE', 'Unreadable')], default='WAITING', max_length=10)),
                ('total_due', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('words', models.TextField(blank=True)),
                ('violations', models.JSONField(default=list)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='declarations.batch')),
                ('declaration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='declarations.declaration')),
            ],
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['organization', '-id'], name='batch_by_organization'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('state', 'DONE'), _negated=True), fields=['worked_at'], name='batch_to_do'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'WORKING', 'DONE'])), name='batch_state_known'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['file', 'dry-run', 'draft'])), name='batch_mode_known'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.F('refused')), '+', models.F('unreadable')))), name='batch_rows_counted_once'),
        ),
        migrations.AddIndex(
            model_name='batchrow',
            index=models.Index(condition=models.Q(('outcome', 'WAITING')), fields=['batch', 'number'], name='batch_row_to_do'),
        ),
        migrations.AddIndex(
            model_name='batchrow',
            index=models.Index(fields=['batch', 'own_reference'], name='batch_row_by_own'),
        ),
        migrations.AddConstraint(
            model_name='batchrow',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='batch_row_number_once'),
        ),
        migrations.AddConstraint(
            model_name='batchrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['WAITING', 'ACCEPTED', 'REFUSED', 'UNREADABLE'])), name='batch_row_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='batchrow',
            constraint=models.UniqueConstraint(condition=models.Q(('declaration__isnull', False)), fields=('declaration',), name='batch_row_declaration_once'),
        ),
    ]
