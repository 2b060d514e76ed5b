"""Random HTML as careless people and careless programs write it, and as hostile ones do."""

from hypothesis import strategies as st

PIECES_OF_HTML = (
    "<b> </b> <i> </i> <code> </code> <pre> </pre> <br> <div> </div> <p> <ul> <ol> <li> </ul> <table> <tr> <td> </td> </table> "
    "{{c1:: {{c2,3:: }} :: \\( \\) \\[ \\] [$] [/$] [latex] [/latex] $ ` * _ | <script> </script> <!-- --> < > &lt;script&gt; "
    "&amp; &nbsp; <input\x20name='a_12345678'> <input\x20name=b> <img\x20src='a.png'> [sound:a.mp3] <a\x20href='https://a.b/c'> "
    "<a\x20href='javascript:x'> </a> <sup> </sup> <span\x20class=cloze\x20data-cloze='q&lt;b&gt;'> </span> <svg> <title> "
    "<img\x20src=x\x20onerror=y> <x\x20y='<script>'> &#60;b&#62; # - 1. word x \ufdd0 \ufdd1 \ufdd2 \0"
)
SOUP = st.lists(st.sampled_from([*PIECES_OF_HTML.split(" "), " ", "\n"]), max_size=40).map("".join)
