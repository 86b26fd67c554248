"""Whoever writes a template gets at nothing but a mail's facts, and keeps no worker busy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from activities.rendering.environment import MailEnvironment
from activities.rendering.mails import render
from activities.rendering.rendered import Rendered, TemplateFault, Variables
from schemas.content import Content, Mailbox

SAM = Mailbox(email="sam@acme.example", name="Sam")
FACTS: dict[str, JsonValue] = {"s": "a" * 60_000, "l": list(range(300)), "name": "<b>Ada</b>"}


def rendered(body: str, **contact: JsonValue) -> Rendered | TemplateFault:
    content = Content(files={"mail.md": f"---\nsubject: s\n---\n{body}"}, sender=SAM)
    variables = Variables(contact={**FACTS, **contact}, sender=SAM, sequence="s", step="mail")
    return render(content, "mail", variables=variables)


ESCAPES = (
    # Through Python's own attributes.
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''['__class__'] }}",
    "{{ contact.__class__.__init__.__globals__ }}{{ 1/0 }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ footer.striptags.__func__.__globals__ }}",
    "{% macro f() %}{% endmacro %}{{ f.__globals__ }}",
    "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{{ (1).__class__ }}",
    "{{ ().__class__.__base__ }}",
    # CVE-2016-10745, CVE-2019-10906, CVE-2024-56326, CVE-2025-27516: by way of `format`.
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{0.__class__}'.format_map({'0': 1}) }}",
    "{% set f = '{0.__class__.__init__.__globals__}'.format %}{{ f(footer) }}",
    "{{ ''|attr('format')(1) }}",
    "{{ ['{0.__class__}'.format]|first }}",
    "{{ ('{0.__class__}'|list)|map('format') }}",
    "{{ '%(a)s' % {'a': 1} }}",
    "{{ footer.format(contact) }}",
    # CVE-2024-34064: attributes by `xmlattr`; CVE-2014-1402 and others: what there is not.
    "{{ {'a b': 1}|xmlattr }}",
    "{{ cycler.__init__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ range(9) }}",
    "{{ dict }}",
    "{{ get_flashed_messages() }}",
    "{{ config }}",
    "{{ request }}",
    "{{ environment }}",
    "{{ _marks }}",
    "{{ _tongue }}",
    "{{ 1|_each }}",
    "{{ snippets._render }}",
    "{{ snippets['_texts'] }}",
    "{% debug %}",
    "{% do 1 %}",
    # Files that are none of the version's.
    "{% include '/etc/passwd' %}",
    "{% include '../../../etc/passwd' %}",
    "{% include 'layouts/../../secret.md' %}",
    "{% extends '/etc/passwd' %}",
    "{% import 'file:///etc/passwd' as x %}",
    "{% include contact.s %}",
    "{% include '\\0' %}",
)


@pytest.mark.parametrize("body", ESCAPES)
def test_there_is_no_way_out_of_a_template(body: str) -> None:
    assert isinstance(rendered(body), TemplateFault)


def doubled(first: str, again: str, times: int = 40) -> str:
    return "{% set a = " + first + " %}" + ("{% set a = " + again + " %}") * times + "x"


def nested(levels: int) -> str:
    return "{% for a in contact.l %}" * levels + "{% endfor %}" * levels


BOMBS = {
    "loops in loops": nested(5),
    "more loops than Python takes": nested(25),
    "a loop of loops": "{% for x in contact.l recursive %}{% if loop.depth < 9 %}"
    "{% set y = loop(contact.l) %}{% endif %}{% endfor %}",
    "a loop for ever": "{% for x in [1] recursive %}{% set y = loop([1]) %}{% endfor %}",
    "macros": "{% macro f(n) %}{% if n %}{% set y = f(n - 1) ~ f(n - 1) %}{% endif %}"
    "{% endmacro %}{% set q = f(30) %}",
    "itself": "{% include 'mail.md' %}",
    "itself twice": "{% import 'mail.md' as x %}{% include 'mail.md' %}",
    "a sum": doubled("'aaaaaaaaaa'", "a + a"),
    "a line": doubled("'aaaaaaaaaa'", "a ~ a"),
    "a list": doubled("[1]", "a + a"),
    "a list in a list": doubled("[1]", "[a, a]") + "{% if a == a %}{{ a ~ '' }}{% endif %}",
    "a mapping in a mapping": doubled("{'a': 1}", "{'a': a, 'b': a}"),
    "a pair in a pair": doubled("(1, 1)", "(a, a)"),
    "summed lists": doubled("[1]", "[a, a]|sum(start=[])"),
    "joined texts": doubled("'a'", "[a, a]|join"),
    "joined by itself": doubled("'ab'", "a|join(a)"),
    "cut texts": doubled("'aaaaaaaaaaaaaaaa'", "a|truncate(a|length - 1, true, a, 0)"),
    "a list as text": doubled("[1]", "[a, a]", 12) + "{{ a|upper }}",
    "a product": doubled("99999999", "a * a"),
    "a power": "{{ 9 ** 9 ** 9 }}",
    "many letters": "{{ 'a' * 999999999 }}",
    "replaced letters": "{{ contact.s|replace('a', contact.s)|length }}",
    "nothing replaced": "{{ contact.s|replace('', contact.s)|length }}",
    "replaced by method": "{% set a = contact.s.replace('a', contact.s) %}x",
    "a method kept": "{% set f = contact.s.replace %}{% set a = f('a', contact.s) %}x",
    "wide": "{{ '{:999999999}'.format(1) }}",
    "filled": "{{ 'a'.ljust(999999999) }}{{ 'a'.zfill(999999999) }}",
    "translated": "{{ contact.s.translate({97: contact.s}) }}",
    "bytes": "{% set a = (1).to_bytes(900000000, 'big') %}x",
    "rounded": "{{ 5|round(-999999999) }}",
    "rounded up": "{{ 5|round(999999999, 'ceil') }}",
    "parentheses": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "a long way": "{{ contact" + ".a" * 20_000 + " }}",
    "nots": "{{ " + "not " * 20_000 + "1 }}",
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_what_would_keep_a_worker_busy_holds_the_mail(body: str) -> None:
    fault = rendered(body)

    assert isinstance(fault, TemplateFault)
    assert len(fault.reason) < 300


def test_many_files_that_include_each_other_twice_hold_the_mail() -> None:
    chain = {
        f"part{number}.md": f"{{% include 'part{number + 1}.md' %}}" * 2 for number in range(30)
    }
    files = {"mail.md": "---\nsubject: s\n---\n{% include 'part0.md' %}", **chain, "part30.md": ""}
    content = Content(files=files, sender=SAM)
    variables = Variables(sender=SAM, sequence="s", step="mail")

    assert isinstance(render(content, "mail", variables=variables), TemplateFault)


def test_what_mails_need_goes_as_before() -> None:
    body = """\
Hi {{ contact.name ~ "!" }} {% for a in contact.l[:3] %}{{ a }}{{ ", " if not loop.last }}\
{% endfor %} {{ [1, 2]|join("-") }} {{ "abc"|replace("b", "x") }} {{ "abc".replace("b", "y") }} \
{{ 2 * 3 + 1 }} {{ contact.none or "there" }} {{ "up"|upper }} {{ 3.14159|round(2) }} \
{{ {"a": 1}["a"] }} {% for a, b in [(1, 2)] %}{{ a + b }}{% endfor %} {{ [1, 2]|sum }} \
{{ "a" + "b" }} {{ "rather long words"|truncate(9) }}
"""

    mail = rendered(body)

    assert isinstance(mail, Rendered), mail
    assert "&lt;b&gt;Ada&lt;/b&gt;!" in mail.html
    assert mail.text == ("Hi <b>Ada</b>! 0, 1, 2 1-2 axc ayc 7 there UP 3.14 1 3 3 ab rather...\n")


def test_a_value_is_never_a_template() -> None:
    mail = rendered("{{ contact.name }}", name="{{ 7 * 7 }}{% for x in y %}")

    assert isinstance(mail, Rendered)
    assert mail.text == "{{ 7 * 7 }}{% for x in y %}\n"


MARKUP = "<>\"'&`=/ \t\n\\()[]{}!*_#-javascript:zqv0vqz"


@given(st.text(alphabet=MARKUP, max_size=60))
def test_no_value_adds_markup(value: str) -> None:
    shown = '{{ contact.x or "-" }}'
    body = f'[{shown}](https://a.example/{shown}) <b title="{shown}">x</b>'
    plain, odd = rendered(body, x="-"), rendered(body, x=value)

    assert isinstance(plain, Rendered)
    assert isinstance(odd, Rendered)
    assert odd.html.count("<") == plain.html.count("<")
    assert odd.html.count('"') == plain.html.count('"')


@given(st.text(alphabet="{}%# \n'\"abcontact.lsfr()[]|~+-*if0123", max_size=60))
def test_no_template_ends_otherwise_than_in_a_mail_or_a_fault(body: str) -> None:
    assert isinstance(rendered(body), Rendered | TemplateFault)


def test_no_filter_is_left_that_reaches_attributes_or_calls() -> None:
    known = set(MailEnvironment(lambda _: ("", "")).filters)

    assert known.isdisjoint({"attr", "map", "select", "groupby", "xmlattr", "format", "safe"})
