// How a person signs in at the provider: the form of Keycloak. For another one, --login names a module that exports the same two functions.

/** @param page {url, status, headers, body} as the browser got it @return whether it is the form that asks who it is */
export const asksForPassword = (page) => form(page) !== undefined

/**
 * @param browser go(url, {method, form, headers}) sends its cookies, keeps those that it gets, and follows no redirect; the page that
 *     it returns has `location`, absolute, if it is one
 * @param page that asks
 * @param person who signs in; the password is the name
 * @return the page after the last form, best a redirect: the kit follows it to the member's callback
 */
export async function signIn (browser, page, person) {
  const answer = await submit(browser, page, person)
  // Keycloak lets go of an attempt after it has answered. Who comes in between gets the form again, as if the password were wrong.
  return !answer.location && asksForPassword(answer) ? submit(browser, answer, person) : answer
}

const form = (page) => /<form[^>]*id="kc-form-login"[^>]*>/.exec(page.body)?.[0]

function submit (browser, page, person) {
  const action = /action="([^"]+)"/.exec(form(page))[1].replaceAll('&amp;', '&')
  return browser.go(action, { method: 'POST', form: { username: person, password: person, credentialId: '' }, headers: { Origin: new URL(action).origin } })
}
