/** Reads JSON from the API. @returns null when the request fails or is aborted */
export const fetchJson = <T>(url: string | URL, signal?: AbortSignal): Promise<T | null> =>
  fetch(url, { signal })
    .then((response) => (response.ok ? (response.json() as Promise<T>) : null))
    .catch(() => null)
