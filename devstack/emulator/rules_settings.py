"""SendGrid's rules for mail settings and tracking settings."""

from collections.abc import Iterator, Mapping

from devstack.emulator.problems import Problem, problem
from devstack.emulator.records import JsonObject
from devstack.emulator.shapes import as_object

_BOOLEANS: Mapping[str, Mapping[str, str]] = {
    "mail_settings": {
        "bypass_list_management.enable": "The bypass list management enable param should be a "
        "boolean value.",
        "bypass_spam_management.enable": "The bypass spam management enable param should be a "
        "boolean value.",
        "bypass_bounce_management.enable": "The bypass bounce management enable param should be "
        "a boolean value.",
        "bypass_unsubscribe_management.enable": "The bypass unsubscribe management enable param "
        "should be a boolean value.",
        "footer.enable": "The footer enable param should be a boolean value.",
        "sandbox_mode.enable": "The sandbox mode enable param should be a boolean value.",
    },
    "tracking_settings": {
        "click_tracking.enable": "The click tracking enable param should be a boolean value.",
        "click_tracking.enable_text": "The click tracking enable text must be a boolean value.",
        "open_tracking.enable": "The open tracking enable param should be a boolean value.",
        "subscription_tracking.enable": "The subscription tracking enable param should be a "
        "boolean value.",
        "ganalytics.enable": "The Google Analytics enable param must be a boolean value.",
    },
}

_STRINGS: Mapping[str, Mapping[str, str]] = {
    "mail_settings": {
        "footer.text": "The text/plain version of your footer should be a string.",
        "footer.html": "The text/html version of your footer should be a string.",
    },
    "tracking_settings": {
        "open_tracking.substitution_tag": "The open tracking substitution tag must be a string.",
        "subscription_tracking.text": "The subscription tracking unsubscribe content for "
        "text/plain messages must be a string.",
        "subscription_tracking.html": "The subscription tracking unsubscribe content for "
        "text/html messages must be a string.",
        "subscription_tracking.substitution_tag": "The subscription tracking substitution tag "
        "must be a string value.",
        "ganalytics.utm_source": "The Google Analytics utm_source must be a string value.",
        "ganalytics.utm_medium": "The Google Analytics utm_medium must be a string value.",
        "ganalytics.utm_term": "The Google Analytics utm_term must be a string value.",
        "ganalytics.utm_content": "The Google Analytics utm_content must be a string value.",
        "ganalytics.utm_campaign": "The Google Analytics utm_campaign must be a string value.",
    },
}


def setting_problems(payload: JsonObject) -> Iterator[Problem]:
    """Check `mail_settings` and `tracking_settings`."""
    yield from _mistyped(payload, _BOOLEANS, bool)
    yield from _mistyped(payload, _STRINGS, str)


def is_on(payload: JsonObject, setting: str) -> bool:
    """Tell whether a mail setting such as `sandbox_mode` is enabled."""
    settings = as_object(payload.get("mail_settings"))
    return as_object(settings.get(setting)).get("enable") is True


def _mistyped(
    payload: JsonObject, table: Mapping[str, Mapping[str, str]], wanted: type
) -> Iterator[Problem]:
    for group, messages in table.items():
        for path, message in messages.items():
            name, _, option = path.partition(".")
            setting = as_object(as_object(payload.get(group)).get(name))
            if option in setting and not isinstance(setting[option], wanted):
                yield problem(f"{group}.{path}", message)
