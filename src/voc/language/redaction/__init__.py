"""Removes personal data from texts that leave the work file; all else in them stays, character by character.

`redact` needs no knowledge of the customer, `redact_names` removes what is held of them; call them in that order.

| placeholder | stands for |
|---|---|
| [secret] | user and password, token, key or code in a link (its host stays), ``password=``, keys of known shape |
| [email] | an address in any script, in a link, in quotes, "name (at) example (dot) com", and those held |
| [iban], [card] | an account or card number whose check digits are right |
| [national id] | SSN, NINO, BSN, CPF, CNPJ, DNI, NIE, NIR, codice fiscale, Steuer-ID, PESEL, BE national number |
| [ip] | an IPv4 or IPv6 address; "version 3.2.1.4" stays, 3.2.1.4 alone does not |
| [phone] | a number valid in the customer's country or abroad, or grouped as only phone numbers are |
| [name], [customer id] | what is held of the customer |

Other digits and dashes of Unicode are read as ours, and zero-width characters and marks within a number or a name are
looked through; those right after a find go with it. A second call changes nothing. Dates, times, amounts, and digits
right after "#" or a word such as "order" are no phone numbers.

**A name** is found in any case and with or without accents, in both orders, in hyphens or run together; so is each part
of a person's name of three letters or more. A part that is also a word (Will, Grace, May, Rose) is taken only where a
word would not be written so: with a capital inside a sentence, after a title, or alone on a line. So is each part of a
company's name (one with a legal form or a word of trade), since companies are called by any word ("an ocean of
trouble" from Blue Ocean GmbH); words of trade ("Hotel", "Bank", "Data") never alone, as they would point at nobody
and taking them would cost the text its subject. The whole name, with or without its legal form, is always taken.

**Not promised**: names that we don't hold, nicknames and inflected names (Ивановой); postal addresses and user names;
digits written as words or letters (O for 0), letters borrowed from a look-alike script; a phone number without
separators, country code or a word such as "call" before it, when the customer's country isn't known; numbers with a
mistyped check digit; numbers and addresses that other letters or digits touch; a company's part in small letters.

**False finds** are possible where checks are weak. Of arbitrary numbers one in twenty of 14 or 16 digits passes for a
card, one in 33 of eleven digits for a national id, one in eleven of nine for a BSN (Dutch customers only), and two in
five of ten digits for a phone number in the United States or Brazil (`python benchmarks/redaction.py`).
"""

from voc.language.redaction.generic import redact
from voc.language.redaction.names import redact_names

__all__ = ["redact", "redact_names"]
