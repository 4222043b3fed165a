"""The text of a message, however its channel has encoded it."""

from email import message_from_bytes
from email.policy import default


def text_of(message: bytes) -> str:
    """A mail's headers and the texts of its parts, joined by line breaks; any other message as UTF-8 text."""
    mail = message_from_bytes(message, policy=default)
    if "MIME-Version" not in mail:
        return message.decode(errors="replace")
    lines = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            lines.append(str(part.get_content()))
    return "\n".join(lines)
