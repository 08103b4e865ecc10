export { createClient, type Client, type ClientOptions } from './client.ts';
export { dataOf, ProblemError } from './problem.ts';
export type * from './api.ts';
