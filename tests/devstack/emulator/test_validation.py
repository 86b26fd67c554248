"""SendGrid's rules for a mail, one by one."""

from datetime import timedelta

import pytest
from pydantic import JsonValue

from devstack.emulator.records import JsonObject
from devstack.emulator.validation import problems_of
from tests.devstack.emulator.desk import MORNING, a_mail


def fields_of(payload: JsonObject) -> list[str | None]:
    return [problem.field for problem in problems_of(payload, MORNING)]


def to(*people: str, **more: JsonValue) -> list[JsonValue]:
    return [{"to": [{"email": email} for email in people], **more}]


def test_a_good_mail_has_no_problems() -> None:
    assert problems_of(a_mail(), MORNING) == []


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"from": {"name": "Rep"}}, "from.email", "The from object must be provided"),
        ({"from": {"email": "rep"}}, "from", "The from email does not contain a valid address."),
        ({"from": {"email": "rép@x.com"}}, "from", "The from email does not contain"),
        ({"subject": ""}, "subject", "The subject is required."),
        ({"subject": 7}, "subject", "The subject of your email must be a string"),
        ({"content": []}, "content", "Unless a valid template_id is provided"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value", "The content val"),
        ({"content": [{"value": "x"}]}, "content.0.type", "Your content type must be a string"),
        ({"content": [{"type": "a;b", "value": "x"}]}, "content.0.type", "Cannot contain ';'"),
        (
            {
                "content": [
                    {"type": "text/html", "value": "x"},
                    {"type": "text/plain", "value": "x"},
                ]
            },
            "content",
            "Following RFC 1341, section 7.2",
        ),
        ({"reply_to": {"name": "x"}}, "reply_to.email", "The reply_to object, when used"),
        ({"reply_to_list": [{"email": "x"}]}, "reply_to_list.0.email", "The reply_to object"),
        ({"personalizations": []}, "personalizations", "The personalizations field is required"),
        ({"personalizations": [{}]}, "personalizations.0.to", "The to array is required"),
        ({"personalizations": to("x")}, "personalizations.0.to.0.email", "Does not contain a"),
        (
            {"personalizations": to("a@x.com", "A@x.com")},
            "personalizations.0",
            "Each email address in the personalization block should be unique between to, cc, and",
        ),
        (
            {"personalizations": to("a@x.com", subject="")},
            "personalizations.0.subject",
            "The subject of your email must be a string at least one character",
        ),
        (
            {"personalizations": to("a@x.com") * 1001},
            "personalizations",
            "The personalization block is limited to 1000 personalizations per API request.",
        ),
        (
            {"personalizations": to(*(f"{n}@x.com" for n in range(1001)))},
            "personalizations",
            "There is a limit of 1000 total recipients (to + cc + bcc) per request.",
        ),
        ({"categories": "seq"}, "categories", "Categories must be an array of strings."),
        ({"categories": ["é"]}, "categories", "Categories can not contain non-ASCII characters."),
        ({"categories": ["a", "a"]}, "categories", "The categories must be a unique list"),
        ({"categories": ["a" * 256]}, "categories", "Each category must not be longer than 255"),
        ({"categories": [*"abcdefghijk"]}, "categories", "There is a limit of 10 categories"),
        ({"custom_args": {}}, "custom_args", "custom_args can't be empty."),
        ({"custom_args": {"a": 1}}, "custom_args", "All values of custom arguments object must"),
        ({"custom_args": {"a": "x" * 10_000}}, "custom_args", "The combined size of both global"),
        ({"headers": {"X-A": 1}}, "headers", "All values of the headers object must be strings."),
        ({"headers": {"Reply-To": "x"}}, "headers", "Header can not be one of the reserved keys."),
        ({"headers": {"X A": "x"}}, "headers", "Header keys can't contain non-ASCII characters"),
        ({"headers": {"X-A": "", "x-a": ""}}, "headers", "The headers can't contain duplicate"),
        ({"send_at": "soon"}, "send_at", "The send_at parameter is expecting a UNIX timestamp"),
        ({"asm": {}}, "asm.group_id", "The ASM group ID must be an integer."),
        (
            {"asm": {"group_id": 1, "groups_to_display": list(range(26))}},
            "asm.groups_to_display",
            "There is a limit of 25 unsubscribe groups",
        ),
        ({"template_id": "d-1"}, "template_id", "The Template ID must be a valid template id"),
        ({"batch_id": 1}, "batch_id", "The batch_id must be a string."),
        (
            {"attachments": [{"content": "no base64!", "filename": "a"}]},
            "attachments.0.content",
            "The attachment content must be base64 encoded.",
        ),
        ({"attachments": [{"content": "YQ=="}]}, "attachments.0.filename", "The filename of"),
        (
            {"attachments": [{"content": "YQ==", "filename": "a", "disposition": "b"}]},
            "attachments.0.disposition",
            'The disposition of your attachment can be either "inline" or "attachment".',
        ),
        (
            {"mail_settings": {"sandbox_mode": {"enable": "yes"}}},
            "mail_settings.sandbox_mode.enable",
            "The sandbox mode enable param should be a boolean value.",
        ),
        (
            {"tracking_settings": {"click_tracking": {"enable_text": 1}}},
            "tracking_settings.click_tracking.enable_text",
            "The click tracking enable text must be a boolean value.",
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_field_and_sendgrids_words(
    change: JsonObject, field: str, message: str
) -> None:
    problem, *others = problems_of(a_mail() | change, MORNING)

    assert {other.field for other in others} <= {field}
    assert problem.field == field
    assert problem.message.startswith(message)
    assert problem.help is not None


def test_a_subject_in_each_personalization_is_enough() -> None:
    payload = a_mail(personalizations=to("a@x.com", subject="Hi"))
    del payload["subject"]

    assert problems_of(payload, MORNING) == []


def test_one_reply_address_or_a_list_but_not_both() -> None:
    person: JsonObject = {"email": "a@x.com"}

    assert fields_of(a_mail(reply_to=person)) == []
    assert fields_of(a_mail(reply_to_list=[person])) == []
    assert fields_of(a_mail(reply_to=person, reply_to_list=[person])) == ["reply_to"]


def test_scheduling_ends_72_hours_after_the_virtual_moment() -> None:
    latest = int((MORNING + timedelta(hours=72)).timestamp())

    assert fields_of(a_mail(send_at=latest)) == []
    assert fields_of(a_mail(send_at=latest + 1)) == ["send_at"]


def test_headers_of_threads_and_unsubscribing_are_allowed() -> None:
    names = ("Message-ID", "In-Reply-To", "References", "List-Unsubscribe", "List-Unsubscribe-Post")

    assert fields_of(a_mail(headers=dict.fromkeys(names, "<a@b>"))) == []


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1], [[]], [{}], {"a": 1}])
@pytest.mark.parametrize(
    "field",
    sorted(
        a_mail()
        | dict.fromkeys(
            [
                "reply_to",
                "reply_to_list",
                "attachments",
                "headers",
                "send_at",
                "asm",
                "template_id",
                "batch_id",
                "ip_pool_name",
                "mail_settings",
                "tracking_settings",
            ]
        )
    ),
)
def test_no_wrong_shape_breaks_the_check(field: str, value: JsonValue) -> None:
    assert isinstance(problems_of(a_mail() | {field: value}, MORNING), list)
