/**
 * Whether administrators mean one machine by the two names: case says nothing, nor does a final dot, and a name may be written with more
 * or less of its domain.
 */
export function agreeOnName(one: string, other: string): boolean {
  const [a, b] = [bare(one), bare(other)];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

function bare(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replace(/\.$/, '');
}
