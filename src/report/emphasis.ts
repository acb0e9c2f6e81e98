/** How a renderer asks for colour; the terminal paints, files and tests get the text as it is. */
export type Emphasis = (tone: 'good' | 'bad' | 'warn' | 'info' | 'dim' | 'bold', text: string) => string;

export const plain: Emphasis = (_tone, text) => text;
