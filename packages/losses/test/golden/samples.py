"""Values and gradients of losses that start from noise alone, computed by JAX in float64: python samples.py > samples.json

Each loss follows its paper or official code, in its own time. The networks of the tests are tanh(Ax + bs + ct + d) from noise at 0 to data at 1; a
velocity is their diagonal s = t.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
stop = jax.lax.stop_gradient

rng = np.random.default_rng(11)
rows, dim = 6, 2
names = ["A", "b", "c", "d"]


def parameters():
    shapes = {"A": (dim, dim), "b": (dim,), "c": (dim,), "d": (dim,)}
    return {name: 0.6 * rng.normal(size=shapes[name]) for name in names}


student, teacher, fake = parameters(), parameters(), parameters()
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


cases = {"freeFlow": free_flow, "freeFlowCorrection": free_flow_correction}


def evaluated(loss):
    p = {name: jnp.asarray(value) for name, value in student.items()}
    gradient = jax.grad(lambda q: jnp.sum(loss(q)))(p)
    return {"values": loss(p).tolist(), "gradient": {name: gradient[name].tolist() for name in names}}


def listed(tree):
    return {name: value.tolist() for name, value in tree.items()}


print(
    json.dumps(
        {
            "student": listed(student),
            "teacher": listed(teacher),
            "fake": listed(fake),
            "samples": listed({"noise": noise, "fresh": fresh, "data": data, "t": t}),
            "cases": [{"loss": name, **evaluated(loss)} for name, loss in cases.items()],
        },
        indent=1,
    )
)
