/** Whether a keyboard event is input of a field rather than a shortcut. In the open list of a select, the option has the focus. */
export const isEditableTarget = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select') !== null)
