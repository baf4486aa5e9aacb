# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first run: would training help the front desk?
#
# A city hotel has busy mornings and evenings at its front desk. Management thinks of a course for the
# receptionists. Before paying for it, we simulate the desk as it is and with the course, on the same guests, and look
# at waits and at the quality that guests perceive.

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import sim

root = next(folder for folder in [Path.cwd(), *Path.cwd().parents] if (folder / "scenarios").is_dir())
hotel = sim.load(root / "scenarios" / "hotel_front_desk.yaml")
hotel.title, hotel.policy_names

# %% [markdown]
# A policy is a named set of changes to the scenario. `train` sends the receptionists on a course:

# %%
hotel.policies["train"]

# %% [markdown]
# ## Run
#
# Five independent replications of each policy. The same seed gives the same guests under both, so that what differs
# is due to the policy and not to luck.

# %%
result = sim.run(hotel, policies=["as_is", "train"], replications=5)
result

# %% [markdown]
# ## Read
#
# `result.measures` has one row per policy, replication and measure, with the part of the site that it is about; an
# empty scope means all of it. `result.summary()` gives means with the half-width of their 95 % confidence interval.

# %%
summary = result.summary()
everything = summary[["stage", "segment", "role", "dimension", "action", "cause"]].isna().all(axis=1)
chosen = summary["measure"].isin(["wait_mean", "wait_p90", "satisfaction", "dissatisfied_share", "hit_rate"])
summary[everything & chosen].pivot(index="measure", columns="policy", values=["mean", "half_width"]).round(3)

# %% [markdown]
# The guests are the same, so the replications may be compared in pairs. The difference is known much more precisely
# than either of the two figures, because what the days have in common cancels:

# %%
measures = result.measures
satisfaction = measures[
    (measures["measure"] == "satisfaction") & measures[["segment", "hour", "period"]].isna().all(axis=1)
].pivot(index="replication", columns="policy", values="value")
satisfaction.assign(difference=satisfaction["train"] - satisfaction["as_is"]).round(3)

# %% [markdown]
# What stands between what guests expect and what they perceive, in points on the scale from 1 to 7? The four gaps add
# up to the customer gap. A negative one makes good for others: here the standards ask for more than management
# believes that guests expect.

# %%
gaps = summary[everything & summary["measure"].str.startswith("gap_")]
gaps.pivot(index="measure", columns="policy", values="mean").round(2)

# %% [markdown]
# ## See
#
# Waits: how many guests were served within so many minutes? The line starts above zero, because many are served
# at once. Trained receptionists do more of what the standards ask, and that takes time.

# %%
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
sim.plot.wait_ecdf(result, ax, stages=["check_in"]);

# %% [markdown]
# Perceived quality: how satisfied did guests leave?

# %%
fig, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
sim.plot.quality(result, ax);

# %% [markdown]
# Five replications are few: before deciding, let the program run until the waits are known to within five per cent
# (`sim.run(hotel, policies="all", precision="5%")`), and look at all four policies.
