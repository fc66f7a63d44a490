import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { karrasTimes, type LossName, type Recipe, recipes } from "../../src/index.ts";

/** An official value of a recipe: the path of the field, the value, and where it was read. */
type Row = readonly [path: string, value: unknown, readAt: string];

const sid = "SiD, sid_train.py";
const uni = "Uni_Instruct, run_uni_instruct.sh";
const loop = "Uni_Instruct, fsim_training/fsim_training_loop.py";
const imagenet = "DMD2, experiments/imagenet/…genloss3e-3_diffusion1000_lr2e-6_scratch.sh";
const sdxl = "DMD2, experiments/sdxl/…denoising4step_diffusion1000_gan5e-3…backsim_scratch.sh";
const launch = "consistency_models, scripts/launch.sh";
const ctm = "ctm, code/cm/resample.py and karras_diffusion.py";
const imf = "imeanflow, imf.py";
const tim = "TiM, configs/c2i/tim_b_p4.yaml";
const facm = "FACM, scripts/train.sh";
const tvm = "tvm, configs/im256_w2.yaml";
const alpha = "alphaflow, infra/experiments/experiments-alphaflow.yaml: sigmoid-latentspace-B-2";
const rcmConfig = "rcm, rcm/configs/experiments/rcm/wan2pt1_t2v.py";
const rcmModel = "rcm, rcm/models/t2v_model_distill_rcm.py";
const immLoss = "a copy of imm, training/imm_loss.py";
const re = "Re-MeanFlow, README.md";
const cafm = "Adversarial-Flow-Models, configs/train/cafm/train_cafm_sit.yaml";
const pmf = "pMF, pmf.py";
const ect = "ect, training/loss.py at 683854a";
/** Re-implementations: the official codes were not found. */
const [split, ict] = ["re-implementation, primepake/splitmeanflow", "re-implementation, Kinyugo/consistency_models"];
/** Read by an audit that ran the code beside ours; the file itself is not at hand. */
const audit = "audit";
/** Repositories that were not opened: their values are those of descriptions and of other codes. */
const drift = "a copy of drifting, configs/gen/latent_ablation.yaml and latent_sota_L.yaml";
const summaries = "second-hand, two summaries of the FreeFlow paper";
const [meanflow, shortcutModels, flowMaps] = ["meanflow", "shortcut-models", "flow-maps"].map(
  (repository) => `second-hand, ${repository}`,
);

const optimizerOfSid: readonly Row[] = [
  ["betas", [0, 0.999], `${sid}: betas=[0.0, 0.999], g_beta1 0`],
  ["emaHalfLife", 500_000, `${sid}: ema 0.5 Mimg`],
  ["init", "teacher", `${sid}: the generator is a copy of the EDM network`],
];
const stepOfSid: readonly Row[] = [
  ["terms.-1.timeLaw.starts.0", 1 / (1 + 2.5), `${sid}: init_sigma 2.5`],
  ["fakeVelocity.updates", 1, "SiD, training/sid_training_loop.py"],
  ["terms.-1.timeLaw.end", { kind: "karras", max: 0.8 }, `${sid}: tmax 800`],
];
const ofUniInstruct: readonly Row[] = [
  ["terms.0.weight", 0.01 / 100, `${uni}: lsg_gan 0.01 over lsg 100`],
  ["terms.-1.weight", 1, uni],
  ["fakeVelocity.updates", 1, `${loop}: one step of each optimiser in a round`],
  ["critic.updates", 1, loop],
  ["frozen", 100_000, `${loop}: g_optimizer.step() if cur_nimg > 100*1000`],
  ["terms.-1.timeLaw.starts.0", 1 / (1 + 2.5), `${uni}: init_sigma 2.5`],
  ...optimizerOfSid,
];
const ofFDistill: readonly Row[] = [
  ["ratio", "binned", "FastGen, f_distill.py: ratio over the mean of its bin, before h; bin_num 10"],
  ["terms.0.weight", 3e-3, audit],
  ["critic.updates", 5, audit],
];

/** The values of official codes, by the name of the recipe. */
const official: { readonly [Name in LossName]?: readonly Row[] } = {
  ctm: [
    ["emaDecay", 0.999, "ctm, code/cm/script_util.py: start_ema 0.999"],
    ["balance", "gradientNorm", `${ctm}: calculate_adaptive_weight`],
    ["solver", "heun", `${ctm}: heun_solver`],
    ["init", "teacher", audit],
    ["terms.-1.timeLaw.levels", 18, "ctm, code/cm/script_util.py: start_scales 18 on CIFAR-10"],
    [
      "terms.0.timeLaw.start.parts.1.law.min",
      0.3,
      "ctm, code/cm/script_util.py: diffusion_mult 0.7, from the noisiest",
    ],
    ["terms.0.weighting", { kind: "denoising" }, `${ctm}: snrs + 1/σ_d²`],
  ],
  drifting: [
    ["terms.0.group", 64, `${drift}: gen_per_label 64, and pos_per_sample 64 points of the data`],
    ["betas", [0.9, 0.95], `${drift}: adam_b1 0.9, adam_b2 0.95`],
    ["terms.0.weight", 1, "drifting, torch/train.py: loss = losses.mean()"],
  ],
  freeFlow: [
    ["terms.0.fraction", 0.25, summaries],
    ["terms.-1.fraction", 0.75, summaries],
    ["terms.-1.weighting.p", 1, `${summaries}: k = 1, the best of three in joint trainings`],
    ["terms.0.timeLaw.end", { kind: "logitNormal", mean: -0.8, std: 1 }, `${summaries}; the deviation is our reading`],
    ["terms.0.timeLaw.starts", [0], `${summaries}: samples of the prior alone`],
  ],
  meanFlow: [
    ["terms.0.weighting", { kind: "adaptive", p: 1, c: 0.01 }, `${meanflow}: norm_p 1, norm_eps 0.01`],
    ["terms.0.timeLaw.fraction", 0.75, `${meanflow}: data_proportion 0.75`],
    ["betas", [0.9, 0.95], `${meanflow}: adam_b2 0.95`],
  ],
  alphaFlow: [
    ["terms.0.timeLaw.fraction", 0.5, `${alpha}: ratio_fm 0.5`],
    [
      "terms.0.timeLaw.middle.fraction",
      { kind: "sigmoid", from: 1, to: 0, gamma: 25, snap: 0.005 },
      `${alpha}: scheduler sigmoid, initial_value 1.0, end_value 0, gamma 25.0, clamp_value 0.005`,
    ],
    ["betas", [0.9, 0.95], `${alpha}: betas [0.9, 0.95]`],
  ],
  improvedMeanFlow: [
    ["terms.0.weighting", { kind: "adaptive", p: 1, c: 0.01 }, `${imf}: norm_p 1.0, norm_eps 0.01`],
    ["terms.0.timeLaw.fraction", 0.5, `${imf}: data_proportion 0.5`],
    ["terms.0.timeLaw.law", { kind: "logitNormalPair", mean: 0.4, std: 1 }, `${imf}: P_mean −0.4, P_std 1`],
    ["guidance.max", 1 + 7, `${imf}: s_max 7, s = exp(u·log1p(s_max))`],
    ["guidance.power", 1, `${imf}: cfg_beta 1`],
    ["betas", [0.9, 0.95], "imeanflow, configs/train_config.yml: adam_b2 0.95"],
  ],
  rectifiedMeanFlow: [
    ["pairs", "rectified", `${re}: reflow.py`],
    ["terms.0.timeLaw.fraction", 0.75, "Re-MeanFlow, meanflow.py: consistency_ratio 0.25"],
    ["terms.0.timeLaw.law.mean", -0.8, `${re}: --p_mean -0.8`],
    ["terms.0.timeLaw.law.std", 1, `${re}: --p_std 1.0`],
    ["terms.0.timeLaw.law.start.rate", 4, "Re-MeanFlow, meanflow.py: a=4"],
    [
      "terms.0.timeLaw.law.toEnd",
      { before: 0.2, after: 0.6 },
      "Re-MeanFlow, meanflow.py: (t > 0.8) & (r < 0.4), from data to noise",
    ],
    ["terms.0.weighting", { kind: "adaptive", p: 0.5, c: 0.01 }, `${re}: --p 0.5 --pc 1e-2`],
    ["init", "teacher", `${re}: --model edm2-img512-s-autog-fid`],
  ],
  midTraining: [
    ["terms.0.timeLaw.steps", 16, "cmt, run_cmt_cifar.sh: --nfe=16"],
    ["terms.0.start", "trajectory", "cmt, training/loss.py: DPMSolverLoss"],
    ["init", "teacher", "cmt, run_cmt_cifar.sh: --transfer"],
  ],
  continuousAdversarial: [
    ["critic.updates", 16, `${cafm}: N 16`],
    ["frozen", 10_000 * 256, `${cafm}: warmup 10000, bsz 256`],
    ["betas", [0, 0.95], `${cafm}: betas [0.0, 0.95]`],
    ["critic.rate", 1, `${cafm}: gen_lr 1e-5, dis_lr 1e-5`],
    ["terms.0.timeLaw.start", { kind: "uniform" }, `${cafm}: timesteps uniform`],
    ["critic.timeLaw.start", { kind: "uniform" }, `${cafm}: timesteps uniform`],
    ["init", "teacher", `${cafm}: checkpoint SiT-XL-2-256.pt`],
  ],
  pixelMeanFlow: [
    ["form", "pmf", `${pmf}: MiT predicts the picture`],
    ["terms.0.weighting", { kind: "adaptive", p: 1, c: 0.01 }, `${pmf}: norm_p 1.0, norm_eps 0.01`],
    ["terms.0.fraction", 0.5, `${pmf}: data_proportion 0.5`],
    [
      "terms.-1.timeLaw",
      { kind: "logitNormalPair", mean: -0.8, std: 0.8 },
      "pMF, configs/pMF_B_16_config.yml: P_mean 0.8, P_std 0.8, from data to noise",
    ],
    ["guidance.max", 1 + 7, `${pmf}: cfg_max 7, s = exp(u·log1p(s_max))`],
    ["guidance.power", 1, "pMF, configs/pMF_B_16_config.yml: cfg_beta 1.0"],
    ["betas", [0.9, 0.95], "pMF, configs/pMF_B_16_config.yml: adam_b2 0.95"],
  ],
  splitMeanFlow: [
    ["terms.0.fraction", 0.5, `${split}: flow_ratio 0.5`],
    ["terms.0.velocity", "teacher", `${split}: v_teacher at r = t`],
    ["terms.-1.timeLaw.middle", { kind: "uniform" }, `${split}: lam = rand`],
    ["init", "teacher", `${split}: create_student_from_teacher`],
  ],
  improvedConsistency: [
    ["terms.0.timeLaw.from", 10, `${ict}: s0`],
    ["terms.0.timeLaw.to", 1280, `${ict}: s1`],
    ["terms.0.timeLaw.mean", -1.1, `${ict}: p_mean`],
    ["terms.0.timeLaw.std", 2, `${ict}: p_std`],
  ],
  easyConsistency: [
    ["terms.0.timeLaw.start", { kind: "logitNormal", mean: 1.1, std: 2 }, `${ect}: P_mean -1.1, P_std 2.0 of ln σ`],
    ["terms.0.timeLaw.base", 2, `${ect}: q 2`],
    ["terms.0.timeLaw.k", 8, `${ect}: k 8.0`],
    ["terms.0.timeLaw.b", 1, `${ect}: b 1.0`],
    ["terms.0.timeLaw.stages", 8, "ect, run_ecm.sh: duration 25.6, tick 12.8, double 250"],
    ["init", "teacher", "ect, run_ecm.sh: --transfer"],
    ["betas", [0.9, 0.999], "ect, ct_train.py: betas=[0.9,0.999]"],
  ],
  transition: [
    ["terms.0.fraction", 0.5, `${tim}: diffusion_ratio 0.5`],
    ["terms.1.fraction", 0.1, `${tim}: consistency_ratio 0.1`],
    ["terms.-1.timeLaw.delta", 0.005, `${tim}: differential_epsilon 0.005`],
    ["terms.-1.timeLaw.mean", 0.4, `${tim}: P_mean −0.4`],
    ["terms.-1.timeLaw.std", 1, `${tim}: P_std 1.0`],
    ["betas", [0.9, 0.95], `${tim}: betas [0.9, 0.95]`],
  ],
  facm: [
    [
      "terms.0.timeLaw.start",
      { kind: "arctan", mean: 0.8, std: 1.6 },
      `${facm}: --t-type default --mean 0.8 --std 1.6`,
    ],
    ["terms.0.velocity", "teacher", `${facm}: --distill`],
    ["init", "teacher", `${facm}: --ckpt-path`],
    ["guidance", { scale: 1.75, mix: 0, from: 0.125, to: 1 }, `${facm}: --cfgw 1.75 --glow 0.125`],
  ],
  terminalVelocity: [
    ["terms.-1.timeLaw.mean", -0.8, `${tvm}: gap_P_mean -0.8`],
    ["terms.-1.timeLaw.end", { mean: 0.4, std: 1 }, `${tvm}: s_P_mean -0.4, s_P_std 1.0`],
    ["terms.0.timeLaw.start.mean", 0.4, `${tvm}: s_P_mean -0.4`],
    ["emaDecay", 0.99, `${tvm}: ema_target_beta 0.99`],
    ["betas", [0.9, 0.95], `${tvm}: betas [0.9, 0.95]`],
  ],
  imm: [
    ["terms.0.group", 4, `${immLoss}: matrix_size 4`],
    ["terms.0.timeLaw.mean", 1.1, `${immLoss}: P_mean −1.1, of log η`],
    ["terms.0.timeLaw.std", 2, `${immLoss}: P_std 2.0`],
    ["terms.0.timeLaw.least", 0.006, "a copy of imm, training/preconds.py: T 0.994, 1 − T = 0.006"],
    ["terms.0.timeLaw.middle.decrement", 0.994 / 0.006 / 2 ** 12, `${immLoss}: k 12, nt_high of T 0.994`],
  ],
  rcm: [
    ["terms.-1.weight", 100, `${rcmConfig}: loss_scale 100.0, over ½·2 of a mean of squares`],
    ["terms.0.weight", 2 * 1, `${rcmConfig}: loss_scale_dmd 1.0, a sum without the half`],
    ["terms.0.afterWarmup", true, `${rcmModel}: iteration > tangent_warmup`],
    ["terms.0.timeLaw.steps", 4, `${rcmConfig}: max_simulation_steps_fake 4`],
    ["terms.0.timeLaw.start.shift", 5, `${rcmConfig}: timestep_shift 5`],
    ["terms.-1.timeLaw.start.mean", 0.8, `${rcmConfig}: p_G p_mean −0.8`],
    ["terms.-1.timeLaw.start.std", 1.6, `${rcmConfig}: p_G p_std 1.6`],
    ["warmup", { steps: 1000, max: 1 }, `${rcmConfig}: tangent_warmup 1000`],
    ["fakeVelocity.updates", 5 - 1, `${rcmConfig}: student_update_freq 5`],
    ["fakeVelocity.rate", 0.2, `${rcmConfig}: lr 4e-7 over 2e-6`],
    ["fakeVelocity.weighting", { kind: "trigFlow", sigmaData: 1 }, `${rcmModel}: training_step_critic, over sin²`],
    ["sigmaData", 1, `${rcmModel}: sigma_data 1.0`],
    ["betas", [0, 0.999], `${rcmConfig}: betas (0.0, 0.999)`],
    ["init", "teacher", `${rcmModel}: net.load_state_dict(net_teacher)`],
  ],
  consistencyDistillation: [
    ["emaDecay", 0.95, `${launch}: start_ema 0.95, target_ema_mode fixed`],
    ["terms.0.timeLaw.levels", 40, `${launch}: start_scales 40, scale_mode fixed`],
    ["solver", "heun", "consistency_models, cm/karras_diffusion.py: heun_solver"],
    ["init", "teacher", audit],
  ],
  consistencyTraining: [
    ["emaDecay", 0.95, `${launch}: start_ema 0.95`],
    ["emaSchedule", "adaptive", `${launch}: target_ema_mode adaptive`],
    ["terms.0.timeLaw.from", 2, `${launch}: start_scales 2, scale_mode progressive`],
    ["terms.0.timeLaw.to", 150, `${launch}: end_scales 150, LSUN (200 on ImageNet)`],
  ],
  shortcut: [
    ["terms.-1.fraction", 1 / 8, `${shortcutModels}: bootstrap_every 8`],
    ["terms.-1.timeLaw.base", 128, `${shortcutModels}: denoise_timesteps 128`],
    ["terms.0.timeLaw.start.steps", 128, `${shortcutModels}: t of the flow`],
    ["emaDecay", 0.999, `${shortcutModels}: target_update_rate 0.999`],
  ],
  lsd: [["terms.0.fraction", 0.75, `${flowMaps}: diag_fraction 0.75`]],
  esd: [["terms.0.fraction", 0.75, `${flowMaps}: diag_fraction 0.75`]],
  psd: [["terms.0.fraction", 0.75, `${flowMaps}: diag_fraction 0.75`]],
  vsd: [
    ["terms.-1.timeLaw.end.from", 20, "prolificdreamer, main.py: t_range 0.02 to 0.98"],
    ["terms.-1.timeLaw.end.to", 981, "prolificdreamer, nerf/sd.py: randint(min_step, max_step + 1)"],
    [
      "terms.-1.timeLaw.end.anneal",
      { after: 5000, to: 501 },
      "prolificdreamer, main.py: t5_iters 5000; nerf/sd.py: 500 + 1",
    ],
    ["fakeVelocity.updates", 1, "prolificdreamer, main.py: K 1, K2 1"],
  ],
  swiftBrush: [
    [
      "terms.-1.timeLaw.end",
      { kind: "ddpm", from: 20, to: 981 },
      "SwiftBrush, train_swiftbrush.py: randint(0.02·1000, 0.981·1000)",
    ],
    ["fakeVelocity.updates", 1, "SwiftBrush, train_swiftbrush.py"],
  ],
  diffInstruct: [
    ["terms.-1.timeLaw.starts.0", 1 / (1 + 1), "diff_instruct, README.md: --init_sigma 1.0"],
    [
      "terms.-1.timeLaw.end",
      { kind: "logitNormal", mean: 1.2, std: 1.2 },
      "diff_instruct, training/di_loss.py: P_mean −1.2, P_std 1.2",
    ],
    ["betas", [0, 0.999], "diff_instruct, di_train.py: betas=[0.0,0.999]"],
    ["emaHalfLife", 500_000, "diff_instruct, di_train.py: ema 0.5 MIMG"],
  ],
  dmd: [
    [
      "terms.-1.timeLaw.end",
      { kind: "karras", min: 0.02, max: 0.98 },
      "DMD2, main/edm/edm_guidance.py: min_step, max_step",
    ],
    ["init", "teacher", audit],
  ],
  dmd2: [
    ["terms.0.weight", 3e-3, `${imagenet}: gen_cls_loss_weight 3e-3`],
    ["fakeVelocity.updates", 5, `${imagenet}: dfake_gen_update_ratio 5`],
    ["critic.updates", 5, imagenet],
    [
      "terms.-1.timeLaw.starts",
      [karrasTimes(2)[0]],
      "DMD2, main/edm/train_edm.py: noise times conditioning_sigma, σ_max",
    ],
    ["terms.0.timeLaw.end", { kind: "karras" }, `${imagenet}: diffusion_gan_max_timestep 1000`],
    ["terms.-1.timeLaw.end", { kind: "karras", min: 0.02, max: 0.98 }, "DMD2, main/edm/edm_guidance.py"],
    ["fakeVelocity.timeLaw.end", { kind: "karras" }, "DMD2, main/edm/edm_guidance.py: randint(0, num_train_timesteps)"],
    ["betas", [0.9, 0.999], "DMD2, main/edm/train_edm.py"],
    ["init", "teacher", "DMD2, main/edm/edm_unified_model.py: a copy of fake_unet"],
  ],
  dmd2FourStep: [
    ["terms.0.weight", 5e-3, `${sdxl}: gen_cls_loss_weight 5e-3`],
    ["fakeVelocity.updates", 5, `${sdxl}: dfake_gen_update_ratio 5`],
    ["terms.-1.timeLaw.starts.length", 4, `${sdxl}: num_denoising_step 4`],
    ["terms.-1.start", "student", `${sdxl}: backward_simulation`],
    ["terms.0.timeLaw.end", { kind: "ddpm" }, `${sdxl}: diffusion_gan_max_timestep 1000`],
    [
      "terms.-1.timeLaw.end",
      { kind: "ddpm", from: 20, to: 981 },
      `${sdxl}: max_step_percent 0.98; main/sd_guidance.py`,
    ],
  ],
  sid: [...optimizerOfSid, ...stepOfSid],
  sidOne: [...optimizerOfSid, ...stepOfSid],
  sidHalf: [...optimizerOfSid, ...stepOfSid],
  uniInstruct: ofUniInstruct,
  uniInstructJeffreys: ofUniInstruct,
  uniInstructForwardKlExact: ofUniInstruct,
  uniInstructJensenShannonExact: ofUniInstruct,
  uniInstructJeffreysExact: ofUniInstruct,
  uniInstructChiSquaredExact: ofUniInstruct,
  uniInstructReverseKl: optimizerOfSid,
  fDistill: ofFDistill,
  fDistillForwardKl: ofFDistill,
};

/** The value at a path of a recipe; −1 is the last entry of a list. */
function at(recipe: Recipe, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => {
    if (Array.isArray(value) && name === "-1") return value.at(-1);
    return (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  }, recipe);
}

/** Rows in which a recipe differs. */
const differing = (recipe: Recipe, rows: readonly Row[]): string[] =>
  rows
    .filter(([path, value]) => JSON.stringify(at(recipe, path)) !== JSON.stringify(value))
    .map(
      ([path, value, readAt]) =>
        `${path}: ${JSON.stringify(at(recipe, path))}, official ${JSON.stringify(value)} (${readAt})`,
    );

describe("values of official codes", () => {
  it.each(Object.entries(official))("%s", (name, rows) => {
    expect(differing(recipes[name as LossName], rows)).toEqual([]);
  });

  it("a changed value is found in each recipe", () => {
    for (const [name, rows] of Object.entries(official)) {
      for (const [path, value, readAt] of rows) {
        const other = typeof value === "number" ? value * 1.01 : "another";
        expect(differing(recipes[name as LossName], [[path, other, readAt]])).toHaveLength(1);
      }
    }
    expect(differing(recipes.sid, [["noSuchField", 1, audit]])).toHaveLength(1);
  });

  it("stand for every recipe whose comment says that official code was read", () => {
    const files = ["recipes", "firstRecipes", "generatorRecipes"].map((file) =>
      readFileSync(new URL(`../../src/recipes/${file}.ts`, import.meta.url), "utf8"),
    );
    const named = files.flatMap((text) =>
      Array.from(
        text.matchAll(
          /@source[^\n]*(?:official code|launch script)(?:(?!\*\/)[\s\S])*\*\/\s*(\w+): (?:recipe|withCritic|generatorDistillation)\(/g,
        ),
        ([, name]) => name,
      ),
    );
    expect(named).toEqual(
      expect.arrayContaining(["ctm", "consistencyDistillation", "shortcut", "dmd2", "dmd2FourStep", "diffInstruct"]),
    );
    expect(named.filter((name) => !Object.hasOwn(official, name))).toEqual([]);
  });

  it("starts of four steps are the flow times of Stable Diffusion's steps 999, 749, 499 and 249", () => {
    const starts = at(recipes.dmd2FourStep, "terms.-1.timeLaw.starts") as number[];
    expect(starts.map((start) => Number(start.toFixed(3)))).toEqual([0.064, 0.197, 0.383, 0.591]);
  });
});
