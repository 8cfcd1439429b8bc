from model.report.markup import Html, bullets, element, facts, join, table


def test_text_is_escaped_and_html_is_not():
    assert element("p", "a < b & ", element("b", '"c"')) == (
        "<p>a &lt; b &amp; <b>&quot;c&quot;</b></p>"
    )


def test_attributes_are_escaped():
    assert element("td", class_='"><script>', aria_label="x") == (
        '<td class="&quot;&gt;&lt;script&gt;" aria-label="x"></td>'
    )


def test_elements_without_content_have_no_end():
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_parts_are_joined_and_escaped():
    assert join(["<", Html("<br>")]) == "&lt;<br>"


def test_table_names_its_rows_and_columns():
    written = table("Who & why", ("name", "size#"), [("<i>", "1")])

    assert written == (
        '<div class="table"><p class="caption">Who &amp; why</p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Who &amp; why (table)">'
        '<table aria-label="Who &amp; why"><thead><tr><th scope="col" class="text">name</th>'
        '<th scope="col" class="number">size</th></tr></thead>'
        '<tbody><tr><th scope="row" class="text">&lt;i&gt;</th><td class="number">1</td></tr>'
        "</tbody></table></div></div>"
    )


def test_lists_escape_too():
    assert facts([("<a>", "b")]) == "<dl><div><dt>&lt;a&gt;</dt><dd>b</dd></div></dl>"
    assert bullets(["<a>"]) == "<ul><li>&lt;a&gt;</li></ul>"
