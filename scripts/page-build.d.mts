/** Builds the page of the repository (or of another folder) unless it is there and up to date. */
export function ensurePage(options?: { readonly folder?: string }): void;
/** A fingerprint of everything that the page of a repository is made of. */
export function stampPage(folder: string): string;
