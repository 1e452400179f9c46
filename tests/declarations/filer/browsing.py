"""A browser without scripts: forms are read from the page, filled in, and posted where they say."""

from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import reverse
from lxml import html

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def page_of(answer):
    """The page as a tree; an answer that is no page fails here."""
    assert answer["Content-Type"].startswith("text/html"), answer["Content-Type"]
    return html.fromstring(answer.content.decode())


def words_of(answer):
    """All that the page says, blanks squeezed; what is not shown is left out."""
    tree = page_of(answer)
    for gone in tree.xpath("//script | //style"):
        gone.drop_tree()
    return " ".join(tree.text_content().split())


def form_at(answer, action):
    """The posted form of the page that goes to this address."""
    here = answer.request["PATH_INFO"]
    posted = [one for one in page_of(answer).forms if one.method.upper() == "POST"]
    found = [one for one in posted if (_path(one.action) or here) == action]
    assert found, f"no form for {action} among {[one.action for one in posted]}"
    return found[0]


def values_of(form):
    """What a browser would send, buttons aside."""
    found = {}
    for field in form.inputs:
        if field.name is None or getattr(field, "type", "") in ("submit", "button", "file"):
            continue
        if field.tag == "input" and field.type in ("radio", "checkbox"):
            if field.checked:
                found[field.name] = field.get("value", "on")
            continue
        found[field.name] = (field.value or "").removeprefix("\n")
    return found


def fill(client, address, follow=False, **typed):
    """Open the page, write into its form, send it. A field that the page does not have fails."""
    shown = client.get(address)
    assert shown.status_code == 200, (address, shown.status_code, shown.get("Location"))
    return send(client, shown, _path(address), follow=follow, **typed)


def send(client, shown, action, follow=False, **typed):
    """Write into a form of the page that is shown, and send it."""
    form = form_at(shown, action)
    names = {one.name for one in form.inputs} | {"act", "more", "remove"}
    assert set(typed) <= names, f"no such field: {set(typed) - names}"
    return client.post(urljoin(action, form.action or action), {**values_of(form), **typed}, follow=follow)


def field(answer, name):
    """A control of the page."""
    found = page_of(answer).xpath(f"//*[@name='{name}']")
    assert found, f"no field {name}"
    return found[0]


def value_in(answer, name):
    """What a control shows."""
    control = field(answer, name)
    if control.tag == "input" and control.type == "radio":
        return next((one.get("value") for one in page_of(answer).xpath(f"//input[@name='{name}']") if one.checked), "")
    return (control.value or "").removeprefix("\n")


def error_at(answer, name):
    """The words at a field, tied to the control and linked from the summary; any missing tie fails."""
    tree = page_of(answer)
    marked = tree.xpath(f"//*[@id='id_{name}_error']")
    assert marked, f"no error at {name}"
    control = field(answer, name)
    owner = control if control.get("type") != "radio" else control.xpath("ancestor::fieldset[1]")[0]
    assert f"id_{name}_error" in owner.get("aria-describedby", "").split()
    assert owner.get("aria-invalid") == "true"
    summary = tree.xpath("//*[contains(concat(' ', @class, ' '), ' portal-errors ')]")
    assert summary, "no summary of errors"
    links = [one.get("href") for one in summary[0].xpath(".//a")]
    assert f"#id_{name}" in links, (name, links)
    assert tree.xpath(f"//*[@id='id_{name}']"), "the link of the summary leads nowhere"
    return " ".join(marked[0].text_content().split()).removeprefix("Error: ")


def step(declaration, slug):
    return reverse("declaration_step", args=[declaration.reference, slug])


def at(declaration, name, *more):
    return reverse(name, args=[declaration.reference, *more])


def _path(address):
    return urlsplit(address or "").path


def contents(draft):
    """What the lines of a draft hold, in order."""
    return list(draft.items.order_by("sequence").values_list("content", flat=True))


def key_of(draft, sequence):
    return draft.items.get(sequence=sequence).key
