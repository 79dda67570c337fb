import manifest from '../../package.json' with { type: 'json' };

export const SERVICE_NAME = 'ML-DSA Certificate API';
export const VERSION = manifest.version;
