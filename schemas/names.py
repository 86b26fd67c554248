"""Names on the wire: they outlive every file that uses them."""

WORKFLOW_ENROLLMENT = "enrollment"
WORKFLOW_LIST = "list_import"
WORKFLOW_SWEEP = "trigger_sweep"

QUEUE_ENROLLMENTS = "enrollments"
QUEUE_EMAIL_SEND = "email-send"
QUEUE_TRANSACTIONAL = "email-send-transactional"

ACTIVITY_BEGIN = "begin_enrollment"
ACTIVITY_SEND = "send_email"
ACTIVITY_SETTLE = "settle_send"
ACTIVITY_OPEN_TASK = "open_task"
ACTIVITY_HAND_OFF = "hand_off"
ACTIVITY_END = "end_enrollment"
ACTIVITY_CONTROL = "record_control"
ACTIVITY_EFFECT = "carry_out"
ACTIVITY_LEAVE = "leave_line"
ACTIVITY_LEAVE_ROOM = "leave_room"
ACTIVITY_LOOK = "look_up"
ACTIVITY_LIST = "start_list_rows"
ACTIVITY_RENDER = "render_email"
ACTIVITY_SUPPRESSION = "check_suppression"
ACTIVITY_SWEEP = "sweep_triggers"

SCHEDULE_TRIGGERS = "postroad-triggers"

UPDATE_PAUSE = "pause"
UPDATE_RESUME = "resume"
UPDATE_EXIT = "exit"
UPDATE_SKIP = "skip"

QUERY_PROGRESS = "progress"

ATTRIBUTE_SEQUENCE = "PostroadSequence"
ATTRIBUTE_VERSION = "PostroadVersion"
ATTRIBUTE_STATE = "PostroadState"
ATTRIBUTE_STEP = "PostroadStep"
ATTRIBUTE_ENDING = "PostroadEnding"
ATTRIBUTE_HELD = "PostroadHeld"

SEARCH_ATTRIBUTES: dict[str, str] = {
    ATTRIBUTE_SEQUENCE: "Keyword",
    ATTRIBUTE_VERSION: "Keyword",
    ATTRIBUTE_STATE: "Keyword",
    ATTRIBUTE_STEP: "Keyword",
    ATTRIBUTE_ENDING: "Keyword",
    ATTRIBUTE_HELD: "Keyword",
}
"""Search attribute by name, with Temporal's type; never personal data (they are not encrypted)."""
