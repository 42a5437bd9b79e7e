/** JSON in which all characters that a terminal would act on are escaped, such as control characters and bidirectional overrides. */
export const toPrintableJson = (data: unknown, replacer?: (key: string, value: unknown) => unknown) =>
  JSON.stringify(data, replacer).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)

const escapeUnits = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
