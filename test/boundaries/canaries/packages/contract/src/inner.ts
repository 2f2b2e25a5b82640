export const name = 'contract';
