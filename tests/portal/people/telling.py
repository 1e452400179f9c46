"""What is typed about people and organizations, and what is told of them."""

import json
import re

from django.test import Client
from django.urls import reverse

from portal.trail.models import TrailEntry
from tests.declarations.filer.browsing import fill, page_of, send, words_of
from tests.makers import PASSWORD

PEOPLE, INVITE = "/organization/people/", "/organization/people/invite/"
USERS, ORGANIZATIONS = "/admin/accounts/user/", "/admin/accounts/organization/"
CLERK = {
    "first_name": "Nora", "last_name": "New", "email": "Nora@New.example ", "title": "Import clerk",
    "role": "importer_user",
}  # fmt: skip
OWNER = {
    "first_name": "Olu", "last_name": "Owner", "email": "olu@new.example", "title": "President",
    "role": "importer_admin",
}  # fmt: skip
FORM_5106 = {
    "name": "New Importer LLC", "kind": "importer", "importer_number": "12-3456789ab", "on_file_since": "2024-01-15",
    "street": "1 First Street", "city": "Long Beach", "subdivision": "CA", "postcode": "90802", "country": "us",
    "contact_name": "Olu Owner", "contact_phone": "5625550100", "contact_email": "olu@new.example",
}  # fmt: skip


def link_on(answer):
    """The address that is shown once, as a path."""
    found = re.findall(r"http://testserver(/accounts/password/reset/key/\S+?/)<", answer.content.decode())
    assert len(found) == 1, words_of(answer)
    return found[0]


def choose_password(link, password=PASSWORD):
    """Somebody follows the link, chooses a password and signs in with it."""
    client = Client()
    shown = client.get(link, follow=True)
    there = shown.redirect_chain[-1][0]
    done = send(client, shown, there, follow=True, password1=password, password2=password)
    assert "Your password is changed" in words_of(done)
    return client


def sign_in(client, email, password=PASSWORD):
    return fill(client, "/accounts/login/", login=email, password=password)


def told(subject, kind):
    """What the trail of a subject says of one kind of act."""
    return [json.loads(one.body) for one in TrailEntry.objects.filter(subject=subject, kind=kind).order_by("seq")]


def role_error(answer):
    """The words above the boxes, tied to their group and linked from the summary."""
    tree = page_of(answer)
    group = tree.xpath("//fieldset[.//input[@name='roles']]")[0]
    assert "id_roles_error" in group.get("aria-describedby").split()
    assert tree.xpath("//*[contains(@class, 'portal-errors')]//a[@href='#id_roles']")
    return " ".join(tree.xpath("//*[@id='id_roles_error']")[0].text_content().split()).removeprefix("Error: ")


def page_for(user, name="person"):
    return reverse(name, args=[user.reference])
