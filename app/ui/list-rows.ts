/** The main control of a row, such as the link to its page, has the attribute `data-row`. */
const ROW_SELECTOR = '[data-row]'
const ITEM_SELECTOR = 'li, tr'
const FOCUSABLE_SELECTOR =
  'a[href], button:not(:disabled), summary, input:not(:disabled), select:not(:disabled), textarea:not(:disabled)'

/** The main controls of the rows in the order of the page; of an open dialog if there is one, as it covers the page. */
export function listRows() {
  const dialogs = document.querySelectorAll('[role="dialog"][data-state="open"]')
  const scope = [...dialogs].at(-1) ?? document
  return [...scope.querySelectorAll<HTMLElement>(ROW_SELECTOR)].filter((row) => row.checkVisibility())
}

/** The list item or table row of an element. */
export const itemOf = (element: Element) => element.closest<HTMLElement>(ITEM_SELECTOR)

/** What the focus moves to in a list item: its main control, or else the first one. */
export const mainControlOf = (item: Element) =>
  item.querySelector<HTMLElement>(`${ROW_SELECTOR}:not(:disabled)`) ??
  item.querySelector<HTMLElement>(FOCUSABLE_SELECTOR)

/** The index of the row that has the focus itself or in one of its controls; -1 without one. */
export function focusedIndex(rows: readonly HTMLElement[], focused: Element | null) {
  for (let at = focused; at; at = at.parentElement) {
    const index = rows.findIndex((row) => row === at || itemOf(row) === at)
    if (index >= 0) return index
  }
  return -1
}

/** The checkbox that selects a row; rows of lists without a selection have none. */
export function selectionCheckbox(row: HTMLElement) {
  const item = itemOf(row)
  const checkboxes = item?.querySelectorAll<HTMLInputElement>('input[type="checkbox"]') ?? []
  return [...checkboxes].find((checkbox) => itemOf(checkbox) === item)
}
