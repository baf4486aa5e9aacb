"""Figures: each takes what a study found, and axes, draws, and gives the axes back."""

from sim.show.plot.attribution import attribution
from sim.show.plot.course import over_time
from sim.show.plot.differences import differences
from sim.show.plot.satisfaction import quality
from sim.show.plot.tornado import tornado
from sim.show.plot.waits import wait_ecdf
from sim.show.plot.warm_up import warm_up

__all__ = ["attribution", "differences", "over_time", "quality", "tornado", "wait_ecdf", "warm_up"]
