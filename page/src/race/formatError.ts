/** An error with three digits, as tables of reports write it. */
export const formatError = (error: number): string => (Number.isFinite(error) ? error.toPrecision(3) : "–");
