"""A message's words, however its channel has encoded them."""

from email import message_from_bytes
from email.policy import default


def text_of(message: bytes) -> str:
    """A mail's headers and the texts of its parts, a line a piece; of anything but a mail the UTF-8 text that it is."""
    read = message_from_bytes(message, policy=default)
    if "MIME-Version" not in read:
        return message.decode(errors="replace")
    said = [f"{name}: {value}" for name, value in read.items()]
    for part in read.walk():
        if part.get_content_maintype() == "text":
            said.append(str(part.get_content()))
    return "\n".join(said)
