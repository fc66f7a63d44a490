"""Runs cases in one process: reads JSON from standard input, writes JSON to standard output.

A case is source that defines `main`, and its arguments. The result of a case is a list of arrays, or the text of its error.
"""

import base64
import json
import sys
import traceback

import numpy as np

if sys.argv[1] == "jax":
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    to_array = jnp.asarray
else:
    import torch

    torch.set_num_threads(1)

    def to_array(x):
        return torch.from_numpy(np.array(x))


def decode(x):
    return to_array(np.frombuffer(base64.b64decode(x["bytes"]), x["dtype"]).reshape(x["shape"]))


def encode(x):
    x = np.asarray(x)
    return {"dtype": str(x.dtype), "shape": x.shape, "bytes": base64.b64encode(x.tobytes()).decode()}


def run(case):
    try:
        namespace = {}
        exec(case["source"], namespace)
        f = namespace["main"]
        result = f(*[decode(x) for x in case["inputs"]])
        return [encode(x) for x in (result if isinstance(result, (tuple, list)) else [result])]
    except Exception:
        return traceback.format_exc(limit=-3)


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
