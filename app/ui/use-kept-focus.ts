'use client'

import { useEffect } from 'react'
import { itemOf, mainControlOf } from './list-rows'

/** More than the focus passes from a row through a menu and its dialogs to a toast. */
const MAX_PLACES = 12

/** A control may be disabled while its action is in progress, and gets the focus back when it is enabled until then. */
const DISABLED_TIMEOUT_MS = 2_000

/** Where the focus was, and what to find its successor by once that is removed. */
interface Place {
  element: HTMLElement
  /** From the inside out. */
  ancestors: Element[]
  item: HTMLElement | null
  /** Of the item in its list. */
  index: number
}

/**
 * Moves the focus on when the element that has it is removed, which otherwise leaves it nowhere: from a deleted row to the
 * next one, from an emptied list to its heading, from a dialog to what opened it, and on navigation to the heading of the
 * new page. A user who clicks beside all controls takes the focus away, which is respected. Mounted once, in the layout.
 */
export function useKeptFocus() {
  useEffect(keepFocus, [])
}

function keepFocus() {
  let places: Place[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return
    places = [describePlace(target), ...places.filter(({ element }) => element !== target)].slice(
      0,
      MAX_PLACES,
    )
  }
  const forgetBlurred = ({ target, relatedTarget }: FocusEvent) => {
    if (relatedTarget) return
    // Removed elements, and those of a window in the background, lose the focus too.
    setTimeout(() => {
      if (isLost() && document.hasFocus() && target instanceof HTMLElement && canFocus(target)) places = []
    })
  }
  const restore = (waitsForDisabled: boolean) => {
    clearTimeout(timer)
    const [last] = places
    if (!last || !isLost()) return
    if (waitsForDisabled && last.element.isConnected && last.element.matches(':disabled'))
      timer = setTimeout(() => restore(false), DISABLED_TIMEOUT_MS)
    else focusSuccessor(places)
  }
  const observer = new MutationObserver(() => {
    if (places.length === 0 || !isLost()) return
    // Dialogs return the focus themselves, a moment after they are removed.
    requestAnimationFrame(() => requestAnimationFrame(() => restore(true)))
  })
  document.addEventListener('focusin', remember)
  document.addEventListener('focusout', forgetBlurred)
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  })
  return () => {
    clearTimeout(timer)
    observer.disconnect()
    document.removeEventListener('focusin', remember)
    document.removeEventListener('focusout', forgetBlurred)
  }
}

/** A disabled element is blurred when the page is next rendered. */
function isLost() {
  const { activeElement, body } = document
  return !activeElement || activeElement === body || activeElement.matches(':disabled')
}

function describePlace(element: HTMLElement): Place {
  const item = itemOf(element)
  const ancestors: Element[] = []
  for (let ancestor = element.parentElement; ancestor; ancestor = ancestor.parentElement)
    if (ancestor !== document.body && ancestor !== document.documentElement) ancestors.push(ancestor)
  return { element, ancestors, item, index: item ? [...item.parentElement!.children].indexOf(item) : -1 }
}

function focusSuccessor(places: readonly Place[]) {
  for (const place of places) {
    const control = findControl(place)
    if (control) return control.focus()
    const heading = findHeading(place)
    if (heading) return focusHeading(heading)
  }
  const main = document.querySelector<HTMLElement>('main')
  if (main) focusHeading(main.querySelector<HTMLElement>('h1') ?? main)
}

/** The element itself, another control of its row, or the row that is now in its place. */
function findControl({ element, item, index, ancestors }: Place) {
  if (canFocus(element)) return element
  if (!item) return null
  if (item.isConnected) return mainControlOf(item)
  const list = ancestors[ancestors.indexOf(item) + 1]
  if (!list?.isConnected) return null
  const row = list.children[index] ?? list.lastElementChild
  return row && mainControlOf(row)
}

/** Of the innermost part of the page, or the dialog, that the element was in and that is still there. */
function findHeading({ ancestors }: Place) {
  for (const ancestor of ancestors) {
    if (!ancestor.isConnected) continue
    const heading = ancestor.querySelector<HTMLElement>('h1, h2, h3')
    if (heading?.checkVisibility()) return heading
  }
  return null
}

const canFocus = (element: HTMLElement) =>
  element.isConnected && !element.matches(':disabled') && element.checkVisibility()

function focusHeading(heading: HTMLElement) {
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
