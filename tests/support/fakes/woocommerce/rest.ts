import { RestError } from './records.ts';

export type Asked = {
  method: string;
  path: string;
  params: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
};
export type Answer = { status?: number; body: unknown; headers?: Record<string, string> };
export type Route = [method: string, path: RegExp, handle: (asked: Asked) => Answer];

export const error = (status: number, code: string): RestError => new RestError(status, code);

export const errorJson = ({ status, code, message }: RestError) => ({ code, message, data: { status } });
