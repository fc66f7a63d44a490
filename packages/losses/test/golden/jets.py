"""Networks of the golden files, and values and gradients of losses at them, in float64."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

rows, dim = 6, 2
shapes = {"A": (dim, dim), "b": (dim,), "c": (dim,), "d": (dim,)}


def parameters(rng):
    """Parameters of tanh(Ax + bs + ct + d)"""
    return {name: 0.6 * rng.normal(size=shape) for name, shape in shapes.items()}


def jet(loss, student):
    """Values per row and the gradient of their sum, as lists"""
    p = {name: jnp.asarray(value) for name, value in student.items()}
    return {"values": loss(p).tolist(), "gradient": listed(jax.grad(lambda q: jnp.sum(loss(q)))(p))}


def listed(tree):
    return {name: value.tolist() for name, value in tree.items()}
