"""Where each file of a hand-in goes for grading."""

from hypothesis import given
from hypothesis import strategies as st

from course.collect.places import Places, arranged, digest


def test_a_notebook_is_called_as_the_lessons_and_what_lies_beside_it_comes_along() -> None:
    places = ["work/final (2).ipynb", "work/data/a.csv", "work/.ipynb_checkpoints/x.ipynb", "readme.txt"]
    assert arranged(places, {"ps1": "work/final (2).ipynb"}) == {
        "ps1.ipynb": "work/final (2).ipynb",
        "data/a.csv": "work/data/a.csv",
        ".ipynb_checkpoints/x.ipynb": "work/.ipynb_checkpoints/x.ipynb",
        "readme.txt": "readme.txt",
    }


def test_whatever_is_in_the_notebooks_way_gets_a_number() -> None:
    places = ["ps1.ipynb", "work/mine.ipynb", "work/a.csv", "a.csv"]
    assert arranged(places, {"ps1": "work/mine.ipynb"}) == {
        "ps1.ipynb": "work/mine.ipynb",
        "a.csv": "work/a.csv",
        "a (2).csv": "a.csv",
        "ps1 (2).ipynb": "ps1.ipynb",
    }


def test_without_a_notebook_everything_stays_where_it_is() -> None:
    assert arranged(["b/a.pdf", "c"], {}) == {"b/a.pdf": "b/a.pdf", "c": "c"}


def test_notebooks_in_several_folders_leave_the_others_where_they_are() -> None:
    places = ["one/a.ipynb", "two/b.ipynb", "two/d.csv"]
    found = arranged(places, {"a": "one/a.ipynb", "b": "two/b.ipynb"})
    assert found == {"a.ipynb": "one/a.ipynb", "b.ipynb": "two/b.ipynb", "two/d.csv": "two/d.csv"}


def test_a_file_and_a_folder_of_one_name_are_told_apart() -> None:
    taken = Places()
    names = ["a", "a/b", "c/d", "c", "e.txt", "e.txt", "e.txt"]
    assert [taken.add(name) for name in names] == ["a", "a (2)/b", "c/d", "c (2)", "e.txt", "e (2).txt", "e (3).txt"]


def test_a_digest_is_that_of_places_and_contents_in_any_order() -> None:
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
    assert (
        len({digest({"a": "1"}), digest({"a": "2"}), digest({"b": "1"}), digest({}), digest({"a": "1", "b": "2"})}) == 5
    )


PART = st.sampled_from(["a", "b", "ps1.ipynb", "x.ipynb", "work"])
PLACE = st.lists(PART, min_size=1, max_size=3).map("/".join)


@given(st.sets(PLACE, min_size=1, max_size=8), st.data())
def test_every_file_has_one_place_and_no_file_stands_where_a_folder_is(places: set[str], data: st.DataObject) -> None:
    places = {one for one in places if not any(other.startswith(f"{one}/") for other in places)}
    chosen = data.draw(st.sampled_from(sorted(places)))
    found = arranged(places, {"ps1": chosen})
    assert found["ps1.ipynb"] == chosen
    assert sorted(found.values()) == sorted(places)
    assert not any(other.startswith(f"{place}/") for place in found for other in found)
