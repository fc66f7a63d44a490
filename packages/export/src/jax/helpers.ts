/** Functions of JAX that rows of the table call. */
export const jaxHelpers: Readonly<Record<string, string>> = {
  absolute: `def absolute(x):
    """|x|, with derivative 0 at 0; that of jnp.abs is 1."""
    return x * jnp.sign(x)`,
  norm: `def norm(x, axis=None):
    """Euclidean norm, with derivative 0 at 0."""
    squares = jnp.sum(x**2, axis=axis)
    is_zero = squares == 0
    return jnp.where(is_zero, 0, jnp.sqrt(jnp.where(is_zero, 1, squares)))`,
  unit32: `def unit32(high, _low):
    """Random bits as a float32 in [0, 1): the upper 23 bits of a word."""
    return jax.lax.shift_right_logical(high, jnp.int32(9)).astype(jnp.float32) * 2**-23`,
  unit64: `def unit64(high, low):
    """Random bits as a float64 in [0, 1): a word, and the upper 20 bits of the next."""
    lower = jax.lax.shift_right_logical(low, jnp.int32(12)).astype(jnp.float64)
    return high.astype(jnp.uint32).astype(jnp.float64) * 2**-32 + lower * 2**-52`,
  threefry: `def threefry(key0, key1, x0, x1):
    """Both words of a threefry-2x32 block of 20 rounds (Salmon et al. 2011), on bit patterns of int32."""
    key0, key1, x0, x1 = (x.astype(jnp.uint32) for x in (key0, key1, x0, x1))
    keys = (key0, key1, key0 ^ key1 ^ jnp.uint32(0x1BD11BDA))
    rotations = ((13, 15, 26, 6), (17, 29, 16, 24))
    x0, x1 = x0 + keys[0], x1 + keys[1]
    for block in range(5):
        for bits in rotations[block % 2]:
            x0 = x0 + x1
            x1 = x0 ^ ((x1 << jnp.uint32(bits)) | (x1 >> jnp.uint32(32 - bits)))
        x0 = x0 + keys[(block + 1) % 3]
        x1 = x1 + keys[(block + 2) % 3] + jnp.uint32(block + 1)
    return x0.astype(jnp.int32), x1.astype(jnp.int32)`,
};
