"""A sequence and its project that use every key of the language once."""

from pathlib import Path

from tests.unit.authoring.written import MAIL, Folder

PROJECT = """\
postal_address: Acme Inc., 500 Example Avenue
from: ops
from_fallback: help
senders: {ops: {name: Ops, email: ops@acme.example}, help: help@acme.example}
send_window: {days: mon-fri, from: 09:00, to: 17:00, holidays: contact.country}
timezone: America/New_York
caps: {per_day: 1, per_week: 3, defer_up_to: 7 days}
breakers:
  bounces: 4%
  complaints: 0.2%
  at_least: 100
  within: 14 days
  probe_after: 2 hours
  sequences: {whole: {bounces: 3%}, other: off}
  senders: {Ops@acme.example: {probe_after: 30 minutes}}
  notify: ops@acme.example
rates:
  sender: {per_second: 5, per_hour: 500, per_day: 2000, warm_up: {from: 50, times: 1.5}}
  senders: {Ops@acme.example: {per_day: 200}}
  domain: {per_second: 10, per_day: 5000}
  domains: {Gmail.com: {per_hour: 900}}
exclusive: {outbound: cold mail, nurture: warm mail}
events: [meeting_booked, deal_closed, order_placed, ticket_opened, ticket_closed, login]
attributes: {role: text, seats: number, engaged: truth, contract_end: date, tags: list}
facts: {open_ticket: {opens: ticket_opened, closes: [ticket_closed], id: ticket_id}}
snippets: {ps: "PS: hello"}
languages: [en, de]
attachment_urls: ["https://cdn.acme.example/*"]
"""

SEQUENCE = """\
sequence: whole
purpose: renewal
key: data.order_id
from: [ops, {email: other@acme.example}]
audience: >-
  contact.role == "vp" and contact.country in ["US", "CA"] and count("login", last="7 days") < 2
audience_recheck: enrollment
enroll_on:
  - {near: data.contract_end, by: 90 days, backfill: all, max: 200 per day}
  - {event: order_placed, where: event.x > 3, backfill: none, create: true}
  - {inactive: order_placed, for: 60 days, backfill: all}
  - {when: contact.role == "x", backfill: none}
holdout: 2.5%
goals: [{event: deal_closed, within: 60 days, value: event.amount, currency: event.currency}]
exit_on:
  - {reply: true, by: account, as: colleague_replied}
  - {event: meeting_booked, by: account}
  - reply
  - {when: count("login") > 3, as: busy}
on:
  - click: any
    url: "*/pricing*"
    do:
      - {notify: "Hot: {{ contact.email }}"}
      - {set: {engaged: true, seats: 3, tags: [a, b]}}
      - {webhook: https://app.acme.example/x}
high_intent:
  - {click: a}
  - {click: any, url: "*/pricing*"}
  - {count: click, at_least: 3, within: 2 days}
suppress_while: {fact: open_ticket, then: exit, match: key, except: transactional}
unengaged: {after: 4, do: exit, opens: true}
weekend: [fri, sat]
spread: 1 hour
exclusive: outbound
priority: 3
on_lost: exit
if_busy: wait 3 days
roll: earlier
valid_for: 5 days
snippets: {hi: there}
layout: plain
min_gap: 2 days
out_of_office: 3 days
re_enroll: after 90 days unless goal
pace: {per_day: 200, per_owner: 20}
reply_to: sender
topic: news
kind: marketing
new_cycle: {of: data.contract_end, over: 60 days}
if_missing: skip
if_past: hold
if_in_doubt: resend
steps:
  - {email: a, at: data.contract_end - 90 days, if_past: send_now, from: help}
  - email: b
    at: data.contract_end - 30 days
    roll: later
    at_time: "10:00"
    variants: {x: 50, y: {weight: 50, subject: "Hi"}}
    winner: {by: click, after: 200}
  - {email: a, id: c, kind: transactional, window: true}
  - {wait: 3 business days}
  - {task: call, within: 2 business days}
  - wait_for: {any: [{click: any, url: "*x*"}, {event: login, where: event.n > 3}]}
    within: 5 days
    then: {"click:any": [{email: b, id: d, at: contact.contract_end + 36 hours}]}
    else: [{when: not clicked("a"), then: [{hand_off: other, else: [{exit: cold}]}]}]
"""


def whole_folder(at: Path, sequence: str = SEQUENCE, project: str = PROJECT) -> Folder:
    """Write the project, and the sequence with its mails and its layout."""
    folder = Folder(at / "sequences" / "whole", ("a", "b"))
    (at / "postroad.yaml").write_bytes(project.encode("utf-8", "surrogatepass"))
    (folder.path / "sequence.yaml").write_bytes(sequence.encode("utf-8", "surrogatepass"))
    folder.write("plain.html", "<html><body>{{ body }}</body></html>")
    folder.write("a.md", MAIL)
    return folder
