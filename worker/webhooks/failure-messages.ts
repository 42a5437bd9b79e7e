/** Explains a response other than 2xx to the owner of the endpoint. */
export const statusMessage = (status: number) =>
  status >= 300 && status < 400
    ? `The endpoint responded with ${status}. Redirects are not followed.`
    : `The endpoint responded with ${status}.`
