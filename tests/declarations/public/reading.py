"""Pages as people read them."""

from lxml import html


def page(client, address, **asked):
    found = client.get(address, asked)
    assert found.status_code == 200
    return html.fromstring(found.content.decode())


def said(node):
    return " ".join(node.text_content().split())


def of_class(root, name):
    return root.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")
