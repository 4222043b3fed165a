"""Channels: how one finished message reaches a person, and how it is composed.

`channel.py` is the contract, `outcome.py` what a channel answers. `compose.py` makes the message, whatever carries it;
`smtp.py` and `eml_files.py` carry it as a mail, which `mime.py` encodes. Queue, claim, lease, back-off and "once" are
not a channel's: `control_store/mail_queue.py` has them for every channel, so that one that is down silences no other.

How to add a channel
--------------------
1. One file here with a frozen dataclass that fulfils `MessageChannel`: settings as fields, `name`, `noun`,
   `destination`, `render` and `deliver`. Every failure becomes an outcome: `Delayed(is_everybodys=True)` while the
   other side is down, `Delayed` while it wants only this message later, `Dead` when it never will. `may_have_left` when
   nobody can say. Quote no words of a server. Timeouts together stay below `mail_queue.LEASE`.
2. Its settings in `settings/model.py` (under `alerts`) and `docs/configuration.md`; a secret is named there and read
   from the environment.
3. One function in `app/outgoing.py` that makes it of the settings, and that function in `CHANNELS` there.
4. A working and a broken sample in `tests/adapters/channels/test_channel_contract.py`, a line in `docs/security.md`
   on what leaves by it, and one in `docs/cases.md`.

`test_channel_contract.py` fails by name for whatever is forgotten of these, and holds every channel to the contract.
"""
