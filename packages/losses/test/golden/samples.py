"""Values and gradients of losses that start from noise alone, computed by JAX in float64: python samples.py > samples.json

Each loss follows its paper or official code, in its own time. The networks of the tests are tanh(Ax + bs + ct + d) from noise at 0 to data at 1; a
velocity is their diagonal s = t.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

from jets import dim, jet, listed, parameters, rows

stop = jax.lax.stop_gradient

rng = np.random.default_rng(11)
student, teacher, fake = (parameters(rng) for _ in range(3))
noise, fresh = rng.normal(size=(rows, dim)), rng.normal(size=(rows, dim))
data = rng.normal(size=(rows, dim)) + 1
# Multiples of 1/16, exact in both directions of time.
t = np.array([3 / 4, 5 / 16, 7 / 8, 15 / 16, 11 / 16, 1.0])[:, None]


def network(p, x, a, b):
    return jnp.tanh(x @ p["A"].T + p["b"] * a + p["c"] * b + p["d"])


def velocity_at_noise_level(p):
    """A velocity towards the data, in FreeFlow's time from data at 0 to noise at 1"""
    return lambda x, r: network(p, x, 1 - r, 1 - r)


def free_flow(p):
    """Tong et al. 2025, equations 7 and 9, second-hand: F(z, δ) + δ·∂F/∂δ must be u(f, 1 − δ), f = z + δ·F"""
    delta, u = t, velocity_at_noise_level(teacher)
    F, dF = jax.jvp(lambda d: network(p, noise, jnp.zeros_like(d), d), (delta,), (jnp.ones_like(delta),))
    f = noise + delta * F
    u_target = u(f, 1 - delta) - delta * dF
    return jnp.sum((F - stop(u_target)) ** 2, -1)


def free_flow_correction(p):
    """Equation 11: the gradient of F(z, 1)·sg(v_N − u) at I_r = (1 − r)·f + r·n, twice, with the value ‖v_N − u‖²"""
    r = 1 - t
    F = network(p, noise, jnp.zeros_like(t), jnp.ones_like(t))
    I_r = (1 - r) * (noise + F) + r * fresh
    gap = stop(velocity_at_noise_level(fake)(I_r, r) - velocity_at_noise_level(teacher)(I_r, r))
    product = 2 * jnp.sum(F * gap, -1)
    return product - stop(product) + jnp.sum(gap**2, -1)


def cdist(x, y, eps=1e-8):
    xydot = jnp.einsum("bnd,bmd->bnm", x, y)
    xnorms = jnp.einsum("bnd,bnd->bn", x, x)
    ynorms = jnp.einsum("bmd,bmd->bm", y, y)
    sq_dist = xnorms[:, :, None] + ynorms[:, None, :] - 2 * xydot
    return jnp.sqrt(jnp.clip(sq_dist, eps))


def drift_goal(gen, pos, R_list):
    """lambertae/drifting, drift_loss.py: calculate_scaled_goal_and_factor, without fixed_neg and with weights 1"""
    targets = jnp.concatenate([gen, pos], axis=1)
    dist = cdist(gen, targets)
    scale = dist.mean()
    scale_inputs = jnp.clip(scale / jnp.sqrt(gen.shape[-1]), 1e-3)
    old_gen_scaled, targets_scaled = gen / scale_inputs, targets / scale_inputs
    split = gen.shape[1]
    dist_normed = dist / jnp.clip(scale, 1e-3) + jnp.pad(jnp.eye(split), ((0, 0), (0, pos.shape[1]))) * 100.0
    force_across_R = jnp.zeros_like(old_gen_scaled)
    for R in R_list:
        logits = -dist_normed / R
        affinity = jax.nn.softmax(logits, axis=-1)
        aff_transpose = jax.nn.softmax(logits, axis=-2)
        affinity = jnp.sqrt(jnp.clip(affinity * aff_transpose, 1e-6))
        aff_neg, aff_pos = affinity[:, :, :split], affinity[:, :, split:]
        r_coeff_neg = -aff_neg * jnp.sum(aff_pos, axis=-1, keepdims=True)
        r_coeff_pos = aff_pos * jnp.sum(aff_neg, axis=-1, keepdims=True)
        R_coeff = jnp.concatenate([r_coeff_neg, r_coeff_pos], axis=2)
        force = jnp.einsum("biy,byx->bix", R_coeff, targets_scaled) - R_coeff.sum(-1)[..., None] * old_gen_scaled
        f_norm_val = (force**2).mean()
        force_across_R = force_across_R + force / jnp.sqrt(jnp.clip(f_norm_val, 1e-8))
    return old_gen_scaled + force_across_R, scale_inputs


def drifting(group):
    """drift_loss of the same file, called for one group at a time, with the mean over samples left out"""

    def loss(p):
        gen = noise + network(p, noise, jnp.zeros_like(t), jnp.ones_like(t))
        values = []
        for own, pos in zip(gen.reshape(-1, 1, group, dim), data.reshape(-1, 1, group, dim)):
            goal_scaled, scale_inputs = stop(drift_goal(own, pos, (0.02, 0.05, 0.2)))
            values.append(jnp.mean((own / scale_inputs - goal_scaled) ** 2, -1)[0])
        return jnp.concatenate(values)

    return loss


cases = {
    "freeFlow": [(free_flow, {})],
    "freeFlowCorrection": [(free_flow_correction, {})],
    "drifting": [(drifting(group), {"group": group}) for group in (2, 3, 6)],
}


print(
    json.dumps(
        {
            "student": listed(student),
            "teacher": listed(teacher),
            "fake": listed(fake),
            "samples": listed({"noise": noise, "fresh": fresh, "data": data, "t": t}),
            "cases": [
                {"loss": name, "settings": settings, **jet(loss, student)}
                for name, several in cases.items()
                for loss, settings in several
            ],
        },
        indent=1,
    )
)
