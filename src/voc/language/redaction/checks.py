"""Check digits of national identity numbers; each function takes the number without separators, in capitals."""


def _weighted(digits: str, weights: range | tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def is_ssn(code: str) -> bool:
    """US: no area 000, 666 or 9xx, no group 00, no serial 0000 (Social Security Administration, POMS RM 10201.035)."""
    return code[:3] not in ("000", "666") and code[0] != "9" and code[3:5] != "00" and code[5:] != "0000"


def is_bsn(code: str) -> bool:
    """NL: nine digits weighted 9 to 2 and -1 sum to a multiple of 11 (the "elfproef" of the Besluit BSN)."""
    return int(code) > 0 and _weighted(code, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _mod_11(values: list[int], weights: list[int]) -> int:
    rest = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


def is_cpf(code: str) -> bool:
    """BR, persons: two check digits modulo 11, not eleven equal digits (Receita Federal)."""
    values = [int(char) for char in code]
    first, second = (_mod_11(values[:n], list(range(n + 1, 1, -1))) for n in (9, 10))
    return len(set(code)) > 1 and values[9:] == [first, second]


def is_cnpj(code: str) -> bool:
    """BR, companies: two check digits modulo 11 over ASCII codes less 48: letters count too (IN RFB 2.229/2024)."""
    if not (code.isascii() and code[12:].isdigit()):
        return False
    values, weights = [ord(char) - 48 for char in code], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    return len(set(code)) > 1 and values[12:] == [_mod_11(values[:12], weights[1:]), _mod_11(values[:13], weights)]


def is_dni(code: str) -> bool:
    """ES: the letter is the number's remainder by 23; a NIE's X, Y, Z stand for 0, 1, 2 (Ministerio del Interior)."""
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == code[-1]


def is_nir(code: str) -> bool:
    """FR: the key is 97 less the remainder by 97, with 2A as 19 and 2B as 18 (INSEE)."""
    number = code[:5] + code[5:7].replace("2A", "19").replace("2B", "18") + code[7:]
    return number.isdigit() and 97 - int(number[:13]) % 97 == int(number[13:])


_ODD = dict(
    zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
        2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ), strict=True)
)  # fmt: skip


def is_codice_fiscale(code: str) -> bool:
    """IT: the last letter by the two tables of the Decreto ministeriale of 23 December 1976; letters that replace
    digits between namesakes count as letters."""
    if not code.isascii():
        return False
    even = (int(char) if char.isdigit() else ord(char) - ord("A") for char in code[1:15:2])
    return (sum(_ODD[char] for char in code[0:15:2]) + sum(even)) % 26 == ord(code[15]) - ord("A")


def is_steuer_id(code: str) -> bool:
    """DE: check digit of ISO 7064 MOD 11,10; of the first ten digits one occurs two or three times, no other
    twice (Bundeszentralamt für Steuern on § 139b AO)."""
    counts = sorted(map(code[:10].count, set(code[:10])))
    if code[0] == "0" or counts[-1] not in (2, 3) or counts[-2] != 1:
        return False
    product = 10
    for char in code[:10]:
        product = ((int(char) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(code[10])


def is_pesel(code: str) -> bool:
    """PL: weights 1 3 7 9 modulo 10 behind a date of birth, the century in its month (Ustawa o ewidencji ludności)."""
    is_date = 1 <= int(code[2:4]) % 20 <= 12 and 1 <= int(code[4:6]) <= 31
    return is_date and _weighted(code, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def is_rijksregister(code: str) -> bool:
    """BE: 97 less the remainder of the first nine digits by 97, with a 2 before them for births from 2000; a bis number
    adds 20 or 40 to the month (Koninklijk besluit of 3 April 1984)."""
    is_date = int(code[2:4]) % 20 <= 12 and int(code[2:4]) < 60 and int(code[4:6]) <= 31
    return is_date and int(code[9:]) in (97 - int(code[:9]) % 97, 97 - int("2" + code[:9]) % 97)
