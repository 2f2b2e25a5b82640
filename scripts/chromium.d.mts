/** The path of the Chromium on this machine, where there is one. */
export function findChromium(): string | undefined;
/** Makes sure of a Chromium and of a font with Chinese, or throws with what to install. */
export function ensureChromium(): void;
