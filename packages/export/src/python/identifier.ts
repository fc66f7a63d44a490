/** Keywords of Python, and built-in names that a reader expects to have their meaning. */
const pythonWords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield match case type " +
    "abs all any bool bytes callable chr complex dict dir divmod enumerate filter float format hash id input int iter len list map max " +
    "min next object open ord pow print range repr reversed round set slice sorted str sum super tuple vars zip"
  ).split(" "),
);

/** Greek letters and other signs of formulas as words. */
const words: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    (
      "α alpha,β beta,γ gamma,δ delta,ε epsilon,ζ zeta,η eta,θ theta,ι iota,κ kappa,λ lambda,μ mu,ν nu,ξ xi,π pi,ρ rho,σ sigma,τ tau," +
      "υ upsilon,φ phi,χ chi,ψ psi,ω omega,Γ Gamma,Δ Delta,Θ Theta,Λ Lambda,Ξ Xi,Π Pi,Σ Sigma,Φ Phi,Ψ Psi,Ω Omega"
    )
      .split(",")
      .map((each) => each.split(" ")),
  ),
  "∇": "grad_",
  "∂": "d_",
  "′": "_prime",
};

/** A name in the notation of Python: `freshNoise` is `fresh_noise`, `∇A` is `grad_A`, `layers[0].weight` is `layers_0_weight`. */
export function pythonName(name: string): string {
  const latin = [...name.normalize("NFKC")].map((each) => words[each] ?? each).join("");
  const split = latin.replace(/([a-z]{2}|\d)([A-Z])/g, (_, before: string, after: string) =>
    `${before}_${after}`.toLowerCase(),
  );
  const plain = split
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^_+(?=.)|_+$/g, "");
  return /^[A-Za-z]/.test(plain) ? plain : `x${plain === "" ? "" : `_${plain}`}`;
}

/** Gives names of Python, each once. */
export class Identifiers {
  private readonly taken = new Set<string>();
  private readonly reserved: ReadonlySet<string>;

  /** @param reserved names of modules and functions of the file */
  constructor(reserved: Iterable<string> = []) {
    this.reserved = new Set([...pythonWords, ...reserved]);
  }

  /**
   * A free identifier: the name in the notation of Python. A keyword, and a name that would hide another one, get a trailing underscore;
   * equal names are numbered.
   */
  give(name: string): string {
    const plain = pythonName(name);
    const base = this.reserved.has(plain) ? `${plain}_` : plain;
    let unique = base;
    for (let count = 2; this.taken.has(unique); count++) unique = `${plain}_${count}`;
    this.taken.add(unique);
    return unique;
  }
}
