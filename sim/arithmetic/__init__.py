"""Arithmetic that gives the same bits on every machine: logarithms, powers, and the laws of chance.

Everything is computed from + − × ÷ √, exact powers of two and fixed constants. Scalar functions take and
return plain floats; their ``_array`` twins return the same bits for each element.
"""

from .beta import beta_cdf, beta_cdf_array
from .elementary import exp, exp_array, log, log1p, log_array, power, power_array
from .gamma import gamma_cdf, gamma_cdf_array, log_gamma
from .normal import normal_cdf, normal_cdf_array, normal_density, normal_quantile, normal_quantile_array
from .quantiles import (
    beta_quantile,
    beta_quantile_array,
    beta_table,
    gamma_quantile,
    gamma_quantile_array,
    gamma_table,
    table_quantile,
    table_quantile_array,
)

__all__ = [
    "beta_cdf",
    "beta_cdf_array",
    "beta_quantile",
    "beta_quantile_array",
    "beta_table",
    "exp",
    "exp_array",
    "gamma_cdf",
    "gamma_cdf_array",
    "gamma_quantile",
    "gamma_quantile_array",
    "gamma_table",
    "log",
    "log1p",
    "log_array",
    "log_gamma",
    "normal_cdf",
    "normal_cdf_array",
    "normal_density",
    "normal_quantile",
    "normal_quantile_array",
    "power",
    "power_array",
    "table_quantile",
    "table_quantile_array",
]
