'use client'

import { useSyncExternalStore } from 'react'
import * as messages from '@/lib/generated/messages/ui'

const neverChanges = () => () => undefined
const controlKey = () => `${messages.controlKey()} `

/** As `useModifierKey`, in browsers. */
export const readModifierKey = () => (/mac|iphone|ipad/i.test(navigator.platform) ? '⌘' : controlKey())

/** How the keyboard of this computer names the modifier of shortcuts: "⌘", or "Ctrl " as on the server. */
export const useModifierKey = () => useSyncExternalStore(neverChanges, readModifierKey, controlKey)
