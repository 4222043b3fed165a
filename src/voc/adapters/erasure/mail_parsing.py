"""A mail's words, however its parts are encoded."""

from email import message_from_bytes
from email.policy import default


def text_of(message: bytes) -> str:
    """Its headers and the texts of its parts, a line a piece."""
    read = message_from_bytes(message, policy=default)
    said = [f"{name}: {value}" for name, value in read.items()]
    for part in read.walk():
        if part.get_content_maintype() == "text":
            said.append(str(part.get_content()))
    return "\n".join(said)
