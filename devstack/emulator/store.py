"""Everything that the emulator has seen, in memory and in the journal."""

from collections.abc import Iterable
from itertools import count

from devstack.emulator.journal import Entry, Journal
from devstack.emulator.records import Event, Mail, Post, PostState
from devstack.emulator.suppressions import Suppressions


class Store:
    """The mails, their events and the posts that told of them; numbers grow over all three."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._numbers = count(1)
        self.mails: dict[str, Mail] = {}
        self.events: dict[int, Event] = {}
        self.posts: dict[int, Post] = {}
        self.suppressions = Suppressions()
        self._events_by_mail: dict[str, list[int]] = {}
        self._posts_by_mail: dict[str, dict[int, None]] = {}
        self._post_by_event: dict[int, int] = {}
        for entry in journal.read():
            self._fold(entry)
        latest = max((m.number for m in self.mails.values()), default=0)
        self._numbers = count(1 + max(latest, *self.events, *self.posts, 0))

    def number(self) -> int:
        """Give the next number."""
        return next(self._numbers)

    def add_mail(self, mail: Mail) -> None:
        """Keep a mail."""
        self._record(Entry(mail=mail))

    def add_event(self, event: Event) -> None:
        """Keep an event, and put its address on the list that it calls for."""
        self._record(Entry(event=event))

    def save_post(self, post: Post) -> None:
        """Keep a post as it now stands."""
        self._record(Entry(post=post))

    def forgive(self, address: str) -> bool:
        """Take an address off all suppression lists; tell whether it was on one."""
        known = address.casefold() in self.suppressions.listed()
        self._record(Entry(forgiven=address))
        return known

    def events_of(self, mail: Mail) -> list[Event]:
        """Give a mail's events, oldest first."""
        return [self.events[number] for number in self._events_by_mail.get(mail.id, ())]

    def posts_of(self, mail: Mail) -> list[Post]:
        """Give the posts that told of a mail, oldest first."""
        return [self.posts[number] for number in self._posts_by_mail.get(mail.id, ())]

    def post_of(self, event: Event) -> Post | None:
        """Give the post that carries an event, if one was opened."""
        number = self._post_by_event.get(event.number)
        return None if number is None else self.posts[number]

    def untold_events(self) -> list[Event]:
        """Give the events that no post carries yet."""
        return [event for event in self.events.values() if event.number not in self._post_by_event]

    def waiting_posts(self) -> list[Post]:
        """Give the posts that are still to be made."""
        return [post for post in self.posts.values() if post.state is PostState.WAITING]

    def _record(self, entry: Entry) -> None:
        self._fold(entry)
        self._journal.append(entry)

    def _fold(self, entry: Entry) -> None:
        if entry.mail:
            self.mails[entry.mail.id] = entry.mail
        if entry.event:
            self._fold_event(entry.event)
        if entry.post:
            self._fold_post(entry.post)
        if entry.forgiven:
            self.suppressions.forgive(entry.forgiven)

    def _fold_event(self, event: Event) -> None:
        self.events[event.number] = event
        self._events_by_mail.setdefault(event.mail_id, []).append(event.number)
        self.suppressions.fold(event.body)

    def _fold_post(self, post: Post) -> None:
        self.posts[post.number] = post
        _index(self._posts_by_mail, post.mail_ids, post.number)
        self._post_by_event.update(dict.fromkeys(post.event_numbers, post.number))


def _index(index: dict[str, dict[int, None]], keys: Iterable[str], number: int) -> None:
    for key in keys:
        index.setdefault(key, {})[number] = None
