"""Values and gradients of published losses, computed by JAX in float64: python systems.py > systems.json

Each loss follows the official code, SoFlow a description of it, in its own time, which runs from data at 0 to noise at 1. The network of the tests,
u(x, s, t) = tanh(Ax + bs + ct + d) from noise at 0 to data at 1, is turned around once, in `turned`.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

from jets import dim, jet, listed, parameters, rows

stop = jax.lax.stop_gradient

rng = np.random.default_rng(7)
student, averaged, free = (parameters(rng) for _ in range(3))
noise, data = rng.normal(size=(rows, dim)), rng.normal(size=(rows, dim)) + 1
# Multiples of 1/16, so that 1 − s and, for α = 1/512, s + α·(t − s) are exact in both directions of time. A rounded end r of so short a step would
# itself move the residual of SoFlow, a difference over α·(t − s), by 1e-12.
s = np.array([1 / 8, 5 / 16, 1 / 2, 1 / 16, 5 / 8, 3 / 8])[:, None]
t = np.array([3 / 4, 5 / 16, 7 / 8, 15 / 16, 11 / 16, 7 / 16])[:, None]
omega = np.array([1.0, 2.0, 3.5, 1.5, 7.0, 4.0])[:, None]


def turned(p):
    """u of the tests in the codes' time: the velocity changes its sign, times t and r with r < t are 1 − s and 1 − t."""
    return lambda z, t, r: -jnp.tanh(z @ p["A"].T + p["b"] * (1 - t) + p["c"] * (1 - r) + p["d"])


# The inputs in the codes' time: t is noisier than r.
T, R = 1 - s, 1 - t
Z = (1 - T) * data + T * noise
V = noise - data


def mean_flat(x):
    return jnp.mean(x, axis=-1)


def alpha_flow(alpha):
    """snap-research/alphaflow, src/training/loss.py: AlphaFlowLoss.forward, without guidance and clipping"""

    def loss(p):
        net = turned(p)
        dt = alpha * (T - R)
        _, dudt = jax.jvp(net, (Z, T, R), (V, jnp.ones_like(T), jnp.zeros_like(R)))
        continuous = V - (T - R) * dudt
        length = jnp.where(T == R, 1, T - R)
        discrete = (dt * V + (T - dt - R) * net(Z - dt * V, T - dt, R)) / length
        is_continuous = dt == 0
        target = stop(jnp.where(is_continuous, continuous, discrete))
        unscaled = mean_flat((net(Z, T, R) - target) ** 2)
        weight = jnp.where(is_continuous[:, 0], 1, alpha) / (stop(unscaled) + 1e-3)
        return weight * unscaled

    return loss


def so_flow(alpha):
    """Not read in code. The map f(x, t, r) = x + (r − t)·u: ‖f(X_t, t, r) − sg f(X_l, l, r)‖² over the step t − l squared, in units of velocity"""

    def loss(p):
        net = turned(p)
        f = lambda x, a, b: x + (b - a) * net(x, a, b)
        l = T + alpha * (R - T)
        step = jnp.where(T == R, 1, T - l)
        gap = (f(Z, T, R) - stop(f(Z + (l - T) * V, l, R))) / step
        q = mean_flat(gap**2)
        return jnp.where((T == R)[:, 0], 0, q / (stop(q) + 0.01))

    return loss


def facm(p):
    """ali-vilab/FACM, losses.py: FACMLoss.__call__. Its own time runs from noise at 0 to data at 1, so the network is not turned"""
    net = lambda x, a, b: jnp.tanh(x @ p["A"].T + p["b"] * a + p["c"] * b + p["d"])
    end = jnp.ones_like(s)
    x_t, velocity = s * data + (1 - s) * noise, data - noise
    norm_l2 = lambda pred, target: (lambda e: e / stop((e + 1e-3) ** 0.5))(mean_flat((pred - target) ** 2))
    cosine = lambda a, b: jnp.sum(a * b, -1) / jnp.sqrt(jnp.sum(a * a, -1) * jnp.sum(b * b, -1))
    F_fm = net(x_t, s, s)
    fm_loss = mean_flat((F_fm - velocity) ** 2) + 1 - cosine(F_fm, velocity)
    F_avg, F_avg_grad = jax.jvp(lambda x, a: net(x, a, end), (x_t, s), (velocity, jnp.ones_like(s)))
    v_bar = velocity + (1 - s) * stop(F_avg_grad)
    g = stop(F_avg) - v_bar
    target = stop(F_avg) - (1 - s**0.5) * jnp.clip(g, -1, 1)
    beta = jnp.cos(s[:, 0] * jnp.pi / 2)
    return norm_l2(F_avg, target) * beta + fm_loss


def transition(epsilon):
    """WZDTHU/TiM, tim/schedulers/transition.py: TransitionSchedule with derivative_type dde, weight_time_type sqrt, weight_time_tangent"""

    def loss(p):
        net = turned(p)
        xfunc = lambda a: net((1 - a) * data + a * noise, a, R)
        dF_dv_dt = (xfunc(T + epsilon) - xfunc(T - epsilon)) / (2 * epsilon)
        F_target = stop(V - (T - R) * dF_dv_dt)
        F_pred = net(Z, T, R)
        cosine = jnp.sum(F_pred * F_target, -1) / (jnp.linalg.norm(F_pred, axis=-1) * jnp.linalg.norm(F_target, axis=-1))
        denoising = mean_flat((F_pred - F_target) ** 2) + 1 - cosine
        weight = 1 / jnp.sqrt((jnp.tan(T) - jnp.tan(R))[:, 0] + 1) / (stop(denoising) + 1e-5)
        return weight * denoising

    return loss


def improved_mean_flow(p):
    """Lyy-iiis/imeanflow, imf.py: iMeanFlow.forward, with the network at r = t in the place of the second head; without the adaptive weight"""
    net, without_label = turned(p), turned(free)
    v_c, v_u = net(Z, T, T), without_label(Z, T, T)
    v_g = stop(V + (1 - 1 / omega) * (v_c - v_u))
    u, du_dt = jax.jvp(net, (Z, T, R), (stop(v_c), jnp.ones_like(T), jnp.zeros_like(R)))
    return jnp.sum((u + (T - R) * stop(du_dt) - v_g) ** 2, -1)


def imm(alpha, matrix_size):
    """lumalabs/imm, training/imm_loss.py: IMMLoss.get_loss and kernel_fn with sigma 1, and training/preconds.py: euler_fm_sample_function and
    get_kernel_weight with a = 2 and b = 4, for σ_d = 1. Read in a copy of both files. A group has the times of its first row, and its value at each of
    its rows
    """

    def loss(p):
        net = turned(p)
        of_group = lambda a: jnp.repeat(a[::matrix_size], matrix_size, axis=0)
        tt, ss = of_group(T), of_group(R)
        rr = tt + alpha * (ss - tt)
        f = lambda y, a, b: y - (a - b) * net(y, a, b)
        add_noise = lambda a: (1 - a) * data + a * noise
        groups = lambda x: x.reshape(-1, matrix_size, dim)
        f_st, f_sr = groups(f(add_noise(tt), tt, ss)), groups(stop(f(add_noise(rr), rr, ss)))
        t, end = tt[::matrix_size, 0], ss[::matrix_size, 0]
        w = 1 / jnp.abs(t - end)
        logsnr = 2 * (jnp.log(1 - t) - jnp.log(t))
        wout = (1 - t) ** 2 / ((1 - t) ** 2 + t**2) * 0.5 * (2 / (1 - t) / t) * jax.nn.sigmoid(4 - logsnr)

        def kernel(x, y):
            squares = jnp.sum((x[:, :, None] - y[:, None]) ** 2, -1)
            return jnp.exp(-jnp.sqrt(jnp.maximum(squares, 1e-8)) / dim * w[:, None, None])

        value = kernel(f_st, f_st) + kernel(f_sr, f_sr) - 2 * kernel(f_st, f_sr)
        return jnp.repeat(wout * jnp.mean(value, (1, 2)), matrix_size)

    return loss


def rcm(w):
    """NVlabs/rcm, rcm/models/t2v_model_distill_rcm.py: training_step_generator for σ_d = 1, the mean over coordinates in the place of the sum. F is
    the network at t = 0 of the tests; the teacher is a velocity of our time
    """

    def loss(p):
        tanh = lambda q, x, a, b: jnp.tanh(x @ q["A"].T + q["b"] * a + q["c"] * b + q["d"])
        time = jnp.arctan((1 - s) / s)
        cost, sint = jnp.cos(time), jnp.sin(time)
        xt = (s * data + (1 - s) * noise) * (cost + sint)
        x_flow, s_flow = xt / (cost + sint), cost / (cost + sint)
        x0_teacher = x_flow + (1 - s_flow) * tanh(averaged, x_flow, s_flow, s_flow)
        F_teacher = (cost * xt - x0_teacher) / sint
        net = lambda x, a: tanh(p, x, a, 0 * a)
        F, t_F = jax.jvp(net, (xt, time), (cost * sint * F_teacher, cost * sint))
        F_sg = stop(F)
        g = -cost * jnp.sqrt(1 - w**2 * sint**2) * (F_sg - F_teacher) - w * (cost * sint * xt + stop(t_F))
        g = g / (jnp.linalg.norm(g, axis=-1, keepdims=True) + 0.1)
        return mean_flat((F - F_sg - g) ** 2)

    return loss


def terminal_velocity(p):
    """lumalabs/tvm, training/wrapper.py: get_dfds and the terminal loss of forward, without guidance; a sum over coordinates, not the mean"""
    net, teacher = turned(p), turned(averaged)
    F_ts, F_ts_grad = jax.jvp(lambda b: net(Z, T, b), (R,), (jnp.ones_like(R),))
    f_ts = Z + (R - T) * F_ts
    df_ds = F_ts + (R - T) * F_ts_grad
    return jnp.sum((df_ds - stop(teacher(f_ts, R, R))) ** 2, -1)


def consistency_tuning(step):
    """locuslab/ect, training/loss.py: ECMLoss at its commit 683854a, with c of iCT. f(x, sigma) denoises x = data + sigma·noise, whose point on
    our path is x/(1 + sigma) at the time 1/(1 + sigma)"""

    def loss(p):
        u = lambda x, a, b: jnp.tanh(x @ p["A"].T + p["b"] * a + p["c"] * b + p["d"])

        def f(x, sigma):
            time = 1 / (1 + sigma)
            return x * time + (1 - time) * u(x * time, time, 1)

        t_, r_ = 1 / s - 1, 1 / (s + step) - 1
        squared = jnp.sum((f(data + t_ * noise, t_) - stop(f(data + r_ * noise, r_))) ** 2, -1)
        c = 0.00054 * np.sqrt(dim)
        return (jnp.sqrt(squared + c**2) - c) / (t_ - r_)[:, 0]

    return loss


def split_mean_flow(lam):
    """Re-implementation primepake/splitmeanflow, SplitMeanFlow.forward, with the averaged network in the target; a sum over coordinates, not the mean"""

    def loss(p):
        net, target_net = turned(p), turned(averaged)
        S = (1 - lam) * T + lam * R
        u2 = target_net(Z, T, S)
        u1 = target_net(Z - (T - S) * u2, S, R)
        return jnp.sum((net(Z, T, R) - stop((1 - lam) * u1 + lam * u2)) ** 2, -1)

    return loss


def pixel_mean_flow(p):
    """Lyy-iiis/pMF, pmf.py: pixelMeanFlow.forward, with the network at r = t in the place of the second head; without weight and perceptual parts"""
    net, without_label = turned(p), turned(free)
    v_t = (Z - data) / jnp.clip(T, 0.05, 1.0)
    v_c, v_u = net(Z, T, T), without_label(Z, T, T)
    v_g = stop(v_t + (1 - 1 / omega) * (v_c - v_u))
    u, du_dt = jax.jvp(net, (Z, T, R), (stop(v_c), jnp.ones_like(T), jnp.zeros_like(R)))
    return jnp.sum((u + (T - R) * stop(du_dt) - v_g) ** 2, -1)


def sg_flow(p):
    """Not read in code: the formula of a summary of the paper, f(t, u, x) = x + (u − t)·u(t, u, x), with t the first time of the map"""
    net = turned(p)
    f = lambda z, t: z + (R - t) * net(z, t, R)
    _, residual = jax.jvp(f, (Z, T), (V, jnp.ones_like(T)))
    _, spread = jax.jvp(lambda z: f(z, T), (Z,), (V - stop(net(Z, T, T)),))
    return jnp.sum(residual**2, -1) - jnp.sum(spread**2, -1)


def critic(x, time):
    """C(x, t) of the tests, whose time runs from noise at 0 to data at 1"""
    hidden = jnp.tanh(x @ averaged["A"].T + averaged["b"] * time + averaged["c"] * time + averaged["d"])
    return jnp.sum(hidden, -1)


def continuous_adversarial(p):
    """ByteDance-Seed/Adversarial-Flow-Models, train_continuous_adversarial_flow_imagenet.py: training_step of the generator, ot_scale 0. In the code's
    own time the critic's derivative is along its velocity, from data to noise; a number of the other sign is as good"""
    velocity = turned(p)(Z, T, T)
    turned_critic = lambda z, t: -critic(z, 1 - t)
    _, logits_fake = jax.jvp(turned_critic, (Z, T), (velocity, jnp.ones_like(T)))
    return (logits_fake - 1) ** 2


cases = {
    "alphaFlow": {f"alpha {alpha}": (alpha_flow(alpha), {"alpha": alpha}) for alpha in (1, 0.4, 0.01, 0)},
    "soFlow": {f"alpha {alpha}": (so_flow(alpha), {"alpha": alpha}) for alpha in (0.1, 2**-9)},
    "facm": {"p = 0.5": (facm, {})},
    "transition": {f"epsilon {step}": (transition(step), {"delta": step}) for step in (0.1, 0.005)},
    "improvedMeanFlow": {"guided": (improved_mean_flow, {"guided": True})},
    "imm": {
        f"groups of {size}, alpha {alpha}": (imm(alpha, size), {"alpha": alpha, "group": size}) for size, alpha in ((3, 0.25), (2, 2**-6))
    },
    "rcm": {f"warm-up {w}": (rcm(w), {"warmup": w, "sigmaData": 1}) for w in (0, 0.4, 1)},
    "terminalVelocity": {"without guidance": (terminal_velocity, {})},
    **{
        name: {f"step {step}": (consistency_tuning(step), {"delta": step}) for step in (1 / 16, 1 / 4)}
        for name in ("improvedConsistency", "easyConsistency")
    },
    "splitMeanFlow": {f"lambda {lam}": (split_mean_flow(lam), {"alpha": lam}) for lam in (0.25, 0.5)},
    "sgFlow": {"of one sample": (sg_flow, {})},
    "continuousAdversarial": {"without transport": (continuous_adversarial, {"critic": True})},
    "pixelMeanFlow": {"guided": (pixel_mean_flow, {"guided": True})},
}


print(
    json.dumps(
        {
            "student": listed(student),
            "averaged": listed(averaged),
            "free": listed(free),
            "samples": listed({"noise": noise, "data": data, "s": s, "t": t, "omega": omega}),
            "cases": [
                {"loss": name, "title": title, "settings": settings, **jet(loss, student)}
                for name, rows_of in cases.items()
                for title, (loss, settings) in rows_of.items()
            ],
        },
        indent=1,
    )
)
