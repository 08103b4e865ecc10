const noControl = String.raw`\p{Cc}\p{Cs}`;
const plain = new RegExp(String.raw`^(?=.*\S)[^${noControl}]*$`, 'u');
const lines = new RegExp(String.raw`^(?=[\s\S]*\S)(?:[^${noControl}]|[\n\r\t])*$`, 'u');

/** Of a text that breaks either of these. */
export const textRule = 'must be text that is not blank, without control characters';

/** A line of text that is not blank. */
export const isPlain = (text: string): boolean => plain.test(text);

/** Text that is not blank and may have several lines. */
export const isPlainLines = (text: string): boolean => lines.test(text);
