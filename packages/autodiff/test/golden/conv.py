"""What JAX computes of convolutions and of their derivatives, in float64: `python conv.py > conv.json`."""

import json

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

jax.config.update("jax_enable_x64", True)

def values(shape, seed):
    n = int(np.prod(shape))
    return jnp.array([((i * 37 + seed * 17) % 101 - 50) / 32 for i in range(n)], jnp.float64).reshape(shape)

def conv(x, kernel, stride, padding, dilation):
    padding = padding.upper() if isinstance(padding, str) else padding
    return lax.conv_general_dilated(x, kernel, stride, padding, rhs_dilation=dilation,
        dimension_numbers=("NHWC", "HWIO", "NHWC"), precision="highest")

cases = [
    ([2, 5, 4, 2], [3, 2, 2, 3], [1, 1], "same", [1, 1]),
    ([2, 5, 4, 2], [3, 2, 2, 3], [2, 1], "same", [1, 2]),
    ([1, 6, 7, 1], [2, 3, 1, 2], [2, 3], "valid", [1, 1]),
    ([2, 4, 5, 3], [3, 3, 3, 1], [3, 2], [[2, 1], [0, 3]], [2, 1]),
    ([1, 5, 5, 2], [1, 1, 2, 2], [2, 2], "same", [1, 1]),
    ([3, 3, 4, 1], [3, 4, 1, 2], [1, 1], "valid", [1, 1]),
    ([1, 6, 5, 1], [2, 2, 1, 2], [1, 2], [[-1, 2], [1, -2]], [1, 1]),
]
out = []


def flat(x):
    return np.asarray(x).ravel().tolist()


for shape, kshape, stride, padding, dilation in cases:
    x, k = values(shape, 1), values(kshape, 2)
    y = conv(x, k, stride, padding, dilation)
    ct = values(y.shape, 3)
    f = lambda x, k: jnp.sum(ct * jnp.tanh(conv(x, k, stride, padding, dilation) / 8))
    one = lambda x, k, ct: jnp.sum(ct * jnp.tanh(conv(x[None], k, stride, padding, dilation) / 8))
    dx, dk = values(shape, 4), values(kshape, 5)
    _, pull = jax.vjp(lambda x, k: conv(x, k, stride, padding, dilation), x, k)
    value, tangent = jax.jvp(f, (x, k), (dx, dk))
    second = jax.grad(lambda x, k: jax.jvp(f, (x, k), (dx, dk))[1], (0, 1))(x, k)
    each = jax.vmap(jax.grad(one, 1), (0, None, 0))(x, k, ct)
    first = jax.grad(f, (0, 1))(x, k)
    out.append(dict(x=shape, kernel=kshape, stride=stride, padding=padding, dilation=dilation, shape=list(y.shape),
        out=flat(y), pulled=[flat(g) for g in pull(ct)], value=float(value), tangent=float(tangent),
        gradients=[flat(g) for g in first], second=[flat(g) for g in second], eachGradient=flat(each)))
text = "[\n" + ",\n".join("  {\n" + ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in c.items()) + "\n  }" for c in out) + "\n]\n"
print(text, end="")
