"""Pages of an organization's administrator."""

from django.urls import URLPattern, URLResolver, path

from portal.people import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", web.people, name="people"),
    path("invite/", web.invite, name="people_invite"),
    path("<slug:person>/", web.person, name="person"),
    path("<slug:person>/switch/", web.switch, name="person_switch"),
    path("<slug:person>/link/", web.link, name="person_link"),
]
