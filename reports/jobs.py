"""What each mail of a sequence is for, as its author wrote it."""

from activities.rendering.letters import Letter
from activities.rendering.mails import Mails
from schemas.matchers import StepId
from schemas.version import Version


def jobs_of(version: Version) -> dict[StepId, str]:
    """Give the `job` in the front matter of each step's mail, of those that say one."""
    mails = Mails(version.content)
    letters = {step.id: mails.letter(step.email) for step in version.sequence.emails}
    return {
        step: letter.job
        for step, letter in letters.items()
        if isinstance(letter, Letter) and letter.job
    }
