export const name = 'http';
