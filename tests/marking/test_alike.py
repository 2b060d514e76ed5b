"""Like answers come one after the other."""

from course.marking.alike import groups, same


def test_like_answers_make_a_group_and_large_groups_come_first() -> None:
    texts = {
        "a": "a turn has no eigenvector",
        "b": "the rank is smaller than n and so there is no inverse",
        "c": "The rank is smaller than n, and so there is no inverse!",
        "d": "the rank is smaller than n and therefore there is no inverse",
    }
    assert groups(texts) == [["b", "c", "d"], ["a"]]


def test_what_is_alike_to_one_of_a_group_belongs_to_it() -> None:
    chain = {str(step): " ".join(f"word{number}" for number in range(step, step + 20)) for step in range(0, 12, 3)}
    assert groups(chain) == [["0", "3", "6", "9"]]


def test_the_order_does_not_depend_on_the_order_of_the_texts() -> None:
    texts = dict(zip("abcdef", ["x y z", "", "x y", "?!", "q", "x y z"], strict=True))
    assert groups(texts) == groups(dict(reversed(texts.items())))
    assert sorted(key for group in groups(texts) for key in group) == sorted(texts)


def test_spaces_case_and_punctuation_make_no_other_words() -> None:
    assert same("Two is\n*positive*.") == same("two  is positive") != same("two is not positive")
