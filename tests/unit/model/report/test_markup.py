from model.report.markup import bullets, facts, table


def test_table_names_its_rows_and_columns():
    written = str(table("Who & why", ("name", "size#"), [("<i>", "1")]))

    assert written == (
        '<div class="table"><p class="caption">Who &amp; why</p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Who &amp; why (table)">'
        '<table aria-label="Who &amp; why"><thead><tr><th scope="col" class="text">name</th>'
        '<th scope="col" class="number">size</th></tr></thead>'
        '<tbody><tr><th scope="row" class="text">&lt;i&gt;</th><td class="number">1</td></tr>'
        "</tbody></table></div></div>"
    )


def test_lists_are_escaped():
    assert str(facts([("<a>", "b")])) == "<dl><div><dt>&lt;a&gt;</dt><dd>b</dd></div></dl>"
    assert str(bullets(["<a>"])) == "<ul><li>&lt;a&gt;</li></ul>"
