import { DomainError } from "../array/errors.ts";

/** An expression, taken apart. */
export type Syntax =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Syntax[] };

/** An infix operator and its precedence (as in JavaScript); `isSwapped` exchanges its operands. */
interface Infix {
  readonly name: string;
  readonly power: number;
  readonly isSwapped?: boolean;
  readonly isNegated?: boolean;
}

const infixes: Readonly<Record<string, Infix>> = {
  "|": { name: "or", power: 1 },
  "^": { name: "xor", power: 2 },
  "&": { name: "and", power: 3 },
  "==": { name: "eq", power: 4 },
  "!=": { name: "eq", power: 4, isNegated: true },
  "<": { name: "lt", power: 5 },
  "<=": { name: "le", power: 5 },
  ">": { name: "lt", power: 5, isSwapped: true },
  ">=": { name: "le", power: 5, isSwapped: true },
  "<<": { name: "shl", power: 6 },
  ">>>": { name: "shrU", power: 6 },
  "+": { name: "add", power: 7 },
  "-": { name: "sub", power: 7 },
  "*": { name: "mul", power: 8 },
  "/": { name: "div", power: 8 },
};

const prefixes: Readonly<Record<string, string>> = { "-": "neg", "!": "not" };
const prefixPower = 9;

const tokenPattern =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(>>>|<<|[=!<>]=|[-+*/<>&|^!(),]))/y;

interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
}

const parsed = new Map<string, Syntax>();

/**
 * Reads an expression: operands x, y, z, w, numbers, + − * / == != < <= > >= & | ^ << >>> ! and calls f(a, b).
 *
 * @throws DomainError with the place of an unexpected sign
 */
export function parseExpression(text: string): Syntax {
  const known = parsed.get(text);
  if (known) return known;
  const syntax = new Parser(text).parse();
  // Texts with a parameter in them (integerPow) could be many.
  if (parsed.size >= 1000) parsed.clear();
  parsed.set(text, syntax);
  return syntax;
}

/** Precedence climbing: an operand, then every infix sign that binds tighter than what stands to the left. @source Pratt 1973 */
class Parser {
  private readonly text: string;
  private at = 0;
  private token: Token;

  constructor(text: string) {
    this.text = text;
    this.token = this.read();
  }

  parse(): Syntax {
    const syntax = this.expression(0);
    if (this.token.kind !== "end") throw this.unexpected("an operator");
    return syntax;
  }

  private expression(power: number): Syntax {
    let left = this.operand();
    for (;;) {
      const infix = this.token.kind === "sign" ? infixes[this.token.text] : undefined;
      if (!infix || infix.power <= power) return left;
      this.advance();
      const right = this.expression(infix.power);
      const call: Syntax = { kind: "call", name: infix.name, args: infix.isSwapped ? [right, left] : [left, right] };
      left = infix.isNegated ? { kind: "call", name: "not", args: [call] } : call;
    }
  }

  private operand(): Syntax {
    const { kind, text } = this.advance();
    if (kind === "number") return { kind: "number", value: Number(text) };
    if (kind === "name") return this.token.text === "(" ? this.call(text) : { kind: "name", name: text };
    if (text === "(") {
      const inner = this.expression(0);
      this.expect(")");
      return inner;
    }
    if (!(text in prefixes)) throw this.unexpected("an operand", { kind, text });
    const argument = this.expression(prefixPower);
    // −3 is a number, so that it may be the power of integerPow.
    if (text === "-" && argument.kind === "number") return { kind: "number", value: -argument.value };
    return { kind: "call", name: prefixes[text], args: [argument] };
  }

  private call(name: string): Syntax {
    this.expect("(");
    const args: Syntax[] = [];
    if (this.token.text !== ")") {
      do args.push(this.expression(0));
      while (this.skip(","));
    }
    this.expect(")");
    return { kind: "call", name, args };
  }

  private skip(text: string): boolean {
    const isThere = this.token.kind === "sign" && this.token.text === text;
    if (isThere) this.advance();
    return isThere;
  }

  private expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected(`"${text}"`);
  }

  private advance(): Token {
    const token = this.token;
    this.token = this.read();
    return token;
  }

  private read(): Token {
    if (this.text.slice(this.at).trim() === "") return { kind: "end", text: "" };
    tokenPattern.lastIndex = this.at;
    const match = tokenPattern.exec(this.text);
    if (!match) throw this.unexpected("a token", { kind: "sign", text: this.text.slice(this.at).trim()[0] });
    this.at = tokenPattern.lastIndex;
    const [, number, name, sign] = match;
    if (number !== undefined) return { kind: "number", text: number };
    return name !== undefined ? { kind: "name", text: name } : { kind: "sign", text: sign };
  }

  private unexpected(wanted: string, { kind, text }: Token = this.token): DomainError {
    const got = kind === "end" ? "its end" : `"${text}"`;
    return new DomainError(`expression "${this.text}": ${wanted} must stand here, got ${got}`);
  }
}
