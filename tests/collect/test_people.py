"""Who sent it: what a platform makes of a name finds its student, and never another one."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.collect.people import Match, People, Sender, Student, words
from course.collect.roster import CANVAS

ADA = Student("ada", ("Ada Lovelace",), frozenset({("", "ada@uni.example"), (CANVAS, "4001"), ("", "10001")}))
ANN = Student("ann-lee", ("Ann Lee",), frozenset({("", "10002")}))
JOSE = Student("jose", ("José García Márquez",), frozenset({("", "10003")}))
PEOPLE = People([ADA, ANN, JOSE])


def found(*, people: People = PEOPLE, **sender: object) -> Match:
    return people.find(Sender("label", **sender))  # type: ignore[arg-type]


@pytest.mark.parametrize("id_", [("", "ADA"), ("", "Ada@Uni.Example"), (CANVAS, "4001"), ("", "10001")])
def test_an_id_counts_in_its_own_numbering_alone(id_: tuple[str, str]) -> None:
    assert found(ids=(id_,)) == Match("ada")
    assert found(ids=(("other", id_[1]),)).student is None


@pytest.mark.parametrize("name", ["Ada Lovelace", "Lovelace, Ada", "ADA  LOVELACE", "lovelaceada", "Ada-Lovelace"])
def test_a_name_counts_in_any_order_and_case(name: str) -> None:
    assert found(names=(name,)) == Match("ada", by_name=True)


@pytest.mark.parametrize(
    "name", ["Jose Garcia Marquez", "garcíamárquezjosé", unicodedata.normalize("NFD", "José García Márquez")]
)
def test_accents_do_not_tell_apart(name: str) -> None:
    assert found(names=(name,)) == Match("jose", by_name=True)


@pytest.mark.parametrize("name", ["Ada", "Lovelace", "Ada King Lovelace", "José García", "", "  "])
def test_a_part_of_a_name_is_nobody(name: str) -> None:
    assert found(names=(name,)) == Match(None, Match.NOBODY)


@pytest.mark.parametrize(
    ("hint", "student"),
    [
        ("ada", "ada"),
        ("ada_ps1", "ada"),
        ("ps1 (ada@uni.example)", "ada"),
        ("Lovelace_Ada_ada_10001", "ada"),
        ("ps1 final Ada Lovelace (2)", "ada"),
        ("ps1-ann-lee", "ann-lee"),
        ("ann-lee", "ann-lee"),
        ("Garcia Marquez, José - ps1", "jose"),
        ("10003", "jose"),
        ("ps1 3", None),
        ("adamant", None),
    ],
)
def test_a_hint_counts_where_an_id_or_a_whole_name_stands_in_it(hint: str, student: str | None) -> None:
    assert found(hints=(hint,)).student == student


def test_a_short_number_in_a_hint_is_no_students_unless_it_is_all_of_it() -> None:
    people = People([Student("7", ("Ada Lovelace",)), Student("8", ("Ann Lee",))])
    assert found(people=people, hints=("Ada Lovelace - homework 8",)).student == "7"
    assert found(people=people, hints=("8",)).student == "8"


def test_two_of_one_name_are_ambiguous_until_an_id_tells() -> None:
    people = People([Student("a1", ("Ana Silva",)), Student("a2", ("Ana Silva",))])
    twins = found(people=people, names=("Silva, Ana",))
    assert twins.student is None
    assert twins.reason == "ambiguous: may be a1 (Ana Silva), a2 (Ana Silva)"
    assert found(people=people, names=("Ana Silva",), ids=(("", "a2"),)) == Match("a2")


def test_an_id_and_a_name_that_contradict_each_other_are_nobodys() -> None:
    match = found(ids=(("", "ada"),), names=("Ann Lee",))
    assert match.student is None
    assert match.reason == "contradictory: the id is that of ada (Ada Lovelace), the name that of ann-lee (Ann Lee)"
    assert found(hints=("Ada Lovelace and Ann Lee",)).reason.startswith("ambiguous")
    assert found(hints=("ada_Ann_Lee",)).reason.startswith("ambiguous")


def test_a_word_that_several_names_run_together_give_is_ambiguous() -> None:
    people = People([Student("a", ("Anna Lee",)), Student("b", ("Ann Alee",)), Student("c", ("Annalee",))])
    assert found(people=people, names=("annalee",)).reason.startswith("ambiguous: may be a (Anna Lee), b (Ann Alee), c")
    assert found(people=people, names=("Anna Lee",)).student == "a"


def test_whoever_is_called_nearly_so_is_offered_and_never_taken() -> None:
    sender = Sender("Ada Lovlace_70101", names=("Ada Lovlace",))
    assert PEOPLE.find(sender) == Match(None, Match.NOBODY)
    assert PEOPLE.nearly(sender) == "ada (Ada Lovelace)"
    assert PEOPLE.nearly(Sender("zzz", names=("Quentin Zzz",))) == ""


def test_ids_that_are_learnt_later_count() -> None:
    assert found(people=PEOPLE.with_ids({"ada": [("participant", "9")]}), ids=(("participant", "9"),)).student == "ada"


LETTERS = st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Nd"], include_characters=" '’-.,")
NAMES = st.text(LETTERS, min_size=1, max_size=30).filter(words)
MANGLERS: list[Callable[[str], str]] = [
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFC", name),
    lambda name: unicodedata.normalize("NFKC", name).casefold(),
    lambda name: f"  {name} ",
    lambda name: " ".join(reversed(words(name))),
    lambda name: ", ".join(words(name)),
    lambda name: "".join(words(name)),  # as Canvas writes it
    lambda name: "_".join(words(name)),  # as ILIAS does
]


@given(st.lists(NAMES, min_size=1, max_size=6), st.data())
def test_a_mangled_name_finds_its_student_or_says_that_it_may_be_several(names: list[str], data: st.DataObject) -> None:
    people = People(Student(f"s{number:06}", (name,)) for number, name in enumerate(names))
    at = data.draw(st.integers(0, len(names) - 1))
    mangled = data.draw(st.sampled_from(MANGLERS))(names[at])
    match = people.find(Sender("x", names=(mangled,)))
    if match.student is None:
        assert match.reason.startswith("ambiguous")
        assert f"s{at:06}" in match.reason
        assert sum(sorted("".join(words(name))) == sorted("".join(words(names[at]))) for name in names) > 1
    else:
        assert match.student == f"s{at:06}" or sorted(words(names[int(match.student[1:])])) == sorted(words(mangled))


@given(st.lists(NAMES, min_size=1, max_size=6), NAMES)
def test_a_name_that_nobody_has_is_nobodys(names: list[str], other: str) -> None:
    spelt = sorted("".join(words(other)))
    assume(all(sorted("".join(words(name))) != spelt for name in names))
    people = People(Student(f"s{number:06}", (name,)) for number, name in enumerate(names))
    assert people.find(Sender("x", names=(other,))) == Match(None, Match.NOBODY)


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text: str) -> None:
    PEOPLE.find(Sender(text, (("", text),), (text,), (text,)))
    PEOPLE.nearly(Sender(text, names=(text,), hints=(text,)))
