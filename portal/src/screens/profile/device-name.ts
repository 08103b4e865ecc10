/** Chromium names itself Safari, and Edge and Opera name themselves Chrome: the first that holds. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
/** Android names Linux too. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

interface DeviceName {
  readonly browser: string;
  readonly system: string | undefined;
}

/** `Chrome`, `Windows` from how the browser names itself. Undefined where no browser is known. */
export function deviceName(userAgent: string | null): DeviceName | undefined {
  const found = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const browser = found(browsers);
  return browser === undefined ? undefined : { browser, system: found(systems) };
}
