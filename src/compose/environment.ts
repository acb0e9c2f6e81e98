export { readEnvironment } from '../node/environment.ts';
export { packageVersion as toolVersion } from '../node/package.ts';
