const vm = require('node:vm');
const { TestEnvironment: NodeEnvironment } = require('jest-environment-node');

/** jest compiles each module for the context of its environment, and has no other way to say which one that is. */
const ofThisRealm = new WeakSet();
const { compileFunction } = vm;
vm.compileFunction = (code, params, { parsingContext, ...options } = {}) =>
  compileFunction(code, params, ofThisRealm.has(parsingContext) ? options : { ...options, parsingContext });

/** Runs a test file in the realm of its worker: what a package makes is an `Error` or a `Date` for our code too. */
module.exports = class OneRealm extends NodeEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    ofThisRealm.add(this.context);
  }
};
