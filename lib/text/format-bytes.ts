import { getLocale } from '../i18n/locale'
import { memoize } from '../i18n/memoize'

/** Of `Intl.NumberFormat`, in powers of 1000. */
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

const numberFormat = memoize(
  (locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)

/** Formats bytes in powers of 1000, in the current language: 1500000 → "1.5 MB". */
export function formatBytes(bytes: number) {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const fractionDigits = power > 1 ? 1 : 0
  const format = numberFormat(getLocale(), {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
    useGrouping: false,
  })
  return format.format(bytes / 1000 ** power)
}
