import { z } from 'zod'
import { de } from 'zod/locales'
import { getLocale, type Locale } from './locale'

type ErrorMap = ReturnType<typeof de>['localeError']

/** English is the default of zod. */
const errorMaps: Partial<Record<Locale, ErrorMap>> = { de: de().localeError }

/** Lets schemas without a message of their own explain errors in the current locale, in all bundles of the process. */
export const translateZodErrors = () =>
  void z.config({ customError: (issue) => errorMaps[getLocale()]?.(issue) })
