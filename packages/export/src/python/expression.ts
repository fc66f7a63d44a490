/** Python's operators by how tightly they bind, loosest first; each matches the text of an expression without its parts in brackets. */
const operators: readonly RegExp[] = [/ (?:==|<=|<) /, / \| /, / \^ /, / & /, / [+-] /, / [*/@%] /, /^[-~]/, /\*\*/];

/** The binding of a single name, number or call. */
const atom = operators.length;

/** The binding of the sign of a number or value, and of powers. */
const [sign, power] = [6, 7];

/** A text without its parts in brackets. */
function withoutBrackets(text: string): string {
  const rest = text.replace(/\([^()[\]]*\)|\[[^()[\]]*\]/g, "");
  return rest === text ? text : withoutBrackets(rest);
}

/** How tightly the outermost operator of an expression binds. */
function bindingOf(text: string): number {
  const bare = withoutBrackets(text);
  const found = operators.findIndex((operator) => operator.test(bare));
  return found < 0 ? atom : found;
}

/** An expression as an operand: in brackets if it binds less tightly than the operator needs. */
const bracketed = (text: string, needed: number): string => (bindingOf(text) < needed ? `(${text})` : text);

/** `x op y`. The order of operations stays: a right operand that binds equally tightly is put in brackets. */
export function infix(x: string, op: string, y: string): string {
  const own = operators.findIndex((operator) => operator.test(` ${op} `));
  const left = own === 0 ? 1 : own;
  return `${bracketed(x, left)} ${op} ${bracketed(y, own + 1)}`;
}

/** `-x` or `~x`. */
export const prefix = (op: "-" | "~", x: string): string => `${op}${bracketed(x, power)}`;

/** `x**n` with a whole number n. */
export const powerOf = (x: string, n: number): string => `${bracketed(x, power + 1)}**${n}`;

/** An expression before a dot or bracket: `x.shape`, `x[0]`. */
export const subject = (x: string): string =>
  /^[\d.]/.test(x) || bindingOf(x) < atom || bindingOf(x) === sign ? `(${x})` : x;

/** `f(x, y)` without the arguments that are empty. */
export const callOf = (f: string, ...args: readonly (string | undefined)[]): string =>
  `${f}(${args.filter((each) => each !== undefined).join(", ")})`;

/** A tuple: `()`, `(x,)`, `(x, y)`. */
export const tupleOf = (items: readonly (string | number)[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;

/** Whether an expression is a single name. */
export const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);
