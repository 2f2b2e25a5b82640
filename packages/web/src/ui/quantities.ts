import { useMemo } from 'react';
import { useLooks } from '../looks.tsx';

/** From here on digits help nobody; JSON numbers are rounded there, too. */
const EXACT_BELOW = 10_000_000;
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** How many addresses, as a person can read it: a /64 has 1.8 × 10¹⁹. */
export function useCount(): (count: number) => string {
  const { language } = useLooks();
  return useMemo(() => {
    const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB');
    return (count) => (count < EXACT_BELOW ? format.format(count) : rounded(count));
  }, [language]);
}

function rounded(count: number): string {
  const exponent = Math.floor(Math.log10(count));
  const raised = String(exponent)
    .split('')
    .map((digit) => superscripts[Number(digit)])
    .join('');
  return `${(count / 10 ** exponent).toFixed(1)} × 10${raised}`;
}
