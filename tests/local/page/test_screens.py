"""What people do on the page: drop, rank, filter, plan, save, ask what if, on any screen."""

import csv
import io
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

VECTORS = Path(__file__).parents[2] / "vectors"
VIEWS = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 390, "height": 844}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


def shown_risks(page):
    return page.eval_on_selector_all("tbody td .figure", "all => all.map((one) => one.textContent)")


def save(page, button):
    with page.expect_download() as download:
        page.click(f"text={button}")
    text = download.value.path().read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def set_number(page, label, value):
    page.get_by_label(label, exact=True).fill(str(value))


def test_customers_are_ranked_by_risk(loaded, ranked):
    assert shown_risks(loaded) == [f"{risk:.1%}" for risk in ranked[:50]]


def test_next_page_goes_on_where_the_first_ends(loaded, ranked):
    loaded.click("text=Next")
    loaded.wait_for_selector("caption:has-text('Customers 51 ')")

    assert shown_risks(loaded) == [f"{risk:.1%}" for risk in ranked[50:100]]


def test_plan_counts_calls_leavers_and_gain(loaded, ranked):
    for label, value in {
        "A customer kept is worth": 600,
        "An offer costs": 50,
        "Offers that keep a leaver, %": 30,
        "We can call: number": 100,
    }.items():
        set_number(loaded, label, value)

    tiles = loaded.eval_on_selector_all(".tiles dd", "all => all.map((one) => one.textContent)")

    gain = sum(p * 0.3 * (600 - 50) - (1 - p) * 50 for p in ranked[:100])
    reached = f"{sum(ranked[:100]):.0f} of {sum(ranked):,.0f}"
    assert tiles == ["100", reached, "5,000", f"{gain:,.0f}"]


def test_call_list_holds_the_calls_and_their_reasons(loaded, ranked, dataset):
    set_number(loaded, "We can call: number", 20)

    rows = save(loaded, "Save the call list")

    probabilities = [float(row["churn_probability"]) for row in rows]
    assert probabilities == pytest.approx(ranked[:20], abs=1e-12)
    assert {row["churn_label"] for row in rows} == {"1"}
    assert all(row["churn_reason_1"].split(":")[0] in dataset.frame.columns for row in rows)


def test_everybody_can_be_saved(loaded, dataset):
    rows = save(loaded, "Save all that are shown")

    assert len(rows) == len(dataset.target)
    assert {row["error"] for row in rows} == {""}


def test_filter_by_category_shows_those_only(loaded, dataset):
    name = dataset.categorical[0]
    value = str(dataset.frame[name].mode()[0])

    loaded.get_by_label("Only where").select_option(name)
    loaded.get_by_label("is", exact=True).select_option(value)
    count = f"{(dataset.frame[name] == value).sum():,}"
    loaded.wait_for_selector(f"caption:has-text('of {count}')")

    assert {row[name] for row in save(loaded, "Save all that are shown")} == {value}


def test_sample_customers_need_no_file(page):
    page.click("text=Try sample customers")
    page.wait_for_selector("tbody tr")

    assert "1,000 customers scored" in page.inner_text(".status")


def test_sample_customers_have_nothing_that_no_customer_had(open_page):
    page = open_page((VECTORS / "services.model.json").read_text("utf-8"))

    page.click("text=Try sample customers")
    page.wait_for_selector("tbody tr")
    rows = save(page, "Save all that are shown")

    kinds = {(row["phone"], row["internet"]) for row in rows}
    assert kinds == {("no", "cable"), *(("yes", kind) for kind in ("cable", "fibre", "none"))}
    for row in rows:
        needs_internet = {row["support"], row["backup"]}
        assert (row["internet"] == "none") == (needs_internet == {"no internet"})


def test_figures_are_remembered_on_this_machine(loaded):
    set_number(loaded, "An offer costs", 77)

    later = loaded.context.new_page()
    later.goto(loaded.url)
    later.wait_for_selector(".drop")
    kept = later.get_by_label("An offer costs", exact=True).input_value()

    assert kept == "77"
    assert loaded.context.cookies() == []


def test_keyboard_alone_is_enough(open_either, model_text):
    page = open_either(model_text)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab_to(page, "document.activeElement.textContent === 'Try sample customers'")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody tr")

    tab_to(page, "document.activeElement.type === 'range'")
    page.keyboard.press("Home")  # of the slider: nobody is called
    calls = page.inner_text(".tiles dd")
    tab_to(page, "document.activeElement.matches('tbody .link')")
    page.keyboard.press("Enter")
    before = page.inner_text(".risk strong")
    tab_to(page, "document.activeElement.matches('form input')")
    page.keyboard.press("Control+A")
    page.keyboard.type("x")

    assert (calls, before[-1]) == ("0", "%")
    expect(page.locator(".risk")).to_have_text("This can't be scored yet.")


def tab_to(page, condition):
    """Press Tab until the focus is where a condition in JavaScript holds."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    pytest.fail(f"no Tab leads to where {condition}")


@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.2s")])
def test_bars_move_for_those_only_who_want_it(
    open_page, drop, any_csv, model_text, motion, seconds
):
    page = open_page(model_text, reduced_motion=motion)
    drop(page, any_csv)
    page.wait_for_selector("tbody tr")

    duration = "getComputedStyle(document.querySelector('.bar span')).transitionDuration"

    assert page.evaluate(duration) == seconds


@pytest.mark.parametrize("view", VIEWS)
def test_screens_are_accessible_and_fit(open_either, drop, any_csv, model_text, take_picture, view):
    page = open_either(model_text, **VIEWS[view])
    drop(page, any_csv)
    page.wait_for_selector("tbody tr")
    for screen in ("List", "Customer", "Model"):
        page.click(f"nav >> text={screen}")

        found = Axe().run(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")

        take_picture(page, f"{screen.lower()}-{view}")
        assert (found.violations_count, wide) == (0, 0), found.generate_report()
