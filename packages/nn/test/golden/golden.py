"""Golden values of layers and networks: JAX in float64 computes golden.json, NumPy torch.json. Run it as `python golden.py` where JAX 0.10.2 is installed;
`python golden.py dit unet` computes these cases alone anew.

Every case is written again here, from the publications and with the functions of JAX. Numbers are drawn by `drawn`, which goldenCases.ts
repeats, so that the file holds results alone. Of a large result it holds four products with drawn vectors.
"""

import json
import math
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

jax.config.update("jax_enable_x64", True)


def drawn(shape, seed, scale=1.0):
    """Numbers in [-scale, scale) by a linear congruential generator, the same bits in every language."""
    state = (seed * 2654435761 + 1) % 2**32
    values = []
    for _ in range(math.prod(shape)):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state / 2**31 - 1) * scale)
    return jnp.asarray(np.array(values).reshape(shape))


# Layers


def linear(p, x):
    y = jnp.einsum("...i,io->...o", x, p["weight"])
    return y + p["bias"] if "bias" in p else y


def linear_of(inputs, out):
    return {"weight": (inputs, out), "bias": (out,)}


def layer_norm(p, x, epsilon=1e-5):
    y = (x - jnp.mean(x, -1, keepdims=True)) / jnp.sqrt(jnp.var(x, -1, keepdims=True) + epsilon)
    return y * p["weight"] + p["bias"] if p else y


def rms_norm(p, x, epsilon=1e-6):
    return x / jnp.sqrt(jnp.mean(x**2, -1, keepdims=True) + epsilon) * p["weight"]


def group_norm(p, x, groups, epsilon=1e-5):
    parts = []
    for part in jnp.split(x, groups, axis=-1):
        axes = tuple(range(1, x.ndim))
        parts.append((part - part.mean(axes, keepdims=True)) / jnp.sqrt(part.var(axes, keepdims=True) + epsilon))
    return jnp.concatenate(parts, -1) * p["weight"] + p["bias"]


def attention(p, x, heads):
    *lead, n, dim = x.shape
    qkv = linear(p["qkv"], x).reshape(*lead, n, 3, heads, dim // heads)
    q, k, v = qkv[..., 0, :, :], qkv[..., 1, :, :], qkv[..., 2, :, :]
    if "qNorm" in p:
        q, k = rms_norm(p["qNorm"], q), rms_norm(p["kNorm"], k)
    scores = jnp.einsum("...qhd,...khd->...hqk", q, k) / math.sqrt(dim // heads)
    mixed = jnp.einsum("...hqk,...khd->...qhd", jax.nn.softmax(scores, -1), v)
    return linear(p["proj"], mixed.reshape(*lead, n, dim))


def attention_of(dim, heads, qk_norm=False):
    norm = {"qNorm": {"weight": (dim // heads,)}, "kNorm": {"weight": (dim // heads,)}} if qk_norm else {}
    return {"qkv": linear_of(dim, 3 * dim), "proj": linear_of(dim, dim), **norm}


# Pictures


def patchify(x, p):
    n, h, w, c = x.shape
    rows = [x[:, i : i + p, j : j + p, :].reshape(n, -1) for i in range(0, h, p) for j in range(0, w, p)]
    return jnp.stack(rows, 1)


def unpatchify(x, image, p):
    h, w, c = image
    y = x.reshape(x.shape[0], h // p, w // p, p, p, c)
    return jnp.einsum("nhwpqc->nhpwqc", y).reshape(x.shape[0], h, w, c)


def upsample(x, factor=2):
    return jnp.repeat(jnp.repeat(x, factor, 1), factor, 2)


def average_pool(x, size=2):
    return lax.reduce_window(x, 0.0, lax.add, (1, size, size, 1), (1, size, size, 1), "VALID") / size**2


def positions_2d(rows, columns, dim):
    """get_2d_sincos_pos_embed of the official code of DiT."""

    def one(places):
        omega = 1.0 / 10000 ** (np.arange(dim // 4) / (dim / 4.0))
        out = np.einsum("m,d->md", places.reshape(-1), omega)
        return np.concatenate([np.sin(out), np.cos(out)], 1)

    grid = np.stack(np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64)))
    return jnp.asarray(np.concatenate([one(grid[0]), one(grid[1])], 1))


# Networks


def sinusoidal(t, size=16, largest=16.0):
    omega = largest ** (np.arange(size // 2) / (size // 2 - 1))
    return jnp.concatenate([jnp.sin(t * omega), jnp.cos(t * omega)], 1)


def timestep(t, size, scale):
    omega = np.exp(-math.log(10000) * np.arange(size // 2) / (size // 2))
    return jnp.concatenate([jnp.cos(scale * t * omega), jnp.sin(scale * t * omega)], 1)


def conditioning(p, times, labels, embed):
    parts = [
        linear(p[name]["fc2"], jax.nn.silu(linear(p[name]["fc1"], embed(t))))
        for name, t in zip(["tEmbedder", "hEmbedder"], times)
    ]
    if labels is not None:
        parts.append(p["yEmbedder"]["weight"][labels])
    return sum(parts)


def conditioning_of(dim, times, classes, size=16):
    mlp = {"fc1": linear_of(size, dim), "fc2": linear_of(dim, dim)}
    table = {} if classes is None else {"yEmbedder": {"weight": (classes + 1, dim)}}
    return {**{name: mlp for name in ["tEmbedder", "hEmbedder"][:times]}, **table}


def modulate(x, shift, scale):
    return x * (1 + scale[:, None]) + shift[:, None]


def dit(p, x, times, labels, image, patch, heads, embed=sinusoidal):
    h, w, c = image
    kernel, bias = p["xEmbedder"]["proj"]["weight"], p["xEmbedder"]["proj"]["bias"]
    pictures = x.reshape(-1, h, w, c)
    z = lax.conv_general_dilated(pictures, kernel, (patch, patch), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    dim = kernel.shape[-1]
    z = z.reshape(z.shape[0], -1, dim) + bias + positions_2d(h // patch, w // patch, dim)
    spans = times if len(times) == 1 else [times[0], times[1] - times[0]]
    gate = jax.nn.silu(conditioning(p, spans, labels, embed))
    for block in p["blocks"]:
        a1, b1, g1, a2, b2, g2 = jnp.split(linear(block["adaLN"], gate), 6, 1)
        z = z + g1[:, None] * attention(block["attn"], modulate(layer_norm({}, z, 1e-6), a1, b1), heads)
        hidden = jax.nn.gelu(linear(block["mlp"]["fc1"], modulate(layer_norm({}, z, 1e-6), a2, b2)), approximate=True)
        z = z + g2[:, None] * linear(block["mlp"]["fc2"], hidden)
    shift, scale = jnp.split(linear(p["finalLayer"]["adaLN"], gate), 2, 1)
    z = linear(p["finalLayer"]["linear"], modulate(layer_norm({}, z, 1e-6), shift, scale))
    return unpatchify(z, image, patch).reshape(x.shape)


def dit_of(image, patch, dim, depth, heads, times, classes, qk_norm=False, size=16, ratio=4):
    block = {
        "attn": attention_of(dim, heads, qk_norm),
        "mlp": {"fc1": linear_of(dim, ratio * dim), "fc2": linear_of(ratio * dim, dim)},
        "adaLN": linear_of(dim, 6 * dim),
    }
    return {
        "xEmbedder": {"proj": {"weight": (patch, patch, image[2], dim), "bias": (dim,)}},
        **conditioning_of(dim, times, classes, size),
        "blocks": [block] * depth,
        "finalLayer": {"adaLN": linear_of(dim, 2 * dim), "linear": linear_of(dim, patch * patch * image[2])},
    }


def conv_of(inputs, out, kernel=(3, 3)):
    return {"weight": (*kernel, inputs, out), "bias": (out,)}


def conv(p, x, stride=(1, 1), padding="SAME", dilation=(1, 1)):
    numbers = ("NHWC", "HWIO", "NHWC")
    y = lax.conv_general_dilated(x, p["weight"], stride, padding, rhs_dilation=dilation, dimension_numbers=numbers)
    return y + p["bias"]


def resnet(p, x, gate, groups):
    h = conv(p["conv1"], jax.nn.silu(group_norm(p["norm1"], x, groups)))
    scale, shift = jnp.split(linear(p["timeEmbProj"], gate)[:, None, None], 2, -1)
    h = conv(p["conv2"], jax.nn.silu(group_norm(p["norm2"], h, groups) * (1 + scale) + shift))
    return h + (conv(p["convShortcut"], x) if "convShortcut" in p else x)


def resnet_of(inputs, out, dim):
    norm = lambda n: {"weight": (n,), "bias": (n,)}
    shortcut = {} if inputs == out else {"convShortcut": conv_of(inputs, out, (1, 1))}
    return {
        "norm1": norm(inputs),
        "conv1": conv_of(inputs, out),
        "timeEmbProj": linear_of(dim, 2 * out),
        "norm2": norm(out),
        "conv2": conv_of(out, out),
        **shortcut,
    }


def unet(p, x, times, labels, image, groups):
    h = conv(p["convIn"], x.reshape(-1, *image))
    spans = times if len(times) == 1 else [times[0], times[1] - times[0]]
    gate = jax.nn.silu(conditioning(p, spans, labels, sinusoidal))
    skips = []
    for i, block in enumerate(p["downBlocks"]):
        h = resnet(block, h if i == 0 else average_pool(h), gate, groups)
        skips.append(h)
    h = resnet(p["midBlock"], h, gate, groups)
    for i, block in enumerate(p["upBlocks"]):
        h = resnet(block, jnp.concatenate([h if i == 0 else upsample(h), skips.pop()], -1), gate, groups)
    return conv(p["convOut"], jax.nn.silu(group_norm(p["convNormOut"], h, groups))).reshape(x.shape)


def unet_of(image, channels, dim, times, classes):
    down, up = channels, channels[::-1]
    return {
        **conditioning_of(dim, times, classes),
        "convIn": conv_of(image[2], channels[0]),
        "downBlocks": [resnet_of(down[max(0, i - 1)], out, dim) for i, out in enumerate(down)],
        "midBlock": resnet_of(down[-1], down[-1], dim),
        "upBlocks": [resnet_of(up[max(0, i - 1)] + out, out, dim) for i, out in enumerate(up)],
        "convNormOut": {"weight": (channels[0],), "bias": (channels[0],)},
        "convOut": conv_of(channels[0], image[2]),
    }


# A checkpoint in the layout of the official code of DiT and SiT, with drawn weights, computed by NumPy with the axes of PyTorch


TORCH = dict(image=(2, 4, 6), patch=2, dim=8, depth=2, heads=2, classes=5, size=6, ratio=2)


def torch_shapes(image, patch, dim, depth, classes, size, ratio, **_):
    shapes = {
        "pos_embed": (1, (image[1] // patch) * (image[2] // patch), dim),
        "x_embedder.proj": (dim, image[0], patch, patch),
        "t_embedder.mlp.0": (dim, size),
        "t_embedder.mlp.2": (dim, dim),
        "y_embedder.embedding_table.weight": (classes + 1, dim),
        "final_layer.linear": (patch * patch * image[0], dim),
        "final_layer.adaLN_modulation.1": (2 * dim, dim),
    }
    for i in range(depth):
        shapes |= {
            f"blocks.{i}.attn.qkv": (3 * dim, dim),
            f"blocks.{i}.attn.proj": (dim, dim),
            f"blocks.{i}.mlp.fc1": (ratio * dim, dim),
            f"blocks.{i}.mlp.fc2": (dim, ratio * dim),
            f"blocks.{i}.adaLN_modulation.1": (6 * dim, dim),
        }
    both = {}
    for name, shape in shapes.items():
        if name == "pos_embed" or name.endswith(".weight"):
            both[name] = shape
        else:
            both |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    return both


def torch_dit(w, x, t, labels, image, patch, dim, depth, heads, size, **_):
    """DiT.forward for x [batch, channels, height, width], without dropped labels."""
    dense = lambda name, y: y @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    silu = lambda y: y / (1 + np.exp(-y))
    gelu = lambda y: 0.5 * y * (1 + np.tanh(np.sqrt(2 / np.pi) * (y + 0.044715 * y**3)))
    norm = lambda y: (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + 1e-6)
    channels, height, width = image
    rows, columns = height // patch, width // patch
    kernel = w["x_embedder.proj.weight"].reshape(dim, -1)
    z = np.zeros((len(x), rows * columns, dim))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * patch : (i + 1) * patch, j * patch : (j + 1) * patch].reshape(len(x), -1)
            z[:, i * columns + j] = window @ kernel.T + w["x_embedder.proj.bias"]
    z = z + w["pos_embed"]
    omega = np.exp(-math.log(10000) * np.arange(size // 2) / (size // 2))
    angles = t[:, None] * omega[None]
    c = dense("t_embedder.mlp.2", silu(dense("t_embedder.mlp.0", np.concatenate([np.cos(angles), np.sin(angles)], 1))))
    gate = silu(c + w["y_embedder.embedding_table.weight"][labels])
    for i in range(depth):
        block = f"blocks.{i}."
        a1, b1, g1, a2, b2, g2 = np.split(dense(block + "adaLN_modulation.1", gate)[:, None], 6, -1)
        y = norm(z) * (1 + b1) + a1
        n = y.shape[1]
        q, k, v = dense(block + "attn.qkv", y).reshape(len(x), n, 3, heads, dim // heads).transpose(2, 0, 3, 1, 4)
        scores = np.exp(q @ k.transpose(0, 1, 3, 2) / math.sqrt(dim // heads))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        z = z + g1 * dense(block + "attn.proj", mixed.transpose(0, 2, 1, 3).reshape(len(x), n, dim))
        z = z + g2 * dense(block + "mlp.fc2", gelu(dense(block + "mlp.fc1", norm(z) * (1 + b2) + a2)))
    shift, scale = np.split(dense("final_layer.adaLN_modulation.1", gate)[:, None], 2, -1)
    z = dense("final_layer.linear", norm(z) * (1 + scale) + shift)
    z = z.reshape(len(x), rows, columns, patch, patch, channels)
    return np.einsum("nhwpqc->nchpwq", z).reshape(x.shape)


def torch_record():
    shapes = torch_shapes(**TORCH)
    weights = {name: np.asarray(drawn(shape, 100 + i, 0.5)) for i, (name, shape) in enumerate(shapes.items())}
    image, patch = TORCH["image"], TORCH["patch"]
    weights["pos_embed"] = np.asarray(positions_2d(image[1] // patch, image[2] // patch, TORCH["dim"]))[None]
    x, t = np.asarray(drawn((2, *image), 1)), np.array([0.25, 0.75])
    value = torch_dit(weights, x, t, np.array([4, 0]), **TORCH)
    return {"shapes": [[n, list(s)] for n, s in shapes.items()], "value": np.ravel(value).tolist()}


# Cases: the shapes of parameters and of arguments, whole numbers per sample, and the function of all three

LABELS = jnp.asarray([0, 3, 1])
TIMES = [(3, 1), (3, 1)]
SMALL = dict(image=(4, 4, 1), patch=2, heads=2)
WIDE = dict(image=(2, 4, 2), patch=2, heads=1)

CASES = {
    "linear": (linear_of(3, 2), [(2, 4, 3)], None, lambda p, a, _: linear(p, a[0])),
    "linear, without bias": ({"weight": (3, 2)}, [(2, 3)], None, lambda p, a, _: linear(p, a[0])),
    "layerNorm": ({"weight": (5,), "bias": (5,)}, [(2, 3, 5)], None, lambda p, a, _: layer_norm(p, a[0])),
    "layerNorm, without scale": ({}, [(2, 5)], None, lambda p, a, _: layer_norm(p, a[0], 1e-6)),
    "rmsNorm": ({"weight": (4,)}, [(2, 3, 4)], None, lambda p, a, _: rms_norm(p, a[0])),
    "groupNorm": ({"weight": (6,), "bias": (6,)}, [(2, 3, 2, 6)], None, lambda p, a, _: group_norm(p, a[0], 3)),
    "groupNorm, of vectors": ({"weight": (4,), "bias": (4,)}, [(3, 4)], None, lambda p, a, _: group_norm(p, a[0], 2)),
    "attention": (attention_of(6, 2), [(2, 4, 6)], None, lambda p, a, _: attention(p, a[0], 2)),
    "attention, normalised": (attention_of(6, 3, True), [(2, 4, 6)], None, lambda p, a, _: attention(p, a[0], 3)),
    "conv": (conv_of(2, 3), [(2, 4, 3, 2)], None, lambda p, a, _: conv(p, a[0])),
    "conv, of steps": (
        conv_of(2, 1, (3, 2)),
        [(2, 5, 6, 2)],
        None,
        lambda p, a, _: conv(p, a[0], (2, 1), [(1, 0), (2, 1)], (1, 2)),
    ),
    "embedding": ({"weight": (4, 3)}, [], LABELS, lambda p, a, i: p["weight"][i]),
    "patchify": ({}, [(2, 4, 6, 2)], None, lambda p, a, _: patchify(a[0], 2)),
    "unpatchify": ({}, [(2, 6, 8)], None, lambda p, a, _: unpatchify(a[0], (4, 6, 2), 2)),
    "upsample": ({}, [(2, 2, 3, 2)], None, lambda p, a, _: upsample(a[0])),
    "averagePool": ({}, [(2, 4, 6, 2)], None, lambda p, a, _: average_pool(a[0])),
    "positions2d": ({}, [], None, lambda p, a, _: positions_2d(2, 3, 8)),
    "dit": (
        dit_of((4, 4, 1), 2, 8, 2, 2, 2, 3),
        [(3, 16), *TIMES],
        LABELS,
        lambda p, a, labels: dit(p, a[0], a[1:], labels, **SMALL),
    ),
    "dit, of a velocity": (
        dit_of((2, 4, 2), 2, 4, 1, 1, 1, None, True, 6, 2),
        [(3, 16), (3, 1)],
        None,
        lambda p, a, _: dit(p, a[0], a[1:], None, **WIDE, embed=lambda t: timestep(t, 6, 2.0)),
    ),
    "unet": (
        unet_of((4, 4, 2), [2, 4], 8, 2, 3),
        [(3, 32), *TIMES],
        LABELS,
        lambda p, a, labels: unet(p, a[0], a[1:], labels, (4, 4, 2), 2),
    ),
    "unet, of a velocity": (
        unet_of((2, 3, 1), [2], 8, 1, None),
        [(3, 6), (3, 1)],
        None,
        lambda p, a, _: unet(p, a[0], a[1:], None, (2, 3, 1), 1),
    ),
}


def draw_tree(shapes, seed, scale):
    """Drawn numbers for every leaf; the names of the leaves in order come with them."""
    flat, tree = jax.tree_util.tree_flatten_with_path(shapes, is_leaf=lambda s: isinstance(s, tuple))
    names = [".".join(str(getattr(k, "key", getattr(k, "idx", None))) for k in path) for path, _ in flat]
    leaves = [drawn(shape, seed + i, scale) for i, (_, shape) in enumerate(flat)]
    return jax.tree_util.tree_unflatten(tree, leaves), [[n, list(s)] for n, (_, s) in zip(names, flat)]


def digest(tree):
    """Every leaf in full, or its products with four drawn vectors."""
    return [
        np.ravel(x).tolist() if x.size <= 16 else [float(jnp.vdot(drawn((x.size,), 900 + i), x)) for i in range(4)]
        for x in jax.tree.leaves(tree)
    ]


def record(shapes, arg_shapes, ints, f):
    params, names = draw_tree(shapes, 100, 0.5)
    args = [drawn(s, 1 + i) for i, s in enumerate(arg_shapes)]
    d_params, _ = draw_tree(shapes, 300, 1.0)
    d_args = [drawn(s, 200 + i) for i, s in enumerate(arg_shapes)]
    call = lambda p, a: f(p, a, ints)
    value, tangent = jax.jvp(call, (params, args), (d_params, d_args))
    weight = drawn(value.shape, 800)
    result = {"params": names, "value": digest(value)}
    if not names and not args:
        return result
    result["jvp"] = digest(tangent)
    result["vjp"] = digest(jax.vjp(call, params, args)[1](weight))
    if args:
        slope = lambda p, a: jnp.vdot(weight, jax.jvp(lambda b: call(p, b), (a,), (d_args,))[1])
        result["gradOfJvp"] = digest(jax.grad(slope, (0, 1))(params, args))
    row = drawn(value.shape[1:], 850)
    one = lambda p, a, i: jnp.vdot(row, f(p, [x[None] for x in a], None if i is None else i[None])[0])
    result["vmapOfGrad"] = digest(jax.vmap(jax.grad(one, (0, 1)), (None, 0, None if ints is None else 0))(params, args, ints))
    return result


if __name__ == "__main__":
    here = Path(__file__)
    here.with_name("torch.json").write_text(json.dumps(torch_record()) + "\n")
    file = here.with_name("golden.json")
    chosen = sys.argv[1:] or list(CASES)
    results = {} if chosen == list(CASES) else json.loads(file.read_text())
    results |= {name: record(*CASES[name]) for name in chosen}
    lines = [f" {json.dumps(name)}: {json.dumps(results[name])}" for name in CASES]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
