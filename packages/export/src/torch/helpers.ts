/** Functions of PyTorch that rows of the table call. Each is free of in-place operations, so that vmap and jvp may pass through it. */
export const torchHelpers: Readonly<Record<string, string>> = {
  conv: `def conv(x, kernel, stride, dilation):
    """Convolution of pictures [n, h, w, c] with a kernel [kh, kw, c, o]."""
    y = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1), stride=stride, dilation=dilation)
    return y.permute(0, 2, 3, 1)`,
  dilate: `def dilate(x, axis, count):
    """Puts zeros between neighbours along an axis."""
    n = x.shape[axis]
    wide = torch.nn.functional.pad(x.unsqueeze(axis + 1), (0, 0) * (x.ndim - 1 - axis) + (0, count))
    return wide.flatten(axis, axis + 1).narrow(axis, 0, max(0, n + (n - 1) * count))`,
  norm: `def norm(x):
    """Euclidean norm, with derivative 0 at 0."""
    squares = torch.sum(x**2)
    is_zero = squares == 0
    return torch.where(is_zero, 0, torch.sqrt(torch.where(is_zero, 1, squares)))`,
  shift_left: `def shift_left(x, y):
    """Moves the bits of int32 to the left; 0 for y outside [0, 32)."""
    is_inside = (y >= 0) & (y < 32)
    return torch.where(is_inside, x << torch.where(is_inside, y, 0), 0)`,
  shift_right: `def shift_right(x, y):
    """Moves the bits of int32 to the right and fills with zeros; 0 for y outside [0, 32)."""
    is_inside = (y >= 0) & (y < 32)
    word = x.to(torch.int64) & 0xFFFFFFFF
    return torch.where(is_inside, word >> torch.where(is_inside, y, 0), 0).to(torch.int32)`,
  sign: `def sign(x):
    """-1, 0 or 1, with derivative 0; zeros and NaN stay."""
    x = x.detach()
    return torch.where(torch.abs(x) > 0, torch.sign(x), x)`,
  threefry: `def threefry(key0, key1, x0, x1):
    """Both words of a threefry-2x32 block of 20 rounds (Salmon et al. 2011), on bit patterns of int32."""
    mask = 0xFFFFFFFF
    key0, key1, x0, x1 = (x.to(torch.int64) & mask for x in (key0, key1, x0, x1))
    keys = (key0, key1, key0 ^ key1 ^ 0x1BD11BDA)
    rotations = ((13, 15, 26, 6), (17, 29, 16, 24))
    x0, x1 = (x0 + keys[0]) & mask, (x1 + keys[1]) & mask
    for block in range(5):
        for bits in rotations[block % 2]:
            x0 = (x0 + x1) & mask
            x1 = x0 ^ (((x1 << bits) | (x1 >> (32 - bits))) & mask)
        x0 = (x0 + keys[(block + 1) % 3]) & mask
        x1 = (x1 + keys[(block + 2) % 3] + block + 1) & mask
    return x0.to(torch.int32), x1.to(torch.int32)`,
  unit32: `def unit32(high, _low):
    """Random bits as a float32 in [0, 1): the upper 23 bits of a word."""
    return ((high.to(torch.int64) & 0xFFFFFFFF) >> 9).to(torch.float32) * 2**-23`,
  unit64: `def unit64(high, low):
    """Random bits as a float64 in [0, 1): a word, and the upper 20 bits of the next."""
    high, low = (x.to(torch.int64) & 0xFFFFFFFF for x in (high, low))
    return high.to(torch.float64) * 2**-32 + (low >> 12).to(torch.float64) * 2**-52`,
  whole_remainder: `def whole_remainder(x, y):
    """x mod y of int32 with the sign of y; 0 where y is 0."""
    return torch.remainder(x, torch.where((y == 0) | (y == -1), 1, y))`,
};
