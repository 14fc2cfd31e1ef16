/** The release that this is, as services tell it to `nats micro ls`; a test keeps it like package.json. */
export const RELEASE = '0.1.0';
