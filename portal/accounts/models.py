"""User, Organization, Membership, Client."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from portal.accounts import roles
from portal.personal import indexes_of
from portal.references import new_reference
from portal.sealed import ImporterNumberField, NumberIndexField


def _user_reference() -> str:
    return new_reference("user")


def _organization_reference() -> str:
    return new_reference("organization")


def known_by(number: str, prefix: str = "") -> models.Q:
    """The condition that an organization has this number; `prefix` where it is reached by way of another row."""
    return models.Q(**{f"{prefix}number_index__in": indexes_of(number)})


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with every right in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores the case of the address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):  # type: ignore[django-manager-missing]  # the plug-in cannot follow managers of related models
    """A person."""

    username = None  # type: ignore[assignment]  # the address stands in its place
    email = models.EmailField(_("e-mail address"), unique=True)
    reference = models.CharField(max_length=22, unique=True, default=_user_reference, editable=False)
    title = models.CharField(_("title"), max_length=80, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # narrower than the parent: it knows addresses only

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def roles_in(self, organization: "Organization") -> set[str]:
        """Roles held in an organization; none once user, organization or membership is switched off."""
        home = organization.sandbox_of or organization  # who may do something may try it out
        if not self.is_active or not organization.is_active or not home.is_active:
            return set()
        return set(self.memberships.filter(organization=home, is_active=True).values_list("role", flat=True))


class Organization(models.Model):  # type: ignore[django-manager-missing]  # the plug-in cannot follow managers of related models
    """Who holds an account here: importer, broker, service provider or authority."""

    class Kind(models.TextChoices):
        IMPORTER = "importer", _("Importer")
        BROKER = "broker", _("Customs broker")
        PROVIDER = "provider", _("Service provider")
        AUTHORITY = "authority", _("Authority")

    reference = models.CharField(max_length=22, unique=True, default=_organization_reference, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    party = models.CharField(max_length=2, default="US")
    importer_number = ImporterNumberField(max_length=200, blank=True, help_text="NN-NNNNNNNXX (19 CFR 24.5)")
    number_index = NumberIndexField(of="importer_number", max_length=200, blank=True, editable=False)
    address = models.JSONField(default=dict, blank=True)
    contact = models.JSONField(default=dict, blank=True)
    on_file_since = models.DateField(null=True, blank=True, help_text="CBP Form 5106 on file since")
    last_entry_on = models.DateField(null=True, blank=True)
    ach_set_up = models.BooleanField(default=False)
    tier = models.CharField(max_length=12, default="standard", help_text="volume tier: quotas of the API follow it")
    sandbox_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="whose twin for trying out"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "number_index"],
                condition=~models.Q(number_index="") & models.Q(sandbox_of=None),
                name="organization_importer_number_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role of a user in an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(code, label) for code, label in roles.LABELS.items()])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "role"], name="membership_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organization}"


class Client(AbstractApplication):
    """A program that files over the API for one organization; its signatory is a person (house rule)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="clients", null=True)
    signatory = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    scopes = models.CharField(max_length=120, default="read", help_text="what its tokens may be asked for")
    previous_secret = models.CharField(
        max_length=255, blank=True, help_text="hash of the secret before, while it lasts"
    )
    previous_until = models.DateTimeField(null=True, blank=True)
    secret_set_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def is_open_at(self, now: datetime) -> bool:
        """True while it is open, has not expired, and its organization and signatory are active."""
        over = self.closed_at is not None or (self.expires_at is not None and self.expires_at <= now)
        place = self.organization
        active = place is not None and place.is_active and (place.sandbox_of is None or place.sandbox_of.is_active)
        return active and not over and self.signatory is not None and self.signatory.is_active
