"""Chat templates from files: what real ones need, and what hostile ones may not."""

from __future__ import annotations

import pytest

from integrations.models.llama.template import Template, TemplateError

TURNS = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
NO_SYSTEM = """
{%- if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}
{%- for m in messages %}<{{ m.role }}>{{ m.content | trim }}{% endfor %}"""
IGNORES_SYSTEM = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}"
ALTERNATES = """
{%- for m in messages %}
{%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}
{{- bos_token if loop.first }}<{{ m.role }}>{{ m.content }}{% endfor %}"""


def test_without_a_template_the_commonest_form_is_used() -> None:
    assert Template(None).render(TURNS) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize("source", [NO_SYSTEM, IGNORES_SYSTEM])
def test_a_template_without_a_system_role_gets_its_words_with_the_question(source: str) -> None:
    assert Template(source).render(TURNS) == "<user>Be brief.\n\nHello"


def test_neighbours_of_one_role_are_joined_where_roles_must_alternate() -> None:
    turns = [*TURNS, {"role": "user", "content": "Again"}, {"role": "assistant", "content": "Yes"}]
    text = Template(ALTERNATES, bos="<s>").render(turns)
    assert text == "<s><user>Be brief.\n\nHello\n\nAgain<assistant>Yes"


def test_what_real_templates_use_is_there() -> None:
    source = (
        "{% for m in messages %}{% if loop.index > 1 %}{% break %}{% endif %}"
        "{% generation %}{{ m | tojson }}{% endgeneration %}{% endfor %}{{ strftime_now('%%') }}{{ enable_thinking }}"
    )
    assert Template(source).render(TURNS) == '{"role": "system", "content": "Be brief."}%False'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% for m in messages %}", "TemplateSyntaxError"),
        ("{{ messages[0] | nothing }}", "No filter named 'nothing'"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError"),
        ("{{ raise_exception.__globals__['os'] }}", "SecurityError"),
        ("{{ messages.append(1) }}", "SecurityError"),
        ("{{ 'a' * 10 ** 12 }}", "SecurityError"),
        ("{{ 'a' * 2000000000 }}", "it repeats too much"),
        ("{{ 9 ** 9999999999 }}", "SecurityError"),
        ("{{ 9 ** 99999 }}", "too high a power"),
        ("{{ range(100000000) }}", "Range too big"),
        ("{{ 'a'.center(20000000000) }}", "MemoryError"),
        (
            "{% set n = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
            "MemoryError|took more",
        ),
        ("{{ raise_exception('never') }}", "never"),
        ("(" * 600_000, "600,000 characters"),
        ("{{ " + "(" * 5000 + " }}", "Error"),
    ],
)
def test_what_a_template_may_not_is_refused_with_a_reason(
    source: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.models.llama.template.MEGABYTES", 32)
    with pytest.raises(TemplateError, match=reason):
        Template(source).render(TURNS)


def test_a_template_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.models.llama.template.SECONDS", 0.1)
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}"
    with pytest.raises(TemplateError, match=r"it took more than 0\.1 seconds"):
        Template(loops + "{% endfor %}{% endfor %}").render(TURNS)
