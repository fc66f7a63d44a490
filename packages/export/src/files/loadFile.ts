/** A reader of safetensors files that needs NumPy alone. @source Hugging Face, safetensors README, section "Format" */
export const loadFile = `import json
import pathlib

import numpy as np


def load(name):
    """The arrays of a safetensors file beside this one, by name."""
    data = (pathlib.Path(__file__).parent / name).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    arrays = {key: x for key, x in json.loads(data[8:start]).items() if key != "__metadata__"}
    dtypes = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "BOOL": "?"}
    part = lambda x: data[start + x["data_offsets"][0] : start + x["data_offsets"][1]]
    return {key: np.frombuffer(part(x), dtypes[x["dtype"]]).reshape(x["shape"]) for key, x in arrays.items()}
`;
