"""TeX to MathML, which every current browser shows without a script or a network."""

import html
import xml.etree.ElementTree as ET

from latex2mathml.converter import convert_to_element

# href and friends could run code: what a formula needs besides its elements is only how they are spaced and drawn.
ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle"),
    *("fence", "form", "height", "largeop", "linethickness", "lspace", "mathcolor", "mathsize", "mathvariant"),
    *("maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel"),
    *("separator", "stretchy", "symmetric", "voffset", "width", "xmlns"),
}


def mathml(tex: str, display: str = "inline") -> str:
    """The formula as a `<math>` element; as its own source in `<code>` when it cannot be read."""
    try:
        element = convert_to_element(tex, display=display)
    except Exception:  # the converter raises whatever it stumbles on
        return f"<code>{html.escape(tex)}</code>"
    for part in element.iter():
        part.text = html.unescape(part.text) if part.text else part.text
        part.attrib = {name: value for name, value in part.attrib.items() if name in ATTRIBUTES}
    return ET.tostring(element, encoding="unicode")
