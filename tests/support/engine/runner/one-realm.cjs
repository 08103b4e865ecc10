const { Script } = require('node:vm');
const { TestEnvironment: NodeEnvironment } = require('jest-environment-node');

/** jest has no other way to say in which realm a file runs. */
const realms = new WeakSet();
const { runInContext } = Script.prototype;
Script.prototype.runInContext = function (context, options) {
  return realms.has(context) ? this.runInThisContext(options) : runInContext.call(this, context, options);
};

/** Runs a test file in the realm of its worker: what a package makes is an `Error` or a `Date` for our code too. */
module.exports = class OneRealm extends NodeEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    realms.add(this.context);
  }
};
