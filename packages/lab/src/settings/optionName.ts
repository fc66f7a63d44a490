/** The option of a setting: `--learning-rate` for learningRate. */
export const optionName = (setting: string): string =>
  `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
