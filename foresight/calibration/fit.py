"""Calibrate the pledge hazard on treaty records: a discrete-time survival model with complementary log-log link.

Allison (1982) for the discrete-time form; the log hazard is that of the model's equation (4) with random effects of
member, agreement, and subregion and agreement. Sampled with NUTS (Hoffman & Gelman 2014) in numpyro, which comes
with the extra `calibrate`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import SUBREGIONS
from foresight.arrays import Floats, Integers
from foresight.calibration.at_risk import Panel, at_risk
from foresight.calibration.hazards import Variant, columns, covariates_of, log_hazard
from foresight.extras import extra
from foresight.facts.members import member_table
from foresight.observed.records import Records, subregions

#: Prior of c0: about one member in eight adopts in a year, within a factor of e^2 either way.
PRIOR_BASE: Final = (-2.0, 1.0)

#: Standard deviation of the normal prior of every coefficient, centred at none.
PRIOR_COEFFICIENT: Final = 1.0

#: Scales of the half-normal priors of the standard deviations of the effects.
PRIOR_SD: Final[Mapping[str, float]] = {"sd_member": 1.0, "sd_action": 1.0, "sd_subregion_action": 0.5}

#: Degrees of freedom of Student's t where the speed of an agreement has it: few, and its variance is finite.
TAIL: Final = 4.0

#: How carefully NUTS steps; above numpyro's own 0.8, so that no transition diverges.
_ACCEPTANCE: Final = 0.9

#: Fits of many share a program where their rows are filled up to the same multiple of this.
_BLOCK: Final = 1024

_TINY: Final = 1e-300  # keeps the logarithm of a chance that rounds to nothing finite


class Effort(NamedTuple):
    """How long to sample."""

    chains: int
    warmup: int
    samples: int  # of each chain
    draws: int  # kept, evenly spaced
    many: bool = False  # one of many fits to rows of about one number, which share a compiled program


#: For the posterior that ships, for each of many fits, and for a test.
FULL: Final = Effort(4, 1000, 2000, 1000)
SHORT: Final = Effort(2, 400, 1000, 250, many=True)


class Diagnostics(NamedTuple):
    """How well the chains mixed, over every parameter and effect."""

    r_hat: float  # the largest split R-hat, Gelman et al. (2013)
    effective: float  # the smallest effective number of draws
    divergences: int

    @property
    def sound(self) -> bool:
        """Whether the draws can be used: Vehtari et al. (2021) with 100 draws a chain of four."""
        return self.r_hat < 1.01 and self.effective >= 400 and self.divergences == 0


@dataclass(frozen=True, eq=False)
class Fit:
    """Draws from the posterior of one variant.

    Parameters
    ----------
    variant : Variant
    base : float64[draw]
        c0.
    coefficients : mapping of str to float64[draw]
        By term.
    body_weight : float64[draw]
        kappa, 0 where the variant has no bodies.
    sds : mapping of str to float64[draw]
        ``sd_member``, ``sd_action``, ``sd_subregion_action``.
    member_effects : float64[draw, member]
        u; NaN for members without records.
    diagnostics : Diagnostics
    """

    variant: Variant
    base: Floats
    coefficients: Mapping[str, Floats]
    body_weight: Floats
    sds: Mapping[str, Floats]
    member_effects: Floats
    diagnostics: Diagnostics


class _Rows(NamedTuple):
    """Rows that are alike, taken together."""

    agreement: Integers
    member: Integers
    adopted: Integers
    times: Floats  # how many there are
    covariates: Mapping[str, Floats]


def calibrate(records: Records, variant: Variant, effort: Effort = FULL, seed: int = 1) -> Fit:
    """Fit a variant to records.

    Parameters
    ----------
    records : Records
        Every agreement in them is used.
    variant : Variant
    effort : Effort
    seed : int

    Returns
    -------
    Fit
        `effort.draws` draws.

    Raises
    ------
    InputError
        If numpyro is missing.
    """
    sampled, diagnostics = _sampled(_merged(at_risk(records), variant), variant, len(records.agreements), effort, seed)
    kept = np.linspace(0, effort.chains * effort.samples - 1, effort.draws).round().astype(np.int64)
    drawn = {name: np.asarray(values, np.float64)[kept] for name, values in sampled.items()}
    effects = np.where(_with_records(records), drawn["sd_member"][:, np.newaxis] * drawn["z_member"], np.nan)
    return Fit(
        variant=variant,
        base=drawn["base"],
        coefficients={term: drawn[term] for term in variant.terms},
        body_weight=drawn.get("body_weight", np.zeros(len(kept))),
        sds={name: drawn[name] for name in PRIOR_SD},
        member_effects=effects,
        diagnostics=diagnostics,
    )


def _with_records(records: Records) -> Any:
    """Tell which members could adopt any of the agreements."""
    last = np.array([one.last for one in records.agreements])[:, np.newaxis]
    return (records.since <= last).any(axis=0)


def _merged(panel: Panel, variant: Variant) -> _Rows:
    """Take rows together that are alike in all that the variant looks at; the likelihood stays the same."""
    names = covariates_of(variant)
    keys = [panel.agreement, panel.member, panel.adopted, *(panel.covariates[name] for name in names)]
    rows, count = np.unique(np.array(keys, np.float64), axis=1, return_counts=True)
    agreement, member, adopted = rows[:3].astype(np.int64)
    return _Rows(agreement, member, adopted, count.astype(np.float64), dict(zip(names, rows[3:], strict=True)))


def _filled(rows: _Rows) -> _Rows:
    """Fill up with rows that there are none of."""
    more = (0, -len(rows.times) % _BLOCK)
    return _Rows(
        agreement=np.pad(rows.agreement, more),
        member=np.pad(rows.member, more),
        adopted=np.pad(rows.adopted, more),
        times=np.pad(rows.times, more),
        covariates={name: np.pad(values, more) for name, values in rows.covariates.items()},
    )


def _sampled(
    rows: _Rows, variant: Variant, agreements: int, effort: Effort, seed: int
) -> tuple[dict[str, Any], Diagnostics]:
    """Run the chains; return what they drew, [draw, ...], and how well they mixed."""
    jax, numpyro = extra("jax", "calibrate"), extra("numpyro", "calibrate")
    jax.config.update("jax_enable_x64", True)
    numpyro.set_host_device_count(FULL.chains)  # before JAX starts; chains then run side by side
    key, model = jax.random.PRNGKey(seed), (variant, agreements, effort)
    if effort.many:
        chains, diverging = _program(*model)(jax.random.split(key, effort.chains), _filled(rows))
    else:
        way = "parallel" if _beside(effort) else "vectorized"
        chains, diverging = _run(_sampler(*model, num_chains=effort.chains, chain_method=way), key, rows)
        jax.clear_caches()  # a process has room for some sixty programs
    drawn = {name: np.asarray(values).reshape(-1, *values.shape[2:]) for name, values in chains.items()}
    return drawn, _diagnosed(chains, int(diverging.sum()))


@lru_cache(maxsize=1)
def _program(variant: Variant, agreements: int, effort: Effort) -> Callable[..., Any]:
    """Return what runs all chains, given their keys and rows; compiled once for rows of one length."""
    jax = extra("jax", "calibrate")

    def chain(key: Any, rows: _Rows) -> tuple[Any, Any]:
        (drawn, diverging) = _run(_sampler(variant, agreements, effort), key, rows)
        return {name: values[0] for name, values in drawn.items()}, diverging

    jax.clear_caches()
    together = {"in_axes": (0, None)}
    return jax.pmap(chain, **together) if _beside(effort) else jax.jit(jax.vmap(chain, **together))  # type: ignore[no-any-return]


def _beside(effort: Effort) -> bool:
    """Tell whether all chains have a device of their own."""
    return bool(extra("jax", "calibrate").local_device_count() >= effort.chains)


def _sampler(variant: Variant, agreements: int, effort: Effort, **chains: Any) -> Any:
    infer = extra("numpyro.infer", "calibrate")
    kernel = infer.NUTS(_model(variant, agreements), target_accept_prob=_ACCEPTANCE)
    return infer.MCMC(kernel, num_warmup=effort.warmup, num_samples=effort.samples, progress_bar=False, **chains)


def _run(sampler: Any, key: Any, rows: _Rows) -> tuple[Any, Any]:
    """Return what was drawn, [chain, draw, ...], and which transitions diverged."""
    sampler.run(key, rows, extra_fields=("diverging",))
    return sampler.get_samples(group_by_chain=True), sampler.get_extra_fields()["diverging"]


def _diagnosed(chains: Mapping[str, Any], diverging: int) -> Diagnostics:
    """Return the worst of the diagnostics over everything that was sampled."""
    summary = extra("numpyro.diagnostics", "calibrate").summary(chains).values()
    r_hat = max(float(np.max(one["r_hat"])) for one in summary)
    effective = min(float(np.min(one["n_eff"])) for one in summary)
    return Diagnostics(r_hat, effective, diverging)


def _model(variant: Variant, agreements: int) -> Callable[[_Rows], None]:
    """Return the probability model of a variant."""
    jnp, numpyro, dist = (extra(name, "calibrate") for name in ("jax.numpy", "numpyro", "numpyro.distributions"))
    standard = dist.Normal(0.0, 1.0)
    place = jnp.asarray(subregions())
    speed = partial(dist.StudentT, TAIL) if variant.tails else dist.Normal

    def model(rows: _Rows) -> None:
        base = numpyro.sample("base", dist.Normal(*PRIOR_BASE))
        slopes = {term: numpyro.sample(term, dist.Normal(0.0, PRIOR_COEFFICIENT)) for term in variant.terms}
        weight = numpyro.sample("body_weight", dist.Uniform(0.0, 1.0)) if variant.bodies else 0.0
        sd = {name: numpyro.sample(name, dist.HalfNormal(scale)) for name, scale in PRIOR_SD.items()}
        member = numpyro.sample("z_member", standard.expand([len(member_table())]).to_event(1))
        level = numpyro.sample("level", speed(base, sd["sd_action"]).expand([agreements]).to_event(1))
        there = numpyro.sample("z_there", standard.expand([agreements, len(SUBREGIONS)]).to_event(2))
        effects = sd["sd_member"] * member[rows.member] + (level - base)[rows.agreement]
        effects += sd["sd_subregion_action"] * there[rows.agreement, place[rows.member]]
        hazard = jnp.exp(log_hazard(base, slopes, columns(variant, rows.covariates, weight), effects))
        chance = jnp.log(-jnp.expm1(-hazard) + _TINY)
        numpyro.factor("records", (rows.times * jnp.where(rows.adopted == 1, chance, -hazard)).sum())

    return model
