"""The pages for signing in, the own account and the users of a server: plain HTML that needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from fastapi.responses import HTMLResponse

from chainlit_app.dashboard.page import theme
from privacy.access.principal import Principal

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""The strictest of all pages: no script runs here."""


def colours() -> str:
    """The chat's colours, dark where the computer is."""
    light, dark = theme().split("\n")
    everywhere = dark.replace(':root[data-theme="dark"]', ":root")
    return f"{light}\n@media (prefers-color-scheme: dark){{{everywhere}}}"


def answer(title: str, body: str, principal: Principal | None = None, status: int = 200) -> HTMLResponse:
    """A page; with a principal it has a header that leads elsewhere."""
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · FreelanceX</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/public/favicon.svg">
<link rel="stylesheet" href="/sign-in/colours.css"><link rel="stylesheet" href="/public/access/access.css"></head>
<body{"" if principal else ' class="narrow"'}>{_header(principal, title) if principal else ""}
<main id="main" tabindex="-1">{body}</main></body></html>"""
    return HTMLResponse(page, status, {"Content-Security-Policy": POLICY})


def _header(principal: Principal, title: str) -> str:
    links = [("/account", "Account")]
    if principal.role != "viewer":
        links.insert(0, ("/", "Chat"))
    links.insert(1, ("/dashboard", "Dashboard"))
    if principal.role == "owner":
        links.append(("/admin", "Users"))
    here = ' aria-current="page"'
    said = "".join(f'<a href="{where}"{here if what == title else ""}>{what}</a>' for where, what in links)
    out = '<form method="post" action="/sign-out"><button class="plain">Sign out</button></form>'
    return (
        '<a class="skip" href="#main">To the content</a><header><a class="home" href="/">'
        '<img src="/public/favicon.svg" alt="" width="24" height="24"><b>FreelanceX</b></a>'
        f"<nav>{said}</nav>{out if principal.session else ''}</header>"
    )


def narrow(title: str, lead: str, inner: str, *, said: str = "", wrong: bool = True) -> str:
    """One card in the middle of the page."""
    mark = '<img class="mark" src="/public/favicon.svg" alt="" width="40" height="40">'
    told = note(said, wrong=wrong) if said else ""
    quiet = f'<p class="quiet">{escape(lead)}</p>' if lead else ""
    return f"<section>{mark}<h1>{escape(title)}</h1>{quiet}{told}{inner}</section>"


def note(text: str, *, wrong: bool = False) -> str:
    """A line that says what became of something."""
    return f'<p class="said{" wrong" if wrong else ""}" role="{"alert" if wrong else "status"}">{escape(text)}</p>'


def section(title: str, lead: str, inner: str) -> str:
    """A card of a wide page."""
    quiet = f'<p class="quiet">{escape(lead)}</p>' if lead else ""
    return f"<section><h2>{escape(title)}</h2>{quiet}{inner}</section>"


def field(label: str, name: str, *, kind: str = "text", hint: str = "", complete: str = "off", more: str = "") -> str:
    """A field of a form with its label."""
    small = f"<small>{escape(hint)}</small>" if hint else ""
    return (
        f'<label>{escape(label)}{small}<input type="{kind}" name="{name}" autocomplete="{complete}" '
        f"autocapitalize=none spellcheck=false {more}></label>"
    )


def choice(label: str, name: str, options: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """A list to choose from."""
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(title)}</option>'
        for value, title in options
    )
    named = f'aria-label="{escape(label)}"'
    return f"<label>{escape(label)}<select name={name} {named}>{items}</select></label>"


def form(action: str, inner: str, button: str, *, css: str = "", hidden: Sequence[tuple[str, str]] = ()) -> str:
    """A form with one button."""
    kept = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden)
    look = ' class="plain"' if css == "plain" else ""
    row = ' class="row"' if css == "row" else ""
    begun = f'<form method="post" action="{escape(action)}"{row}>'
    return f"{begun}{kept}{inner}<button{look}>{escape(button)}</button></form>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    """A table of cells that are HTML already; where there are none, a sentence.

    On a phone each row is a block in which every cell bears its head. The roles keep it a table for who listens.
    """
    named = [escape(one) for one in heads]
    body = "".join(
        f'<tr role="row">{"".join(_cell(head, cell) for head, cell in zip(named, row, strict=True))}</tr>'
        for row in rows
    )
    if not body:
        return f'<p class="quiet">{escape(empty)}</p>'
    head = "".join(f'<th scope="col" role="columnheader">{one}</th>' for one in named)
    return (
        f'<div class="wide"><table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _cell(head: str, cell: str) -> str:
    named = f' data-head="{head}: "' if head else ""
    return f'<td role="cell"{named}>{cell}</td>'


def sign_in(next_: str, *, ways: str, said: str = "", status: int = 200) -> HTMLResponse:
    """The page that asks who it is; `ways` is the setting ``FREELANCEX_AUTH``."""
    if ways == "oauth":
        inner = f'<p><a class="button" href="/sign-in/oauth?next={escape(next_)}">Sign in at your provider</a></p>'
        return answer("Sign in", narrow("Sign in to FreelanceX", "", inner, said=said), status=status)
    fields = (
        field("Name", "name", complete="username", more="required autofocus maxlength=200")
        + field("Password", "password", kind="password", complete="current-password", more="required maxlength=200")
        + field("Code", "code", hint="From your authenticator, if you use one", complete="one-time-code",
                more="inputmode=numeric maxlength=30")
    )  # fmt: skip
    inner = form("/sign-in", fields, "Sign in", hidden=[("next", next_)])
    return answer("Sign in", narrow("Sign in to FreelanceX", "", inner, said=said), status=status)


def invited(secret: str, *, again: str, role: str, said: str = "", status: int = 200) -> HTMLResponse:
    """The page of an invitation; `again` is the name of the account that gets a new password, if any."""
    name = "" if again else field("Name", "name", hint="A mail address will do", complete="username",
                                  more="required autofocus maxlength=200")  # fmt: skip
    password = field("Password", "password", kind="password", complete="new-password",
                     hint="At least 10 characters; a few words that go together for you alone",
                     more="required minlength=10 maxlength=200")  # fmt: skip
    title = f"A password for {again}" if again else "Welcome to FreelanceX"
    lead = "" if again else f"You were invited as {role}."
    inner = form(f"/invited/{secret}", name + password, "Go on")
    return answer(title, narrow(title, lead, inner, said=said), status=status)


def told(title: str, sentence: str, link: tuple[str, str], status: int = 200) -> HTMLResponse:
    """A page that says one thing and leads on."""
    inner = f'<p><a class="button" href="{escape(link[0])}">{escape(link[1])}</a></p>'
    return answer(title, narrow(title, sentence, inner), status=status)


def inside(path: str) -> str:
    """An address of this server, whatever was asked for."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path else "/"
