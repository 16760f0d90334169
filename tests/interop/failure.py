"""How the interop tests fail: with one sentence."""


class Failure(Exception):
    """What a test says when the program did not do what the RFC says."""


def check(condition, words):
    if not condition:
        raise Failure(words)
