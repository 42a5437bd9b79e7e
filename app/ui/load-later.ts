import dynamic from 'next/dynamic'
import type { ComponentType } from 'react'
import { loadUntilOnline } from './load-until-online'

/**
 * A component that is loaded when it is first rendered, or once the browser is online, and shows nothing until then. Without `loading`, Next.js sets no
 * Suspense boundary around it, and no state of the whole page could change while it loads.
 */
export const loadLater = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  dynamic(() => loadUntilOnline(load), { loading: () => null })
