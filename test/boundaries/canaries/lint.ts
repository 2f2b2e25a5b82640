async function work(): Promise<number> {
  return await Promise.resolve(1);
}
// typescript(no-floating-promises)
work();

// typescript(no-misused-promises)
[1].forEach(async () => work());

// typescript(no-explicit-any)
export const loose: any = 1;

type Answer = 'yes' | 'no';
export function decide(answer: Answer): void {
  // typescript(switch-exhaustiveness-check)
  switch (answer) {
    case 'yes':
      break;
  }
}

// import(no-default-export)
export default 1;
