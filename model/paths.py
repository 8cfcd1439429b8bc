"""Names of files and S3 keys on which several parts agree.

`app.py` and `template.yaml` state the live model's key once more, as the function is shipped
without this package, and the Makefile the model file's path; tests/stack holds them together.
"""

from pathlib import Path

MODEL_NAME = "telco_churn_light.json"
LEADERBOARD_NAME = "model_leaderboard_telco.json"
REPORT_NAME = "report.html"
PAGE_NAME = "churn_page.html"
PLOTS_FOLDER = "report"  # beside the report, its plots as PNG

BUILD = Path("build")
ARTIFACT = BUILD / MODEL_NAME
EVENTS = Path("events")
SAMCONFIG = Path("samconfig.toml")
BUILT_TEMPLATE = Path(".aws-sam/build/template.yaml")

MODEL_KEY = f"models/{MODEL_NAME}"  # the live model
SHADOW_PREFIX = "monitoring/shadow/"  # in the models' bucket
OUTCOMES_PREFIX = "monitoring/outcomes/"  # in the models' bucket, or below BUILD
