import easypost from '@easypost/api';

/** The package's types describe its CommonJS build as a namespace; both of its builds export the class itself. */
export const EasyPostClient = easypost as unknown as typeof easypost.default;
export type EasyPostClient = InstanceType<typeof EasyPostClient>;
