const { createRequire, isBuiltin } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/**
 * Loads packages by Node's own `require`: once a worker instead of once a file, since loading them is most of what a short
 * file costs. Our own modules are loaded anew for each file, as ever. A module of a package must not be replaced by a test.
 */
module.exports = class NativePackages extends Runtime {
  requireModuleOrMock(from, name) {
    return isPackage(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
  }
};

/** Those of jest know the file that runs. zod registers the schemas of a file. `marked` is of ES modules alone. */
const ofJest = /^(@jest\/|jest|expect$|marked$|zod$|zod\/|fastify-type-provider-zod$)/;
const isPackage = (name) => !/^[./]/.test(name) && !isBuiltin(name) && !ofJest.test(name);
