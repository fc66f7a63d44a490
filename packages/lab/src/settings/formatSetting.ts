import { quote } from "@pushforward/tensor";

/** The value of a setting in a message. */
export const formatSetting = (value: unknown): string => (value === undefined ? "not set" : quote(value));
