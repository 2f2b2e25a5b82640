export const name = 'store';
