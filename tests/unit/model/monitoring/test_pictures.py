import re

from model.monitoring.pictures import HEIGHT, draw_field, name_bins, name_score_bins


def test_a_numbers_bins_are_called_after_their_edges(model):
    tenure, known = model["schema"]["features"][0], model["reference"]["features"][0]

    assert name_bins(tenure, known) == [
        "below 0",
        "0 to 12",
        "12 to 40",
        "40 to 72",
        "above 72",
        "blank",
    ]


def test_categories_are_called_as_they_are(model):
    contract, known = model["schema"]["features"][2], model["reference"]["features"][2]

    assert name_bins(contract, known) == ["Month-to-month", "Two year", "any other", "blank"]


def test_scores_bins_reach_from_0_to_1(model):
    assert name_score_bins(model["reference"]["scores"]) == ["0 to 0.25", "0.25 to 0.5", "0.5 to 1"]


def test_bands_are_as_high_as_their_shares():
    picture = str(draw_field("contract", ["a", "b", "blank"], [50, 50, 0], [("monday", [1, 0, 3])]))

    bands = re.findall(r'height="([\d.]+)" fill="(.*?)"><title>(.*?)</title>', picture)
    assert [(float(height), title) for height, _, title in bands] == [
        (HEIGHT / 2, "training, a: 50.0%"),
        (HEIGHT / 2, "training, b: 50.0%"),
        (HEIGHT / 4, "monday, a: 25.0%"),
        (HEIGHT * 3 / 4, "monday, blank: 75.0%"),
    ]
    assert len({fill for _, fill, _ in bands}) == 3


def test_many_days_fit_beside_each_other():
    days = [(f"day {place}", [1, 1]) for place in range(90)]

    picture = str(draw_field("contract", ["a", "blank"], [1, 1], days))

    (width,) = re.findall(r'<svg[^>]* width="(\d+)"', picture)
    assert int(width) <= 640


def test_a_day_without_customers_is_empty():
    assert str(draw_field("contract", ["a"], [0], [])).count("<rect") == 0
