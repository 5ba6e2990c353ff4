"""Search words that SQLite's unicode61 and PostgreSQL's 'simple' both take whole: each is one ASCII word.

Text is folded (NFKC, lower case). A run of Chinese, Japanese or Korean characters gives its overlapping pairs,
and its last character alone; everything else gives its words. A character is written as four letters, so 用地 is
`h` + 8 letters: no tokenizer splits, stems or drops it. Words bear a `w`, so that the two kinds never meet; their
letters beyond ASCII are written in four as well. Emoji and punctuation give nothing.

How a query works: two or more characters ask for all their pairs. One character asks for the prefix `h????*`:
every pair that begins with it, or itself at the end of a run, and so every place it stands. The last plain word
of a query is a prefix too (LC-2026). Pairs may match apart from each other, so a caller that needs the phrase
checks `normalise(query) in normalise(text)` on what was found. Not here: the index itself (`models.search`).
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 40  # characters; longer ones are cut alike in text and query
LONGEST_QUERY = 100
MOST_QUERY_TOKENS = 24

_CJK = (
    "\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECES = re.compile(rf"(?P<run>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def normalise(text: str) -> str:
    """The folded text that tokens are made of; also what a phrase check should compare."""
    return unicodedata.normalize("NFKC", text).lower()


def index_tokens(text: str) -> str:
    """All tokens of a text, each once, separated by spaces: what goes into the index."""
    found: dict[str, None] = {}
    for match in _PIECES.finditer(normalise(text)):
        if run := match["run"]:
            found.update(dict.fromkeys(_pairs(run)))
            found[_run_token(run[-1])] = None
        else:
            found[_word_token(match["word"])] = None
    return " ".join(found)


def query_tokens(text: str) -> list[str]:
    """What to ask for, all of it (AND). A trailing `*` marks a prefix. Empty: nothing to search for."""
    found: dict[str, None] = {}
    last_word = ""
    for match in _PIECES.finditer(normalise(text[:LONGEST_QUERY])):
        if run := match["run"]:
            found.update(dict.fromkeys(_pairs(run) if len(run) > 1 else [_run_token(run) + "*"]))
            last_word = ""
        else:
            last_word = _word_token(match["word"])
            found[last_word] = None
    tokens = list(found)
    if last_word:
        tokens[tokens.index(last_word)] += "*"
    return tokens[:MOST_QUERY_TOKENS]


def fts5_query(text: str) -> str:
    """The query for an FTS5 MATCH; empty when there is nothing to search."""
    return " AND ".join(
        f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"' for token in query_tokens(text)
    )


def postgres_query(text: str) -> str:
    """The query for `to_tsquery('simple', …)`; empty when there is nothing to search."""
    return " & ".join(token[:-1] + ":*" if token.endswith("*") else token for token in query_tokens(text))


def _pairs(run: str) -> list[str]:
    return [_run_token(run[at : at + 2]) for at in range(len(run) - 1)]


def _run_token(characters: str) -> str:
    return "h" + "".join(map(_four_letters, characters))


def _word_token(word: str) -> str:
    """Letter by letter, so that the beginning of a word is the beginning of its token."""
    word = word[:LONGEST_WORD]
    return "w" + "".join(letter if letter.isascii() else _four_letters(letter) for letter in word)


@lru_cache(maxsize=16_384)
def _four_letters(character: str) -> str:
    number, letters = ord(character), ""
    for _ in range(4):
        number, rest = divmod(number, 26)
        letters = _LETTERS[rest] + letters
    return letters
