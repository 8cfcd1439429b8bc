import json
import re

from model.page.document import FOLDER, build_document, build_script

MODEL = '{"schema":{"labels":["</script><b>","Yes"]}}'


def find(pattern, page):
    return re.search(pattern, page, re.DOTALL)[1]


def test_model_inside_reads_back_and_ends_no_element():
    page = build_document(MODEL)

    data = find(r'<script type="application/json" id="model">(.*?)</script>', page)

    assert json.loads(data) == json.loads(MODEL)
    assert "<" not in data


def test_every_module_comes_once_and_after_what_it_imports():
    script = build_script()

    defined = re.findall(r'^modules\["([^"]+)"\] = ', script, re.MULTILINE)
    seen = set()
    for line in script.splitlines():
        if found := re.match(r'modules\["([^"]+)"\] = ', line):
            seen.add(found[1])
        if found := re.match(r'const \{.*\} = modules\["([^"]+)"\];', line):
            assert found[1] in seen

    assert len(defined) == len(set(defined))
    assert {"main.js", "page.js", "scoring/worker.js", "views/list.js"} <= set(defined)
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)


def test_page_names_nothing_to_load():
    page = build_document(MODEL)

    assert re.findall(r"""(?:src|href)=["'](?!#|data:)[^"']*""", page) == []
    assert set(re.findall(r"https?://[^\s\"']+", page)) == {"http://www.w3.org/2000/svg"}


def test_comments_of_their_own_lines_and_indentation_are_left_out():
    sources = "".join(path.read_text("utf-8") for path in FOLDER.rglob("*.js"))

    script = build_script()

    code = [line.strip() for line in sources.splitlines()]
    code = [
        line for line in code if line and not re.match(r"/\*\*|\*(?!write)|//|import|export", line)
    ]
    assert set(code) <= set(script.splitlines())
    assert not re.search(r"^( |//|/\*)", script, re.MULTILINE)
