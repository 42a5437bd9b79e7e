/** Optional flags that each take a value, from what the usage calls it: `{ limit: 'N' }` is `[--limit N]`. */
export const describeFlags = (flags: Record<string, string>) => ({
  usage: Object.entries(flags)
    .map(([name, value]) => `[--${name} ${value}]`)
    .join(' '),
  options: Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }])),
})
