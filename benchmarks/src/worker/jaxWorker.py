"""A process for JAX: the requests of protocol.ts on standard input, answers on standard output."""

import json
import os
import resource
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

CHAIN = 8


def read_inputs(file, places):
    data = np.fromfile(file, dtype=np.float32)
    size = lambda shape: int(np.prod(shape, dtype=np.int64))
    return {p["name"]: jnp.asarray(data[p["offset"] : p["offset"] + size(p["shape"])].reshape(p["shape"])) for p in places}


def step(task, arrays):
    depth, batch, full = task["depth"], task["batch"], task["loss"] == "full"

    def u(params, x, s, t):
        h = jnp.concatenate([x, s, t], 1)
        for w, b in params[:-1]:
            h = jax.nn.silu(h @ w + b)
        return h @ params[-1][0] + params[-1][1]

    def loss_of(params, x, s, t, v):
        along = (v, jnp.ones_like(s), jnp.zeros_like(t))
        out, d_out = jax.jvp(lambda x, s, t: u(params, x, s, t), (x, s, t), along)
        target = v + (t - s) * d_out
        return jnp.sum((out - (target if full else jax.lax.stop_gradient(target))) ** 2) / batch

    @jax.jit
    def update(params, mean, square, k, x, s, t, v):
        loss, grads = jax.value_and_grad(loss_of)(params, x, s, t, v)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, grads)
        square = jax.tree.map(lambda n, g: 0.999 * n + 0.001 * g * g, square, grads)
        c1, c2 = 1 - 0.9**k, 1 - 0.999**k
        move = lambda p, m, n: p - 1e-3 * (m / c1) / (jnp.sqrt(n / c2) + 1e-8)
        return jax.tree.map(move, params, mean, square), mean, square, loss

    params = [(arrays[f"w{i + 1}"], arrays[f"b{i + 1}"]) for i in range(depth + 1)]
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = {"params": params, "mean": zeros, "square": zeros, "k": 0, "loss": float("nan")}

    def call():
        state["k"] += 1
        new = update(state["params"], state["mean"], state["square"], float(state["k"]), *(arrays[n] for n in "xstv"))
        state["params"], state["mean"], state["square"], loss = new
        state["loss"] = float(loss)

    return call, lambda: state["loss"]


def network(source, arrays):
    """The step of a network, written by the export: arguments by their order, numbers first, then constants."""
    scope = {}
    with open(source["file"]) as file:
        exec(compile(file.read(), source["file"], "exec"), scope)
    update, carried, inputs = jax.jit(scope["program"]), source["carried"], source["inputs"]
    values = list(arrays.values())
    batch = values[carried:inputs] + values[inputs:]
    held = {"state": values[:carried], "loss": float("nan")}

    def call():
        new = update(*held["state"], *batch)
        held["state"], held["loss"] = list(new[:carried]), float(new[carried])

    return call, lambda: held["loss"]


def attention(task):
    batch, heads, tokens, size = (task[name] for name in ["batch", "heads", "tokens", "size"])
    in_heads = lambda x: jnp.swapaxes(x.reshape(batch, tokens, heads, size), 1, 2)
    scores = lambda q, k: in_heads(q) @ jnp.swapaxes(in_heads(k), -1, -2)
    return {
        "scores": scores,
        "values": lambda weights, v: weights @ in_heads(v),
        "core": lambda q, k: jax.nn.softmax(scores(q, k) / size**0.5) @ in_heads(k),
        "product": jnp.matmul,
    }[task["name"]]


def silu_gradient(x):
    gate = jax.nn.sigmoid(x)
    return gate * (1 + x * (1 - gate))


def chained(f):
    def chain(x):
        for _ in range(CHAIN):
            x = f(x)
        return x

    return chain


ELEMENTWISE = {
    "exp": jnp.exp,
    "tanh": jnp.tanh,
    "siluGradient": silu_gradient,
    "expChain": chained(lambda x: jnp.exp(-x)),
    "tanhChain": chained(lambda x: jnp.tanh(2 * x)),
}


def conv(x, kernel):
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def convolution(task):
    pictures = jnp.zeros((task["batch"], task["side"], task["side"], task["channels"]), jnp.float32)
    kernel = jnp.zeros((3, 3, task["channels"], task["outputs"]), jnp.float32)
    return {
        "pictures": conv,
        "gradient of pictures": lambda ct, kernel: jax.vjp(lambda x: conv(x, kernel), pictures)[1](ct)[0],
        "gradient of the kernel": lambda x, ct: jax.vjp(lambda k: conv(x, k), kernel)[1](ct)[0],
        "product": jnp.matmul,
    }[task["name"]]


def function_of(task):
    if task["kind"] == "elementwise":
        return ELEMENTWISE[task["name"]], "x"
    if task["kind"] == "reduction":
        axis = task["axis"]
        return (lambda x: jnp.sum(x, tuple(axis) if isinstance(axis, list) else axis)), "x"

    if task["kind"] == "conv":
        return convolution(task), "xa"
    if task["kind"] == "attention":
        return attention(task), "xa"

    def products(x, a):
        for _ in range(task["count"]):
            x = x @ a
        return x

    return products, "xa"


def overhead(task, arrays):
    operations = {
        "add": lambda x, y: x + y,
        "tanh": lambda x, y: jnp.tanh(x),
        "matmul": jnp.matmul,
        "compiledAdd": jax.jit(lambda x, y: x + y),
    }
    f = operations[task["name"]]
    last = {}

    def call():
        x = arrays["x"]
        for _ in range(task["count"]):
            x = f(x, arrays["y"])
        last["out"] = jax.block_until_ready(x)

    return call, lambda: float((last["out"] ** 2).sum())


def prepare(task, arrays, source):
    if task["kind"] == "network":
        return network(source, arrays)
    if task["kind"] == "step":
        return step(task, arrays)
    if task["kind"] == "overhead":
        return overhead(task, arrays)
    f, names = function_of(task)
    jitted, args, last = jax.jit(f), [arrays[n] for n in names], {}

    def call():
        last["out"] = jax.block_until_ready(jitted(*args))

    return call, lambda: float((last["out"].astype(jnp.float32) ** 2).sum())


def run(call, budget, calls, untimed):
    cpu = time.process_time()
    for _ in range(untimed):
        call()
    times, started = [], time.perf_counter()
    while len(times) < calls or (time.perf_counter() - started) * 1e3 < budget:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return {"times": times, "cpu": (time.process_time() - cpu) * 1e3}


def answer(request, held):
    kind = request["type"]
    if kind == "describe":
        return {"description": f"{jax.__version__}, {jax.devices()[0].platform}, Python {sys.version.split()[0]}, {os.cpu_count()} cores"}
    if kind == "prepare":
        arrays = jax.block_until_ready(read_inputs(request["arrays"]["file"], request["arrays"]["places"]))
        started = time.perf_counter()
        held["call"], value = prepare(request["task"], arrays, request["arrays"].get("source"))
        held["call"]()
        first = (time.perf_counter() - started) * 1e3
        values = [value()]
        for _ in range(request["calls"] - 1):
            held["call"]()
            values.append(value())
        return {"first": first, "values": values}
    if kind == "run":
        return run(held["call"], request["budget"], request["calls"], request["untimed"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"figures": {"peakBytes": peak} if request["withMemory"] else {}}


held = {}
for line in sys.stdin:
    try:
        reply = answer(json.loads(line), held)
    except Exception as error:  # the answer contains the error
        reply = {"error": f"{type(error).__name__}: {error}"}
    print("@answer " + json.dumps(reply), flush=True)
