"""The posts to our webhooks: signed, tried again, and remembered with their answers."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from devstack.emulator.batches import WaitingEvents, batch_body
from devstack.emulator.config import EmulatorConfig, Switches
from devstack.emulator.moments import Clock, doubled_pauses
from devstack.emulator.records import Attempt, Event, Post, PostKind, PostState
from devstack.emulator.signing import signed_headers
from devstack.emulator.store import Store
from devstack.emulator.verdicts import state_after

_LONGEST_ANSWER = 2_000

logger = logging.getLogger(__name__)


class Outbox:
    """Carries posts in the background; needs a running loop, ends with `close`."""

    def __init__(
        self, config: EmulatorConfig, store: Store, key: ec.EllipticCurvePrivateKey, clock: Clock
    ) -> None:
        self.switches: Switches = config.switches
        self._config = config
        self._store = store
        self._key = key
        self._clock = clock
        self._pause_after = doubled_pauses(config.first_pause, config.longest_pause)
        self._slots = asyncio.Semaphore(config.posts_at_once)
        self._waiting = WaitingEvents(Random(config.seed))  # noqa: S311 - a test's dice
        self._tasks: set[asyncio.Task[None]] = set()
        self._client = httpx.AsyncClient(
            trust_env=False, timeout=config.answer_within.total_seconds()
        )

    def resume(self) -> None:
        """Take up what an earlier run left undone."""
        for post in self._store.waiting_posts():
            self._spawn(self._carry(post))
        self.announce(self._store.untold_events())

    def announce(self, events: Iterable[Event]) -> None:
        """Tell the event webhook of these, soon."""
        self._waiting.add(events)
        self._spawn(self._tell())

    def send(self, post: Post) -> None:
        """Make this post, soon."""
        self._store.save_post(post)
        self._spawn(self._carry(post))

    @property
    def pending(self) -> int:
        """Count the posts that are under way or wait to be tried again."""
        return len(self._tasks)

    async def drain(self, seconds: float) -> int:
        """Wait until nothing is pending, at most so long; give what still is."""
        try:
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        except TimeoutError:
            return self.pending
        return 0

    async def close(self) -> None:
        """Stop everything; what is not done is taken up by the next run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _tell(self) -> None:
        while True:
            async with self._slots:
                most = self._config.batch_size if self.switches.batching else 1
                batch = self._waiting.take(most, reorder=self.switches.reorder)
                if not batch:
                    return
                post = await self._attempt(self._post_of(batch))
            if post.state is PostState.WAITING:
                self._spawn(self._retry(post))

    def _post_of(self, batch: list[Event]) -> Post:
        post = Post(
            number=self._store.number(),
            kind=PostKind.EVENTS,
            title="events",
            url=self.switches.webhook_url,
            opened_at=self._clock(),
            mail_ids=tuple(dict.fromkeys(event.mail_id for event in batch)),
            event_numbers=tuple(event.number for event in batch),
        )
        self._store.save_post(post)
        return post

    async def _carry(self, post: Post) -> None:
        async with self._slots:
            post = await self._attempt(post)
        await self._retry(post)

    async def _retry(self, post: Post) -> None:
        while post.state is PostState.WAITING:
            await asyncio.sleep(self._pause_after(len(post.attempts)).total_seconds())
            async with self._slots:
                post = await self._attempt(post)

    async def _attempt(self, post: Post) -> Post:
        url = self._url_of(post)
        if url is None:
            return self._saved(post, {"state": PostState.NOWHERE})
        attempt = await self._post(post, url)
        state = state_after(post.kind, attempt.status)
        if state is PostState.WAITING and self._is_late(post):
            state = PostState.GIVEN_UP
        return self._saved(
            post, {"url": url, "state": state, "attempts": (*post.attempts, attempt)}
        )

    def _url_of(self, post: Post) -> str | None:
        # As the switches stand now: a webhook may have moved since the last attempt.
        urls = {
            PostKind.EVENTS: self.switches.webhook_url,
            PostKind.INBOUND: self.switches.inbound_url,
        }
        return urls.get(post.kind, post.url)

    async def _post(self, post: Post, url: str) -> Attempt:
        body = self._body_of(post)
        try:
            answer = await self._client.post(url, content=body, headers=self._headers(post, body))
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            return Attempt(at=self._clock(), answer=f"no answer: {type(failure).__name__}")
        text = answer.text[:_LONGEST_ANSWER]
        return Attempt(at=self._clock(), status=answer.status_code, answer=text)

    def _body_of(self, post: Post) -> bytes:
        if post.kind is PostKind.EVENTS:
            return batch_body(self._store.events[number] for number in post.event_numbers)
        return post.body

    def _headers(self, post: Post, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": post.content_type}
        if post.kind is PostKind.ONE_CLICK:
            return headers | {"Date": _http_date(post.moment or self._clock())}
        return headers | signed_headers(self._key, body, timestamp=int(self._clock().timestamp()))

    def _is_late(self, post: Post) -> bool:
        return self._clock() - post.opened_at >= self._config.give_up_after

    def _saved(self, post: Post, update: dict[str, object]) -> Post:
        later = post.model_copy(update=update)
        self._store.save_post(later)
        return later

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            logger.error("A post was lost to a bug.", exc_info=task.exception())


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
