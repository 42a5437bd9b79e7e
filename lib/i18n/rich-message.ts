import { createElement, Fragment, type ReactNode } from 'react'
import { formatMessage } from './message'
import type { Translations } from './message-source'

/** Like `message` for texts with tags: `<link>…</link>` takes `link: (children) => ReactNode` among its values. */
export const richMessage =
  <Values>(translations: Translations) =>
  (values: Values): ReactNode => {
    const formatted = formatMessage<ReactNode>(translations, values)
    return Array.isArray(formatted) ? createElement(Fragment, null, ...formatted) : formatted
  }
