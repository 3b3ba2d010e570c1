"""Forecasts: the coming values of one or many series, each judged from origins that roll through its own past.

table ── panel ──► values (series × moments) on one regular grid
│ origin 1, 2, …: learn from what lies before, forecast the horizon, compare
├ local:  seasonal naive, theta, trend with seasons
└ lags:   linear and boosted trees over what was known at the origin
weights and intervals at an origin come from the origins before it only ──► figures
weights from all origins, models fitted on everything ──► the coming rows
"""
