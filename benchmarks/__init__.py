"""What this project costs, measured beside what its users would pick instead; one question a file.

`python -m benchmarks` runs them all. The questions are the files `bench_*.py`; each runs alone,
too. `tasks/` holds what is measured, `lambda_image/` what measures it inside Lambda's image.
"""
