import pytest

from activities.rendering.plain import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n line</p><p>Two</p>", "One line\n\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ('<a href="https://a.example">Go</a> on', "Go (https://a.example) on"),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="https://a.example"><img src="x" alt="Logo"></a>', "Logo (https://a.example)"),
        ('<a href="#top">Up</a><a>x</a>', "Upx"),
        (
            "<p>x</p><ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>y</p>",
            "x\n\n- a\n- b\n  - c\n\ny",
        ),
        ("<ol><li><p>a</p></li><li><p>b</p></li></ol>", "1. a\n2. b"),
        ("<blockquote><p>a<br>b</p><p>c</p></blockquote><p>d</p>", "> a\n> b\n\n> c\n\nd"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
        ("<head><title>t</title><style>p{}</style></head><body><p>a</p>", "a"),
        ('<div style="display:none">x<br><p>y</p></div><p>a</p>', "a"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<p>a</b></p></div>", "a"),
        ("<p>a <strong>b</strong>, c</p>", "a b, c"),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert plain_text(html) == f"{text}\n"
