"""What nbgrader_config.py puts in the place of ClearSolutions: blanks inside a line, and starter code."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions

from course.authoring import blanks, regions


class ClearBlanks(ClearSolutions):
    """nbgrader's ClearSolutions, which also makes `____` of the tokens that `#?` names.

    A solution cell with blanks and no region keeps its other lines. In a region, lines `#! code` stay as `code`
    in place of the stub. A cloze cell becomes what its metadata holds, and loses that.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The cell as students get it; RuntimeError for a marker that is not clear, as nbgrader's own."""
        if not utils.is_solution(cell) or cell.cell_type != "code":
            return super().preprocess_cell(cell, resources, cell_index)
        if "released" in cell.metadata.get("clozegrad", {}):
            cell.source = cell.metadata.pop("clozegrad")["released"]
            return cell, resources
        lines = tuple(cell.source.split("\n"))
        spans, problems = regions.spans(lines, "SOLUTION")
        name = cell.metadata.nbgrader.get("grade_id", cell_index)
        if problems:
            raise RuntimeError(f"solution cell {name}, line {problems[0][0] + 1}: {problems[0][1]}")
        has_blanks = blanks.marked(cell.source)
        if not spans and not has_blanks:
            return super().preprocess_cell(cell, resources, cell_index)
        stub = self.code_stub[resources["language"]].split("\n")
        # The regions go first: a marker in one of them would otherwise blank what is cut away.
        kept = "\n".join(_cleared(lines, spans, stub))
        try:
            cell.source = blanks.apply(kept) if has_blanks else kept
        except blanks.BlankError as error:
            raise RuntimeError(f"solution cell {name}, {error}") from None
        return cell, resources


def _cleared(lines: tuple[str, ...], spans: list[regions.Span], stub: list[str]) -> list[str]:
    """The lines with each solution region replaced by its starter code, or by the stub."""
    kept: list[str] = []
    for row, line in enumerate(lines):
        span = next((span for span in spans if span.holds(row)), None)
        if span is None:
            kept.append(line)
        elif row == span.begin:
            inner = map(regions.starter, lines[span.begin + 1 : span.end])
            indent = line[: len(line) - len(line.lstrip())]
            kept += [given for given in inner if given is not None] or [indent + text for text in stub]
    return kept
