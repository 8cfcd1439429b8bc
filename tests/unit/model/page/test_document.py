import json
import re

from model.page.document import build_document, build_script

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
