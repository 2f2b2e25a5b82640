import packageJson from '../package.json' with { type: 'json' };

/** Of Wirebook as a whole: its packages are released together. */
export const { version } = packageJson;
