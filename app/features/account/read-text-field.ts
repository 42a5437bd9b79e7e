/** The text of a form's field; empty if there is none. */
export function readTextField(form: FormData, name: string) {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
