import type { ExternalToast } from 'sonner'
import { loadUntilOnline } from './load-until-online'

const listeners = new Set<() => void>()
let isRequested = false

/** Whether sonner was requested, and with it the toaster. */
export const toasterRequest = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  read: () => isRequested,
  readOnServer: () => false,
}

/** Loads sonner, which retains toasts until its toaster is mounted. */
export async function loadToast() {
  isRequested = true
  for (const listener of listeners) listener()
  return (await loadUntilOnline(() => import('sonner'))).toast
}

type ShowToast = (message: string, options?: ExternalToast) => void

const show: ShowToast = (...toastArgs) => void loadToast().then((toast) => toast(...toastArgs))
const success: ShowToast = (...toastArgs) => void loadToast().then((toast) => toast.success(...toastArgs))
const error: ShowToast = (...toastArgs) => void loadToast().then((toast) => toast.error(...toastArgs))
const dismiss = (id: string) => void loadToast().then((toast) => toast.dismiss(id))

/** Shows a message at the edge of the page. */
export const toast = Object.assign(show, { success, error, dismiss })
