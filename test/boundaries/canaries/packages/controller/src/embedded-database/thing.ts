export const name = 'embedded-database';
