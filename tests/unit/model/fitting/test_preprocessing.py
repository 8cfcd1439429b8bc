import numpy as np
import pandas as pd

from model.fitting.preprocessing import build_preprocessing

ROWS = 600


def make_frame():
    texts = np.array([f"common {row % 40}" for row in range(ROWS)], dtype=object)
    texts[: 2 * 30] = [f"rare {row % 30}" for row in range(60)]
    return pd.DataFrame({"tenure": np.where(np.arange(ROWS) < 3, np.nan, 1.5), "plan": texts})


def test_blanks_are_kept_where_asked():
    frame = make_frame()

    kept = build_preprocessing(["tenure"], ["plan"], keeps_blanks=True).fit_transform(frame)
    filled = build_preprocessing(["tenure"], ["plan"]).fit_transform(frame)

    assert np.isnan(kept[:, 0]).sum() == 3
    assert kept[3:, 0].tolist() == [1.5] * (ROWS - 3)
    assert not np.isnan(filled).any()


def test_rare_texts_of_a_grouped_column_share_one_column_with_unseen_ones():
    frame = make_frame()

    fitted = build_preprocessing(["tenure"], ["plan"], ["plan"]).fit(frame)

    matrix = fitted.transform(frame)
    unseen = fitted.transform(frame.head(1).assign(plan="never seen"))
    assert build_preprocessing(["tenure"], ["plan"]).fit_transform(frame).shape[1] == 1 + 70
    assert matrix.shape[1] == 1 + 50
    assert unseen[0, -1] == 1
    assert matrix[:, -1].sum() == 60 - 9 * 2  # 49 columns of their own, 40 of them common
