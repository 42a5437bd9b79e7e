import { isEditableTarget } from './is-editable-target'

/** They have keys of their own: menus and lists find what is typed, players play with K. */
const LIST_SELECTOR = '[role="menu"], [role="listbox"], [role="combobox"]'
const OWN_KEYS_SELECTOR = `${LIST_SELECTOR}, media-controller`

const STORAGE_KEY = 'single-key-shortcuts'

/** Speech input types letters that it mishears, so that users can turn these shortcuts off, in this browser. Default: on. */
export const areSingleKeysOn = () => localStorage.getItem(STORAGE_KEY) !== 'off'
export const setSingleKeysOn = (isOn: boolean) =>
  isOn ? localStorage.removeItem(STORAGE_KEY) : localStorage.setItem(STORAGE_KEY, 'off')

/** Whether a key press without a modifier is a shortcut of the page, rather than input of what has the focus. */
export function isPageShortcut(event: KeyboardEvent) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return false
  const { target } = event
  if (isEditableTarget(target) && !isCheckbox(target)) return false
  const ownKeysSelector = event.key === '?' ? LIST_SELECTOR : OWN_KEYS_SELECTOR
  return !(target instanceof Element && target.closest(ownKeysSelector)) && areSingleKeysOn()
}

const isCheckbox = (target: EventTarget | null) =>
  target instanceof HTMLInputElement && target.type === 'checkbox'
