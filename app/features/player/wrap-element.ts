import { createComponent, defaultToAttributeValue } from 'ce-la-react'
import React from 'react'

/** A component of a custom element, as `media-chrome/react` has for all of its own. */
export const wrapElement = <E extends HTMLElement>(tagName: string, elementClass: new () => E) =>
  createComponent<E>({
    react: React,
    tagName,
    elementClass,
    toAttributeValue: (value) => (Array.isArray(value) ? value.join(' ') : defaultToAttributeValue(value)),
  })
