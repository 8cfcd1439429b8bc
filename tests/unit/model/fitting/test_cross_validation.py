import numpy as np
from sklearn.base import clone

from model.fitting.blend import Blend
from model.fitting.candidates import build_candidates
from model.fitting.cross_validation import Part, refit


def test_a_blend_learns_anew_as_its_members_do_alone(customers):
    built = build_candidates(customers.numeric, customers.categorical)
    names = ("LogisticRegression", "GradientBoostingClassifier", "SGDClassifier")
    half = Part(customers.frame.iloc[:40], customers.target[:40])
    fitted = tuple(clone(built[name]).fit(half.frame, half.target) for name in names)
    whole = Part(customers.frame, customers.target)

    again = refit(Blend(fitted, (0.5, 0.25, 0.25), 1.1, -0.1), whole)

    assert (again.weights, again.scale, again.shift) == ((0.5, 0.25, 0.25), 1.1, -0.1)
    for name, member in zip(names, again.members, strict=True):
        alone = clone(built[name]).fit(whole.frame, whole.target)
        expected = alone.predict_proba(whole.frame)
        assert np.array_equal(member.predict_proba(whole.frame), expected)
