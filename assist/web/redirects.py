"""Where a person may be sent on to: only to a place of this site, whatever the address bar says."""

from urllib.parse import urlsplit

LONGEST = 500


def own_path(value: str | None, default: str = "/") -> str:
    """`value` if it is a path on this site, else `default`.

    A browser drops tabs and line ends and reads a backslash as a slash, so that //host, /\\host and /<tab>/host all
    lead elsewhere: nothing that holds one of them passes.
    """
    if not value or len(value) > LONGEST or not value.startswith("/") or value.startswith("//"):
        return default
    if "\\" in value or not value.isprintable() or value != value.strip():
        return default
    try:
        parts = urlsplit(value)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else value
