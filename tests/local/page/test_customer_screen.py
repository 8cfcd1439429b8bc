"""One customer on the page: the probability while typing, what would help, the printed card."""

import re

from playwright.sync_api import expect

AT_AN_END = re.compile(r"(?P<field>.+) at (?:most|least) (?P<value>[\d.,]+)")


def open_first(page):
    page.click("tbody .link")
    page.wait_for_selector(".customer")


def test_customer_is_scored_while_typing(loaded):
    open_first(loaded)
    before = loaded.inner_text(".risk strong")

    loaded.click(".customer select")
    loaded.keyboard.press("End")  # "unknown"
    loaded.keyboard.press("Enter")
    remark = loaded.inner_text(".remarks li")

    assert before == loaded.text_content("tbody td .figure")
    assert "blank; scored as" in remark


def test_probability_stays_in_sight_on_a_phone(open_page, model_text):
    page = open_page(model_text, viewport={"width": 390, "height": 500})
    page.click("text=Customer")
    last = page.locator("form :is(input, select)").last

    last.focus()

    expect(last).to_be_in_viewport()
    expect(page.locator(".risk strong")).to_be_in_viewport(ratio=1)


def test_what_would_help_lowers_the_risk_as_said(loaded):
    open_first(loaded)
    said = loaded.inner_text(".customer ol li strong")
    chosen, _, followers = loaded.inner_text(".customer ol li").partition("brings along ")
    changes = chosen.partition(": ")[2].split(" and ") + followers.split("; ")

    for change in filter(None, changes):
        if number := AT_AN_END.fullmatch(change.strip()):
            loaded.get_by_label(number["field"], exact=True).fill(number["value"].replace(",", ""))
            continue
        fields, _, value = change.strip().partition(" → ")
        for field in fields.split(", "):
            loaded.get_by_label(field, exact=True).select_option(value)

    expect(loaded.locator(".risk strong")).to_have_text(said)


def test_numbers_are_written_and_read_as_the_reader_does(open_page, dataset, fitted, drop, any_csv):
    pipeline, text = fitted["HistGradientBoostingClassifier"]
    page = open_page(text, locale="de-DE")
    drop(page, any_csv)
    page.wait_for_selector("tbody tr")
    open_first(page)
    name = next(n for n in dataset.numeric if (dataset.frame[n] % 1).any())
    riskiest = pipeline.predict_proba(dataset.frame)[:, 1].argmax()
    customer = dataset.frame.iloc[[riskiest]]
    expected = pipeline.predict_proba(customer.assign(**{name: 70.5}))[0, 1]
    german = f"{expected:.1%}".replace(".", ",").replace("%", "\u00a0%")

    shown = page.get_by_label(name, exact=True).input_value()

    assert shown == f"{customer[name].iloc[0]:.15g}".replace(".", ",")
    for typed in ("70,5", "70.5"):
        page.get_by_label(name, exact=True).fill("0")
        page.get_by_label(name, exact=True).fill(typed)
        expect(page.locator(".risk strong")).to_have_text(german)


def test_card_prints_on_one_page(loaded):
    open_first(loaded)

    document = loaded.pdf(format="A4")

    assert document.count(b"/Type /Page\n") + document.count(b"/Type /Page ") == 1
