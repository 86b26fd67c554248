"""All rules: their ids last, and docs/lint.md has the reason of each."""

from authoring.lint import (
    anchors,
    flow,
    habits,
    handing,
    law,
    lengths,
    links,
    looks,
    paces,
    subjects,
    values,
)
from authoring.lint.remarks import Rule

BROKEN = "broken"
"""The rule of what the loader refuses: such a sequence cannot be published at all."""

IDLE_SILENCE = "idle-silence"
"""The rule of comments that silence nothing."""

RULES: tuple[Rule, ...] = (
    Rule("unreachable", "error", "A step that nothing leads to", flow.unreachable),
    Rule("never-sends", "error", "A mail that is reached and never goes", flow.never_sends),
    Rule("at-time-shut", "error", "A time at which the window is shut", flow.at_time_shut),
    Rule("nothing-delivers", "error", "An event that nothing brings", flow.nothing_delivers),
    Rule("unknown-contact", "error", "A fact that no contact has", values.unknown_contact),
    Rule("anchor-cycle", "error", "Mails on several dates under one cycle", anchors.anchor_cycle),
    Rule("at-order", "error", "Mails listed against their dates", anchors.at_order),
    Rule("hand-off-loop", "error", "Hand-offs that come back", handing.hand_off_loop),
    Rule("no-unsubscribe", "error", "Marketing without a way out", law.no_unsubscribe),
    Rule("no-postal-address", "error", "Marketing without an address", law.no_postal_address),
    Rule("sendgrid-refuses", "error", "What SendGrid does not take", law.sendgrid_refuses),
    Rule("no-exit", "warning", "No end on a reply or a conversion", habits.no_exit),
    Rule("no-audience", "warning", "Nobody it is for", habits.no_audience),
    Rule("no-personalization", "warning", "Alike for everybody", habits.no_personalization),
    Rule("opens-alone", "warning", "Branching on opens alone", habits.opens_alone),
    Rule("no-metric", "warning", "A test without a metric", habits.no_metric),
    Rule("idle-holdout", "warning", "A holdout from nothing", habits.idle_holdout),
    Rule("idle-pace", "warning", "A pace that cannot do what it says", paces.idle_pace),
    Rule("no-job", "warning", "A mail without a job", habits.no_job),
    Rule("length", "warning", "Unusually many or few steps", lengths.length),
    Rule("span", "warning", "An unusually long or short time", lengths.span),
    Rule("too-close", "warning", "Less than a day between mails", lengths.too_close),
    Rule("over-cap", "warning", "More mails than the cap lets through", lengths.over_cap),
    Rule("long-subject", "warning", "A subject that is cut off", subjects.long_subject),
    Rule("shouting", "warning", "Capitals and exclamation marks", subjects.shouting),
    Rule("fake-reply", "warning", "A subject that pretends to answer", subjects.fake_reply),
    Rule("broken-link", "warning", "A link that cannot be followed", links.broken_link),
    Rule("insecure-link", "warning", "A link without encryption", links.insecure_link),
    Rule("placeholder-link", "warning", "A link to be filled in", links.placeholder_link),
    Rule("image-without-alt", "warning", "An image without words", looks.image_without_alt),
    Rule("only-image", "warning", "A mail that is one picture", looks.only_image),
    Rule("huge-font", "warning", "Huge letters", looks.huge_font),
    Rule("long-text", "warning", "An outbound mail that is too long", looks.long_text),
    Rule("clipped", "warning", "A mail that Gmail cuts off", looks.clipped),
    Rule(
        "transactional-marketing",
        "warning",
        "Marketing as transactional",
        law.transactional_marketing,
    ),
    Rule("unknown-data", "warning", "A fact that nobody brings", values.unknown_data),
)
"""Every rule that judges a sequence that can be loaded, errors first."""

ABOUT: dict[str, str] = {
    BROKEN: "What the loader refuses",
    **{rule.id: rule.about for rule in RULES},
    IDLE_SILENCE: "A comment that silences nothing",
}
"""What each rule is about, in one line, by its id."""
