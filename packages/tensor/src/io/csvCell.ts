import { decimalNotation } from "../array/decimalOf.ts";

/** Which marks may stand before the fraction of a number. */
export type DecimalMarks = "point" | "comma" | "either";

/** The kind of a cell. */
export type CellKind = "number" | "missing" | "infinite" | "text";

const numbers: Readonly<Record<DecimalMarks, RegExp>> = {
  point: decimalNotation,
  comma: /^[+-]?(\d+(,\d+)?|,\d+)(e[+-]?\d+)?$/i,
  either: /^[+-]?(\d+(\.\d*|,\d+)?|[.,]\d+)(e[+-]?\d+)?$/i,
};
/**
 * The texts that programs write for a missing number.
 *
 * @source pandas.read_csv (na_values); Julia and R (missing, NA), SQL (NULL, \N), SAS and Stata (.), spreadsheets (#N/A, #DIV/0! …)
 */
const missing =
  /^([+-]?nan(\(ind\))?|-?1\.#(ind|qnan)|nat|na|n\/a|<na>|#na|#n\/a( n\/a)?|#(div\/0|value|ref|num|null)!|#name\?|null|nil|none|missing|\\n|\?|\.|-|--|)$/i;
const infinite = /^[+-]?inf(inity)?$/i;
/** A decimal comma or a separator of thousands: 1,234. */
const thousands = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** The same with a point: 1.234. */
const pointThousands = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;
/** The kind of a cell; spaces around it are already removed. */
export function cellKind(cell: string, marks: DecimalMarks): CellKind {
  if (numbers[marks].test(cell)) return "number";
  if (missing.test(cell)) return "missing";
  return infinite.test(cell) ? "infinite" : "text";
}

/** The number in a cell of kind "number". */
export const cellNumber = (cell: string): number => Number(cell.replace(",", "."));

/** Digits in groups: 1,234,567.8 or 1.234,5 or 1_000 or 1'000 or 1 000. */
const grouped = /^[+-]?\d{1,3}([,._' \u00a0\u202f]\d{3})+([.,]\d+)?$/;
/** One mark among digits. */
const otherMark = /^[+-]?\d*[.,]\d+(e[+-]?\d+)?$/i;

/** Why a cell that looks like a number is not read as one: digits in groups, or a decimal mark that the file does not use. */
export function numberFault(cell: string): "grouped" | "mark" | undefined {
  if (thousands.test(cell) || (grouped.test(cell) && !otherMark.test(cell))) return "grouped";
  return otherMark.test(cell) ? "mark" : undefined;
}

/** A number and the place where it stands. */
export interface PlacedCell {
  readonly cell: string;
  readonly at: string;
}

/** The decimal marks that a column has used so far. */
interface ColumnMarks {
  hasWhole: boolean;
  /** The first number with a point, if all of them may be thousands: 1.234. */
  grouped: PlacedCell | undefined;
}

/** Checks that all numbers of a file use the same decimal mark. */
export class DecimalCheck {
  readonly #columns: ColumnMarks[] = [];
  #point: PlacedCell | undefined;
  #comma: PlacedCell | undefined;
  #isPointCertain = false;
  #isCommaCertain = false;

  /** Notes the mark of a number in a column. */
  see(cell: string, column: number, at: () => string): void {
    this.#columns[column] ??= { hasWhole: false, grouped: undefined };
    const marks = this.#columns[column];
    if (cell.includes(",")) {
      this.#comma ??= { cell, at: at() };
      this.#isCommaCertain ||= !thousands.test(cell);
    } else if (cell.includes(".")) {
      this.#point ??= { cell, at: at() };
      this.#isPointCertain ||= !pointThousands.test(cell);
      marks.grouped ??= { cell, at: at() };
    } else marks.hasWhole = true;
  }

  /** Two numbers whose marks contradict each other, or one whose mark may separate thousands. */
  get doubtful(): readonly PlacedCell[] {
    if (this.#comma && this.#point) return [this.#point, this.#comma];
    if (this.#comma) return this.#isCommaCertain ? [] : [this.#comma];
    if (this.#isPointCertain) return [];
    // below 1000, numbers that are written in groups have no point
    const mixed = this.#columns.find(({ hasWhole, grouped }) => hasWhole && grouped);
    return mixed?.grouped ? [mixed.grouped] : [];
  }
}
