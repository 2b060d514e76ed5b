"""Times as instructors and platforms write them."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from course.errors import CourseError

_LOOSE = (  # after the day of the week, as Moodle writes in English, and Blackboard in names of files
    "%d %B %Y, %I:%M %p",
    "%d %b %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%B %d, %Y, %I:%M %p",
    "%Y-%m-%d-%H-%M-%S",
    "%Y%m%d%H%M%S",
)
_UNITS = {"w": 7 * 86_400, "d": 86_400, "h": 3_600, "m": 60}
_LONGEST_S = 1000 * 365 * 86_400
_DURATION = re.compile(r"\+?\s*(\d+(?:[.,]\d+)?)\s*(w|weeks?|d|days?|h|hours?|hrs?|m|min|minutes?)?", re.IGNORECASE)


def zone(name: str | None) -> tzinfo | None:
    """A time zone by its name, such as Europe/Berlin; None, which is this machine's, for no name."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CourseError(f"there is no time zone {name!r}: write it as Europe/Berlin or America/New_York") from None


def utc(moment: datetime, where: tzinfo | None) -> datetime:
    """A time in UTC; one that names no zone is taken in that of `where`, or of this machine."""
    if moment.tzinfo is None and where is not None:
        moment = moment.replace(tzinfo=where)
    return local(moment, UTC)


def local(moment: datetime, where: tzinfo | None) -> datetime:
    """A time by the clocks of `where`, or of this machine; by its own where those would leave the calendar."""
    try:
        return moment.astimezone(where)
    except (OverflowError, ValueError):  # a day before the first year, or after the last
        return moment.replace(tzinfo=where or UTC)


def deadline(text: str, where: tzinfo | None) -> datetime | None:
    """A time by which something is due, in UTC; a day alone means its end. None where it is no time."""
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = _iso(text)
        return None if day is None else utc(datetime.combine(day, time(23, 59, 59)), where)
    return moment(text, where)


def moment(text: str, where: tzinfo | None) -> datetime | None:
    """A time in UTC, by ISO 8601 or as Moodle and Blackboard write it; None where it is none of these."""
    text = " ".join(text.split())
    if (found := _iso(re.sub(r" (?:UTC|GMT)$", "+00:00", text))) is not None:
        return utc(found, where)
    bare = re.sub(r"^[^\W\d]+day,? ", "", text)
    for form in _LOOSE:
        try:
            return utc(datetime.strptime(bare, form), where)
        except ValueError:
            continue
    return None


def duration(text: str) -> timedelta | None:
    """A length of time, such as `2 days`, `36h` or `1.5`, which are days; None where it is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    seconds = float(match[1].replace(",", ".")) * _UNITS[(match[2] or "d")[0].lower()]
    return timedelta(seconds=seconds) if seconds < _LONGEST_S else None


def said(length: timedelta | float) -> str:
    """A length of time in its two largest units."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return " ".join(parts[:2])


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
